using KismetOrleans.Packets.Files;
using KismetOrleans.Packets.Live;

namespace KismetOrleans.Packets.Sources;

/// <summary>From a definition to the source that it means.</summary>
public static class PacketSources
{
    /// <summary>Value of the option <c>type</c> that means a capture file.</summary>
    public const string FileType = "pcapfile";

    /// <summary>A kismetdb. These and the lists below are files that the server alone reads.</summary>
    public const string KismetDbType = "kismetdb";

    /// <summary>WiGLE's CSV.</summary>
    public const string WigleType = "wiglecsv";

    /// <summary>Kismet's older XML.</summary>
    public const string NetXmlType = "netxml";

    /// <summary>A capture by TCP (<see cref="PcapOverIp"/>).</summary>
    public const string PcapOverIpType = "pcap-over-ip";

    /// <summary>Reports in JSON from an MQTT broker.</summary>
    public const string MqttType = "mqtt";

    /// <summary>In place of a file's name: the capture that comes by standard input.</summary>
    public const string StandardInput = "-";

    /// <summary>
    /// After so long without a packet a source gives an empty batch. What is told of a source may be a second old, and whoever tells it needs
    /// time too.
    /// </summary>
    internal static readonly TimeSpan LongestSilence = TimeSpan.FromMilliseconds(250);

    private static int s_inputTaken;
    private static readonly string[] Extensions = [".pcap", ".pcapng", ".cap", ".dump", ".ntar", ".gz", ".kismet", ".kismetdb", ".csv", ".netxml"];
    private static readonly string[] FileTypes = [FileType, KismetDbType, WigleType, NetXmlType];

    /// <summary>The kind of file that a definition means: its type, or what its name ends in says.</summary>
    public static string FileTypeOf(SourceDefinition definition)
    {
        if (definition.Type is { } type)
        {
            return type.ToLowerInvariant();
        }
        string name = definition.Interface;
        name = name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? name[..^3] : name;
        return Path.GetExtension(name).ToLowerInvariant() switch
        {
            ".kismet" or ".kismetdb" => KismetDbType,
            ".csv" => WigleType,
            ".netxml" => NetXmlType,
            _ => FileType,
        };
    }

    /// <summary>A file as a source: as fast as it is asked, or as its definition wants it.</summary>
    public static IPacketSource Replay(IReplayReader reader, SourceDefinition definition, TimeProvider? time) =>
        new FilePacketSource(reader, definition.Interface, definition.Realtime, definition.PacketsPerSecond, time);

    /// <summary>Whether a definition means a file: by its type, else because there is such a file, else because it is named like one.</summary>
    public static bool IsFile(SourceDefinition definition) => definition.Type is { } type
        ? FileTypes.Contains(type, StringComparer.OrdinalIgnoreCase)
        : IsStandardInput(definition) || (!PcapOverIp.Is(definition) && !MqttPlace.Is(definition) && LooksLikeFile(definition));

    /// <summary>Whether a definition means standard input.</summary>
    public static bool IsStandardInput(SourceDefinition definition) => definition.Interface == StandardInput;

    /// <summary>Whether a definition means what has channels: neither a file nor a connection.</summary>
    public static bool IsRadio(SourceDefinition definition) => !IsFile(definition) && !PcapOverIp.Is(definition) && !IsBroker(definition);

    /// <summary>Whether a definition means an MQTT broker.</summary>
    public static bool IsBroker(SourceDefinition definition) => MqttPlace.Is(definition);

    /// <summary>What tells a source from others at each start: the whole path of a file, else the interface.</summary>
    public static string IdentityOf(SourceDefinition definition) =>
        IsFile(definition) && !IsStandardInput(definition) ? Path.GetFullPath(definition.Interface) : definition.Interface;

    private static bool LooksLikeFile(SourceDefinition definition) =>
        File.Exists(definition.Interface) || definition.Interface.AsSpan().ContainsAny('/', '\\')
            || Extensions.Contains(Path.GetExtension(definition.Interface), StringComparer.OrdinalIgnoreCase);

    /// <summary>Opens the source that <paramref name="definition"/> means.</summary>
    /// <param name="definition">File or network interface, with its options.</param>
    /// <param name="time">Clock of replays; null for the system's.</param>
    /// <exception cref="PacketSourceException">It cannot be opened; the message says why and what to do.</exception>
    public static IPacketSource Open(SourceDefinition definition, TimeProvider? time = null) =>
        IsRadio(definition) ? new LibpcapSource(definition.Interface, LibpcapSettings.From(definition))
        : definition.Filter is not null ? throw new PacketSourceException($"source '{definition}': option filter: only live interfaces can be filtered")
        : PcapOverIp.Is(definition) ? new PcapOverIpSource(definition)
        : IsBroker(definition) ? new MqttSource(definition, time)
        : IsStandardInput(definition) ? Replay(OpenStandardInput(definition), definition, time)
        : new FilePacketSource(definition.Interface, definition.Realtime, definition.PacketsPerSecond, time);

    private static CaptureStreamReader OpenStandardInput(SourceDefinition definition) =>
        definition.Type is { } type && !type.Equals(FileType, StringComparison.OrdinalIgnoreCase) ? throw new PacketSourceException($"source '{definition}': by standard input comes a pcap or pcapng alone")
        : !Console.IsInputRedirected ? throw new PacketSourceException($"source '{definition}': standard input is a terminal; tcpdump -U -w - … | ssh … has a capture")
        : Interlocked.Exchange(ref s_inputTaken, 1) != 0 ? throw new PacketSourceException($"source '{definition}': standard input is read once, by one source")
        : new(Console.OpenStandardInput(), "standard input");
}
