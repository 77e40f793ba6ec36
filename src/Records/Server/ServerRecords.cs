using KismetOrleans.Records.Devices;

namespace KismetOrleans.Records.Server;

/// <summary>State of the server (<c>kismet.system.*</c>).</summary>
public sealed record SystemStatus
{
    /// <summary>Unix seconds.</summary>
    public required uint Seconds { get; init; }

    /// <summary>Microseconds.</summary>
    public required uint Microseconds { get; init; }

    /// <summary>Unix second of the start.</summary>
    public required uint StartSeconds { get; init; }

    /// <summary>Resident memory in KiB.</summary>
    public required ulong MemoryRss { get; init; }

    public required ulong Devices { get; init; }

    /// <summary>Partitions of the devices that do not answer.</summary>
    public IReadOnlyList<ulong> MissingPartitions { get; init; } = [];

    /// <summary>Account that the server runs as.</summary>
    public required string User { get; init; }

    public required string Version { get; init; }

    /// <summary>Commit that it was built from.</summary>
    public required string Git { get; init; }

    /// <summary>When it was built.</summary>
    public required string BuildTime { get; init; }

    public string ServerName { get; init; } = "";
    public string ServerDescription { get; init; } = "";
    public string ServerLocation { get; init; } = "";
    public required Rrd MemoryRrd { get; init; }
    public required Rrd DevicesRrd { get; init; }

    /// <summary>Charge of the battery, per cent.</summary>
    public int BatteryPercentage { get; init; }

    /// <summary>State of the battery: charging, charged or discharging.</summary>
    public string BatteryCharging { get; init; } = "charged";

    /// <summary>On mains.</summary>
    public bool BatteryAc { get; init; } = true;

    /// <summary>Seconds that the battery lasts.</summary>
    public uint BatteryRemaining { get; init; }

    /// <summary>Fans, rpm by name.</summary>
    public IReadOnlyDictionary<string, double> Fans { get; init; } = new Dictionary<string, double>();

    /// <summary>Temperatures, °C by name.</summary>
    public IReadOnlyDictionary<string, double> Temperatures { get; init; } = new Dictionary<string, double>();

    public ulong Fields { get; init; }

    /// <summary>Record types registered.</summary>
    public ulong Components { get; init; }

    /// <summary>Open HTTP connections.</summary>
    public ulong HttpConnections { get; init; }

    public ulong StringCache { get; init; }
}

/// <summary>The server's clock.</summary>
/// <param name="Seconds">Unix seconds.</param>
/// <param name="Microseconds">Microseconds.</param>
public sealed record Timestamp(uint Seconds, uint Microseconds)
{
    /// <summary>A time as the server's clock shows it.</summary>
    public static Timestamp Of(DateTimeOffset time)
    {
        long ticks = (time - DateTimeOffset.UnixEpoch).Ticks;
        return new((uint)(ticks / TimeSpan.TicksPerSecond), (uint)(ticks % TimeSpan.TicksPerSecond / TimeSpan.TicksPerMicrosecond));
    }
}

/// <summary>The account that the server runs as.</summary>
/// <param name="User">Name of the account.</param>
public sealed record UserStatus(string User);

/// <summary>A phy with its counts (<c>kismet.phy.*</c>).</summary>
public sealed record PhyRecord(Phy Phy, ulong Devices, ulong Packets);

/// <summary>A view with its size (<c>kismet.devices.view.*</c>).</summary>
/// <param name="Indexed">Whether it is kept up rather than computed.</param>
public sealed record ViewRecord(string Id, string Description, ulong Size, bool Indexed);

/// <summary>Weight of a message, as flag bits.</summary>
[Flags]
public enum MessageFlags
{
    Debug = 1,
    Info = 2,
    Error = 4,
    Alert = 8,
    Fatal = 16,
}

/// <summary>A message of the server (<c>kismet.messagebus.*</c>).</summary>
/// <param name="Seconds">Unix second.</param>
[GenerateSerializer, Immutable, Alias("KismetOrleans.MessageRecord")]
public sealed record MessageRecord([property: Id(0)] string Text, [property: Id(1)] MessageFlags Flags, [property: Id(2)] uint Seconds);

/// <summary>Messages since a time, and the time of this answer.</summary>
/// <param name="Messages">Messages, oldest first.</param>
/// <param name="Seconds">Unix second of the answer.</param>
public sealed record MessageList(IReadOnlyList<MessageRecord> Messages, uint Seconds);

/// <summary>Use of one frequency or channel (<c>kismet.channelrec.*</c>).</summary>
[GenerateSerializer, Alias("KismetOrleans.ChannelRecord")]
public sealed class ChannelRecord
{
    /// <summary>Channel, "" in the frequency map.</summary>
    [Id(0)] public string Channel = "";

    /// <summary>Frequency in kHz, 0 in the channel map.</summary>
    [Id(1)] public uint FrequencyKhz;

    /// <summary>History of packets.</summary>
    [Id(2)] public Rrd PacketsRrd = new();

    /// <summary>History of bytes.</summary>
    [Id(3)] public Rrd DataRrd = new();

    /// <summary>History of devices, a sample a minute.</summary>
    [Id(4)] public Rrd DevicesRrd = new();

    [Id(5)] public Signal? Signal;

    /// <summary>A copy that later changes of this one do not reach.</summary>
    public ChannelRecord Copy() => new()
    {
        Channel = Channel,
        FrequencyKhz = FrequencyKhz,
        PacketsRrd = PacketsRrd.Copy(),
        DataRrd = DataRrd.Copy(),
        DevicesRrd = DevicesRrd.Copy(),
        Signal = Signal?.Copy(),
    };
}

/// <summary>Use of all frequencies and channels (<c>kismet.channeltracker.*</c>).</summary>
/// <param name="Frequencies">By kHz.</param>
[GenerateSerializer, Alias("KismetOrleans.ChannelMap")]
public sealed record ChannelMap([property: Id(0)] IReadOnlyList<ChannelRecord> Frequencies, [property: Id(1)] IReadOnlyList<ChannelRecord> Channels);

/// <summary>A plugin (<c>kismet.plugin.*</c>).</summary>
public sealed record PluginRecord(string Name, string Description, string Author, string Version);

/// <summary>Packet rates of the whole server (<c>kismet.packetchain.*</c>).</summary>
[GenerateSerializer, Alias("KismetOrleans.PacketStats")]
public sealed class PacketStats
{
    [Id(1)] public Rrd Peak = new();

    [Id(2)] public Rrd Packets = new();

    /// <summary>Packets with errors.</summary>
    [Id(3)] public Rrd Errors = new();

    [Id(4)] public Rrd Duplicates = new();

    [Id(5)] public Rrd Queued = new();

    [Id(6)] public Rrd Dropped = new();

    [Id(7)] public Rrd Processed = new();

    /// <summary>A copy that later changes of this one do not reach.</summary>
    public PacketStats Copy() => new()
    {
        Peak = Peak.Copy(),
        Packets = Packets.Copy(),
        Errors = Errors.Copy(),
        Duplicates = Duplicates.Copy(),
        Queued = Queued.Copy(),
        Dropped = Dropped.Copy(),
        Processed = Processed.Copy(),
    };
}
