using KismetOrleans.Engine.Filters;

namespace KismetOrleans.Engine.Logging;

/// <summary>Settings of logs (configuration section <c>Log</c>).</summary>
public sealed record LogOptions
{
    /// <summary>Kinds of logs that are started with the server, none by default: a log holds who was where, and nobody should write one unasked.</summary>
    public IReadOnlyList<string> Types { get; init; } = [];

    /// <summary>Folder of the files, <c>%p</c> of the template.</summary>
    public string Prefix { get; init; } = ".";

    /// <summary>Title, <c>%n</c> of the template.</summary>
    public string Title { get; init; } = "Kismet";

    /// <summary>Path of a file, see <see cref="LogTemplate"/>.</summary>
    public string Template { get; init; } = "%p/%n-%D-%t-%i.%l";

    /// <summary>Bytes after which a log takes a new file; 0 for never.</summary>
    public long MaxBytes { get; init; }

    /// <summary>Time after which a log takes a new file; 0 for never.</summary>
    public TimeSpan MaxAge { get; init; }

    /// <summary>Files of a kind and title that are kept, the open one included; 0 for all.</summary>
    public int KeepFiles { get; init; }

    /// <summary>Closed files that were written last longer ago than this are removed; 0 for none.</summary>
    public TimeSpan KeepFor { get; init; }

    /// <summary>Whether 802.11 data frames are logged; without them a log holds management and control alone.</summary>
    public bool DataPackets { get; init; } = true;

    /// <summary>How often changed devices and snapshots are written to a kismetdb.</summary>
    public TimeSpan SnapshotEvery { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Least time between two rows of a device in a WiGLE file.</summary>
    public TimeSpan WigleThrottle { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Whether packets are kept in the cluster's database, where they can be asked for.</summary>
    public bool History { get; init; }

    /// <summary>How long the cluster's database keeps packets.</summary>
    public TimeSpan HistoryFor { get; init; } = TimeSpan.FromDays(7);

    /// <summary>What kismetdb logs and the packet history leave out: <c>phy,block,address,verdict</c>, as <c>IEEE802.11,source,AA:BB:CC:DD:EE:FF,block</c>.</summary>
    public IReadOnlyList<string> PacketFilter { get; init; } = [];

    /// <summary>What becomes of packets that no filter names: <c>pass</c> or <c>block</c>.</summary>
    public string PacketFilterDefault { get; init; } = "pass";

    /// <summary>Devices that kismetdb logs leave out: <c>phy,address,verdict</c>, as <c>BTLE,*,block</c>.</summary>
    public IReadOnlyList<string> DeviceFilter { get; init; } = [];

    /// <summary>What becomes of devices that no filter names: <c>pass</c> or <c>block</c>.</summary>
    public string DeviceFilterDefault { get; init; } = "pass";

    /// <summary>Fails where a setting is out of its range.</summary>
    /// <exception cref="ArgumentException">It says which.</exception>
    public void Validate()
    {
        foreach (string type in Types)
        {
            if (LogDrivers.Find(type) is null)
            {
                throw new ArgumentException($"Log:Types: '{type}' is no kind of log; {string.Join(", ", LogDrivers.All.Select(static d => d.Class))} are");
            }
        }
        if (LogTemplate.Wrong(Template) is { } wrong)
        {
            throw new ArgumentException($"Log:Template: {wrong}");
        }
        if (LogTemplate.WrongTitle(Title) is { } title)
        {
            throw new ArgumentException($"Log:Title: {title}");
        }
        Positive(MaxBytes, nameof(MaxBytes));
        Positive(MaxAge.Ticks, nameof(MaxAge));
        Positive(KeepFiles, nameof(KeepFiles));
        Positive(KeepFor.Ticks, nameof(KeepFor));
        Positive(WigleThrottle.Ticks, nameof(WigleThrottle));
        Positive(SnapshotEvery.Ticks - 1, nameof(SnapshotEvery));
        Positive(HistoryFor.Ticks - 1, nameof(HistoryFor));
        _ = FilterSettings.Read(this);
    }

    private static void Positive(long value, string name)
    {
        if (value < 0)
        {
            throw new ArgumentException($"Log:{name}: too small");
        }
    }
}
