using System.IO.Enumeration;
using System.Text;
using KismetOrleans.Packets.Channels;
using KismetOrleans.Packets.Gps;
using KismetOrleans.Packets.Live;
using KismetOrleans.Packets.Protocol;

namespace KismetOrleans.Packets.Sources;

/// <summary>
/// What a profile makes of an agent's sources. Each of its definitions is for the sources whose interface it names (<c>wlan*</c>): the options of the first that does go before the source's own, and
/// <c>capture=false</c> leaves the source out. One that names an interface without * and ? that the agent does not capture from adds it.
/// </summary>
public static class ProfiledSources
{
    /// <summary>Definitions of a profile.</summary>
    public const int MaxSources = 32;

    /// <summary>Characters of one.</summary>
    public const int MaxLength = 512;

    private const string Capture = "capture";

    // Which one of them is given last is for the agent's own definition to say no more.
    private static readonly string[][] s_together = [["channel", "channels", "hop", "channel_hop"], ["hop", "channel_hop"], ["hoprate", "channel_hoprate"]];

    // Who a source is, is the agent's.
    private static readonly string[] s_own = ["uuid", "name", "type"];

    /// <summary>Looks at a definition of a profile before it is given to anybody.</summary>
    /// <returns>Null, or what is wrong with it.</returns>
    public static string? Check(string text)
    {
        if (text.Length > MaxLength)
        {
            return $"a source has {MaxLength} characters at most";
        }
        if (!SourceDefinition.TryParse(text, out SourceDefinition? definition, out string? error))
        {
            return error;
        }
        if (!IsPattern(definition.Interface) && definition.Interface.AsSpan().ContainsAny("/\\@: "))
        {
            return $"source '{text}': a profile adds network interfaces alone; * and ? name what an agent has";
        }
        if (IsPattern(definition.Interface) && s_own.FirstOrDefault(definition.Options.ContainsKey) is { } own)
        {
            return $"source '{text}': option {own} is each source's own";
        }
        return CheckOptions(definition) ?? (definition.Options.TryGetValue(Capture, out string? capture) && !IsSwitch(capture) ? $"source '{text}': option {Capture}: '{capture}' is neither true nor false" : null);
    }

    /// <summary>What a profile makes of sources.</summary>
    /// <param name="own">What the agent was started with.</param>
    /// <param name="error">What is wrong with it here; null when nothing is.</param>
    /// <returns>The sources that the agent shall have; null when something is wrong.</returns>
    public static IReadOnlyList<SourceDefinition>? Apply(Profile profile, IReadOnlyList<SourceDefinition> own, out string? error)
    {
        error = null;
        List<SourceDefinition> lines = [];
        foreach (string text in profile.Sources)
        {
            if ((error = Check(text)) is not null || !SourceDefinition.TryParse(text, out SourceDefinition? line, out error))
            {
                return null;
            }
            lines.Add(line);
        }
        List<SourceDefinition> sources = [];
        foreach (SourceDefinition source in own)
        {
            SourceDefinition? line = lines.Find(line => Names(line, source.Interface));
            if (line is null)
            {
                sources.Add(source);
            }
            else if (IsCaptured(line))
            {
                if (Join(source, line, out error) is not { } joined || (error = CheckOptions(joined)) is not null)
                {
                    return null;
                }
                sources.Add(joined);
            }
        }
        foreach (SourceDefinition line in lines)
        {
            if (!IsPattern(line.Interface) && IsCaptured(line) && !own.Concat(sources).Any(source => source.Interface == line.Interface))
            {
                sources.Add(line);
            }
        }
        error = sources.Count == 0 ? "it leaves this agent without a source, and so without a way to the server" : null;
        return error is null ? sources : null;
    }

    private static bool IsPattern(string name) => name.AsSpan().ContainsAny('*', '?');

    // Not by file names' rules: a path has backslashes of its own.
    private static bool Names(SourceDefinition line, string name) => IsPattern(line.Interface)
        ? FileSystemName.MatchesSimpleExpression(line.Interface.Replace("\\", "\\\\", StringComparison.Ordinal), name, ignoreCase: false)
        : line.Interface == name;

    private static bool IsSwitch(string text) => text.ToLowerInvariant() is "true" or "yes" or "on" or "1" or "false" or "no" or "off" or "0";

    private static bool IsCaptured(SourceDefinition line) => line.Options.GetValueOrDefault(Capture)?.ToLowerInvariant() is not ("false" or "no" or "off" or "0");

    private static string? CheckOptions(SourceDefinition definition)
    {
        try
        {
            GpsReceiver.Check(definition.Gps);
            _ = ChannelPlan.From(definition);
            _ = LibpcapSettings.From(definition);
            return null;
        }
        catch (GpsException e)
        {
            return $"source '{definition}': option gps: {e.Message}";
        }
        catch (PacketSourceException e)
        {
            return e.Message;
        }
    }

    private static SourceDefinition? Join(SourceDefinition source, SourceDefinition line, out string? error)
    {
        HashSet<string> replaced = new(line.Options.Keys, StringComparer.OrdinalIgnoreCase);
        foreach (string[] together in s_together.Where(together => together.Any(line.Options.ContainsKey) && (together[0] != "channel" || line.Options.ContainsKey("channel") || line.Options.ContainsKey("channels"))))
        {
            replaced.UnionWith(together);
        }
        StringBuilder text = new(source.Interface);
        char separator = ':';
        foreach ((string key, string value) in source.Options.Where(option => !replaced.Contains(option.Key)).Concat(line.Options.Where(static option => !option.Key.Equals(Capture, StringComparison.OrdinalIgnoreCase))))
        {
            bool isQuoted = value.AsSpan().IndexOfAny(',', ' ') >= 0 || value.Length == 0;
            if (isQuoted && value.Contains('"', StringComparison.Ordinal))
            {
                error = $"source '{source}': option {key}: a value with a quote has no blank and no comma";
                return null;
            }
            _ = text.Append(separator).Append(key).Append('=').Append(isQuoted ? $"\"{value}\"" : value);
            separator = ',';
        }
        return SourceDefinition.TryParse(text.ToString(), out SourceDefinition? joined, out error) ? joined : null;
    }
}
