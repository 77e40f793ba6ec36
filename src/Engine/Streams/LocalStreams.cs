using System.Collections.Concurrent;
using KismetOrleans.Records.Server;

namespace KismetOrleans.Engine.Streams;

/// <summary>The streams of this process. Thread-safe.</summary>
public sealed class LocalStreams(PacketTaps taps, StreamOptions options, TimeProvider clock) : IPacketStreams
{
    private readonly ConcurrentDictionary<long, Stream> _open = new();
    private readonly Lock _opening = new();
    private long _newest;

    public ValueTask<IPacketStream?> OpenAsync(StreamRequest request)
    {
        lock (_opening)
        {
            if (request.Path != StreamRequest.LogPath && _open.Values.Count(static stream => stream.Record.Path != StreamRequest.LogPath) >= options.MaxOpen)
            {
                return new((IPacketStream?)null);
            }
            Stream stream = new(this, ++_newest, request, (ulong)clock.GetUtcNow().ToUnixTimeSeconds(), taps.Add(request.Filter, request.Holds));
            _open[stream.Id] = stream;
            return new(stream);
        }
    }

    public ValueTask<IReadOnlyList<StreamRecord>> ListAsync(CancellationToken cancellation = default) =>
        new([.. _open.Values.Where(static stream => stream.Record.Path != StreamRequest.LogPath).OrderBy(static stream => stream.Id).Select(static stream => stream.Record)]);

    public async ValueTask<bool> CloseAsync(long id)
    {
        if (!_open.TryRemove(id, out Stream? stream))
        {
            return false;
        }
        await stream.EndAsync();
        return true;
    }

    private void Forget(long id, PacketTap tap)
    {
        _open.TryRemove(id, out _);
        taps.Remove(tap);
    }

    private sealed class Stream(LocalStreams owner, long id, StreamRequest request, ulong began, PacketTap tap) : IPacketStream
    {
        private readonly CancellationTokenSource _closed = new();
        private long _bytes;
        private long _packets;

        public long Id => id;

        public long Dropped => tap.Dropped;

        public CancellationToken Closed => _closed.Token;

        public StreamRecord Record => new(
            id, began, request.Name, "pcapng", request.Path, request.Description,
            (ulong)Volatile.Read(ref _packets), (ulong)Volatile.Read(ref _bytes));

        public ValueTask<TappedPackets?> ReadAsync(CancellationToken cancellation) => tap.ReadAsync(cancellation);

        public ValueTask CountAsync(long bytes, long packets)
        {
            Volatile.Write(ref _bytes, bytes);
            Volatile.Write(ref _packets, packets);
            return default;
        }

        public async ValueTask EndAsync()
        {
            tap.End();
            await _closed.CancelAsync();
        }

        // The source of Closed is not disposed: a call of CloseAsync may still be about to fire it, and it holds nothing.
        public ValueTask DisposeAsync()
        {
            owner.Forget(id, tap);
            return default;
        }
    }
}
