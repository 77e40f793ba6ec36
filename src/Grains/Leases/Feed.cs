namespace KismetOrleans.Grains.Leases;

/// <summary>
/// Calls of one sender, one after the other: each is repeated under its number until it is answered, so that the receiver knows a repetition
/// (<see cref="Repetitions"/>).
/// </summary>
/// <param name="logFault">Told of the first failure of a call.</param>
/// <param name="over">Ends it: the receiver's lease, or this process.</param>
internal sealed class Feed(TimeProvider clock, Action<Exception> logFault, CancellationToken over)
{
    private static readonly TimeSpan s_retryAfter = TimeSpan.FromMilliseconds(100);
    private readonly Guid _id = Guid.NewGuid();
    private long _sequence;

    /// <summary>Makes the next call.</summary>
    /// <exception cref="InvalidDataException">The receiver refuses it.</exception>
    public async Task SendAsync(Func<Guid, long, Task> call)
    {
        _sequence++;
        for (bool first = true; ; first = false)
        {
            try
            {
                await call(_id, _sequence).WaitAsync(over);
                return;
            }
            catch (Exception e) when (e is not InvalidDataException && !over.IsCancellationRequested)
            {
                if (first)
                {
                    logFault(e);
                }
            }
            await Task.Delay(s_retryAfter, clock, over);
        }
    }
}

/// <summary>Which calls came before: those of a sender are numbered from 1, and one that may have been lost is repeated with its number. Thread-safe.</summary>
internal sealed class Repetitions
{
    // Processes that are gone, too; when there are more, a repetition that is under way just then counts twice.
    private const int MaxSenders = 1024;
    private readonly Dictionary<Guid, long> _newest = [];

    /// <summary>Whether a call came before. From now on it did.</summary>
    public bool Has(Guid sender, long sequence)
    {
        lock (_newest)
        {
            if (_newest.GetValueOrDefault(sender) >= sequence)
            {
                return true;
            }
            if (_newest.Count == MaxSenders)
            {
                _newest.Clear();
            }
            _newest[sender] = sequence;
            return false;
        }
    }
}
