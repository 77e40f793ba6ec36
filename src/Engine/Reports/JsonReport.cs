using System.Buffers.Binary;
using System.Text;
using KismetOrleans.Records.Devices;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Adsb;

namespace KismetOrleans.Engine.Reports;

/// <summary>Who speaks in a report: its first byte, as stored and sent, so values are for good.</summary>
public enum ReportKind : byte
{
    /// <summary>rtl_433: thermometers, tyres, switches and, of some, meters.</summary>
    Rtl433 = 1,

    /// <summary>rtlamr: meters.</summary>
    RtlAmr = 2,

    /// <summary>rtl_adsb and others: messages of aircraft.</summary>
    Adsb = 3,
}

/// <summary>
/// A report in JSON as a packet of the link type <see cref="LinkType.JsonReport"/> and as an observation: its kind (1 byte), then the JSON as it came.
/// </summary>
public static class JsonReport
{
    /// <summary>Bytes of the JSON of one at most.</summary>
    public const int MaxJson = ReportFields.MaxJson;

    // rtlamr's own channel.
    private const uint RtlAmrKhz = 912_600;

    // Where all transponders answer.
    private const uint AdsbKhz = 1_090_000;
    private const ulong LocallyAdministered = 0x0200_0000_0000;

    /// <summary>The kind that a capture program names.</summary>
    /// <param name="type">As Kismet's programs write it, in either case.</param>
    /// <returns>0 for one that is not read.</returns>
    public static ReportKind KindOf(ReadOnlySpan<byte> type) =>
        Ascii.EqualsIgnoreCase(type, "RTL433"u8) ? ReportKind.Rtl433 : Ascii.EqualsIgnoreCase(type, "RTLamr"u8) ? ReportKind.RtlAmr
        : Ascii.EqualsIgnoreCase(type, "adsb"u8) || Ascii.EqualsIgnoreCase(type, "RTLadsb"u8) ? ReportKind.Adsb : 0;

    /// <summary>Whether a report tells of a device; who feeds the server learns that at once.</summary>
    public static bool IsOne(ReportKind kind, ReadOnlySpan<byte> json)
    {
        Span<ReportFields.Value> room = stackalloc ReportFields.Value[(int)ReportKey.Count];
        return json.Length <= MaxJson && ReportFields.TryRead(json, room, out ReportFields fields) && TryIdentify(kind, fields, out _, out _, out _);
    }

    /// <summary>Reads a packet.</summary>
    /// <param name="room">As many values as there are keys.</param>
    internal static bool TryRead(ReadOnlySpan<byte> packet, Span<ReportFields.Value> room, out ReportFields fields)
    {
        fields = default;
        return packet.Length > 1 && packet.Length <= 1 + MaxJson && ReportFields.TryRead(packet[1..], room, out fields);
    }

    /// <summary>Which device a report is about. Addresses are those that Kismet makes, so that keys of devices are the same.</summary>
    internal static bool TryIdentify(ReportKind kind, in ReportFields fields, out Phy phy, out MacAddress address, out uint frequencyKhz)
    {
        phy = Phy.RfSensor;
        address = default;
        frequencyKhz = 0;
        switch (kind)
        {
            case ReportKind.Adsb:
                frequencyKhz = AdsbKhz;
                phy = Phy.Adsb;
                Span<byte> message = stackalloc byte[ModeS.LongLength];
                bool isOne = AdsbReport.TryRead(fields, message, out _, out ModeS aircraft);
                address = AdsbReport.AddressOf(aircraft.Icao);
                return isOne;
            case ReportKind.RtlAmr:
                frequencyKhz = RtlAmrKhz;
                phy = Phy.Meter;
                return MeterReport.TryReadRtlAmr(fields, out MeterReport amr) && Meter(amr, out address);
            case ReportKind.Rtl433:
                frequencyKhz = Khz(fields);
                if (MeterReport.TryReadRtl433(fields, out MeterReport meter))
                {
                    phy = Phy.Meter;
                    return Meter(meter, out address);
                }
                return !MeterReport.IsModel(fields) && Sensor(fields, out address);
            default:
                return false;
        }
    }

    private static uint Khz(in ReportFields fields)
    {
        bool hasFrequency = fields.TryNumber(ReportKey.Freq, out double mhz) || fields.TryNumber(ReportKey.Freq1, out mhz) || fields.TryNumber(ReportKey.Freq2, out mhz);
        return hasFrequency && mhz is > 0 and < 100_000 ? (uint)(mhz * 1000) : 0;
    }

    private static bool Meter(in MeterReport meter, out MacAddress address)
    {
        // 02:00, then the number's low 32 bits, the lowest first.
        address = new(LocallyAdministered | BinaryPrimitives.ReverseEndianness((uint)meter.Id));
        return true;
    }

    private static bool Sensor(in ReportFields fields, out MacAddress address)
    {
        address = default;
        // What rtl_433 says of itself is no device.
        if (!fields.IsText(ReportKey.Model) && !fields.HasAny(ReportKey.Id, ReportKey.Device))
        {
            return false;
        }
        uint sum = DeviceKey.Adler32(fields.IsText(ReportKey.Model) ? fields.Raw(ReportKey.Model) : "unk"u8);
        ushort number = 0;
        if (fields.IsText(ReportKey.FromId) || fields.IsText(ReportKey.Id))
        {
            sum = DeviceKey.Adler32(fields.Raw(fields.IsText(ReportKey.FromId) ? ReportKey.FromId : ReportKey.Id));
            number = (ushort)sum;
        }
        else if ((fields.IsNumber(ReportKey.Id) && fields.TryNumber(ReportKey.Id, out double id)) || (fields.IsNumber(ReportKey.Device) && fields.TryNumber(ReportKey.Device, out id)))
        {
            number = unchecked((ushort)(long)Math.Clamp(id, long.MinValue, long.MaxValue));
        }
        address = new(LocallyAdministered | ((ulong)number << 32) | BinaryPrimitives.ReverseEndianness(sum));
        return true;
    }
}
