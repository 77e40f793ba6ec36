// IEEE Std 802.11-2020, annex E, as the API prints channels (inventory: dot11-tracking.md, 5).
using System.Collections.Concurrent;
using System.Globalization;

namespace KismetOrleans.Engine.Tracking;

internal static class ChannelNames
{
    private const string Band6 = "W6e";
    private const string S1g = "ah";

    /// <summary>Where the band of 802.11ah ends.</summary>
    public const uint S1gEndKhz = 1_000_000;
    private static readonly string[] s_band6 = [.. Enumerable.Range(0, 256).Select(static i => i.ToString(CultureInfo.InvariantCulture) + Band6)];
    private static readonly string[] s_s1g = [.. Enumerable.Range(0, 256).Select(static i => i.ToString(CultureInfo.InvariantCulture) + S1g)];
    private static readonly string[] s_small = [.. Enumerable.Range(0, 256).Select(i => i.ToString(CultureInfo.InvariantCulture))];
    private static readonly ConcurrentDictionary<uint, string> s_byKhz = new();

    /// <summary>Distinct frequencies whose names are kept; a hostile capture could name four thousand million.</summary>
    private const int MaxCached = 4096;

    public static string OfNumber(byte channel) => s_small[channel];

    /// <summary>The name of a channel number in the 6 GHz band.</summary>
    public static string OfBand6(byte channel) => s_band6[channel];

    /// <summary>The name of a channel number below 1 GHz (802.11ah).</summary>
    public static string OfS1g(byte channel) => s_s1g[channel];

    /// <summary>Whether a name is of a channel below 1 GHz.</summary>
    public static bool IsS1g(string channel) => channel.EndsWith(S1g, StringComparison.Ordinal);

    /// <summary>The Wi-Fi channel of a frequency; "" for 0 kHz.</summary>
    public static string OfDot11(uint khz)
    {
        if (khz == 0)
        {
            return "";
        }
        if (s_byKhz.TryGetValue(khz, out string? name))
        {
            return name;
        }
        name = Compute(khz / 1000);
        if (s_byKhz.Count < MaxCached)
        {
            s_byKhz[khz] = name;
        }
        return name;
    }

    private static string Compute(uint mhz)
    {
        string Number(uint n) => n.ToString(CultureInfo.InvariantCulture);
        return mhz switch
        {
            < 2412 => Number(mhz) + "MHz",
            2484 => "14",
            // 6 GHz has one channel of its own below the others (annex E, operating class 136).
            5935 => "2" + Band6,
            <= 2472 => Number((mhz - 2407) / 5),
            >= 4910 and <= 4980 => Number((mhz - 4000) / 5),
            >= 5000 and < 5950 => Number((mhz - 5000) / 5),
            >= 5950 and <= 45000 => Number((mhz - 5950) / 5) + Band6,
            >= 58320 and <= 70200 => Number((mhz - 56160) / 2160),
            _ => Number(mhz) + "MHz",
        };
    }

    /// <summary>The 802.15.4 channel of a frequency (IEEE Std 802.15.4-2020, 10.1.3.3, pages 0 and 2); "" where there is none.</summary>
    public static string OfIeee802154(uint khz) => khz switch
    {
        868_300 => s_small[0],
        >= 906_000 and <= 924_000 when khz % 2_000 == 0 => s_small[((khz - 906_000) / 2_000) + 1],
        >= 2_405_000 and <= 2_480_000 when khz % 5_000 == 0 => s_small[((khz - 2_405_000) / 5_000) + 11],
        _ => "",
    };

    /// <summary>The Bluetooth Low Energy channel index of a frequency (Core Specification 5.4, vol 6 part B 1.4.1); "" where there is none.</summary>
    public static string OfBtle(uint khz)
    {
        if (khz is < 2402000 or > 2480000 || khz % 2000 != 0)
        {
            return "";
        }
        uint rf = (khz - 2402000) / 2000;
        uint index = rf switch { 0 => 37, 12 => 38, 39 => 39, < 12 => rf - 1, _ => rf - 2 };
        return s_small[index];
    }
}
