using KismetOrleans.Records.Server;

namespace KismetOrleans.Engine.Logging;

/// <summary>The kinds of logs, as Kismet names them.</summary>
public static class LogDrivers
{
    /// <summary>SQLite with packets, devices and all else.</summary>
    public static readonly LogDriver Kismet = new(
        "kismet", "Kismet Unified Log", "One SQLite file with packets, devices, datasources, messages and snapshots", Singleton: true);

    internal static readonly LogDriver Pcapng = new(
        "pcapng", "PcapNG pcap", "Packets of all datasources as they were captured, in pcapng", Singleton: false);

    /// <summary>pcap with PPI headers.</summary>
    internal static readonly LogDriver Ppi = new(
        "pcapppi", "PPI legacy pcap", "Wi-Fi packets in plain pcap with PPI headers, for tools that know nothing newer", Singleton: false);

    /// <summary>WiGLE's CSV.</summary>
    internal static readonly LogDriver Wigle = new(
        "wiglecsv", "Wigle CSV", "Access points and Bluetooth devices with their positions, to be uploaded to WiGLE", Singleton: false);

    /// <summary>All of them, in the order in which they are listed.</summary>
    public static readonly IReadOnlyList<LogDriver> All = [Ppi, Kismet, Pcapng, Wigle];

    /// <summary>The kind of a name; null when there is none.</summary>
    public static LogDriver? Find(string name) => All.FirstOrDefault(driver => driver.Class == name);
}
