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
public sealed class SourceDirectoryGrain(IEvents events, TimeProvider clock, ILogger<SourceDirectoryGrain> logger, ISourceStore? store = null)
    : SavingGrain(s_saveEvery, logger), ISourceDirectoryGrain
{
    // What the death of its silo costs of counters that no sensor sends again.
    private static readonly TimeSpan s_saveEvery = TimeSpan.FromSeconds(5);
    private readonly Guid _life = Guid.NewGuid();
    private readonly Dictionary<Guid, Entry> _byUuid = [];
    private readonly Dictionary<ushort, Entry> _byNumber = [];
    private readonly Dictionary<ushort, SourceRow> _unsaved = [];
    private readonly SemaphoreSlim _adding = new(1);
    private Task _saving = Task.CompletedTask;
    private Task? _nextSave;
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
            entry = await AddNewAsync(row, cancellation);
            Tell(entry);
        }
        else if (row.Driver == SourceDrivers.Virtual.Type && entry.Record.Name != row.Name)
        {
            Change(entry, entry.Record with { Name = row.Name });
            await SaveAsync(SourceRows.Of(entry.Record));
        }
        else
        {
            Tell(entry);
        }
        // Counters as they were saved: what a sensor's source has counted since comes again, and is counted then.
        return entry.Kept.Driver == SourceDrivers.Virtual.Type ? SourceRows.Of(entry.Record) : SourceRows.Of(entry.Record) with
        {
            Packets = entry.Kept.Packets,
            ErrorPackets = entry.Kept.ErrorPackets,
            Saved = entry.Kept.Saved,
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
        // What comes from here on is too late for this commit.
        (_saving, _nextSave) = (_nextSave ?? Task.CompletedTask, null);
        SourceRow[] rows = [.. _unsaved.Values];
        _unsaved.Clear();
        await to.SaveAsync(rows);
    }

    private async Task<Entry> AddNewAsync(SourceRow row, CancellationToken cancellation)
    {
        // One number at a time, and none twice for a source that comes by two ways.
        await _adding.WaitAsync(cancellation);
        try
        {
            if (_byUuid.TryGetValue(row.Uuid, out Entry? added))
            {
                return added;
            }
            if (_byNumber.Count == ushort.MaxValue)
            {
                throw new InvalidOperationException("There are as many datasources as there are numbers for them.");
            }
            row = row with { Number = (ushort)(_byNumber.Count == 0 ? 1 : _byNumber.Keys.Max() + 1) };
            return Put(store is null ? row : await store.AddAsync(row, cancellation));
        }
        finally
        {
            _ = _adding.Release();
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
                Change(entry, entry.Record with
                {
                    Packets = entry.Record.Packets + (ulong)counts[i],
                    PacketsRrd = entry.Reports.Copy(),
                });
            }
        }
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
            if (!entry.Record.Remote && row != entry.Kept)
            {
                changed.Add((entry, row));
            }
        }
        if (changed.Count == 0)
        {
            return;
        }
        await store.SaveAsync([.. changed.Select(static one => one.Row)]);
        foreach ((Entry entry, SourceRow row) in changed)
        {
            entry.Kept = row;
        }
    }

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

    private sealed class Entry(DatasourceRecord record)
    {
        public DatasourceRecord Record = record;
        public readonly Rrd Reports = new();
        public required SourceRow Kept;
        public long Version;
        public bool IsTold;
    }
}
