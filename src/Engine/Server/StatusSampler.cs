using System.Reflection;
using KismetOrleans.Engine.Channels;
using KismetOrleans.Engine.Partitions;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Fields;
using KismetOrleans.Records.Server;

namespace KismetOrleans.Engine.Server;

/// <summary>Takes the server's pulse once a second, so that asking for it costs nothing.</summary>
public sealed class StatusSampler(TimeProvider clock, ServerIdentity server, Func<int> connections)
{
    private static readonly string s_version = Assembly.GetExecutingAssembly().GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
    private readonly Rrd _memory = new(RrdAggregate.Peak);
    private Rrd _devices = new(RrdAggregate.Peak);
    private readonly uint _start = (uint)clock.GetUtcNow().ToUnixTimeSeconds();
    private SystemStatus? _current;
    private PartitionCounts?[] _counts = [];
    private bool _goesOn;

    public SystemStatus Current => _current ??= Sample(0, []);

    /// <summary>Devices of each phy in the newest sample, by the phy's number; empty before the first.</summary>
    public IReadOnlyList<long> DevicesByPhy { get; private set; } = [];

    /// <summary>Samples until it is told to stop.</summary>
    public async Task RunAsync(IBackend backend, CancellationToken stopping)
    {
        using PeriodicTimer timer = new(TimeSpan.FromSeconds(1), clock);
        while (await timer.WaitForNextTickAsync(stopping))
        {
            await RefreshAsync(backend);
            if (!_goesOn)
            {
                await GoOnAsync(backend, stopping);
            }
        }
    }

    // The history of devices begins with what trends know of the last day.
    private async Task GoOnAsync(IBackend backend, CancellationToken stopping)
    {
        IReadOnlyList<TrendPoint> hours = await backend.TrendsAsync(TrendSpan.Hour, stopping);
        IReadOnlyList<TrendPoint> minutes = await backend.TrendsAsync(TrendSpan.Minute, stopping);
        Rrd devices = new(RrdAggregate.Peak);
        foreach (TrendPoint point in hours.TakeLast(Rrd.DaySlots).Concat(minutes.TakeLast(Rrd.Slots)).Where(static point => point.Devices > 0).OrderBy(static point => point.Time))
        {
            devices.Add(point.Time, point.Devices);
        }
        _devices = devices;
        _goesOn = true;
    }

    /// <summary>Takes a sample now.</summary>
    internal async Task RefreshAsync(IBackend backend)
    {
        Task<PartitionCounts>[] asked = [.. backend.Partitions.Select(static p => p.CountAsync().AsTask())];
        await ((Task)Task.WhenAll(asked)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_counts.Length != asked.Length)
        {
            _counts = new PartitionCounts?[asked.Length];
        }
        List<ulong> missing = [];
        for (int i = 0; i < asked.Length; i++)
        {
            // One that does not answer counts as it was.
            if (asked[i].IsCompletedSuccessfully)
            {
                _counts[i] = asked[i].Result;
            }
            else
            {
                missing.Add((ulong)i);
            }
        }
        PartitionCounts[] counts = [.. _counts.OfType<PartitionCounts>()];
        _current = Sample((ulong)counts.Sum(static c => c.Devices), missing);
        DevicesByPhy = [.. Phy.All.Select(phy => counts.Sum(count => (long)count.ByPhy[phy.Id]))];
        if (missing.Count == asked.Length)
        {
            _ = await asked[0];
        }
    }

    private SystemStatus Sample(ulong devices, IReadOnlyList<ulong> missing)
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
            MissingPartitions = missing,
            User = Environment.UserName,
            Version = plus < 0 ? s_version : s_version[..plus],
            Git = plus < 0 ? "" : s_version[(plus + 1)..],
            BuildTime = "",
            ServerName = server.Name,
            ServerDescription = server.Description,
            ServerLocation = server.Location,
            MemoryRrd = _memory.Copy(),
            DevicesRrd = _devices.Copy(),
            Fields = (ulong)TrackedFields.FieldCount,
            HttpConnections = (ulong)connections(),
            Components = (ulong)TrackedFields.Tables.Count,
        };
    }
}

/// <summary>What the operator says of the server (section <c>Server</c> of the settings).</summary>
public sealed record ServerIdentity
{
    /// <summary>Name that clients show, "" for none.</summary>
    public string Name { get; init; } = "";

    /// <summary>What it is for, in words, "" for none.</summary>
    public string Description { get; init; } = "";

    /// <summary>Where it is, in words, "" for nowhere.</summary>
    public string Location { get; init; } = "";
}
