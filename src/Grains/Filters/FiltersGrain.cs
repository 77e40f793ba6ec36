using KismetOrleans.Engine.Filters;
using KismetOrleans.Grains.Storage;

namespace KismetOrleans.Grains.Filters;

/// <summary>The filters of the cluster's logs: one grain, key 0.</summary>
[Alias("KismetOrleans.IFiltersGrain")]
public interface IFiltersGrain : IGrainWithIntegerKey
{
    /// <summary>Takes what a process has left out, and gives the filters where they are not those that the caller has.</summary>
    /// <param name="known">Version of those; 0 for none.</param>
    /// <param name="packets">Packets left out since it told last.</param>
    /// <param name="devices">Devices' rows likewise.</param>
    [Alias("Sync")]
    ValueTask<FiltersAnswer> SyncAsync(long known, long packets, long devices);

    /// <summary>The filters and what they have left out.</summary>
    [Alias("Read")]
    [Idempotent]
    ValueTask<FiltersAnswer> ReadAsync(CancellationToken cancellation = default);

    /// <inheritdoc cref="IFilters.ChangeAsync"/>
    [Alias("Change")]
    [Idempotent]
    ValueTask<string?> ChangeAsync(string[] changes);
}

/// <summary>The filters, kept in grain storage at each change, with the counts; these also every minute.</summary>
public sealed class FiltersGrain([PersistentState("filters")] IPersistentState<StoredLines> kept, TimeProvider clock, ILogger<FiltersGrain> logger)
    : SavingGrain(TimeSpan.FromMinutes(1), logger), IFiltersGrain
{
    // Lines of the state that are no rules: what was left out.
    private const string CountsMark = "Counts ";
    private FilterRules _rules = FilterRules.Empty;
    private long _version;
    private long _packets;
    private long _devices;
    private bool _counted;

    /// <inheritdoc/>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await base.OnActivateAsync(cancellationToken);
        _rules = new([.. kept.State.Lines.Where(static line => !line.StartsWith(CountsMark, StringComparison.Ordinal))]);
        string[] counts = kept.State.Lines.Find(static line => line.StartsWith(CountsMark, StringComparison.Ordinal))?.Split(' ') ?? [];
        _ = counts.Length > 2 && long.TryParse(counts[1], out _packets) && long.TryParse(counts[2], out _devices);
        NextVersion();
    }

    /// <inheritdoc/>
    public ValueTask<FiltersAnswer> SyncAsync(long known, long packets, long devices)
    {
        _packets += packets;
        _devices += devices;
        _counted |= packets + devices > 0;
        return new(Answer(known));
    }

    /// <inheritdoc/>
    public ValueTask<FiltersAnswer> ReadAsync(CancellationToken cancellation = default) => new(Answer(0));

    /// <inheritdoc/>
    public async ValueTask<string?> ChangeAsync(string[] changes)
    {
        if (_rules.With(changes) is not { } changed)
        {
            return $"there is room for {FilterRules.MaxCount} entries";
        }
        await KeepAsync(changed);
        _rules = changed;
        NextVersion();
        return null;
    }

    /// <inheritdoc/>
    protected override async Task SaveAsync()
    {
        if (_counted)
        {
            await KeepAsync(_rules);
        }
    }

    private FiltersAnswer Answer(long known) => new(_version, known == _version ? null : [.. _rules.Lines], _packets, _devices);

    private async Task KeepAsync(FilterRules rules)
    {
        await kept.ReplaceAsync(new() { Lines = [.. rules.Lines, FormattableString.Invariant($"{CountsMark}{_packets} {_devices}")] });
        _counted = false;
    }

    // By the clock: a life that begins without what was kept must not give the same number to other rules.
    private void NextVersion() => _version = Math.Max(_version + 1, clock.GetUtcNow().Ticks);
}

/// <summary>The filters.</summary>
/// <param name="Version">Another number for each of their states.</param>
/// <param name="Lines">As <see cref="FilterRules.Lines"/>; null where the caller has them.</param>
/// <param name="Packets">Packets left out.</param>
/// <param name="Devices">Devices' rows left out.</param>
[GenerateSerializer, Immutable, Alias("KismetOrleans.FiltersAnswer")]
public sealed record FiltersAnswer(
    [property: Id(0)] long Version, [property: Id(1)] string[]? Lines, [property: Id(2)] long Packets, [property: Id(3)] long Devices);
