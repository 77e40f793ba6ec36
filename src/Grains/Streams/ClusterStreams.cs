using System.Collections.Concurrent;
using KismetOrleans.Engine.Operations;
using KismetOrleans.Engine.Streams;
using KismetOrleans.Grains.Leases;
using KismetOrleans.Grains.Sources;
using KismetOrleans.Records.Server;

namespace KismetOrleans.Grains.Streams;

/// <summary>The packet streams of the cluster as an API server sees them, and those that it writes itself.</summary>
public sealed partial class ClusterStreams(
    IGrainFactory grains, SourceCache sources, StreamOptions options, TimeProvider clock, ILogger<ClusterStreams> logger, StreamHost? host = null, MemoryBudget? memory = null)
    : PeriodicService(Lease.RenewEvery, clock), IPacketStreams
{
    private static readonly TimeSpan s_hangUpAfter = TimeSpan.FromSeconds(5);

    // Filled by datasources of this process where there can be some, and by silos.
    private readonly PacketTaps _queues = host?.Taps ?? new(options, memory);
    private readonly ConcurrentDictionary<long, ClusterStream> _mine = new();

    private IStreamsGrain Directory => grains.GetGrain<IStreamsGrain>(0);

    public async ValueTask<IPacketStream?> OpenAsync(StreamRequest request)
    {
        PacketTap queue = _queues.Add(request.Filter, request.Holds);
        ClusterStream stream = new(this, request, queue, sources, Clock, host?.Process ?? default);
        IPacketSink self = grains.CreateObjectReference<IPacketSink>(stream);
        bool open = false;
        try
        {
            open = await stream.OpenAsync(Directory, self);
        }
        finally
        {
            if (!open)
            {
                _queues.Remove(queue);
                grains.DeleteObjectReference<IPacketSink>(self);
            }
        }
        if (!open)
        {
            return null;
        }
        _mine[stream.Id] = stream;
        return stream;
    }

    public async ValueTask<IReadOnlyList<StreamRecord>> ListAsync(CancellationToken cancellation = default)
    {
        StreamRecord[] all = await Directory.ListAsync(cancellation);
        return [.. all.Where(static record => record.Path != StreamRequest.LogPath).Select(record => _mine.TryGetValue(record.Id, out ClusterStream? mine) ? mine.Entry.Record : record)];
    }

    public async ValueTask<bool> CloseAsync(long id)
    {
        if (!_mine.TryGetValue(id, out ClusterStream? mine))
        {
            return await Directory.CloseAsync(id);
        }
        // Of its own a server knows whether it is open, and ends it even if nobody else can be reached.
        bool open = !mine.Closed.IsCancellationRequested;
        await mine.EndAsync();
        await CloseInDirectoryAsync(id);
        return open;
    }

    // As old are the counts that other API servers list.
    protected override async Task DoAsync()
    {
        StreamEntry[] entries = [.. _mine.Values.Where(static stream => !stream.Closed.IsCancellationRequested).Select(static stream => stream.Entry)];
        if (entries.Length == 0)
        {
            return;
        }
        foreach (long id in await Directory.RenewAsync(entries))
        {
            if (_mine.TryGetValue(id, out ClusterStream? closed))
            {
                await closed.EndAsync();
            }
        }
    }

    protected override void LogFault(Exception e) => NotRenewed(logger, e);

    internal async Task RefreshAsync(SourceCache cache)
    {
        try
        {
            await cache.DoNowAsync();
        }
        catch (Exception e)
        {
            NotNamed(logger, e);
        }
    }

    internal async Task ForgetAsync(ClusterStream stream, PacketTap queue, IPacketSink? self)
    {
        _ = _mine.TryRemove(stream.Id, out _);
        _queues.Remove(queue);
        await CloseInDirectoryAsync(stream.Id);
        if (self is not null)
        {
            _ = HangUpAsync(stream, self);
        }
    }

    // Silos that were about to call still hear that nobody reads; a call to a reference that is gone would wait for its timeout.
    private async Task HangUpAsync(ClusterStream stream, IPacketSink self)
    {
        await Task.Delay(s_hangUpAfter, Clock);
        grains.DeleteObjectReference<IPacketSink>(self);
        // References hold what they refer to only weakly.
        GC.KeepAlive(stream);
    }

    private async Task CloseInDirectoryAsync(long id)
    {
        try
        {
            _ = await Directory.CloseAsync(id);
        }
        catch (Exception e)
        {
            // Then it ends with its lease.
            NotClosed(logger, id, e);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "The directory of streams does not answer")]
    private static partial void NotRenewed(ILogger logger, Exception e);

    [LoggerMessage(2, LogLevel.Warning, "Stream {id} is closed, but the directory of streams does not answer")]
    private static partial void NotClosed(ILogger logger, long id, Exception e);

    [LoggerMessage(3, LogLevel.Warning, "A datasource in a stream may go by its number")]
    private static partial void NotNamed(ILogger logger, Exception e);
}
