using KismetOrleans.Grains.Datasources;
using KismetOrleans.Grains.Events;
using KismetOrleans.Grains.Gps;
using KismetOrleans.Grains.Partitions;
using KismetOrleans.Grains.Persistence;
using KismetOrleans.Grains.Streams;
using KismetOrleans.Records.Datasources;

namespace KismetOrleans.Api.Hosting;

/// <summary>
/// The datasources of this process, numbered from 1, for good where there is a store. Read by any thread: the list is replaced, never changed.
/// </summary>
public sealed class SourceRegistry : ISourceRegistry, IAsyncDisposable
{
    private readonly SemaphoreSlim _adding = new(1);
    private readonly IReadOnlyList<IDevicePartition> _partitions;
    private readonly IDatasourceObserver _observer;
    private readonly Func<string, bool, Task> _say;
    private readonly PacketTaps _taps;
    private readonly ISourceStore? _store;
    private readonly TimeProvider _clock;
    private volatile RegisteredSource?[] _sources = [];

    /// <summary>A registry with the sources that the store knows.</summary>
    /// <param name="partitions">All partitions, by number; may be filled after this.</param>
    /// <param name="observer">Whom sources report to.</param>
    /// <param name="say">Puts a message on the message bus; true for an error.</param>
    /// <param name="taps">Who listens to packets.</param>
    /// <param name="store">Where sources are kept; null for nowhere.</param>
    /// <param name="known">What the store has.</param>
    /// <param name="clock">The server's clock.</param>
    public SourceRegistry(
        IReadOnlyList<IDevicePartition> partitions, IDatasourceObserver observer, Func<string, bool, Task> say, PacketTaps taps,
        ISourceStore? store, IReadOnlyList<SourceRow> known, TimeProvider clock)
    {
        (_partitions, _observer, _say, _taps, _store, _clock) = (partitions, observer, say, taps, store, clock);
        foreach (SourceRow row in known)
        {
            Put(new(row));
        }
    }

    /// <summary>Where the server is; null where nobody knows.</summary>
    public IPosition? Here { private get; init; }

    /// <summary>Who is told of sources that are added; null for nobody.</summary>
    public IEvents? Events { private get; init; }

    /// <inheritdoc/>
    public IReadOnlyList<DatasourceRecord> All => [.. _sources.OfType<RegisteredSource>().Select(static source => source.Record)];

    /// <inheritdoc/>
    public DatasourceRecord? Find(ushort number)
    {
        RegisteredSource?[] sources = _sources;
        return number >= 1 && number <= sources.Length ? sources[number - 1]?.Record : null;
    }

    /// <summary>Adds a source of this server, or takes up one that was here before.</summary>
    /// <param name="first">Its first record; the number does not count.</param>
    /// <exception cref="InvalidOperationException">There are as many sources as numbers.</exception>
    public async Task<Datasource> AddLocalAsync(DatasourceRecord first)
    {
        RegisteredSource source = await FindOrAddAsync(SourceRows.Of(first));
        Datasource local = new(SourceRows.Merge(first, source.Record), _partitions, _observer, _clock) { Taps = _taps, Here = Here };
        source.Local = local;
        Tell(source);
        return local;
    }

    /// <inheritdoc/>
    public async ValueTask<IDatasource> RemoteAsync(Guid uuid)
    {
        RegisteredSource source = await FindOrAddAsync(SourceRows.OfRemote(uuid));
        lock (source)
        {
            if (source.Remote is { } known)
            {
                return known;
            }
            source.Remote = new(new(
                new(source.Record with { Remote = true }, source.Saved, _partitions, _observer, _clock) { Taps = _taps, Here = Here },
                (record, checkpoint) => KeepAsync(source, record, checkpoint), _say, _clock));
        }
        Tell(source);
        return source.Remote;
    }

    /// <inheritdoc/>
    public ValueTask<IDatasource?> FindRemoteAsync(Guid uuid) => new(FindByUuid(uuid)?.Remote is { IsConnected: true } remote ? remote : null);

    /// <inheritdoc/>
    public async ValueTask<ushort> VirtualAsync(Guid uuid, string name, VirtualKind kind)
    {
        if (FindByUuid(uuid) is not { } source)
        {
            source = await FindOrAddAsync(SourceRows.OfVirtual(uuid, name, kind));
            Tell(source);
        }
        if (source.Record.Name != name)
        {
            source.Rename(name);
        }
        return source.Record.Number;
    }

    /// <inheritdoc/>
    public ValueTask CountAsync(IReadOnlyList<KeyValuePair<ushort, int>> reports)
    {
        uint now = (uint)_clock.GetUtcNow().ToUnixTimeSeconds();
        foreach ((ushort number, int count) in reports)
        {
            _sources[number - 1]?.CountReports(now, count);
        }
        return default;
    }

    /// <summary>Keeps the newest counters and names of the sources that changed.</summary>
    public async Task SaveAsync()
    {
        if (_store is null)
        {
            return;
        }
        List<SourceRow> rows = [];
        foreach (RegisteredSource source in _sources.OfType<RegisteredSource>())
        {
            if (source.TakeUnsaved() is { } row)
            {
                rows.Add(row);
            }
        }
        if (rows.Count > 0)
        {
            await _store.SaveAsync(rows);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await SaveAsync();
        _adding.Dispose();
    }

    private async Task KeepAsync(RegisteredSource source, DatasourceRecord record, Checkpoint? checkpoint)
    {
        if (checkpoint is not null && _store is not null)
        {
            await _store.SaveAsync([SourceRows.Of(record, checkpoint)]);
            source.Saved = checkpoint.Newest;
        }
    }

    // Of sources that are only remembered from before, nobody is told until they come back.
    private void Tell(RegisteredSource added)
    {
        if (Events.Wants(EventTopics.NewDatasource))
        {
            Events!.Publish(ServerEvents.Added(added.Record));
        }
    }

    private RegisteredSource? FindByUuid(Guid uuid) => Array.Find(_sources, source => source?.Uuid == uuid);

    private async Task<RegisteredSource> FindOrAddAsync(SourceRow row)
    {
        await _adding.WaitAsync();
        try
        {
            if (FindByUuid(row.Uuid) is { } known)
            {
                return known;
            }
            if (_sources.Length == ushort.MaxValue)
            {
                throw new InvalidOperationException("There are as many datasources as there are numbers for them.");
            }
            row = row with { Number = (ushort)(_sources.Length + 1) };
            RegisteredSource added = new(_store is null ? row : await _store.AddAsync(row));
            Put(added);
            return added;
        }
        finally
        {
            _ = _adding.Release();
        }
    }

    private void Put(RegisteredSource source)
    {
        RegisteredSource?[] sources = _sources;
        int number = source.Record.Number;
        RegisteredSource?[] more = new RegisteredSource?[Math.Max(sources.Length, number)];
        sources.CopyTo(more, 0);
        more[number - 1] = source;
        _sources = more;
    }
}
