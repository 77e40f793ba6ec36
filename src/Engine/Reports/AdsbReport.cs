using System.Buffers.Binary;
using KismetOrleans.Records.Devices;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Adsb;

namespace KismetOrleans.Engine.Reports;

/// <summary>The message of an aircraft in a report: <c>{"adsb": "*8D…;"}</c>, with or without star and semicolon.</summary>
internal static class AdsbReport
{
    /// <summary>Reads it.</summary>
    /// <param name="message">Room for <see cref="ModeS.LongLength"/> bytes.</param>
    /// <param name="length">Bytes of it.</param>
    public static bool TryRead(in ReportFields fields, Span<byte> message, out int length, out ModeS read)
    {
        read = default;
        length = 0;
        ReadOnlySpan<byte> hex = fields.Raw(fields.IsText(ReportKey.Adsb) ? ReportKey.Adsb : ReportKey.AdsbRaw).TrimStart("*"u8).TrimEnd("; \r"u8);
        return hex.Length is > 0 and <= 2 * ModeS.LongLength && hex.Length % 2 == 0
            && Convert.FromHexString(hex, message, out _, out length) == System.Buffers.OperationStatus.Done
            && ModeS.TryParse(message[..length], out read) == ParseStatus.Ok;
    }

    /// <summary>The address that Kismet makes of an aircraft's: its lowest two bytes with the local bit, then their sum.</summary>
    public static MacAddress AddressOf(uint icao)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, icao);
        uint sum = BinaryPrimitives.ReverseEndianness(DeviceKey.Adler32(bytes));
        return new(((ulong)(bytes[0] | 2) << 40) | ((ulong)bytes[1] << 32) | sum);
    }
}
