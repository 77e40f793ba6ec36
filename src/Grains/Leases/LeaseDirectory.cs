using System.Diagnostics.CodeAnalysis;

namespace KismetOrleans.Grains.Leases;

internal static class Lease
{
    /// <summary>How long an entry counts that is not renewed: some missed calls and the loss of a silo.</summary>
    public static readonly TimeSpan Duration = TimeSpan.FromSeconds(10);

    /// <summary>How often it is renewed: some of these may fail before it ends.</summary>
    public static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(1);
}

/// <summary>
/// What processes have told a grain, in memory: they repeat it every second, and so a new life of the grain has all of it again soon. Others wait for changes
/// (<see cref="LeaseWatcher{TKey, T, TUse}"/>). For the turns of one grain, not thread-safe.
/// </summary>
/// <param name="same">Whether a renewed entry tells those who watch nothing new.</param>
internal class LeaseDirectory<TKey, T>(TimeProvider clock, Func<T, T, bool> same)
    where TKey : notnull
{
    // Often enough that what expired is noticed soon, seldom enough to cost nothing.
    private static readonly TimeSpan s_watchFor = TimeSpan.FromSeconds(1);
    private readonly long _born = clock.GetTimestamp();
    private readonly Dictionary<TKey, (T Entry, long Renewed)> _entries = [];
    private TaskCompletionSource _changed = NewSignal();

    /// <summary>Identity of this life.</summary>
    public Guid Life { get; } = Guid.NewGuid();

    /// <summary>Grows with every change.</summary>
    public long Version { get; private set; }

    public IReadOnlyList<KeyValuePair<TKey, T>> Entries
    {
        get
        {
            Expire();
            return [.. _entries.Select(static entry => KeyValuePair.Create(entry.Key, entry.Value.Entry))];
        }
    }

    /// <summary>Takes note of an entry, or prolongs it.</summary>
    public void Renew(TKey key, T entry)
    {
        // One that had expired, too: whoever tells it was cut off, not dead.
        bool isKnown = _entries.TryGetValue(key, out (T Entry, long) known);
        _entries[key] = (entry, clock.GetTimestamp());
        if (!isKnown || !same(known.Entry, entry))
        {
            Change();
        }
        Expire();
    }

    /// <summary>Ends a lease before its time.</summary>
    /// <returns>False when there was none.</returns>
    public bool End(TKey key, [MaybeNullWhen(false)] out T entry)
    {
        Expire();
        bool ended = _entries.Remove(key, out (T Entry, long) known);
        entry = known.Entry;
        if (ended)
        {
            Change();
        }
        return ended;
    }

    /// <summary>All of it, for those who watch.</summary>
    public LeaseList<T> Read()
    {
        Expire();
        return new()
        {
            Life = Life,
            Version = Version,
            IsComplete = clock.GetElapsedTime(_born) >= Lease.Duration,
            Entries = [.. _entries.Values.Select(static entry => entry.Entry)],
        };
    }

    /// <summary>All of it; waits for about a second while it is what the caller knows. The grain must be reentrant.</summary>
    /// <param name="life">The life that the version is of; of another one everything is new.</param>
    /// <param name="version">The version that the caller knows.</param>
    /// <param name="cancellation">The caller waits no more.</param>
    public async ValueTask<LeaseList<T>> WatchAsync(Guid life, long version, CancellationToken cancellation = default)
    {
        Expire();
        if (life == Life && version == Version)
        {
            _ = await Task.WhenAny(_changed.Task, Task.Delay(s_watchFor, clock, cancellation));
            cancellation.ThrowIfCancellationRequested();
        }
        return Read();
    }

    private void Expire()
    {
        foreach ((TKey key, (_, long renewed)) in _entries)
        {
            if (clock.GetElapsedTime(renewed) > Lease.Duration)
            {
                _ = _entries.Remove(key);
                Change();
            }
        }
    }

    private void Change()
    {
        Version++;
        TaskCompletionSource changed = _changed;
        _changed = NewSignal();
        changed.SetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>The entries of a <see cref="LeaseDirectory{TKey, T}"/> at a moment.</summary>
[GenerateSerializer, Immutable, Alias("KismetOrleans.LeaseList`1")]
public sealed class LeaseList<T>
{
    /// <summary>The life of the directory that <see cref="Version"/> is of.</summary>
    [Id(0)] public Guid Life { get; init; }

    /// <summary>Version of the list.</summary>
    [Id(1)] public long Version { get; init; }

    /// <summary>This life is old enough to know all entries; before, one that is missing may only not be known again yet.</summary>
    [Id(2)] public bool IsComplete { get; init; }

    [Id(3)] public T[] Entries { get; init; } = [];
}
