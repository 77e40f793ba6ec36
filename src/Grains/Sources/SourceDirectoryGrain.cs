using KismetOrleans.Engine.Datasources;
using KismetOrleans.Engine.Events;
using KismetOrleans.Engine.Observations;
using KismetOrleans.Engine.Persistence;
using KismetOrleans.Grains.Storage;
using KismetOrleans.Records.Datasources;
using KismetOrleans.Records.Devices;
using Orleans.Concurrency;

namespace KismetOrleans.Grains.Sources;

/// <summary>
/// The directory of the cluster's sources; the numbers it gives are for good where there is a store. Reentrant: whoever reads does not wait for the database, and what is to be saved while
/// a save is under way goes into one commit after it.
/// </summary>
[Reentrant]
[CollectionAgeLimit(AlwaysActive = true)]
public sealed partial class SourceDirectoryGrain(IEvents events, TimeProvider clock, ILogger<SourceDirectoryGrain> logger, ISourceStore? store = null)
    : SavingGrain(s_saveEvery, logger), ISourceDirectoryGrain
{
    // What the death of its silo costs of counters that no sensor sends again.
    private static readonly TimeSpan s_saveEvery = TimeSpan.FromSeconds(5);

    // A thousand sensors save once a second each: four commits then. An acknowledgement is so much later at most.
    private static readonly TimeSpan s_together = TimeSpan.FromMilliseconds(250);

    // How old counts of scan reports may be, which the journal keeps.
    private static readonly TimeSpan s_countEvery = TimeSpan.FromSeconds(1);

    private readonly Guid _life = Guid.NewGuid();
    private readonly Dictionary<Guid, Entry> _byUuid = [];
    private readonly Dictionary<ushort, Entry> _byNumber = [];
    private readonly Dictionary<ushort, SourceRow> _unsaved = [];
    private readonly Dictionary<Guid, SourceRow> _new = [];
    private Task _saving = Task.CompletedTask;
    private Task? _nextSave;
    private long _savedAt;
    private Task _adding = Task.CompletedTask;
    private Task? _nextAdd;
    private bool _isCounted;
    private Guid _serverUuid = Guid.NewGuid();
    private long _version;

    /// <inheritdoc/>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (store is not null)
        {
            _serverUuid = await store.ServerUuidAsync(cancellationToken);
            foreach (SourceRow row in await store.LoadAsync(cancellationToken))
            {
                Put(row);
            }
            _ = this.RegisterGrainTimer(static (grain, _) => grain.ReadCountsAsync(), this, new() { DueTime = s_countEvery, Period = s_countEvery, Interleave = true });
        }
        await base.OnActivateAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<Guid> ServerUuidAsync() => new(_serverUuid);

    /// <inheritdoc/>
    public async ValueTask<SourceRow> AddAsync(SourceRow row, CancellationToken cancellation)
    {
        if (!_byUuid.TryGetValue(row.Uuid, out Entry? entry))
        {
            entry = await AddNewAsync(row).WaitAsync(cancellation);
            Tell(entry);
        }
        else if (row.Driver == SourceDrivers.Virtual.Type && entry.Record.Name != row.Name)
        {
            Change(entry, entry.Record with { Name = row.Name });
            // Its count is the journal's.
            await SaveAsync(SourceRows.Of(entry.Record) with { Packets = 0 });
        }
        else
        {
            Tell(entry);
        }
        // Counters as they were saved: what a sensor's source has counted since comes again, and is counted then.
        return IsVirtual(entry) ? SourceRows.Of(entry.Record) : SourceRows.Of(entry.Record) with
        {
            Packets = entry.Kept.Packets,
            ErrorPackets = entry.Kept.ErrorPackets,
            Saved = entry.Kept.Saved,
            PacketsByPhy = entry.Kept.PacketsByPhy,
        };
    }

    /// <inheritdoc/>
    public ValueTask PublishAsync(DatasourceRecord record)
    {
        if (_byNumber.TryGetValue(record.Number, out Entry? entry) && entry.Record.Uuid == record.Uuid)
        {
            Change(entry, record);
        }
        else
        {
            // Without a store a new life of the directory learns the numbers from those that have them.
            Entry put = Put(SourceRows.Of(record));
            // It was told in the directory's life before.
            put.IsTold = true;
            Change(put, record);
        }
        return default;
    }

    /// <inheritdoc/>
    public async ValueTask SaveAsync(SourceRow row)
    {
        if (_byNumber.TryGetValue(row.Number, out Entry? entry))
        {
            entry.Kept = row;
        }
        if (store is not null)
        {
            _unsaved[row.Number] = row;
            await (_nextSave ??= SaveUnsavedAsync(store, _saving));
        }
    }

    // One commit at a time; whoever comes meanwhile is in the next.
    private async Task SaveUnsavedAsync(ISourceStore to, Task before)
    {
        // Not before this task stands in the field.
        await Task.Yield();
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        TimeSpan left = _savedAt == 0 ? TimeSpan.Zero : s_together - clock.GetElapsedTime(_savedAt);
        if (left > TimeSpan.Zero)
        {
            await Task.Delay(left, clock);
        }
        _savedAt = clock.GetTimestamp();
        // What comes from here on is too late for this commit.
        (_saving, _nextSave) = (_nextSave ?? Task.CompletedTask, null);
        SourceRow[] rows = [.. _unsaved.Values];
        _unsaved.Clear();
        await to.SaveAsync(rows);
    }

    private async Task<Entry> AddNewAsync(SourceRow row)
    {
        // One that comes by two ways at once gets one number.
        _new[row.Uuid] = row;
        await (_nextAdd ??= AddAllNewAsync(_adding));
        return _byUuid[row.Uuid];
    }

    // Likewise: a thousand sensors that connect at once are a few commits.
    private async Task AddAllNewAsync(Task before)
    {
        await Task.Yield();
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        (_adding, _nextAdd) = (_nextAdd ?? Task.CompletedTask, null);
        SourceRow[] rows = [.. _new.Values.Where(row => !_byUuid.ContainsKey(row.Uuid))];
        _new.Clear();
        if (_byNumber.Count + rows.Length > ushort.MaxValue)
        {
            throw new InvalidOperationException("There are as many datasources as there are numbers for them.");
        }
        int newest = _byNumber.Count == 0 ? 0 : _byNumber.Keys.Max();
        rows = [.. rows.Select((row, i) => row with { Number = (ushort)(newest + 1 + i) })];
        foreach (SourceRow row in store is null || rows.Length == 0 ? rows : await store.AddAsync(rows))
        {
            _ = Put(row);
        }
    }

    /// <inheritdoc/>
    public ValueTask CountAsync(ushort[] numbers, int[] counts)
    {
        uint now = (uint)clock.GetUtcNow().ToUnixTimeSeconds();
        for (int i = 0; i < numbers.Length; i++)
        {
            if (_byNumber.TryGetValue(numbers[i], out Entry? entry))
            {
                entry.Reports.Add(now, counts[i]);
                // With a store they are counted with the journal's entry, whatever becomes of this process and of who reports.
                Change(entry, entry.Record with
                {
                    Packets = entry.Record.Packets + (store is null ? (ulong)counts[i] : 0),
                    PacketsRrd = entry.Reports.Copy(),
                });
            }
        }
        _isCounted = true;
        return default;
    }

    /// <inheritdoc/>
    public ValueTask<SourceChanges> ReadAsync(Guid life, long version) => new(new SourceChanges
    {
        Life = _life,
        Version = _version,
        Format = FormatVersion.Written,
        Records = [.. _byNumber.Values.Where(entry => life != _life || entry.Version > version).Select(static entry => entry.Record)],
    });

    // Counters of sensors' sources are saved with the batches that they count.
    /// <inheritdoc/>
    protected override async Task SaveAsync()
    {
        if (store is null)
        {
            return;
        }
        List<(Entry Entry, SourceRow Row)> changed = [];
        foreach (Entry entry in _byNumber.Values)
        {
            SourceRow row = SourceRows.Of(entry.Record) with { Saved = entry.Kept.Saved };
            if (!entry.Record.Remote && !IsVirtual(entry) && row != entry.Kept)
            {
                changed.Add((entry, row));
            }
        }
        if (changed.Count > 0)
        {
            await store.SaveAsync([.. changed.Select(static one => one.Row)]);
            foreach ((Entry entry, SourceRow row) in changed)
            {
                entry.Kept = row;
            }
        }
        // Who took them may have died before it said so.
        _isCounted |= _byNumber.Values.Any(IsVirtual);
    }

    private async Task ReadCountsAsync()
    {
        if (!_isCounted)
        {
            return;
        }
        _isCounted = false;
        try
        {
            foreach (SourceRow row in await store!.LoadAsync())
            {
                if (_byNumber.TryGetValue(row.Number, out Entry? entry) && IsVirtual(entry) && entry.Record.Packets != row.Packets)
                {
                    Change(entry, entry.Record with { Packets = row.Packets });
                }
            }
        }
        catch (Exception e)
        {
            _isCounted = true;
            NotCounted(logger, e);
        }
    }

    private static bool IsVirtual(Entry entry) => entry.Kept.Driver == SourceDrivers.Virtual.Type;

    // Of sources that are only remembered from before, nobody is told until they come back: once, also when their grain moves.
    private void Tell(Entry added)
    {
        if (!added.IsTold && events.Wants(EventTopics.NewDatasource))
        {
            events.Publish(ServerEvents.Added(added.Record));
        }
        added.IsTold = true;
    }

    private Entry Put(SourceRow row)
    {
        Entry entry = new(SourceRows.ToRecord(row)) { Kept = row, Version = ++_version };
        _byUuid[row.Uuid] = entry;
        _byNumber[row.Number] = entry;
        return entry;
    }

    private void Change(Entry entry, DatasourceRecord record)
    {
        entry.Record = record;
        entry.Version = ++_version;
    }

    [LoggerMessage(2, LogLevel.Warning, "The counts of scan reports were not read, and are read again")]
    private static partial void NotCounted(ILogger logger, Exception e);

    private sealed class Entry(DatasourceRecord record)
    {
        public DatasourceRecord Record = record;
        public readonly Rrd Reports = new();
        public required SourceRow Kept;
        public long Version;
        public bool IsTold;
    }
}
