using KismetOrleans.Wire;

namespace KismetOrleans.Engine.Filters;

/// <summary>Where the logs of this process ask what they shall leave out, and count it.</summary>
public sealed class FilterGate
{
    private readonly TaskCompletionSource _known = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile FilterRules _rules = FilterRules.Empty;
    private long _packets;
    private long _devices;

    /// <summary>Completes when the filters are known: until then a log would take what it shall not.</summary>
    public Task Known => _known.Task;

    public FilterRules Rules => _rules;

    /// <summary>Takes the newest filters.</summary>
    public void Renew(FilterRules rules)
    {
        _rules = rules;
        _ = _known.TrySetResult();
    }

    /// <summary>Whether a packet is left out; counts it then.</summary>
    public bool BlocksPacket(int phy, MacAddress source, MacAddress destination, MacAddress network, MacAddress other)
    {
        MacFilter filter = _rules[FilterOf.Packets];
        bool blocks = !filter.IsIdle && filter.Blocks(phy, source, destination, network, other);
        if (blocks)
        {
            _ = Interlocked.Increment(ref _packets);
        }
        return blocks;
    }

    /// <summary>Whether a device is left out.</summary>
    public bool BlocksDevice(int phy, MacAddress device)
    {
        MacFilter filter = _rules[FilterOf.Devices];
        return !filter.IsIdle && filter.Blocks(phy, device);
    }

    /// <summary>Counts what was left out, or what <see cref="TakeCounts"/> gave and nobody took.</summary>
    public void Count(long packets, long devices)
    {
        _ = Interlocked.Add(ref _packets, packets);
        _ = Interlocked.Add(ref _devices, devices);
    }

    /// <summary>What was left out since it was asked for last.</summary>
    public (long Packets, long Devices) TakeCounts() => (Interlocked.Exchange(ref _packets, 0), Interlocked.Exchange(ref _devices, 0));
}

/// <summary>The filters as they are, and what they have left out since they began.</summary>
/// <param name="Devices">Devices' rows left out.</param>
public sealed record FilterState(FilterRules Rules, long Packets, long Devices);

/// <summary>The filters of the server or cluster.</summary>
public interface IFilters
{
    /// <summary>How they are.</summary>
    ValueTask<FilterState> ReadAsync(CancellationToken cancellation = default);

    /// <summary>Changes them, and keeps them.</summary>
    /// <param name="changes">Lines of <see cref="FilterRules"/>.</param>
    /// <returns>Null, or why nothing was changed.</returns>
    ValueTask<string?> ChangeAsync(IReadOnlyList<string> changes);
}
