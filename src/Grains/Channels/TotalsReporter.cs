using KismetOrleans.Engine.Datasources;
using KismetOrleans.Engine.Events;
using KismetOrleans.Engine.Messages;
using KismetOrleans.Engine.Partitions;
using KismetOrleans.Grains.Alerts;
using KismetOrleans.Grains.Sources;
using KismetOrleans.Records.Datasources;
using KismetOrleans.Records.Server;

namespace KismetOrleans.Grains.Channels;

/// <summary>Sends what this process adds to the cluster's counts, and its messages.</summary>
public sealed partial class TotalsReporter(
    IGrainFactory grains, AlertsReporter alerts, SourceCache sources, IEvents events, TimeProvider clock, ILogger<TotalsReporter> logger)
    : Outbox<TotalsReport>(clock), IDatasourceObserver
{
    // Some seconds of a fast replay, for as long as a grain that its silo's death ended needs to live again.
    private const int MaxBatches = 4096;
    private readonly List<BatchSummary> _batches = [];
    private readonly Queue<MessageRecord> _messages = [];
    private long _duplicates;
    private long _dropped;

    public void BatchAccepted(in BatchSummary batch)
    {
        lock (Gathering)
        {
            if (_batches.Count == MaxBatches)
            {
                _dropped++;
                return;
            }
            _batches.Add(batch);
        }
    }

    public void BatchApplied(BatchOutcome outcome)
    {
        lock (Gathering)
        {
            _duplicates += outcome.Duplicates;
        }
        Publish(outcome.Messages);
        alerts.Report(outcome.Alerts);
    }

    public void SourceChanged(DatasourceRecord before, DatasourceRecord after)
    {
        sources.Put(after);
        events.Publish(before, after);
        if (after.CheckSequences.Length > 0 && after.CheckSequences != before.CheckSequences)
        {
            Publish([new($"Data source '{after.Name}': {after.CheckSequences}", MessageFlags.Info, Now())]);
        }
    }

    public void SourceUnread(DatasourceRecord source, string reason)
    {
        Unread(logger, source.Name, reason);
        Publish([new($"Data source '{source.Name}': {reason}", MessageFlags.Error, Now())]);
    }

    /// <summary>Puts messages on the message bus.</summary>
    public void Publish(IReadOnlyList<MessageRecord> messages)
    {
        lock (Gathering)
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
        await alerts.DoNowAsync();
        await DoNowAsync();
    }

    protected override TotalsReport? Take()
    {
        if (_dropped > 0)
        {
            NotCounted(logger, _dropped);
            _dropped = 0;
        }
        if (_batches.Count == 0 && _messages.Count == 0 && _duplicates == 0)
        {
            return null;
        }
        TotalsReport report = new([.. _batches], [.. _messages], _duplicates);
        _batches.Clear();
        _messages.Clear();
        _duplicates = 0;
        return report;
    }

    protected override ValueTask SendAsync(Guid self, long sequence, TotalsReport report) => grains.GetGrain<ITotalsGrain>(0).AddAsync(self, sequence, report);

    protected override void LogFault(Exception e) => NotTaken(logger, e);

    private uint Now() => (uint)Clock.GetUtcNow().ToUnixTimeSeconds();

    [LoggerMessage(1, LogLevel.Warning, "Rates and messages were not taken and are sent again")]
    private static partial void NotTaken(ILogger logger, Exception e);

    [LoggerMessage(2, LogLevel.Warning, "{count} batches are missing in the rates: nobody took them")]
    private static partial void NotCounted(ILogger logger, long count);

    [LoggerMessage(3, LogLevel.Error, "{source}: {reason}")]
    private static partial void Unread(ILogger logger, string source, string reason);
}
