using System.Globalization;
using KismetOrleans.Packets.Sources;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Server;

namespace KismetOrleans.Engine.Gps;

/// <summary>
/// A GPS as users write it: <c>kind[:key=value[,key=value…]]</c>. <c>gpsd:host=localhost,port=2947</c>, <c>tcp:host=phone,port=4352</c>,
/// <c>serial:device=/dev/ttyUSB0,baud=9600</c>, <c>virtual:lat=52.5,lon=13.4,alt=35</c>, <c>web:name=browser</c>, <c>meta:name=car</c>. Common options:
/// <c>name</c>, <c>uuid</c>, <c>priority</c>, <c>reconnect</c>, <c>data_only</c>.
/// </summary>
public sealed class GpsDefinition
{
    private readonly Dictionary<string, string> _options = new(StringComparer.OrdinalIgnoreCase);

    private GpsDefinition(string text, GpsDriver driver) => (Text, Driver) = (text, driver);

    /// <summary>As given.</summary>
    public string Text { get; }

    /// <summary>Kind.</summary>
    public GpsDriver Driver { get; }

    /// <summary>Option <c>name</c>, else the kind.</summary>
    public string Name => this["name"] ?? Driver.Class;

    /// <summary>Option <c>uuid</c>, else one that is the same for the same definition.</summary>
    public Guid Uuid { get; private set; }

    /// <summary>Option <c>priority</c>, else the kind's; the lowest number wins.</summary>
    public int Priority { get; private set; }

    /// <summary>Option <c>reconnect</c>, true unless told otherwise.</summary>
    public bool Reconnect { get; private set; }

    /// <summary>Option <c>data_only</c>.</summary>
    public bool DataOnly { get; private set; }

    /// <summary>An option; null when it is not there or empty.</summary>
    public string? this[string key] => _options.GetValueOrDefault(key) is { Length: > 0 } value ? value : null;

    /// <summary>Parses a definition.</summary>
    /// <exception cref="GpsException">It is of no use; the message says why.</exception>
    public static GpsDefinition Parse(string text)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        string kind = (colon < 0 ? text : text[..colon]).Trim();
        GpsDriver driver = GpsDrivers.All.FirstOrDefault(driver => driver.Class.Equals(kind, StringComparison.OrdinalIgnoreCase))
            ?? throw new GpsException($"gps '{text}': there is no kind '{kind}'; {string.Join(", ", GpsDrivers.All.Select(static d => d.Class))} are");
        GpsDefinition definition = new(text, driver);
        string? wrong = colon < 0 || colon == text.Length - 1 ? null : SourceOptions.Read(text, colon + 1, definition._options);
        if (wrong is not null)
        {
            throw new GpsException($"gps '{text}': {wrong}");
        }
        definition.Priority = (int)definition.Number("priority", driver.Priority, int.MinValue, int.MaxValue);
        definition.Reconnect = definition.Switch("reconnect", driver is { Class: "gpsd" or "tcp" or "serial" });
        definition.DataOnly = definition.Switch("data_only", driver.Class == "meta");
        definition.Uuid = definition["uuid"] is not { } uuid ? UuidOf(driver.Class, text)
            : Guid.TryParseExact(uuid, "D", out Guid given) ? given
            : throw definition.Wrong("uuid", "a UUID");
        return definition;
    }

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

    /// <summary>What is said of an option whose value is of no use.</summary>
    internal GpsException Wrong(string key, string expected) => new($"gps '{Text}': option {key}: '{this[key]}' is not {expected}");

    private bool Switch(string key, bool otherwise) => this[key]?.ToLowerInvariant() switch
    {
        null => otherwise,
        "true" or "yes" or "on" or "1" => true,
        "false" or "no" or "off" or "0" => false,
        _ => throw Wrong(key, "true or false"),
    };

    private static Guid UuidOf(string kind, string text) =>
        new($"{DeviceKey.Adler32("gps_" + kind):X8}-0000-0000-0000-0000{DeviceKey.Adler32(text):X8}");
}
