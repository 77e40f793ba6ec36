using System.Collections.Frozen;

namespace KismetOrleans.Engine.Events;

/// <summary>Topics of live events, and sets of them (inventory: remote-capture.md, 7).</summary>
[Flags]
public enum EventTopics : uint
{
    None = 0,

    /// <summary>The server's clock, once a second.</summary>
    Timestamp = 1,

    /// <summary>State of the battery, once a second.</summary>
    Battery = 1 << 1,

    /// <summary>Size of the server, once a second.</summary>
    Statistics = 1 << 2,

    /// <summary>Where the server is, once a second.</summary>
    GpsLocation = 1 << 3,

    /// <summary>Rates of packets, once a second.</summary>
    PacketChainStats = 1 << 4,

    Message = 1 << 5,
    Alert = 1 << 6,

    /// <summary>A device was seen for the first time.</summary>
    NewDevice = 1 << 7,

    /// <summary>A radio technology has its first device.</summary>
    NewPhy = 1 << 8,

    /// <summary>A datasource was added.</summary>
    NewDatasource = 1 << 9,

    DatasourceOpened = 1 << 10,
    DatasourceClosed = 1 << 11,
    DatasourceError = 1 << 12,

    /// <summary>A datasource was told to pause.</summary>
    DatasourcePaused = 1 << 13,

    DatasourceResumed = 1 << 14,

    /// <summary>A kismetdb log was opened.</summary>
    LogOpen = 1 << 15,

    /// <summary>An access point announces a name for the first time.</summary>
    AdvertisedSsid = 1 << 16,

    /// <summary>An access point answers with a name for the first time.</summary>
    ResponseSsid = 1 << 17,

    /// <summary>A device asks for a name for the first time.</summary>
    ProbedSsid = 1 << 18,

    /// <summary>A handshake of WPA is likely complete.</summary>
    WpaHandshake = 1 << 19,

    /// <summary>Radiation detectors; nothing here raises it, and stock clients subscribe to it all the same.</summary>
    Radiation = 1 << 20,

    /// <summary>A message of an aircraft; for the websockets of these alone, no topic that clients subscribe to.</summary>
    Adsb = 1 << 21,

    /// <summary>All that clients subscribe to.</summary>
    All = (1 << 21) - 1,

    /// <summary>Those that each server makes itself, once a second.</summary>
    Regular = Timestamp | Battery | Statistics | GpsLocation | PacketChainStats | NewPhy,

    /// <summary>Those that partitions notice.</summary>
    OfDevices = NewDevice | AdvertisedSsid | ResponseSsid | ProbedSsid | WpaHandshake,

    /// <summary>Those that tell that a datasource changed.</summary>
    OfSources = DatasourceOpened | DatasourceClosed | DatasourceError | DatasourcePaused | DatasourceResumed,
}

public static class EventTopicNames
{
    internal const string Everything = "*";

    private static readonly FrozenDictionary<string, EventTopics> s_topics = new Dictionary<string, EventTopics>
    {
        ["TIMESTAMP"] = EventTopics.Timestamp,
        ["BATTERY"] = EventTopics.Battery,
        ["STATISTICS"] = EventTopics.Statistics,
        ["GPS_LOCATION"] = EventTopics.GpsLocation,
        ["PACKETCHAIN_STATS"] = EventTopics.PacketChainStats,
        ["MESSAGE"] = EventTopics.Message,
        ["ALERT"] = EventTopics.Alert,
        ["NEW_DEVICE"] = EventTopics.NewDevice,
        ["NEW_PHY"] = EventTopics.NewPhy,
        ["NEW_DATASOURCE"] = EventTopics.NewDatasource,
        ["DATASOURCE_OPENED"] = EventTopics.DatasourceOpened,
        ["DATASOURCE_CLOSED"] = EventTopics.DatasourceClosed,
        ["DATASOURCE_ERROR"] = EventTopics.DatasourceError,
        ["DATASOURCE_PAUSED"] = EventTopics.DatasourcePaused,
        ["DATASOURCE_RESUMED"] = EventTopics.DatasourceResumed,
        ["KISMETDB_LOG_OPEN"] = EventTopics.LogOpen,
        ["DOT11_ADVERTISED_SSID"] = EventTopics.AdvertisedSsid,
        ["DOT11_RESPONSE_SSID"] = EventTopics.ResponseSsid,
        ["DOT11_PROBED_SSID"] = EventTopics.ProbedSsid,
        ["DOT11_WPA_HANDSHAKE"] = EventTopics.WpaHandshake,
        ["RADIATION"] = EventTopics.Radiation,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<EventTopics, string> s_names =
        s_topics.Append(new("ADSB_MESSAGE", EventTopics.Adsb)).ToFrozenDictionary(static pair => pair.Value, static pair => pair.Key);

    /// <summary>Finds the topics of a name: one, or all of them for <see cref="Everything"/>.</summary>
    /// <returns>False when there is none of this name.</returns>
    public static bool TryParse(string name, out EventTopics topics)
    {
        topics = EventTopics.All;
        return name == Everything || s_topics.TryGetValue(name, out topics);
    }

    internal static string Of(EventTopics topic) => s_names[topic];
}
