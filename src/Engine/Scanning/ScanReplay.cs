using KismetOrleans.Engine.Datasources;
using KismetOrleans.Engine.Partitions;
using KismetOrleans.Engine.Persistence;
using KismetOrleans.Packets;

namespace KismetOrleans.Engine.Scanning;

/// <summary>
/// Delivers what other writers left in the journal. A writer that lives after all loses nothing by it: both send all of its entries in order, and the
/// partitions take each once.
/// </summary>
internal sealed class ScanReplay(
    ulong own, IReadOnlyList<IDevicePartition> partitions, IJournal journal, IDatasourceObserver observer, TimeProvider clock,
    FaultReport faults)
{
    // Entries that were counted when they were tried before.
    private readonly HashSet<(ulong Feed, ulong Sequence)> _counted = [];

    /// <summary>Replays what stands there.</summary>
    /// <returns>Entries replayed; null when something of it must be tried again.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> fired.</exception>
    public async Task<int?> TryRunAsync(TimeSpan olderThan, CancellationToken cancellation)
    {
        int replayed = 0;
        bool complete = true;
        Writer? writer = null;
        try
        {
            await foreach (JournalEntry entry in journal.ReadAsync(null, 0, olderThan, cancellation))
            {
                if (entry.Feed == own)
                {
                    continue;
                }
                if (writer?.Feed != entry.Feed)
                {
                    complete &= writer is null || await FinishAsync(writer, cancellation);
                    writer = new(entry.Feed, new(entry.Feed, partitions, observer, clock));
                }
                replayed += await SendAsync(writer, entry) ? 1 : 0;
            }
            complete &= writer is null || await FinishAsync(writer, cancellation);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            faults.Add(e);
            complete = false;
        }
        if (complete)
        {
            _counted.Clear();
        }
        return complete ? replayed : null;
    }

    private async ValueTask<bool> SendAsync(Writer writer, JournalEntry entry)
    {
        if (writer.Failed || writer.Damaged)
        {
            return false;
        }
        try
        {
            bool isNew = _counted.Add((entry.Feed, entry.Sequence));
            writer.Failed = !await writer.Sender.SendAsync(entry.Bytes, entry.Sequence, isNew);
        }
        catch (InvalidDataException e)
        {
            // It stays where it is, with what follows it: a later version may be able to read it.
            faults.Add(new InvalidDataException($"journal of {writer.Feed:X16}, entry {entry.Sequence}: {e.Message}", e));
            writer.Damaged = true;
            return false;
        }
        writer.Last = entry.Sequence;
        return !writer.Failed;
    }

    private async ValueTask<bool> FinishAsync(Writer writer, CancellationToken cancellation)
    {
        if (!await writer.Sender.DrainAsync() || writer.Failed || !await writer.Sender.FlushAsync(writer.Sender.TakeTouched()))
        {
            if (writer.Sender.Fault is { } fault)
            {
                faults.Add(fault);
            }
            return false;
        }
        await journal.DeleteAsync(writer.Feed, writer.Last, cancellation);
        return true;
    }

    private sealed record Writer(ulong Feed, ScanSender Sender)
    {
        public ulong Last { get; set; }

        public bool Failed { get; set; }

        public bool Damaged { get; set; }
    }
}
