using KismetOrleans.Packets.Sources;
using KismetOrleans.Records.Datasources;

namespace KismetOrleans.Engine.Datasources;

/// <summary>The kinds of datasources that this server opens itself.</summary>
public static class SourceDrivers
{
    public static readonly DatasourceDriver File = new(
        "pcapfile", "Capture file: pcap or pcapng, plain or gzip", ProbeCapable: true, ProbeIpc: false, ListCapable: false, ListIpc: false,
        LocalCapable: true, LocalIpc: false, RemoteCapable: true, PassiveCapable: false, TuningCapable: false, HopCapable: false);

    public static readonly DatasourceDriver KismetDb = OfFile(PacketSources.KismetDbType, "Log of Kismet or of this server (kismetdb): its packets, and devices that have none there");

    public static readonly DatasourceDriver Wigle = OfFile(PacketSources.WigleType, "WiGLE CSV, plain or gzip: networks and Bluetooth devices with their times and places");

    /// <summary>Kismet's older XML.</summary>
    public static readonly DatasourceDriver NetXml = OfFile(PacketSources.NetXmlType, "netxml of older Kismets and airodump-ng, plain or gzip: networks with their times and places");

    /// <summary>Captures by TCP.</summary>
    public static readonly DatasourceDriver PcapOverIp = new(
        PacketSources.PcapOverIpType, "Capture by TCP (PCAP over IP): TCP@host:port, or listening", ProbeCapable: true, ProbeIpc: false, ListCapable: false, ListIpc: false,
        LocalCapable: true, LocalIpc: false, RemoteCapable: true, PassiveCapable: false, TuningCapable: false, HopCapable: false);

    /// <summary>Reports of rtl_433 by MQTT.</summary>
    public static readonly DatasourceDriver Mqtt = new(
        PacketSources.MqttType, "Reports of rtl_433 from an MQTT broker: mqtt://host/topic", ProbeCapable: true, ProbeIpc: false, ListCapable: false, ListIpc: false,
        LocalCapable: true, LocalIpc: false, RemoteCapable: true, PassiveCapable: false, TuningCapable: false, HopCapable: false);

    /// <summary>Live interfaces.</summary>
    public static readonly DatasourceDriver Libpcap = new(
        "linuxwifi", "Live interface through libpcap", ProbeCapable: true, ProbeIpc: false, ListCapable: true, ListIpc: false,
        LocalCapable: true, LocalIpc: false, RemoteCapable: true, PassiveCapable: false, TuningCapable: true, HopCapable: true);

    /// <summary>Phones and ESP32s that post scan reports.</summary>
    public static readonly DatasourceDriver Virtual = new(
        "virtual", "Scan reports of phones and microcontrollers", ProbeCapable: false, ProbeIpc: false, ListCapable: false, ListIpc: false,
        LocalCapable: false, LocalIpc: false, RemoteCapable: false, PassiveCapable: false, TuningCapable: false, HopCapable: false);

    /// <summary>Access points that mirror packets by TZSP.</summary>
    public static readonly DatasourceDriver Tzsp = new(
        "tzsp", "Packets that an access point mirrors by TZSP", ProbeCapable: false, ProbeIpc: false, ListCapable: false, ListIpc: false,
        LocalCapable: false, LocalIpc: false, RemoteCapable: true, PassiveCapable: true, TuningCapable: false, HopCapable: false);

    /// <summary>The kind of a name; one without abilities here for a name that only a sensor of another version knows.</summary>
    internal static DatasourceDriver Find(string type) => type == Virtual.Type ? Virtual : type == Tzsp.Type ? Tzsp : All.FirstOrDefault(driver => driver.Type == type) ?? new(
        type, "A kind that this server does not open itself", ProbeCapable: false, ProbeIpc: false, ListCapable: false, ListIpc: false,
        LocalCapable: false, LocalIpc: false, RemoteCapable: true, PassiveCapable: false, TuningCapable: false, HopCapable: false);

    /// <summary>The kind that a sensor says it is.</summary>
    internal static DatasourceDriver OfSensor(SensorHello hello)
    {
        DatasourceDriver driver = hello.Driver.Length == 0 ? Libpcap : Find(hello.Driver);
        return All.Contains(driver) ? driver : driver with { TuningCapable = hello.Channels.Count > 0, HopCapable = hello.Channels.Count > 1 };
    }

    /// <summary>All that this server opens.</summary>
    public static readonly IReadOnlyList<DatasourceDriver> All = [File, KismetDb, Wigle, NetXml, PcapOverIp, Mqtt, Libpcap];

    /// <summary>Whether a kind reads files.</summary>
    internal static bool IsFile(DatasourceDriver driver) => driver == File || driver == KismetDb || driver == Wigle || driver == NetXml;

    /// <summary>The kind of the file that a definition means; that of captures without one.</summary>
    public static DatasourceDriver OfFile(SourceDefinition? definition)
    {
        string type = definition is null ? File.Type : PacketSources.FileTypeOf(definition);
        return All.First(driver => driver.Type == type);
    }

    private static DatasourceDriver OfFile(string type, string description) => new(
        type, description, ProbeCapable: true, ProbeIpc: false, ListCapable: false, ListIpc: false, LocalCapable: true, LocalIpc: false,
        RemoteCapable: false, PassiveCapable: false, TuningCapable: false, HopCapable: false);

    public static readonly DatasourceDefaults Defaults = new(
        HopRate: 5, Hop: true, Split: true, RandomOrder: true, RetryOnError: true, RemoteListen: "127.0.0.1", RemotePort: 3501, RemoteTimestamp: true);
}
