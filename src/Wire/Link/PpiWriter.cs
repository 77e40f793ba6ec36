// "Per-Packet Information Header Specification" version 1.0.10, clauses 3.1 and 4.1.2; "PPI Geolocation Tagging Specification" 1.2, clause 4.
using System.Buffers.Binary;

namespace KismetOrleans.Wire.Link;

/// <summary>Writes PPI headers in front of 802.11 frames: what <see cref="Ppi"/> reads.</summary>
public static class PpiWriter
{
    /// <summary>Bytes of the longest header.</summary>
    public const int MaxLength = FixedLength + FieldLength + CommonLength + FieldLength + GpsLength;

    private const int FixedLength = 8;
    private const int FieldLength = 4;
    private const int CommonLength = 20;
    private const int GpsLength = 20;
    private const ushort TagCommon = 2;
    private const ushort TagGps = 30002;
    private const byte GpsVersion = 2;

    // Latitude, longitude, altitude.
    private const uint GpsPoint = 0x06, GpsPointAndHeight = 0x0E;

    private const sbyte NoSignal = -128;

    /// <summary>Writes a header.</summary>
    /// <param name="to">Room for <see cref="MaxLength"/> bytes.</param>
    /// <param name="radio">What is known of the frame; <see cref="RadioHeader.HeaderLength"/> does not count.</param>
    /// <param name="fix">0 without position, 2 with latitude and longitude, 3 with altitude too.</param>
    /// <param name="latitude">Degrees north.</param>
    /// <param name="longitude">Degrees east.</param>
    /// <param name="altitude">Metres.</param>
    /// <returns>Bytes written.</returns>
    public static int Write(Span<byte> to, in RadioHeader radio, byte fix, double latitude, double longitude, float altitude)
    {
        to[..MaxLength].Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(to[4..], (uint)LinkType.Ieee80211);
        int length = FixedLength;
        if (fix >= 2)
        {
            length += Gps(to[length..], fix, latitude, longitude, altitude);
        }
        length += Common(to[length..], radio);
        BinaryPrimitives.WriteUInt16LittleEndian(to[2..], (ushort)length);
        return length;
    }

    private static int Common(Span<byte> to, in RadioHeader radio)
    {
        Field(to, TagCommon, CommonLength);
        Span<byte> value = to[FieldLength..];
        BinaryPrimitives.WriteUInt16LittleEndian(value[8..], (ushort)((radio.FcsLength == 4 ? 1 : 0) | (radio.ReportedBadFcs ? 4 : 0)));
        BinaryPrimitives.WriteUInt16LittleEndian(value[10..], (ushort)(radio.Rate100Kbps / 5));
        uint mhz = radio.FrequencyKhz / 1000;
        BinaryPrimitives.WriteUInt16LittleEndian(value[12..], (ushort)Math.Min(mhz, ushort.MaxValue));
        BinaryPrimitives.WriteUInt16LittleEndian(value[14..], (ushort)FlagsOf(radio, mhz));
        value[18] = (byte)(radio.SignalKind == SignalKind.Dbm ? Math.Clamp(radio.Signal, sbyte.MinValue, sbyte.MaxValue) : NoSignal);
        value[19] = (byte)(radio.Noise == 0 ? NoSignal : Math.Clamp(radio.Noise, sbyte.MinValue, sbyte.MaxValue));
        return FieldLength + CommonLength;
    }

    private static ChannelFlags FlagsOf(in RadioHeader radio, uint mhz) =>
        radio.Encoding switch
        {
            RadioEncoding.Cck => ChannelFlags.Cck,
            RadioEncoding.Ofdm => ChannelFlags.Ofdm,
            RadioEncoding.DynamicCck => ChannelFlags.DynamicCckOfdm,
            RadioEncoding.Gfsk => ChannelFlags.Gfsk,
            _ => default(ChannelFlags),
        }
        | mhz switch
        {
            >= 2400 and < 2500 => ChannelFlags.Band2GHz,
            >= 4900 and < 5935 => ChannelFlags.Band5GHz,
            _ => default(ChannelFlags),
        };

    private static int Gps(Span<byte> to, byte fix, double latitude, double longitude, float altitude)
    {
        int length = fix >= 3 ? GpsLength : GpsLength - sizeof(uint);
        Field(to, TagGps, length);
        Span<byte> value = to[FieldLength..];
        value[0] = GpsVersion;
        BinaryPrimitives.WriteUInt16LittleEndian(value[2..], (ushort)length);
        BinaryPrimitives.WriteUInt32LittleEndian(value[4..], fix >= 3 ? GpsPointAndHeight : GpsPoint);
        BinaryPrimitives.WriteUInt32LittleEndian(value[8..], Fixed(latitude, 180, 1e7));
        BinaryPrimitives.WriteUInt32LittleEndian(value[12..], Fixed(longitude, 180, 1e7));
        if (fix >= 3)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(value[16..], Fixed(altitude, 180_000, 1e4));
        }
        return FieldLength + length;
    }

    private static void Field(Span<byte> to, ushort tag, int length)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(to, tag);
        BinaryPrimitives.WriteUInt16LittleEndian(to[2..], (ushort)length);
    }

    private static uint Fixed(double value, double zero, double scale) =>
        (uint)Math.Round((Math.Clamp(double.IsNaN(value) ? 0 : value, -zero, zero) + zero) * scale);
}
