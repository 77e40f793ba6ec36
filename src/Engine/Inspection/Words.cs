using System.Text.RegularExpressions;
using KismetOrleans.Wire;

namespace KismetOrleans.Engine.Inspection;

/// <summary>Names of enumerations as people read them.</summary>
internal static partial class Words
{
    /// <summary>What was wrong, such as <c>frame truncated, element malformed</c>; null where nothing was.</summary>
    public static string? Of(Anomalies anomalies) => anomalies == Anomalies.None ? null : Of(anomalies.ToString());

    /// <summary>The words of names that are written together: <c>ProbeRequest</c> is <c>probe request</c>.</summary>
    public static string Of(string name) => Border().Replace(name, " ").ToLowerInvariant();

    /// <summary>What is wrong with something of this outcome; null where nothing is.</summary>
    /// <param name="anomalies">What its parser noted.</param>
    public static string? Of(ParseStatus status, Anomalies anomalies, PacketTree tree) => Of(anomalies) ?? status switch
    {
        ParseStatus.Truncated => tree.TooShort,
        ParseStatus.Malformed => "contradicts its format",
        ParseStatus.Unsupported => "of a kind that is not read here",
        _ => null,
    };

    [GeneratedRegex("(?<=[a-z0-9])(?=[A-Z])", RegexOptions.CultureInvariant)]
    private static partial Regex Border();
}
