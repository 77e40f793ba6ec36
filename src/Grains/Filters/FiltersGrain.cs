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
public sealed class FiltersGrain([PersistentState("filters")] IPersistentState<StoredLines> kept, FilterSettings settings, TimeProvider clock, ILogger<FiltersGrain> logger)
    : SavingGrain(TimeSpan.FromMinutes(1), logger), IFiltersGrain
{
    // Lines of the state that are no rules: what was left out.
    private const string CountsMark = "Counts ";
    private FilterRules _rules = settings.Rules;

    // What commands have changed since, which goes before the settings.
    private List<string> _changes = [];
    private long _version;
    private long _packets;
    private long _devices;
    private bool _counted;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await base.OnActivateAsync(cancellationToken);
        _changes = settings.Rules.JoinChanges(kept.State.Lines.Where(static line => !line.StartsWith(CountsMark, StringComparison.Ordinal)));
        // The settings may have grown since: what was given by command has been there before.
        _rules = settings.Rules.With(_changes) ?? FilterRules.Empty.With(_changes)!;
        string[] counts = kept.State.Lines.Find(static line => line.StartsWith(CountsMark, StringComparison.Ordinal))?.Split(' ') ?? [];
        _ = counts.Length > 2 && long.TryParse(counts[1], out _packets) && long.TryParse(counts[2], out _devices);
        NextVersion();
    }

    public ValueTask<FiltersAnswer> SyncAsync(long known, long packets, long devices)
    {
        _packets += packets;
        _devices += devices;
        _counted |= packets + devices > 0;
        return new(Answer(known));
    }

    public ValueTask<FiltersAnswer> ReadAsync(CancellationToken cancellation = default) => new(Answer(0));

    public async ValueTask<string?> ChangeAsync(string[] changes)
    {
        List<string> all = settings.Rules.JoinChanges(_changes.Concat(changes));
        if (settings.Rules.With(all) is not { } changed)
        {
            return $"there is room for {FilterRules.MaxCount} entries";
        }
        await KeepAsync(all);
        (_rules, _changes) = (changed, all);
        NextVersion();
        return null;
    }

    protected override async Task SaveAsync()
    {
        if (_counted)
        {
            await KeepAsync(_changes);
        }
    }

    private FiltersAnswer Answer(long known) => new(_version, known == _version ? null : [.. _rules.Lines], _packets, _devices);

    private async Task KeepAsync(List<string> changes)
    {
        await kept.ReplaceAsync(new() { Lines = [.. changes, FormattableString.Invariant($"{CountsMark}{_packets} {_devices}")] });
        _counted = false;
    }

    // By the clock: a life that begins without what was kept must not give the same number to other rules.
    private void NextVersion() => _version = Math.Max(_version + 1, clock.GetUtcNow().Ticks);
}

/// <summary>The filters.</summary>
/// <param name="Version">Another number for each of their states.</param>
/// <param name="Lines">As <see cref="FilterRules.Lines"/>; null where the caller has them.</param>
/// <param name="Devices">Devices' rows left out.</param>
[GenerateSerializer, Immutable, Alias("KismetOrleans.FiltersAnswer")]
public sealed record FiltersAnswer(
    [property: Id(0)] long Version, [property: Id(1)] string[]? Lines, [property: Id(2)] long Packets, [property: Id(3)] long Devices);
