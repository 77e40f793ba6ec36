using KismetOrleans.Engine.Streams;
using KismetOrleans.Grains.Sources;

namespace KismetOrleans.Grains.Streams;

/// <summary>A stream that this API server writes: all silos fill its queue.</summary>
internal sealed class ClusterStream : IPacketStream, IPacketSink
{
    // What silos still have when the stream is closed; a part of the time that its file has to end (StreamOptions.CloseWithin).
    private static readonly TimeSpan s_waitForSilos = TimeSpan.FromSeconds(1);

    private readonly Lock _taking = new();
    private readonly CancellationTokenSource _closed = new();
    private readonly TaskCompletionSource _allEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Dictionary<Guid, Feed> _feeds = [];
    private readonly ClusterStreams _owner;
    private readonly StreamRequest _request;
    private readonly PacketTap _tap;
    private readonly TapInlet _inlet;
    private readonly SourceCache _sources;
    private readonly TimeProvider _clock;
    private readonly Guid _process;
    private readonly ulong _began;
    private IPacketSink? _self;
    private bool _newSource;
    private bool _ending;
    private bool _disposed;
    private long _bytes;
    private long _packets;

    public ClusterStream(ClusterStreams owner, StreamRequest request, PacketTap tap, SourceCache sources, TimeProvider clock, Guid process)
    {
        (_owner, _request, _tap, _sources, _clock, _process) = (owner, request, tap, sources, clock, process);
        _inlet = new(tap);
        _began = (ulong)clock.GetUtcNow().ToUnixTimeSeconds();
    }

    public long Id { get; private set; }

    public long Dropped => _tap.Dropped;

    public CancellationToken Closed => _closed.Token;

    public StreamEntry Entry => new()
    {
        Record = new(
            Id, _began, _request.Name, "pcapng", _request.Path, _request.Description,
            (ulong)Volatile.Read(ref _packets), (ulong)Volatile.Read(ref _bytes)),
        Kind = _request.Filter.Kind,
        Value = _request.Filter.Value,
        Process = _process,
        Sink = _self ?? throw new InvalidOperationException("The stream is not open."),
    };

    /// <returns>False when there are too many.</returns>
    public async ValueTask<bool> OpenAsync(IStreamsGrain directory, IPacketSink self)
    {
        _self = self;
        Id = await directory.OpenAsync(Entry);
        return Id != 0;
    }

    public async ValueTask<TappedPackets?> ReadAsync(CancellationToken cancellation)
    {
        TappedPackets? packets = await _tap.ReadAsync(cancellation);
        if (Interlocked.Exchange(ref _newSource, false))
        {
            // The writer is going to look up its name, and what this process knows of sources is a second old.
            await _owner.RefreshAsync(_sources);
        }
        return packets;
    }

    public ValueTask CountAsync(long bytes, long packets)
    {
        Volatile.Write(ref _bytes, bytes);
        Volatile.Write(ref _packets, packets);
        return default;
    }

    public ValueTask<long> TakeAsync(Guid feed, long sequence, ReadOnlyMemory<byte> entries, bool last)
    {
        lock (_taking)
        {
            if (_disposed)
            {
                return new(IPacketSink.Gone);
            }
            if (!_feeds.TryGetValue(feed, out Feed? from))
            {
                _feeds[feed] = from = new();
            }
            if (sequence > from.Sequence)
            {
                int sources = _inlet.Sources;
                _inlet.Take(entries.Span, from.Tap);
                Volatile.Write(ref _newSource, _newSource || _inlet.Sources != sources);
                (from.Sequence, from.Ended) = (sequence, last);
                EndIfAllEnded();
            }
            // What silos still have when the stream is closed shall come at once, and be counted here if there is no room for it.
            return new(_ending ? long.MaxValue : _tap.Room);
        }
    }

    /// <summary>Ends it: when the silos have sent what they have, there will be nothing more to read.</summary>
    public async ValueTask EndAsync()
    {
        lock (_taking)
        {
            if (_ending || _disposed)
            {
                return;
            }
            _ending = true;
            EndIfAllEnded();
        }
        await _closed.CancelAsync();
        _ = EndTapAsync();
    }

    // The source of Closed is not disposed: a call of EndAsync may still be about to fire it, and it holds nothing.
    public async ValueTask DisposeAsync()
    {
        lock (_taking)
        {
            _disposed = true;
        }
        await _owner.ForgetAsync(this, _tap, _self);
    }

    private async Task EndTapAsync()
    {
        _ = await Task.WhenAny(_allEnded.Task, Task.Delay(s_waitForSilos, _clock));
        _tap.End();
    }

    private void EndIfAllEnded()
    {
        if (_ending && _feeds.Values.All(static feed => feed.Ended))
        {
            _ = _allEnded.TrySetResult();
        }
    }

    /// <summary>A silo's part.</summary>
    private sealed class Feed
    {
        public readonly TapFeed Tap = new();
        public long Sequence;
        public bool Ended;
    }
}
