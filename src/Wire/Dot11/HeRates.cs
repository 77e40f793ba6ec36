// IEEE Std 802.11ax-2021, clauses 9.4.2.248 and 27.5 (HE), 802.11be-2024, 9.4.2.323 and 36.5 (EHT): capabilities and the rates that they offer.
using System.Buffers.Binary;

namespace KismetOrleans.Wire.Dot11;

/// <summary>The highest rate that HE and EHT capabilities offer, at the shortest guard interval.</summary>
internal static class HeRates
{
    private const int MacLength = 6;
    private const int PhyLength = 11;
    private const int MapLength = 4;
    private const int EhtMacLength = 2;
    private const int EhtPhyLength = 9;
    private const int EhtMapLength = 3;

    /// <summary>A symbol with the guard interval of 0.8 µs, in µs.</summary>
    private const double Symbol = 13.6;

    private const byte Wide24 = 0x02, Wide80 = 0x04, Wide160 = 0x08;
    private const byte Eht320 = 0x02;

    /// <summary>Data subcarriers of 20, 40, 80, 160 and 320 MHz.</summary>
    private static ReadOnlySpan<short> Subcarriers => [234, 468, 980, 1960, 3920];

    /// <summary>Bits of a subcarrier of MCS 7, 9, 11 and 13, times six (the coding rate is 5/6 in all of them).</summary>
    private static ReadOnlySpan<byte> BitsTimes6 => [30, 40, 50, 60];

    internal static void He(ReadOnlySpan<byte> bytes, ref Dot11Elements e)
    {
        e.Seen |= ElementsSeen.HeCapabilities;
        if (bytes.Length < MacLength + PhyLength + MapLength)
        {
            return;
        }
        byte phy = bytes[MacLength];
        int width = (phy & Wide160) != 0 ? 3 : (phy & Wide80) != 0 ? 2 : (phy & Wide24) != 0 ? 1 : 0;
        e.HeWidths = phy;
        // The map of 160 MHz stands behind that of 80.
        int at = MacLength + PhyLength + (width == 3 && bytes.Length >= MacLength + PhyLength + (2 * MapLength) ? MapLength : 0);
        ushort map = BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);
        for (int streams = 8; streams >= 1; streams--)
        {
            int support = map >> 2 * (streams - 1) & 3;
            if (support != 3)
            {
                Offer(width, support, streams, ref e);
                return;
            }
        }
    }

    /// <remarks>Comes behind HE capabilities, which tell the widths up to 160 MHz.</remarks>
    internal static void Eht(ReadOnlySpan<byte> bytes, ref Dot11Elements e)
    {
        e.Seen |= ElementsSeen.EhtCapabilities;
        const int maps = EhtMacLength + EhtPhyLength;
        if (bytes.Length < maps + EhtMapLength || (e.HeWidths & (Wide24 | Wide80 | Wide160)) == 0)
        {
            return;
        }
        int width = (e.HeWidths & Wide160) != 0 ? 3 : (e.HeWidths & Wide80) != 0 ? 2 : 1;
        int at = maps;
        if (width == 3 && bytes.Length >= at + (2 * EhtMapLength))
        {
            at += EhtMapLength;
        }
        if ((bytes[EhtMacLength] & Eht320) != 0 && bytes.Length >= at + (2 * EhtMapLength))
        {
            at += EhtMapLength;
            width = 4;
        }
        // MCS 0–9, 10–11, 12–13: streams received in the low half of each byte.
        for (int group = 2; group >= 0; group--)
        {
            int streams = bytes[at + group] & 0x0F;
            if (streams > 0)
            {
                Offer(width, group + 1, streams, ref e);
            }
        }
    }

    private static void Offer(int width, int mcs, int streams, ref Dot11Elements e)
    {
        double rate = Math.Round(Subcarriers[width] * BitsTimes6[mcs] * streams / (6 * Symbol), 1);
        e.MaxRate = Math.Max(e.MaxRate, rate);
    }
}
