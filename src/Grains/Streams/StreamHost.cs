using KismetOrleans.Engine.Operations;
using KismetOrleans.Engine.Streams;
using KismetOrleans.Grains.Leases;

namespace KismetOrleans.Grains.Streams;

/// <summary>The open streams of the cluster in one silo: taps for all its datasources, and for each stream a pump that sends what it takes.</summary>
public sealed partial class StreamHost(IGrainFactory grains, StreamOptions options, MemoryBudget memory, TimeProvider clock, ILogger<StreamHost> logger)
    : LeaseWatcher<long, StreamEntry, StreamPump>(clock)
{
    /// <summary>Identity of this process: streams that it writes take from its taps directly.</summary>
    public Guid Process { get; } = Guid.NewGuid();

    /// <summary>The open taps, for datasources.</summary>
    public PacketTaps Taps { get; } = new(options, memory);

    /// <summary>Streams that are open here.</summary>
    public int Count => All.Count;

    protected override ValueTask<LeaseList<StreamEntry>> WatchAsync(Guid life, long version, CancellationToken cancellation) => grains.GetGrain<IStreamsGrain>(0).WatchAsync(life, version, cancellation);

    protected override (bool Concerns, long Key) KeyOf(StreamEntry entry) => (entry.Process != Process, entry.Record.Id);

    protected override StreamPump Begin(StreamEntry entry) => new(Taps, entry, Clock, logger);

    protected override Task EndAsync(StreamPump use) => use.EndAsync();

    protected override void LogFault(Exception e) => NotWatched(logger, e);

    [LoggerMessage(1, LogLevel.Warning, "The directory of streams does not answer")]
    private static partial void NotWatched(ILogger logger, Exception e);
}
