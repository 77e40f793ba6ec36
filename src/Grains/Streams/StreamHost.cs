using KismetOrleans.Engine.Streams;

namespace KismetOrleans.Grains.Streams;

/// <summary>The open streams of the cluster in one silo: taps for all its datasources, and for each stream a pump that sends what it takes.</summary>
public sealed partial class StreamHost(IGrainFactory grains, StreamOptions options, TimeProvider clock, ILogger<StreamHost> logger)
    : BackgroundService
{
    private static readonly TimeSpan s_retryAfter = TimeSpan.FromMilliseconds(250);
    private readonly Lock _applying = new();
    private readonly Dictionary<long, Known> _known = [];
    private Guid _life;
    private long _version = -1;

    /// <summary>Identity of this process: streams that it writes take from its taps directly.</summary>
    public Guid Process { get; } = Guid.NewGuid();

    /// <summary>The open taps, for datasources.</summary>
    public PacketTaps Taps { get; } = new(options);

    /// <summary>Streams that are open here.</summary>
    public int Count
    {
        get
        {
            lock (_applying)
            {
                return _known.Count;
            }
        }
    }

    private IStreamsGrain Directory => grains.GetGrain<IStreamsGrain>(0);

    /// <summary>Asks for the open streams, now.</summary>
    public async Task RefreshAsync() => Apply(await Directory.WatchAsync(default, -1));

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        Task[] ends;
        lock (_applying)
        {
            ends = [.. _known.Values.Select(static known => known.Pump.EndAsync())];
            _known.Clear();
        }
        // Who has no time for this lets what waits go.
        await Task.WhenAll(ends).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                Apply(await Directory.WatchAsync(_life, _version).AsTask().WaitAsync(stoppingToken));
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // Streams that are open go on.
                NotWatched(logger, e);
                await Task.Delay(s_retryAfter, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private void Apply(StreamChanges now)
    {
        lock (_applying)
        {
            if (now.Life == _life && now.Version < _version)
            {
                return;
            }
            (_life, _version) = (now.Life, now.Version);
            HashSet<long> open = [];
            foreach (StreamEntry entry in now.Entries.Where(entry => entry.Process != Process))
            {
                _ = open.Add(entry.Record.Id);
                if (!_known.TryGetValue(entry.Record.Id, out Known? known))
                {
                    _known[entry.Record.Id] = known = new(new StreamPump(Taps, entry, clock, logger));
                }
                known.Life = now.Life;
            }
            foreach ((long id, Known known) in _known)
            {
                if (!open.Contains(id) && (known.Life == now.Life || now.IsComplete))
                {
                    _ = _known.Remove(id);
                    _ = known.Pump.EndAsync();
                }
            }
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "The directory of streams does not answer")]
    private static partial void NotWatched(ILogger logger, Exception e);

    private sealed class Known(StreamPump pump)
    {
        public readonly StreamPump Pump = pump;

        // The life of the directory that had it last.
        public Guid Life;
    }
}
