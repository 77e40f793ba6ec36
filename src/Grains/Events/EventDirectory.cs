namespace KismetOrleans.Grains.Events;

/// <summary>
/// The API servers that listen, in memory: they say so every second, so a new life of the directory knows them again soon. Not thread-safe.
/// </summary>
public sealed class EventDirectory(TimeProvider clock)
{
    /// <summary>How long a server counts of which nothing is heard: some missed calls and the loss of a silo.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(10);

    private readonly long _born = clock.GetTimestamp();
    private readonly Guid _life = Guid.NewGuid();
    private readonly Dictionary<Guid, (EventListener Listener, long Renewed)> _known = [];

    /// <summary>Grows with every change of who wants what.</summary>
    public long Version { get; private set; }

    /// <summary>Takes note of what a server wants.</summary>
    public void Renew(EventListener listener)
    {
        bool isKnown = _known.TryGetValue(listener.Id, out var known);
        if (listener.Topics == 0)
        {
            Version += _known.Remove(listener.Id) ? 1 : 0;
        }
        else
        {
            Version += isKnown && known.Listener.Topics == listener.Topics ? 0 : 1;
            _known[listener.Id] = (listener, clock.GetTimestamp());
        }
        Expire();
    }

    /// <summary>The list for silos.</summary>
    public EventListeners Read()
    {
        Expire();
        return new()
        {
            Life = _life,
            Version = Version,
            IsComplete = clock.GetElapsedTime(_born) >= Lease,
            Entries = [.. _known.Values.Select(static known => known.Listener)],
        };
    }

    private void Expire()
    {
        foreach ((Guid id, (_, long renewed)) in _known)
        {
            if (clock.GetElapsedTime(renewed) > Lease)
            {
                _ = _known.Remove(id);
                Version++;
            }
        }
    }
}
