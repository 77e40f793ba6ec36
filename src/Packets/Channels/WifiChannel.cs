using System.Globalization;
using System.Text.RegularExpressions;

namespace KismetOrleans.Packets.Channels;

/// <summary>
/// A Wi-Fi channel as users write it: a number (<c>6</c>), a number and a width (<c>6HT40+</c>, <c>36VHT80</c>, <c>36HE160</c>, <c>6W5</c>), a
/// number of the 6 GHz band (<c>5W6e</c>, <c>37W6eHE80</c>) or a centre frequency in MHz (<c>2437</c>, <c>5955HE80</c>).
/// </summary>
/// <param name="Name">As written.</param>
/// <param name="FrequencyMhz">Centre of its first 20 MHz.</param>
/// <param name="Width">What iw calls its width: <c>NOHT</c>, <c>HT20</c>, <c>HT40+</c>, <c>80MHz</c>.</param>
public sealed partial record WifiChannel(string Name, int FrequencyMhz, string Width)
{
    // Channel numbers end below, frequencies begin above.
    private const int LeastFrequency = 1000;
    private const int MostFrequency = 8000;

    /// <param name="text">As the user writes it; case does not matter.</param>
    /// <param name="error">What is wrong with it, fit for the user; null when nothing is.</param>
    internal static bool TryParse(string text, out WifiChannel channel, out string? error)
    {
        channel = null!;
        Match match = Form().Match(text);
        if (!match.Success || !int.TryParse(match.Groups["number"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out int number))
        {
            error = $"'{text}' is no channel: 6, 6HT40+, 36VHT80, 5W6e and 2437 are";
            return false;
        }
        int frequency = Frequency(number, match.Groups["six"].Success);
        error = frequency == 0 ? $"'{text}': there is no such channel" : null;
        channel = new(text, frequency, WidthOf(match));
        return error is null;
    }

    /// <summary>What Kismet calls the channel of a frequency at 20 MHz.</summary>
    internal static string NameOf(int frequencyMhz, int number) =>
        number.ToString(CultureInfo.InvariantCulture) + (frequencyMhz >= SixGigahertzAlone ? "W6e" : "");

    // IEEE Std 802.11-2020, annex E and 27.3.23.2: where the bands' numbering begins.
    private const int SixGigahertz = 5950;

    // Channel 2 lies below channel 1 (operating class 136).
    private const int SixGigahertzAlone = 5935;

    private static int Frequency(int number, bool six) => (number, six) switch
    {
        (2, true) => SixGigahertzAlone,
        ( >= 1 and <= 233, true) => SixGigahertz + 5 * number,
        (_, true) => 0,
        ( >= 1 and <= 13, _) => 2407 + 5 * number,
        (14, _) => 2484,
        ( >= 32 and <= 181, _) => 5000 + 5 * number,
        ( >= LeastFrequency and <= MostFrequency, _) => number,
        _ => 0,
    };

    private static string WidthOf(Match match) => match.Groups["width"].Value.ToUpperInvariant() switch
    {
        "" => "NOHT",
        "W5" => "5MHz",
        "W10" => "10MHz",
        ['V' or 'H' or 'E', 'H', 'T', .. var megahertz] => megahertz + "MHz",
        ['H', 'E', .. var megahertz] => megahertz + "MHz",
        var ht => ht,
    };

    [GeneratedRegex(@"^(?<number>\d{1,4})(?<six>W6e)?(?<width>HT20|HT40[+-]|W5|W10|(?:VHT|HE|EHT)(?:20|40|80|160|320))?$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
