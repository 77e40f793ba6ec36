namespace KismetOrleans.Grains.Leases;

/// <summary>The entries of a <see cref="LeaseDirectory{TKey, T}"/> as one silo knows them, with what it has for each.</summary>
public abstract class LeaseWatcher<TKey, T, TUse>(TimeProvider clock) : BackgroundService
    where TKey : notnull
{
    private static readonly TimeSpan s_retryAfter = TimeSpan.FromMilliseconds(250);
    private readonly Lock _applying = new();
    private readonly Dictionary<TKey, Known> _known = [];
    private volatile TUse[] _all = [];
    private Guid _life;
    private long _version = -1;

    protected TimeProvider Clock => clock;

    /// <summary>What there is for the entries.</summary>
    protected IReadOnlyList<TUse> All => _all;

    /// <summary>Asks for the entries, now.</summary>
    internal async Task RefreshAsync() => Apply(await WatchAsync(default, -1, CancellationToken.None));

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        Task[] ends;
        lock (_applying)
        {
            ends = [.. _known.Values.Select(known => EndAsync(known.Use))];
            _known.Clear();
            _all = [];
        }
        // Who has no time for this lets what waits go.
        await Task.WhenAll(ends).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Asks the grain (<see cref="LeaseDirectory{TKey, T}.WatchAsync"/>).</summary>
    protected abstract ValueTask<LeaseList<T>> WatchAsync(Guid life, long version, CancellationToken cancellation);

    /// <summary>The key of an entry, and whether it concerns this silo.</summary>
    protected abstract (bool Concerns, TKey Key) KeyOf(T entry);

    /// <summary>Makes what an entry needs.</summary>
    protected abstract TUse Begin(T entry);

    /// <summary>An entry may have changed.</summary>
    protected virtual void Renewed(TUse use, T entry)
    {
    }

    /// <summary>The entries, or what they say, may have changed.</summary>
    protected virtual void Changed()
    {
    }

    /// <summary>Ends what an entry needed.</summary>
    protected abstract Task EndAsync(TUse use);

    /// <summary>Tells that the grain does not answer.</summary>
    protected abstract void LogFault(Exception e);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                Apply(await WatchAsync(_life, _version, stoppingToken));
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // What is there goes on.
                LogFault(e);
                await Task.Delay(s_retryAfter, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private void Apply(LeaseList<T> now)
    {
        lock (_applying)
        {
            if (now.Life == _life && now.Version < _version)
            {
                return;
            }
            (_life, _version) = (now.Life, now.Version);
            HashSet<TKey> named = [];
            foreach (T entry in now.Entries)
            {
                if (KeyOf(entry) is not (true, var key))
                {
                    continue;
                }
                _ = named.Add(key);
                if (!_known.TryGetValue(key, out Known? known))
                {
                    _known[key] = known = new(Begin(entry));
                }
                Renewed(known.Use, entry);
                known.Life = now.Life;
            }
            foreach ((TKey key, Known known) in _known)
            {
                if (!named.Contains(key) && (known.Life == now.Life || now.IsComplete))
                {
                    _ = _known.Remove(key);
                    _ = EndAsync(known.Use);
                }
            }
            _all = [.. _known.Values.Select(static known => known.Use)];
            Changed();
        }
    }

    private sealed class Known(TUse use)
    {
        public readonly TUse Use = use;

        // The life of the directory that had it last.
        public Guid Life;
    }
}
