using KismetOrleans.Engine.Streams;
using KismetOrleans.Records.Server;
using Orleans.Concurrency;

namespace KismetOrleans.Grains.Streams;

/// <summary>The directory of open streams; reentrant, since silos wait in it for changes.</summary>
[Reentrant]
[CollectionAgeLimit(AlwaysActive = true)]
public sealed partial class StreamsGrain(StreamOptions options, GrainLives lives, TimeProvider clock, ILogger<StreamsGrain> logger) : Grain, IStreamsGrain
{
    // Often enough that expired streams are found soon, seldom enough to cost nothing.
    private static readonly TimeSpan s_watchFor = TimeSpan.FromSeconds(1);
    // Of a cluster, a later life of this grain begins with a higher number, so that none is given twice: there is not a stream for every millisecond. An embedded server
    // has one life.
    private readonly StreamDirectory _directory = new(options, clock, lives.AreMany ? clock.GetUtcNow().ToUnixTimeMilliseconds() : 0);
    private TaskCompletionSource _changed = NewSignal();
    private long _signalled;

    /// <inheritdoc/>
    public ValueTask<long> OpenAsync(StreamEntry entry) => new(Signal(_directory.Add(entry)));

    /// <inheritdoc/>
    public ValueTask<long[]> RenewAsync(StreamEntry[] entries) => new(Signal(_directory.Renew(entries)));

    /// <inheritdoc/>
    public ValueTask<StreamRecord[]> ListAsync() => new(Signal(_directory.List()));

    /// <inheritdoc/>
    public ValueTask<bool> CloseAsync(long id)
    {
        StreamEntry? closed = Signal(_directory.Close(id));
        if (closed is not null)
        {
            // Not waited for: its API server may be gone, and hears of it anyway when it prolongs the stream.
            _ = TellAsync(closed);
        }
        return new(closed is not null);
    }

    /// <inheritdoc/>
    public async ValueTask<StreamChanges> WatchAsync(Guid life, long version)
    {
        StreamChanges now = Signal(_directory.Read());
        if (now.Life != life || now.Version != version)
        {
            return now;
        }
        _ = await Task.WhenAny(_changed.Task, Task.Delay(s_watchFor, clock));
        return Signal(_directory.Read());
    }

    private async Task TellAsync(StreamEntry closed)
    {
        try
        {
            await closed.Sink.EndAsync();
        }
        catch (Exception e)
        {
            NotTold(logger, closed.Record.Id, e);
        }
    }

    private T Signal<T>(T result)
    {
        if (_signalled != _directory.Version)
        {
            _signalled = _directory.Version;
            TaskCompletionSource changed = _changed;
            _changed = NewSignal();
            changed.SetResult();
        }
        return result;
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    [LoggerMessage(1, LogLevel.Information, "The API server of stream {id} was not told that the stream is closed")]
    private static partial void NotTold(ILogger logger, long id, Exception e);
}
