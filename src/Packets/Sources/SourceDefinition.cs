using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using KismetOrleans.Packets.Gps;

namespace KismetOrleans.Packets.Sources;

/// <summary>
/// A source as users write it: <c>interface[:key=value[,key=value...]]</c>, for example <c>wlan0:name=lobby,channels="1,6,11"</c>
/// or <c>walk.pcapng:realtime=true</c>. Keys are taken in either case; keys that mean nothing here are kept for whom they do.
/// </summary>
public sealed class SourceDefinition
{
    private readonly Dictionary<string, string> _options;

    private SourceDefinition(string definition, string source, Dictionary<string, string> options)
    {
        Definition = definition;
        Interface = source;
        _options = options;
    }

    /// <summary>The text as it was given.</summary>
    public string Definition { get; }

    /// <summary>Network interface or path of a capture file.</summary>
    public string Interface { get; }

    /// <summary>All options; keys compare without regard to case, values are without their quotes.</summary>
    public IReadOnlyDictionary<string, string> Options => _options;

    /// <summary>Option <c>name</c>, else the interface.</summary>
    public string Name => _options.GetValueOrDefault("name") ?? Interface;

    /// <summary>Option <c>type</c>, for example <c>pcapfile</c> or <c>linuxwifi</c>; null to let the server choose.</summary>
    public string? Type => _options.GetValueOrDefault("type");

    /// <summary>Option <c>uuid</c>; null to let the server choose.</summary>
    public Guid? Uuid { get; private set; }

    /// <summary>Option <c>realtime</c>: a file is replayed with the gaps that its packets had.</summary>
    public bool Realtime { get; private set; }

    /// <summary>Option <c>pps</c>: a file is replayed with at most so many packets a second; null for no limit.</summary>
    public int? PacketsPerSecond { get; private set; }

    /// <summary>Option <c>channel</c>: the channel to stay on; null when not given.</summary>
    public string? Channel => _options.GetValueOrDefault("channel");

    /// <summary>Option <c>channels</c>: the channels to hop over, in order; empty when not given.</summary>
    public IReadOnlyList<string> Channels { get; private set; } = [];

    /// <summary>Option <c>channel_hop</c> or <c>hop</c>; null when not given.</summary>
    public bool? Hop { get; private set; }

    /// <summary>Option <c>filter</c>: a pcap-filter(7) expression that packets of an interface have to meet; null when not given.</summary>
    public string? Filter => _options.GetValueOrDefault("filter") is { } filter && !string.IsNullOrWhiteSpace(filter) ? filter : null;

    /// <summary>Option <c>place</c>: where a source that never moves stands; null when not given.</summary>
    public SourcePlace? Place { get; private set; }

    /// <summary>The floor of <see cref="Place"/>, else option <c>floor</c>; null when not given.</summary>
    public int? Floor { get; private set; }

    /// <summary>Option <c>gps</c>: the receiver beside an agent's source; null when not given.</summary>
    public GpsDefinition? Gps { get; private set; }

    /// <summary>Option <c>metagps</c>: name of a GPS of the server; null when not given.</summary>
    public string? MetaGps => _options.GetValueOrDefault("metagps") is { Length: > 0 } name ? name : null;

    /// <summary>Parses a definition.</summary>
    /// <param name="text">The definition.</param>
    /// <param name="definition">What it says; null when it is wrong.</param>
    /// <param name="error">What is wrong with it and where, fit for the user; null when nothing is.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out SourceDefinition? definition, [NotNullWhen(false)] out string? error)
    {
        definition = null;
        int colon = SourceOptions.Start(text);
        string source = (colon < 0 ? text : text[..colon]).Trim();
        if (source.Length == 0)
        {
            error = $"source '{text}': the interface or file is missing";
            return false;
        }
        var options = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        error = colon < 0 ? null : SourceOptions.Read(text, colon + 1, options);
        if (error is null)
        {
            var parsed = new SourceDefinition(text, source, options);
            error = parsed.Interpret();
            definition = error is null ? parsed : null;
        }
        error = error is null ? null : $"source '{text}': {error}";
        return error is null;
    }

    /// <exception cref="FormatException">It is wrong; the message says where and is fit for the user.</exception>
    internal static SourceDefinition Parse(string text) =>
        TryParse(text, out SourceDefinition? definition, out string? error) ? definition : throw new FormatException(error);

    /// <inheritdoc/>
    public override string ToString() => Definition;

    /// <summary>Reads the options whose values have a form; says what is wrong with the first that is.</summary>
    private string? Interpret()
    {
        if (_options.TryGetValue("uuid", out string? uuid))
        {
            if (!Guid.TryParseExact(uuid, "D", out Guid value))
            {
                return $"option uuid: '{uuid}' is no UUID";
            }
            Uuid = value;
        }
        if (_options.TryGetValue("pps", out string? pps))
        {
            if (!int.TryParse(pps, NumberStyles.None, CultureInfo.InvariantCulture, out int value) || value == 0)
            {
                return $"option pps: '{pps}' is no number of packets above 0";
            }
            PacketsPerSecond = value;
        }
        if (_options.TryGetValue("channels", out string? channels))
        {
            Channels = channels.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        }
        string? error = Switch("realtime", out bool? realtime) ?? Switch("channel_hop", out bool? channelHop) ?? Switch("hop", out _);
        if (error is not null)
        {
            return error;
        }
        Switch("channel_hop", out channelHop);
        Switch("hop", out bool? hop);
        Realtime = realtime ?? false;
        Hop = channelHop ?? hop;
        return Locate();
    }

    private string? Locate()
    {
        if (_options.TryGetValue("floor", out string? floor))
        {
            if (!int.TryParse(floor, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) || value is < SourcePlace.LowestFloor or > SourcePlace.HighestFloor)
            {
                return $"option floor: '{floor}' is no floor from {SourcePlace.LowestFloor} to {SourcePlace.HighestFloor}";
            }
            Floor = value;
        }
        if (_options.TryGetValue("place", out string? place))
        {
            if (!SourcePlace.TryParse(place, out SourcePlace? where, out string? wrong))
            {
                return wrong;
            }
            Place = where;
            Floor = where.Floor ?? Floor;
        }
        if (_options.TryGetValue("gps", out string? gps))
        {
            try
            {
                Gps = GpsDefinition.Parse(gps);
            }
            catch (GpsException e)
            {
                return $"option gps: {e.Message}";
            }
        }
        return null;
    }

    private string? Switch(string key, out bool? value)
    {
        value = null;
        if (!_options.TryGetValue(key, out string? text))
        {
            return null;
        }
        switch (text.ToLowerInvariant())
        {
            case "true" or "yes" or "on" or "1":
                value = true;
                return null;
            case "false" or "no" or "off" or "0":
                value = false;
                return null;
            default:
                return $"option {key}: '{text}' is neither true nor false";
        }
    }
}
