using KismetOrleans.Engine.Filters;

namespace KismetOrleans.Grains.Filters;

/// <summary>The cluster's filters as this process's logs know them: asked for once a second, so that packets never wait for them.</summary>
public sealed partial class FilterCache(IGrainFactory grains, FilterGate gate, TimeProvider clock, ILogger<FilterCache> logger)
    : PeriodicService(TimeSpan.FromSeconds(1), clock, atOnce: true), IFilters
{
    private long _version;

    private IFiltersGrain Grain => grains.GetGrain<IFiltersGrain>(0);

    public async ValueTask<FilterState> ReadAsync(CancellationToken cancellation = default)
    {
        // With what this process has left out until now.
        await DoNowAsync();
        FiltersAnswer answer = await Grain.ReadAsync(cancellation);
        return new(new(answer.Lines!), answer.Packets, answer.Devices);
    }

    public async ValueTask<string?> ChangeAsync(IReadOnlyList<string> changes)
    {
        string? refused = await Grain.ChangeAsync([.. changes]);
        // Logs of this process ask at once, not with the next round.
        await DoNowAsync();
        return refused;
    }

    protected override async Task DoAsync()
    {
        (long packets, long devices) = gate.TakeCounts();
        try
        {
            FiltersAnswer answer = await Grain.SyncAsync(_version, packets, devices);
            if (answer.Lines is { } lines)
            {
                gate.Renew(new(lines));
                _version = answer.Version;
            }
        }
        catch
        {
            gate.Count(packets, devices);
            throw;
        }
    }

    protected override void LogFault(Exception e) => ReadFailed(logger, e);

    [LoggerMessage(1, LogLevel.Warning, "The filters of logs are not known; those of before hold")]
    private static partial void ReadFailed(ILogger logger, Exception e);
}
