// IEEE Std 802.11-2020, clauses 9.4.2.3 (rates), 9.4.2.55 (HT capabilities), 9.4.2.157 (VHT capabilities); rates: 19.5 and 21.5.
using System.Buffers.Binary;
using System.Numerics;

namespace KismetOrleans.Wire.Dot11;

/// <summary>The highest rate that a station offers, from its rate and capability elements.</summary>
internal static class Rates
{
    /// <summary>Rate values from here on are BSS membership selectors (SAE hash-to-element, HE, VHT, HT), not rates.</summary>
    private const int FirstMembershipSelector = 122;

    private const int HtCapabilitiesLength = 26;
    private const int HtMcsOffset = 3;
    private const int VhtCapabilitiesLength = 12;

    /// <summary>HT MCS 0–7 on one stream in Mbit/s: 20 MHz, 20 MHz short guard interval, 40 MHz, 40 MHz short (tables 19-27 and 19-31).</summary>
    private static readonly double[] HtRates =
    [
        6.5, 13, 19.5, 26, 39, 52, 58.5, 65,
        7.2, 14.4, 21.7, 28.9, 43.3, 57.8, 65, 72.2,
        13.5, 27, 40.5, 54, 81, 108, 121.5, 135,
        15, 30, 45, 60, 90, 120, 135, 150,
    ];

    /// <summary>Data bits per OFDM symbol and stream, times three, of VHT MCS 7, 8 and 9 on 80 MHz (234 subcarriers); 160 MHz carries twice as many.</summary>
    private static readonly int[] VhtBits80Times3 = [3510, 4212, 4680];

    /// <summary>An OFDM symbol with long and with short guard interval, in tenths of a microsecond.</summary>
    private const int LongSymbol = 40;
    private const int ShortSymbol = 36;

    internal static void Supported(ReadOnlySpan<byte> bytes, ref Dot11Elements e)
    {
        if (bytes.Length == 0)
        {
            e.Anomalies |= Anomalies.ElementMalformed;
            return;
        }
        e.Seen |= ElementsSeen.Rates;
        int highest = 0;
        foreach (byte b in bytes)
        {
            int rate = b & 0x7F;
            if (rate > highest && rate < FirstMembershipSelector)
            {
                highest = rate;
            }
        }
        Offer(highest / 2.0, ref e);
    }

    internal static void HtCapabilities(ReadOnlySpan<byte> bytes, ref Dot11Elements e)
    {
        if (bytes.Length < HtCapabilitiesLength)
        {
            e.Anomalies |= Anomalies.ElementMalformed;
            return;
        }
        e.Seen |= ElementsSeen.HtCapabilities;
        ushort info = BinaryPrimitives.ReadUInt16LittleEndian(bytes);
        // MCS 0-31: a group of eight is a number of streams.
        uint mcs = BinaryPrimitives.ReadUInt32LittleEndian(bytes[HtMcsOffset..]);
        if (mcs == 0)
        {
            return;
        }
        bool is40 = (info & 0x0002) != 0;
        bool isShort = (info & (is40 ? 0x0040 : 0x0020)) != 0;
        int row = (is40 ? 16 : 0) + (isShort ? 8 : 0);
        int highest = 31 - BitOperations.LeadingZeroCount(mcs);
        int streams = highest / 8 + 1;
        double single = HtRates[row + highest % 8];
        // 144.4, not 2 × 72.2: 20 MHz with the short interval rounds once per rate.
        Offer(isShort && !is40 ? Math.Round(HtRates[highest % 8] * streams * 10 / 9, 1) : single * streams, ref e);
    }

    internal static void VhtCapabilities(ReadOnlySpan<byte> bytes, ref Dot11Elements e)
    {
        if (bytes.Length < VhtCapabilitiesLength)
        {
            e.Anomalies |= Anomalies.ElementMalformed;
            return;
        }
        e.Seen |= ElementsSeen.VhtCapabilities;
        uint info = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        ushort map = BinaryPrimitives.ReadUInt16LittleEndian(bytes[4..]);
        // As in the API the capabilities alone count, not the channel width in use (a VHT access point at 2.4 GHz offers its 80 MHz rate).
        bool is160 = (info & 0x0000_000C) != 0;
        int symbol = (info & (is160 ? 0x40 : 0x20)) != 0 ? ShortSymbol : LongSymbol;
        for (int streams = 8; streams >= 1; streams--)
        {
            int support = map >> 2 * (streams - 1) & 3;
            if (support != 3)
            {
                // bits per symbol / (symbol/10) µs; the factor 3 keeps the bits of MCS 9 whole.
                double bits = VhtBits80Times3[support] * (is160 ? 2.0 : 1.0) * streams / 3;
                Offer(Math.Round(bits * 10 / symbol, 1), ref e);
                return;
            }
        }
    }

    private static void Offer(double rate, ref Dot11Elements e) => e.MaxRate = Math.Max(e.MaxRate, rate);
}
