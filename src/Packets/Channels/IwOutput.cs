using System.Globalization;
using System.Text.RegularExpressions;

namespace KismetOrleans.Packets.Channels;

/// <summary>A channel that a radio has.</summary>
/// <param name="Name">As users write it: <c>6</c>, <c>37W6e</c>.</param>
/// <param name="FrequencyMhz">Its centre.</param>
public readonly record struct RadioChannel(string Name, int FrequencyMhz);

/// <summary>Reads what the program iw prints.</summary>
internal static partial class IwOutput
{
    /// <summary>The radio of an interface, from <c>iw dev wlan0 info</c>: <c>phy0</c>; null where it names none.</summary>
    public static string? Phy(string output) => Wiphy().Match(output) is { Success: true } match ? "phy" + match.Groups[1].Value : null;

    /// <summary>The channels that a radio may use, in order and once each, from <c>iw phy phy0 channels</c> or <c>iw phy phy0 info</c>.</summary>
    public static IReadOnlyList<RadioChannel> Channels(string output)
    {
        List<RadioChannel> channels = [];
        foreach (Match match in Frequency().Matches(output))
        {
            if (match.Groups["rest"].ValueSpan.Contains("disabled", StringComparison.Ordinal))
            {
                continue;
            }
            int megahertz = int.Parse(match.Groups["mhz"].ValueSpan, CultureInfo.InvariantCulture);
            int number = int.Parse(match.Groups["channel"].ValueSpan, CultureInfo.InvariantCulture);
            RadioChannel channel = new(WifiChannel.NameOf(megahertz, number), megahertz);
            // Anything but Wi-Fi's bands (60 GHz, S1G) has numbers that mean something else here.
            if (WifiChannel.TryParse(channel.Name, out WifiChannel known, out _) && known.FrequencyMhz == megahertz && !channels.Contains(channel))
            {
                channels.Add(channel);
            }
        }
        return channels;
    }

    /// <summary>Why iw failed, in words for the user.</summary>
    /// <param name="output">What it wrote on its error output.</param>
    /// <param name="error">The system's error number; 0 where it names none.</param>
    public static string Failure(string interfaceName, string output, out int error)
    {
        Match match = ErrorNumber().Match(output);
        error = match.Success ? int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture) : 0;
        string text = output.Trim().ReplaceLineEndings(" ");
        return error switch
        {
            NotPermitted => $"{interfaceName}: this process may not set channels (iw needs cap_net_admin; run the agent with it)",
            NoDevice => $"{interfaceName}: the interface is gone, or no radio",
            Busy => $"{interfaceName}: the radio is in use by another interface of it, or by a connection",
            Invalid => $"{interfaceName}: the radio does not take this channel",
            NetworkDown => $"{interfaceName}: the interface is down",
            _ => $"{interfaceName}: iw: {(text.Length == 0 ? "no reason given" : text)}",
        };
    }

    /// <summary>EPERM.</summary>
    public const int NotPermitted = 1;

    /// <summary>EBUSY.</summary>
    public const int Busy = 16;

    /// <summary>ENODEV.</summary>
    public const int NoDevice = 19;

    /// <summary>EINVAL.</summary>
    public const int Invalid = 22;

    /// <summary>ENETDOWN.</summary>
    public const int NetworkDown = 100;

    [GeneratedRegex(@"^\s*wiphy\s+(\d{1,9})\s*$", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Wiphy();

    // "* 2412 MHz [1]" and "* 2412.0 MHz [1] (20.0 dBm)".
    [GeneratedRegex(@"^\s*\*\s+(?<mhz>\d{1,6})(?:\.\d+)?\s+MHz\s+\[(?<channel>\d{1,4})\](?<rest>[^\n]*)$", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Frequency();

    [GeneratedRegex(@"\(-(\d{1,5})\)\s*$", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex ErrorNumber();
}
