using KismetOrleans.Packets.Gps;
using KismetOrleans.Records.Server;

namespace KismetOrleans.Engine.Gps;

/// <summary>The kinds of GPS that can be defined. Their names and priorities are Kismet's: the lowest number wins.</summary>
public static class GpsDrivers
{
    internal static readonly GpsDriver Serial = new("serial", "NMEA receiver at a serial or USB port", -1000, Singleton: false);

    internal static readonly GpsDriver Tcp = new("tcp", "NMEA sentences over TCP, as phones send them", -1000, Singleton: false);

    internal static readonly GpsDriver Gpsd = new("gpsd", "A gpsd server", -1000, Singleton: false);

    internal static readonly GpsDriver Virtual = new("virtual", "A fixed place", 0, Singleton: true);

    internal static readonly GpsDriver Web = new("web", "Positions that a browser posts", 0, Singleton: true);

    internal static readonly GpsDriver Meta = new("meta", "Positions that are posted under a name, for sensors that bear it", 0, Singleton: false);

    /// <summary>All, in the order in which Kismet lists them.</summary>
    public static readonly IReadOnlyList<GpsDriver> All = [Serial, Tcp, Gpsd, Virtual, Web, Meta];

    internal static GpsDriver Of(GpsKind kind) => kind switch
    {
        GpsKind.Serial => Serial,
        GpsKind.Tcp => Tcp,
        GpsKind.Gpsd => Gpsd,
        GpsKind.Virtual => Virtual,
        GpsKind.Web => Web,
        _ => Meta,
    };
}
