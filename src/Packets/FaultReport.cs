namespace KismetOrleans.Packets;

/// <summary>
/// Exceptions that do not end the work they came from: all are counted, and one in ten seconds is logged whole, since what is away fails again at each
/// retry. Safe for use by several threads.
/// </summary>
/// <param name="log">Logs an exception and how many came so far.</param>
public sealed class FaultReport(TimeProvider clock, Action<Exception, long> log)
{
    internal static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    private readonly Lock _lock = new();
    private long _count;
    private long _loggedAt;

    /// <summary>Exceptions so far.</summary>
    public long Count => Volatile.Read(ref _count);

    /// <summary>The newest exception; null when there was none.</summary>
    public Exception? Last { get; private set; }

    /// <summary>Counts an exception, and logs it unless one was logged just now.</summary>
    public void Add(Exception fault)
    {
        long count;
        lock (_lock)
        {
            Last = fault;
            count = ++_count;
            if (count > 1 && clock.GetElapsedTime(_loggedAt) < Interval)
            {
                return;
            }
            _loggedAt = clock.GetTimestamp();
        }
        log(fault, count);
    }
}
