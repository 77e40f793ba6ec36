using System.Globalization;
using KismetOrleans.Packets.Sources;

namespace KismetOrleans.Packets.Gps;

/// <summary>The kinds of GPS that can be defined.</summary>
public enum GpsKind
{
    /// <summary>A receiver at a serial port.</summary>
    Serial,

    /// <summary>NMEA over TCP.</summary>
    Tcp,

    /// <summary>A gpsd server.</summary>
    Gpsd,

    /// <summary>A fixed place.</summary>
    Virtual,

    /// <summary>Positions that a browser posts.</summary>
    Web,

    /// <summary>Positions that are posted under a name.</summary>
    Meta,
}

/// <summary>
/// A GPS as users write it: <c>kind[:key=value[,key=value…]]</c>. <c>gpsd:host=localhost,port=2947</c>, <c>tcp:host=phone,port=4352</c>,
/// <c>serial:device=/dev/ttyUSB0,baud=9600</c>, <c>virtual:lat=52.5,lon=13.4,alt=35</c>, <c>web:name=browser</c>, <c>meta:name=car</c>. Common options:
/// <c>name</c>, <c>uuid</c>, <c>priority</c>, <c>reconnect</c>, <c>data_only</c>.
/// </summary>
public sealed class GpsDefinition
{
    private readonly Dictionary<string, string> _options = new(StringComparer.OrdinalIgnoreCase);

    private GpsDefinition(string text, GpsKind kind) => (Text, Kind) = (text, kind);

    /// <summary>As given.</summary>
    public string Text { get; }

    /// <summary>Kind.</summary>
    public GpsKind Kind { get; }

    /// <summary>Option <c>name</c>, else the kind.</summary>
    public string Name => this["name"] ?? WordOf(Kind);

    /// <summary>Option <c>uuid</c>; null when not given.</summary>
    public Guid? Uuid { get; private set; }

    /// <summary>Option <c>priority</c>, the lowest number wins; null when not given.</summary>
    public int? Priority { get; private set; }

    /// <summary>Option <c>reconnect</c>, true unless told otherwise.</summary>
    public bool Reconnect { get; private set; }

    /// <summary>Option <c>data_only</c>.</summary>
    public bool DataOnly { get; private set; }

    /// <summary>An option; null when it is not there or empty.</summary>
    public string? this[string key] => _options.GetValueOrDefault(key) is { Length: > 0 } value ? value : null;

    /// <summary>The word for a kind in definitions.</summary>
    public static string WordOf(GpsKind kind) => kind switch
    {
        GpsKind.Serial => "serial",
        GpsKind.Tcp => "tcp",
        GpsKind.Gpsd => "gpsd",
        GpsKind.Virtual => "virtual",
        GpsKind.Web => "web",
        _ => "meta",
    };

    /// <summary>Parses a definition.</summary>
    /// <exception cref="GpsException">It is of no use; the message says why.</exception>
    public static GpsDefinition Parse(string text)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        string word = (colon < 0 ? text : text[..colon]).Trim();
        GpsKind[] kinds = Enum.GetValues<GpsKind>();
        int found = Array.FindIndex(kinds, kind => WordOf(kind).Equals(word, StringComparison.OrdinalIgnoreCase));
        GpsDefinition definition = found >= 0
            ? new(text, kinds[found])
            : throw new GpsException($"gps '{text}': there is no kind '{word}'; {string.Join(", ", kinds.Select(WordOf))} are");
        string? wrong = colon < 0 || colon == text.Length - 1 ? null : SourceOptions.Read(text, colon + 1, definition._options);
        if (wrong is not null)
        {
            throw new GpsException($"gps '{text}': {wrong}");
        }
        definition.Priority = definition["priority"] is null ? null : (int)definition.Number("priority", null, int.MinValue, int.MaxValue);
        definition.Reconnect = definition.Switch("reconnect", definition.Kind is GpsKind.Gpsd or GpsKind.Tcp or GpsKind.Serial);
        definition.DataOnly = definition.Switch("data_only", definition.Kind == GpsKind.Meta);
        definition.Uuid = definition["uuid"] is not { } uuid ? null
            : Guid.TryParseExact(uuid, "D", out Guid given) ? given
            : throw definition.Wrong("uuid", "a UUID");
        return definition;
    }

    /// <summary>The place of a <see cref="GpsKind.Virtual"/> one.</summary>
    /// <exception cref="GpsException">It has none.</exception>
    public GpsFix ReadPlace() => new()
    {
        Latitude = Number("lat", null, -90, 90),
        Longitude = Number("lon", null, -180, 180),
        Altitude = (float)Number("alt", 0, -1000, 1_000_000),
        Fix = this["alt"] is null ? (byte)2 : (byte)3,
    };

    /// <summary>An option that is a number.</summary>
    /// <param name="key">Option.</param>
    /// <param name="otherwise">Its value when it is not given; null when it must be.</param>
    /// <param name="least">Least value.</param>
    /// <param name="most">Greatest value.</param>
    /// <exception cref="GpsException">It is missing, no number, or out of bounds.</exception>
    internal double Number(string key, double? otherwise, double least, double most)
    {
        if (this[key] is not { } text)
        {
            return otherwise ?? throw new GpsException($"gps '{Text}': option {key} is missing");
        }
        return double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out double value)
            && value >= least && value <= most
            ? value
            : throw Wrong(key, FormattableString.Invariant($"a number from {least} to {most}"));
    }

    // What is reported of an option whose value is of no use.
    private GpsException Wrong(string key, string expected) => new($"gps '{Text}': option {key}: '{this[key]}' is not {expected}");

    private bool Switch(string key, bool otherwise) => this[key]?.ToLowerInvariant() switch
    {
        null => otherwise,
        "true" or "yes" or "on" or "1" => true,
        "false" or "no" or "off" or "0" => false,
        _ => throw Wrong(key, "true or false"),
    };
}

/// <summary>A GPS cannot be made of what was given.</summary>
public sealed class GpsException(string message) : Exception(message);
