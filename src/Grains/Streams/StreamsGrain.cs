using KismetOrleans.Engine.Streams;
using KismetOrleans.Grains.Leases;
using KismetOrleans.Records.Server;
using Orleans.Concurrency;

namespace KismetOrleans.Grains.Streams;

/// <summary>The directory of open streams; reentrant, since silos wait in it for changes.</summary>
[Reentrant]
[CollectionAgeLimit(AlwaysActive = true)]
public sealed partial class StreamsGrain(StreamOptions options, GrainLives lives, TimeProvider clock, ILogger<StreamsGrain> logger) : Grain, IStreamsGrain
{
    // Of a cluster, a later life of this grain begins with a higher number, so that none is given twice: there is not a stream for every millisecond. An embedded server
    // has one life.
    private readonly StreamDirectory _directory = new(options, clock, lives.AreMany ? clock.GetUtcNow().ToUnixTimeMilliseconds() : 0);

    public ValueTask<long> OpenAsync(StreamEntry entry) => new(_directory.Add(entry));

    public ValueTask<long[]> RenewAsync(StreamEntry[] entries) => new(_directory.Renew(entries));

    public ValueTask<StreamRecord[]> ListAsync(CancellationToken cancellation = default) => new(_directory.List());

    public ValueTask<bool> CloseAsync(long id)
    {
        StreamEntry? closed = _directory.Close(id);
        if (closed is not null)
        {
            // Not waited for: its API server may be gone, and hears of it anyway when it prolongs the stream.
            _ = NotifyAsync(closed);
        }
        return new(closed is not null);
    }

    public ValueTask<LeaseList<StreamEntry>> WatchAsync(Guid life, long version, CancellationToken cancellation) => _directory.WatchAsync(life, version, cancellation);

    private async Task NotifyAsync(StreamEntry closed)
    {
        try
        {
            await closed.Sink.EndAsync();
        }
        catch (Exception e)
        {
            PublishFailed(logger, closed.Record.Id, e);
        }
    }

    [LoggerMessage(1, LogLevel.Information, "The API server of stream {id} was not told that the stream is closed")]
    private static partial void PublishFailed(ILogger logger, long id, Exception e);
}
