namespace KismetOrleans.Grains;

/// <summary>
/// What this process has for a grain that every process reports to: gathered, and sent some times a second, since a call for each would meet at one grain. A report is sent again under its
/// number until it is taken, so that a lost answer neither loses nor doubles it (<see cref="Leases.Repetitions"/>).
/// </summary>
public abstract class Outbox<T>(TimeProvider clock) : PeriodicService(s_sendEvery, clock)
    where T : class
{
    private static readonly TimeSpan s_sendEvery = TimeSpan.FromMilliseconds(250);
    private readonly Guid _self = Guid.NewGuid();
    private T? _underWay;
    private long _sequence;

    /// <summary>Held while something is added, and taken.</summary>
    protected Lock Gathering { get; } = new();

    /// <summary>Takes what was gathered, null when that is nothing. Called with <see cref="Gathering"/> held.</summary>
    protected abstract T? Take();

    protected abstract ValueTask SendAsync(Guid self, long sequence, T report);

    protected sealed override async Task DoAsync()
    {
        await SendAsync();
        lock (Gathering)
        {
            _underWay = Take();
        }
        _sequence += _underWay is null ? 0 : 1;
        await SendAsync();
    }

    private async Task SendAsync()
    {
        if (_underWay is { } report)
        {
            await SendAsync(_self, _sequence, report);
            _underWay = null;
        }
    }
}
