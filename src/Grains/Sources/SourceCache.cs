using System.Collections.Concurrent;
using KismetOrleans.Engine.Observations;
using KismetOrleans.Grains.Versions;
using KismetOrleans.Records.Datasources;
using KismetOrleans.Records.Json;

namespace KismetOrleans.Grains.Sources;

/// <summary>The directory of sources as this process knows it: those that it feeds itself as they are, others about a second old. Read by any thread.</summary>
public sealed partial class SourceCache(IGrainFactory grains, TimeProvider clock, ILogger<SourceCache> logger, FormatWatch? formats = null)
    : PeriodicService(s_refreshEvery, clock, atOnce: true), ISourceDirectory
{
    private static readonly TimeSpan s_refreshEvery = TimeSpan.FromSeconds(1);
    private readonly Lock _changing = new();
    private readonly HashSet<ushort> _own = [];

    // A source keeps its number until it is forgotten.
    private readonly ConcurrentDictionary<Guid, ushort> _numbers = [];
    private readonly ConcurrentDictionary<ushort, bool> _forgotten = [];
    private volatile DatasourceRecord?[] _byNumber = [];
    private volatile bool _isWhole;
    private Guid _life;
    private long _version;
    private volatile object? _serverUuid;

    public IReadOnlyList<DatasourceRecord> All => [.. _byNumber.OfType<DatasourceRecord>()];

    public DatasourceRecord? Find(ushort number)
    {
        DatasourceRecord?[] byNumber = _byNumber;
        return number < byNumber.Length ? byNumber[number] : null;
    }

    public bool IsForgotten(ushort number) => (_isWhole || _forgotten.ContainsKey(number)) && Find(number) is null;

    public DatasourceRecord? Find(Guid uuid) => _numbers.TryGetValue(uuid, out ushort number) ? Find(number) : null;

    /// <summary>The cluster's identity; all zeros until the directory has answered once.</summary>
    public Guid ServerUuid => _serverUuid is Guid known ? known : default;

    /// <summary>The cluster's identity.</summary>
    internal async ValueTask<Guid> ServerUuidAsync()
    {
        _serverUuid ??= await Directory.ServerUuidAsync();
        return ServerUuid;
    }

    /// <summary>Takes the newest record of a source that this process feeds.</summary>
    internal void Put(DatasourceRecord record)
    {
        lock (_changing)
        {
            _ = _own.Add(record.Number);
            // Which problems it has as a sensor the directory knows alone.
            Replace([Find(record.Uuid) is { Problems: { Count: > 0 } problems } ? record with { Problems = problems } : record]);
        }
    }

    /// <summary>A source is fed by another process from now on, or by none.</summary>
    internal void Release(ushort number)
    {
        lock (_changing)
        {
            _ = _own.Remove(number);
        }
    }

    /// <summary>Asks for what changed if a source is not known. What goes wrong then goes wrong in the next round too, which tells it.</summary>
    internal async Task LearnAsync(ushort number)
    {
        try
        {
            // Many partitions meet a new source at a time.
            await DoNowAsync(() => Find(number) is not null);
        }
        catch (Exception e) when (e is OrleansException or TimeoutException)
        {
            NotRefreshed(logger, e);
        }
    }

    private void Replace(ReadOnlySpan<DatasourceRecord> records)
    {
        if (records.IsEmpty)
        {
            return;
        }
        int most = _byNumber.Length;
        foreach (DatasourceRecord record in records)
        {
            most = Math.Max(most, record.Number + 1);
        }
        DatasourceRecord?[] byNumber = new DatasourceRecord?[most];
        _byNumber.CopyTo(byNumber, 0);
        foreach (DatasourceRecord record in records)
        {
            Unname(byNumber[record.Number], record.Uuid);
            byNumber[record.Number] = record;
        }
        _byNumber = byNumber;
        foreach (DatasourceRecord record in records)
        {
            _numbers[record.Uuid] = record.Number;
        }
    }

    private void Forget(SourceChanges changes)
    {
        DatasourceRecord?[] byNumber = [.. _byNumber];
        HashSet<ushort> kept = changes.IsWhole ? [.. changes.Records.Select(static record => record.Number), .. _own] : [];
        IEnumerable<ushort> gone = !changes.IsWhole ? changes.Forgotten : byNumber.OfType<DatasourceRecord>().Select(static record => record.Number).Where(number => !kept.Contains(number));
        foreach (ushort number in gone.ToArray())
        {
            _ = _own.Remove(number);
            _forgotten[number] = true;
            if (number < byNumber.Length)
            {
                Unname(byNumber[number], default);
                byNumber[number] = null;
            }
        }
        _byNumber = byNumber;
        _isWhole |= changes.IsWhole;
    }

    // A source of another UUID has its number now, or none.
    private void Unname(DatasourceRecord? before, Guid now)
    {
        if (before is not null && before.Uuid != now)
        {
            _ = _numbers.TryRemove(new(before.Uuid, before.Number));
        }
    }

    private ISourceDirectoryGrain Directory => grains.GetGrain<ISourceDirectoryGrain>(0);

    protected override async Task DoAsync()
    {
        _ = await ServerUuidAsync();
        SourceChanges changes = await Directory.ReadAsync(_life, _version);
        lock (_changing)
        {
            if (changes.IsWhole || changes.Forgotten.Length > 0)
            {
                Forget(changes);
            }
            // What the directory has of a source of this process was told from here, and is older, but for what it found itself.
            Replace([.. changes.Records.Select(record => _own.Contains(record.Number) ? Find(record.Uuid) is { } own ? own with { Problems = record.Problems } : null : record).OfType<DatasourceRecord>()]);
        }
        (_life, _version) = (changes.Life, changes.Version);
        if (formats is null)
        {
            // A silo sees the others itself.
            FormatVersion.Written = changes.Format;
        }
    }

    protected override void LogFault(Exception e) => NotRefreshed(logger, e);

    [LoggerMessage(1, LogLevel.Warning, "The directory of sources does not answer")]
    private static partial void NotRefreshed(ILogger logger, Exception e);
}
