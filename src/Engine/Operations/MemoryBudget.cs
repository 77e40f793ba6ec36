namespace KismetOrleans.Engine.Operations;

/// <summary>
/// Memory that everything shares that waits for somebody else: packets of streams and live events for their readers, bodies for their senders. Each has a bound of its own; this one is that
/// of all of them together. Safe for use by several threads.
/// </summary>
/// <param name="most">Bytes.</param>
public sealed class MemoryBudget(long most)
{
    // Half of a small container's memory is for devices; what is left must also do for the work.
    private const int ShareOfMemory = 8;

    // Less would be a reader's queue or a body of the largest size.
    private const long Least = 64L << 20;
    private long _taken;

    /// <summary>An eighth of the memory that the process may use.</summary>
    public static MemoryBudget OfThisProcess() => new(Math.Max(Least, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / ShareOfMemory));

    public long Most => most;

    /// <summary>Bytes taken now.</summary>
    public long Taken => Volatile.Read(ref _taken);

    /// <summary>Takes bytes, if there are as many.</summary>
    public bool TryTake(long bytes)
    {
        if (Interlocked.Add(ref _taken, bytes) <= most)
        {
            return true;
        }
        _ = Interlocked.Add(ref _taken, -bytes);
        return false;
    }

    /// <summary>Gives bytes back.</summary>
    public void Return(long bytes) => Interlocked.Add(ref _taken, -bytes);
}
