// IEEE Std 802.11ax-2021, clause 9.4.2.249 (HE operation), 802.11be-2024, 9.4.2.321 (EHT operation).
using System.Buffers.Binary;

namespace KismetOrleans.Wire.Dot11;

/// <summary>Which channel and width a BSS of the newer kinds uses. In the 6 GHz band there is no other element that tells.</summary>
public static class HeOperation
{
    /// <summary>Parameters (3), BSS colour (1), basic rates (2).</summary>
    private const int FixedLength = 6;
    private const int VhtInformationLength = 3;
    private const int Band6Length = 5;
    private const int EhtFixedLength = 5;
    private const int EhtInformationLength = 3;
    private const uint HasVhtInformation = 1 << 14, HasCoHosted = 1 << 15, HasBand6 = 1 << 17;

    /// <summary>Distance of the two segments' centres, in channel numbers, of one 160 MHz channel; farther apart it is 80+80.</summary>
    private const int Contiguous160 = 8;

    /// <summary>Reads HE operation, without the byte of its extension.</summary>
    internal static void Parse(ReadOnlySpan<byte> bytes, ref Dot11Elements e)
    {
        e.Seen |= ElementsSeen.HeOperation;
        if (!TryBand6(bytes, out ReadOnlySpan<byte> band6))
        {
            return;
        }
        e.Band6Channel = band6[0];
        if (e.IsEhtWidth)
        {
            // EHT operation knows wider channels.
            return;
        }
        e.VhtCenter0 = band6[2];
        e.VhtCenter1 = band6[3];
        e.Width = (band6[1] & 0x03) switch
        {
            0 => ChannelWidth.Ht20,
            1 => Of40(band6[0], band6[2]),
            2 => ChannelWidth.Ht80,
            _ => band6[3] == 0 || Math.Abs(band6[3] - band6[2]) <= Contiguous160 ? ChannelWidth.Ht160 : ChannelWidth.Ht80Plus80,
        };
    }

    /// <summary>Reads EHT operation, without the byte of its extension.</summary>
    internal static void ParseEht(ReadOnlySpan<byte> bytes, ref Dot11Elements e)
    {
        e.Seen |= ElementsSeen.EhtOperation;
        if (bytes.Length < EhtFixedLength + EhtInformationLength || (bytes[0] & 0x01) == 0)
        {
            return;
        }
        ReadOnlySpan<byte> information = bytes[EhtFixedLength..];
        ChannelWidth width = (information[0] & 0x07) switch
        {
            2 => ChannelWidth.Ht80,
            3 => ChannelWidth.Ht160,
            4 => ChannelWidth.Ht320,
            _ => ChannelWidth.None,
        };
        if (width > e.Width)
        {
            e.IsEhtWidth = true;
            e.Width = width;
            e.VhtCenter0 = information[1];
            e.VhtCenter1 = information[2];
        }
    }

    /// <summary>The primary channel in the 6 GHz band that HE operation names; 0 where it names none.</summary>
    /// <param name="bytes">The element without the byte of its extension.</param>
    public static byte Band6Channel(ReadOnlySpan<byte> bytes) => TryBand6(bytes, out ReadOnlySpan<byte> band6) ? band6[0] : (byte)0;

    private static bool TryBand6(ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> band6)
    {
        band6 = default;
        if (bytes.Length < FixedLength)
        {
            return false;
        }
        uint parameters = BinaryPrimitives.ReadUInt32LittleEndian(bytes) & 0xFF_FFFF;
        int at = FixedLength + ((parameters & HasVhtInformation) != 0 ? VhtInformationLength : 0) + ((parameters & HasCoHosted) != 0 ? 1 : 0);
        if ((parameters & HasBand6) == 0 || bytes.Length < at + Band6Length)
        {
            return false;
        }
        band6 = bytes.Slice(at, Band6Length);
        return true;
    }

    private static ChannelWidth Of40(byte primary, byte center) => center < primary ? ChannelWidth.Ht40Minus : ChannelWidth.Ht40Plus;
}
