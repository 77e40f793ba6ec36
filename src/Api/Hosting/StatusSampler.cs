using System.Reflection;
using KismetOrleans.Grains.Partitions;
using KismetOrleans.Grains.Server;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Fields;
using KismetOrleans.Records.Server;

namespace KismetOrleans.Api.Hosting;

/// <summary>Takes the server's pulse once a second, so that asking for it costs nothing; and once a minute lets idle devices shrink.</summary>
public sealed class StatusSampler(TimeProvider clock, IConfiguration configuration, ConnectionCount connections)
{
    private const int SecondsBetweenMaintenance = 60;

    // Idle minutes after which there is nothing left to give back.
    private const int MaxIdleCollections = 5;
    private static readonly string s_version = Assembly.GetExecutingAssembly().GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
    private readonly Rrd _memory = new(RrdAggregate.Peak);
    private readonly Rrd _devices = new(RrdAggregate.Peak);
    private readonly uint _start = (uint)clock.GetUtcNow().ToUnixTimeSeconds();
    private SystemStatus? _current;
    private long _packets;
    private int _idleMinutes;

    /// <summary>The newest sample.</summary>
    public SystemStatus Current => _current ??= Sample(0);

    /// <summary>Devices of each phy in the newest sample, by the phy's number; empty before the first.</summary>
    public IReadOnlyList<long> DevicesByPhy { get; private set; } = [];

    /// <summary>Samples until it is told to stop.</summary>
    /// <param name="backend">What to sample.</param>
    /// <param name="isAlone">Whether nobody else looks after the partitions.</param>
    /// <param name="stopping">Tells to stop.</param>
    public async Task RunAsync(IBackend backend, bool isAlone, CancellationToken stopping)
    {
        using PeriodicTimer timer = new(TimeSpan.FromSeconds(1), clock);
        for (int tick = 1; await timer.WaitForNextTickAsync(stopping); tick++)
        {
            await RefreshAsync(backend);
            if (isAlone && tick % SecondsBetweenMaintenance == 0)
            {
                await MaintainAsync(backend);
            }
        }
    }

    private async Task MaintainAsync(IBackend backend)
    {
        foreach (IDevicePartition partition in backend.Partitions)
        {
            await partition.MaintainAsync();
        }
        long packets = (await backend.PacketsByPhyAsync()).Sum();
        _idleMinutes = packets == _packets ? _idleMinutes + 1 : 0;
        _packets = packets;
        if (packets > 0 && _idleMinutes is > 0 and <= MaxIdleCollections)
        {
            // Without packets nothing makes the runtime collect, and what devices gave back would stay with the process.
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        }
    }

    /// <summary>Takes a sample now.</summary>
    public async Task RefreshAsync(IBackend backend)
    {
        PartitionCounts[] counts = await Task.WhenAll(backend.Partitions.Select(static p => p.CountAsync().AsTask()));
        _current = Sample((ulong)counts.Sum(static c => c.Devices));
        DevicesByPhy = [.. Phy.All.Select(phy => counts.Sum(count => (long)count.ByPhy[phy.Id]))];
    }

    private SystemStatus Sample(ulong devices)
    {
        uint now = (uint)clock.GetUtcNow().ToUnixTimeSeconds();
        ulong kib = (ulong)Environment.WorkingSet / 1024;
        _memory.Add(now, kib);
        _devices.Add(now, devices);
        int plus = s_version.IndexOf('+', StringComparison.Ordinal);
        return new()
        {
            Seconds = now,
            Microseconds = 0,
            StartSeconds = _start,
            MemoryRss = kib,
            Devices = devices,
            User = Environment.UserName,
            Version = plus < 0 ? s_version : s_version[..plus],
            Git = plus < 0 ? "" : s_version[(plus + 1)..],
            BuildTime = "",
            ServerName = configuration["Server:Name"] ?? "",
            ServerDescription = configuration["Server:Description"] ?? "",
            ServerLocation = configuration["Server:Location"] ?? "",
            MemoryRrd = _memory.Copy(),
            DevicesRrd = _devices.Copy(),
            Fields = (ulong)TrackedFields.FieldCount,
            HttpConnections = (ulong)connections.Open,
            Components = (ulong)TrackedFields.Tables.Count,
        };
    }
}
