namespace KismetOrleans.Records.Devices;

/// <summary>One source's share in a device (<c>kismet.common.seenby.*</c>).</summary>
public sealed class SeenBy
{
    /// <summary>
    /// Sources that a device names at most: more than one campus has sensors. Each costs some hundred bytes, and stands in the device's record as a whole, four kilobytes of JSON; phones, of
    /// which one key may make thousands, are sources, too.
    /// </summary>
    public const int Most = 256;

    /// <summary>Number of the source in the server's directory of sources.</summary>
    public ushort SourceNumber;

    /// <summary>Unix seconds of the first packet from this source.</summary>
    public uint FirstTime;

    /// <summary>Unix seconds of the newest packet from this source.</summary>
    public uint LastTime;

    /// <summary>Packets from this source.</summary>
    public uint Packets;

    /// <summary>Packets a frequency, from this source.</summary>
    public FrequencyCounts Frequencies;

    /// <summary>Signal as this source saw it.</summary>
    public Signal? Signal;

    /// <summary>Where the source was then; null when unknown. Not to be changed; never saved.</summary>
    public GeoPoint? SensorPlace;

    /// <summary>The five minutes of capture time that go on, counted from 1970; 0 for none.</summary>
    public uint PresenceSlot;

    /// <summary>Packets of the device's own in them.</summary>
    public uint PresencePackets;

    /// <summary>The strongest of their signals in dBm, 0 for none.</summary>
    public sbyte PresenceSignal;

    /// <summary>That signal over the last minute, hour and day, the strongest of each.</summary>
    public Rrd? SignalHistory;
}
