using KismetOrleans.Engine.Datasources;
using KismetOrleans.Engine.Events;
using KismetOrleans.Engine.Messages;
using KismetOrleans.Engine.Partitions;
using KismetOrleans.Grains.Alerts;
using KismetOrleans.Grains.Sources;
using KismetOrleans.Records.Datasources;
using KismetOrleans.Records.Server;

namespace KismetOrleans.Grains.Channels;

/// <summary>Gathers what this process adds to the cluster's counts, and sends it some times a second: a call a batch would meet at one grain.</summary>
public sealed partial class TotalsReporter(
    IGrainFactory grains, AlertsReporter alerts, SourceCache sources, IEvents events, TimeProvider clock, ILogger<TotalsReporter> logger)
    : PeriodicService(s_sendEvery, clock), IDatasourceObserver
{
    private static readonly TimeSpan s_sendEvery = TimeSpan.FromMilliseconds(250);
    private readonly Lock _lock = new();
    private readonly List<BatchSummary> _batches = [];
    private readonly Queue<MessageRecord> _messages = [];
    private long _duplicates;

    /// <inheritdoc/>
    public void BatchAccepted(in BatchSummary batch)
    {
        lock (_lock)
        {
            _batches.Add(batch);
        }
    }

    /// <inheritdoc/>
    public void BatchApplied(BatchOutcome outcome)
    {
        lock (_lock)
        {
            _duplicates += outcome.Duplicates;
        }
        Say(outcome.Messages);
        alerts.Report(outcome.Alerts);
    }

    /// <inheritdoc/>
    public void SourceChanged(DatasourceRecord before, DatasourceRecord after)
    {
        sources.Put(after);
        events.Tell(before, after);
    }

    /// <summary>Puts messages on the message bus.</summary>
    public void Say(IReadOnlyList<MessageRecord> messages)
    {
        lock (_lock)
        {
            foreach (MessageRecord message in messages)
            {
                // More than the bus keeps would only be carried there to be dropped.
                if (_messages.Count == MessageRing.Capacity)
                {
                    _ = _messages.Dequeue();
                }
                _messages.Enqueue(message);
            }
        }
    }

    /// <summary>Sends what was noticed and gathered, now: whoever asks this process then finds what it did before.</summary>
    public async Task FlushAsync()
    {
        await alerts.SendAsync();
        await SendAsync();
    }

    /// <summary>Sends what was gathered, now.</summary>
    public async Task SendAsync()
    {
        BatchSummary[] batches;
        MessageRecord[] messages;
        long duplicates;
        lock (_lock)
        {
            (batches, messages, duplicates) = ([.. _batches], [.. _messages], _duplicates);
            _batches.Clear();
            _messages.Clear();
            _duplicates = 0;
        }
        if (batches.Length > 0 || messages.Length > 0 || duplicates > 0)
        {
            await grains.GetGrain<ITotalsGrain>(0).AddAsync(batches, messages, duplicates);
        }
    }

    /// <inheritdoc/>
    protected override Task DoAsync() => SendAsync();

    // Sent again it might be counted twice: these are rates for people, not the devices' counts.
    /// <inheritdoc/>
    protected override void Tell(Exception e) => NotCounted(logger, e);

    [LoggerMessage(1, LogLevel.Warning, "Rates and messages of a quarter of a second were not counted")]
    private static partial void NotCounted(ILogger logger, Exception e);
}
