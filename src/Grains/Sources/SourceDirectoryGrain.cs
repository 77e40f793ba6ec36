using KismetOrleans.Engine.Alerts;
using KismetOrleans.Engine.Datasources;
using KismetOrleans.Engine.Events;
using KismetOrleans.Engine.Observations;
using KismetOrleans.Engine.Persistence;
using KismetOrleans.Engine.Tracking;
using KismetOrleans.Grains.Alerts;
using KismetOrleans.Grains.Storage;
using KismetOrleans.Records.Datasources;
using KismetOrleans.Records.Devices;
using Orleans.Concurrency;

namespace KismetOrleans.Grains.Sources;

/// <summary>
/// The directory of the cluster's sources; where there is a store, the numbers it gives are theirs until they are forgotten: by command, or when they are silent for long. Reentrant: whoever
/// reads does not wait for the database, and what is to be saved while a save is under way goes into one commit after it.
/// </summary>
[Reentrant]
[CollectionAgeLimit(AlwaysActive = true)]
public sealed partial class SourceDirectoryGrain(
    [PersistentState("sensors")] IPersistentState<StoredLines> sensors, IEvents events, TrackingOptions tracking, AlertOptions alertOptions, AlertsReporter alerts, TimeProvider clock,
    ILogger<SourceDirectoryGrain> logger, ISourceStore? store = null)
    : SavingGrain(s_saveEvery, logger), ISourceDirectoryGrain
{
    // What the death of its silo costs of counters that no sensor sends again.
    private static readonly TimeSpan s_saveEvery = TimeSpan.FromSeconds(5);

    // A thousand sensors save once a second each: four commits then. An acknowledgement is so much later at most.
    private static readonly TimeSpan s_together = TimeSpan.FromMilliseconds(250);

    // How old counts of scan reports may be, which the journal keeps.
    private static readonly TimeSpan s_countEvery = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan s_lookEvery = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_firstLook = TimeSpan.FromSeconds(5);

    // How long a sensor may be silent that has never delivered anything, and any phone where numbers become scarce.
    private static readonly TimeSpan s_unheard = TimeSpan.FromDays(1);
    private static readonly TimeSpan s_scarce = TimeSpan.FromHours(1);

    // A sensor that has delivered less is hardly one: a minute of an empty room is more.
    private const ulong FewPackets = 1_000;

    // More at a time would hold up others, and there is a minute for the next.
    private const int MostForgotten = 5_000;

    private static readonly TimeSpan s_watchEvery = TimeSpan.FromSeconds(1);

    private readonly Guid _life = Guid.NewGuid();

    // Here, since all records of the cluster come together here; so each problem is reported once.
    private readonly SensorWatch _watch = new(alertOptions, clock);
    private readonly SourceNumbers _numbers = new(clock);
    private readonly Dictionary<ushort, long> _forgotten = [];
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

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (store is not null)
        {
            _serverUuid = await store.ServerUuidAsync(cancellationToken);
            foreach (SourceRow row in await store.LoadAsync(cancellationToken))
            {
                Put(row);
            }
            _numbers.RestUnused();
            _ = this.RegisterGrainTimer(static (grain, _) => grain.ReadCountsAsync(), this, new() { DueTime = s_countEvery, Period = s_countEvery, Interleave = true });
        }
        _ = this.RegisterGrainTimer(static (grain, _) => grain.ForgetIdleAsync(), this, new() { DueTime = s_firstLook, Period = s_lookEvery, Interleave = true });
        _watch.Restore(sensors.State.Lines);
        _ = this.RegisterGrainTimer(static (grain, _) => grain.WatchSensors(), this, new() { DueTime = s_watchEvery, Period = s_watchEvery, Interleave = true });
        await base.OnActivateAsync(cancellationToken);
    }

    private Task WatchSensors()
    {
        alerts.Report(_watch.Look(_byNumber.Values.Select(static entry => entry.Record), (record, problems) =>
        {
            if (_byNumber.TryGetValue(record.Number, out Entry? entry))
            {
                entry.Problems = problems;
                Change(entry, entry.Record);
            }
        }));
        return Task.CompletedTask;
    }

    public ValueTask<Guid> ServerUuidAsync() => new(_serverUuid);

    public async ValueTask<SourceRow> AddAsync(SourceRow row, CancellationToken cancellation)
    {
        if (!_byUuid.TryGetValue(row.Uuid, out Entry? entry))
        {
            if (await AddNewAsync(row).WaitAsync(cancellation) is not { } added)
            {
                return row with { Number = 0 };
            }
            entry = added;
            PublishNew(entry);
        }
        else if (row.Driver == SourceDrivers.Virtual.Type && (entry.Record.Name != row.Name || (row.Owner.Length > 0 && entry.Record.Owner != row.Owner)))
        {
            Change(entry, entry.Record with { Name = row.Name, Owner = row.Owner.Length > 0 ? row.Owner : entry.Record.Owner });
            // Its count is the journal's.
            await SaveAsync(SourceRows.Of(entry.Record) with { Packets = 0 });
        }
        else
        {
            PublishNew(entry);
        }
        entry.Used = Now();
        // Counters as they were saved: what a sensor's source has counted since comes again, and is counted then.
        return IsVirtual(entry) ? SourceRows.Of(entry.Record) : SourceRows.Of(entry.Record) with
        {
            Packets = entry.Kept.Packets,
            ErrorPackets = entry.Kept.ErrorPackets,
            Saved = entry.Kept.Saved,
            PacketsByPhy = entry.Kept.PacketsByPhy,
        };
    }

    public ValueTask PublishAsync(DatasourceRecord record)
    {
        if (_byNumber.TryGetValue(record.Number, out Entry? entry) && entry.Record.Uuid == record.Uuid)
        {
            entry.Used = Now();
            Change(entry, record);
        }
        // A store knows all that there are; what comes late of one that was forgotten is no source.
        else if (store is null && !_forgotten.ContainsKey(record.Number))
        {
            // Without a store a new life of the directory learns the numbers from those that have them.
            Entry put = Put(SourceRows.Of(record));
            // It was told in the directory's life before.
            put.IsPublished = true;
            Change(put, record);
        }
        return default;
    }

    public async ValueTask SaveAsync(SourceRow row)
    {
        if (!_byNumber.TryGetValue(row.Number, out Entry? entry))
        {
            return;
        }
        entry.Used = Now();
        entry.Kept = row = row with { Used = entry.Used };
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

    public async ValueTask<bool> RemoveAsync(Guid uuid)
    {
        if (!_byUuid.TryGetValue(uuid, out Entry? entry))
        {
            return false;
        }
        await ForgetAsync([entry]);
        return true;
    }

    private async Task ForgetAsync(IReadOnlyCollection<Entry> entries)
    {
        // Until that is done who comes back has its number still, and a new one the next time.
        await (store?.RemoveAsync([.. entries.Select(static entry => entry.Record.Number)]) ?? default);
        foreach (Entry entry in entries)
        {
            ushort number = entry.Record.Number;
            if (_byUuid.GetValueOrDefault(entry.Record.Uuid) == entry)
            {
                _ = _byUuid.Remove(entry.Record.Uuid);
                _ = _byNumber.Remove(number);
                _ = _unsaved.Remove(number);
                _forgotten[number] = ++_version;
                _numbers.Return(number, IsVirtual(entry));
            }
        }
        Forgot(logger, entries.Count);
    }

    // Phones, and sensors that were never more than a name or a few packets, that were silent for long; and where numbers become scarce, those that were silent longest, true sensors last.
    private async Task ForgetIdleAsync()
    {
        long now = Now();
        List<Entry> idle = [.. _byNumber.Values.Where(entry => now - entry.Used > IdleTimeOf(entry)).OrderBy(IsOfUse).ThenBy(static entry => entry.Used).Take(MostForgotten)];
        if (idle.Count == 0)
        {
            return;
        }
        try
        {
            await ForgetAsync(idle);
        }
        catch (Exception e)
        {
            // In the next minute.
            NotForgotten(logger, e);
        }
    }

    private double IdleTimeOf(Entry entry)
    {
        TimeSpan otherwise = tracking.MaxSourceIdle ?? TimeSpan.MaxValue;
        return (IsVirtual(entry) ? _numbers.IsVirtualCrowded || _numbers.IsCrowded ? s_scarce : otherwise
            : !entry.Record.Remote || entry.Record.Running ? TimeSpan.MaxValue
            : IsOfUse(entry) ? _numbers.IsCrowded ? s_unheard : TimeSpan.MaxValue
            : _numbers.IsCrowded ? s_scarce
            : entry.Record.Packets == 0 ? s_unheard
            : otherwise).TotalSeconds;
    }

    private static bool IsOfUse(Entry entry) => !IsVirtual(entry) && entry.Record.Packets >= FewPackets;

    private async Task<Entry?> AddNewAsync(SourceRow row)
    {
        // One that comes by two ways at once gets one number.
        _new[row.Uuid] = row;
        await (_nextAdd ??= AddAllNewAsync(_adding));
        return _byUuid.GetValueOrDefault(row.Uuid);
    }

    // Likewise: a thousand sensors that connect at once are a few commits.
    private async Task AddAllNewAsync(Task before)
    {
        await Task.Yield();
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        (_adding, _nextAdd) = (_nextAdd ?? Task.CompletedTask, null);
        SourceRow[] rows = [.. _new.Values.Where(row => !_byUuid.ContainsKey(row.Uuid))];
        _new.Clear();
        // The server's own first, then sensors.
        rows = [.. rows.OrderByDescending(SourceRows.ClassOf).Select(row => row with { Number = _numbers.Take(SourceRows.ClassOf(row)), Used = Now() }).Where(static row => row.Number > 0)];
        IReadOnlyList<SourceRow> added = rows;
        try
        {
            added = store is null || rows.Length == 0 ? rows : await store.AddAsync(rows);
        }
        catch (Exception)
        {
            GiveBack(rows);
            throw;
        }
        // Another directory may have been at it, of a silo that was given up too early.
        GiveBack(rows.Where((row, i) => added[i].Number != row.Number));
        foreach (SourceRow row in added)
        {
            _ = Put(row);
        }
    }

    private void GiveBack(IEnumerable<SourceRow> rows)
    {
        foreach (SourceRow row in rows)
        {
            _numbers.Return(row.Number, SourceRows.ClassOf(row) == NumberClass.Virtual);
        }
    }

    public ValueTask CountAsync(ushort[] numbers, int[] counts)
    {
        uint now = (uint)clock.GetUtcNow().ToUnixTimeSeconds();
        for (int i = 0; i < numbers.Length; i++)
        {
            if (_byNumber.TryGetValue(numbers[i], out Entry? entry))
            {
                entry.Reports.Add(now, counts[i]);
                entry.Used = now;
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

    public ValueTask<SourceChanges> ReadAsync(Guid life, long version) => new(new SourceChanges
    {
        Life = _life,
        Version = _version,
        Format = FormatVersion.Written,
        IsWhole = store is not null && life != _life,
        Forgotten = [.. _forgotten.Where(one => life != _life || one.Value > version).Select(static one => one.Key)],
        Records = [.. _byNumber.Values.Where(entry => life != _life || entry.Version > version).Select(static entry => entry.Record)],
    });

    // Counters of sensors' sources are saved with the batches that they count.
    protected override async Task SaveAsync()
    {
        await SaveWatchAsync();
        if (store is null)
        {
            return;
        }
        List<(Entry Entry, SourceRow Row)> changed = [];
        foreach (Entry entry in _byNumber.Values)
        {
            SourceRow row = SourceRows.Of(entry.Record) with { Saved = entry.Kept.Saved, Used = entry.Kept.Used };
            if (!entry.Record.Remote && !IsVirtual(entry) && row != entry.Kept)
            {
                changed.Add((entry, row with { Used = entry.Used }));
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

    private async Task SaveWatchAsync()
    {
        List<string> lines = [.. _watch.Lines.Order(StringComparer.Ordinal)];
        if (!lines.SequenceEqual(sensors.State.Lines))
        {
            await sensors.ReplaceAsync(new() { Lines = lines });
        }
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
                    entry.Used = Math.Max(entry.Used, row.Used);
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
    private void PublishNew(Entry added)
    {
        if (!added.IsPublished && events.Wants(EventTopics.NewDatasource))
        {
            events.Publish(ServerEvents.Added(added.Record));
        }
        added.IsPublished = true;
    }

    private Entry Put(SourceRow row)
    {
        Entry entry = new(SourceRows.ToRecord(row)) { Kept = row, Version = ++_version, Used = row.Used == 0 ? Now() : row.Used };
        _ = _forgotten.Remove(row.Number);
        if (!_byNumber.ContainsKey(row.Number))
        {
            _numbers.Use(row.Number, IsVirtual(entry));
        }
        _byUuid[row.Uuid] = entry;
        _byNumber[row.Number] = entry;
        return entry;
    }

    private long Now() => clock.GetUtcNow().ToUnixTimeSeconds();

    private void Change(Entry entry, DatasourceRecord record)
    {
        // Who publishes it does not know them.
        entry.Record = record.Problems.SequenceEqual(entry.Problems) ? record : record with { Problems = entry.Problems };
        entry.Version = ++_version;
    }

    [LoggerMessage(2, LogLevel.Warning, "The counts of scan reports were not read, and are read again")]
    private static partial void NotCounted(ILogger logger, Exception e);

    [LoggerMessage(3, LogLevel.Information, "{count} sources were forgotten: by command, or because they were silent for long")]
    private static partial void Forgot(ILogger logger, int count);

    [LoggerMessage(4, LogLevel.Warning, "Sources that were silent for long are not forgotten yet")]
    private static partial void NotForgotten(ILogger logger, Exception e);

    private sealed class Entry(DatasourceRecord record)
    {
        public DatasourceRecord Record = record;
        public readonly Rrd Reports = new();
        public IReadOnlyList<string> Problems = [];
        public required SourceRow Kept;
        public long Used;
        public long Version;
        public bool IsPublished;
    }
}
