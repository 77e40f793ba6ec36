using KismetOrleans.Engine.Datasources;
using KismetOrleans.Records.Datasources;

namespace KismetOrleans.Grains.Sources;

/// <summary>What the cluster's datasources can be told: all of them are agents'.</summary>
public sealed class ClusterControl(ISourceRegistry sources, SourceCache cache) : ISourceControl
{
    public ValueTask<DatasourceRecord> AddAsync(string definition) => throw new SourceException(
        "an API server of a cluster opens no sources itself: run a capture agent where the interface or file is (KismetOrleans.Capture --server <address> -c "
        + $"{definition})");

    public async ValueTask<string?> OrderAsync(DatasourceRecord source, SensorOrder order, CancellationToken cancellation)
    {
        string? error = await SensorControl.OrderAsync(sources, source, order, cancellation);
        if (error is null)
        {
            // What the order changed shall stand in the answer.
            await cache.DoNowAsync();
        }
        return error;
    }

    public ValueTask<string?> RemoveAsync(DatasourceRecord source) => sources.RemoveAsync(source);

    public ValueTask<IReadOnlyList<CaptureInterface>> InterfacesAsync(bool all) => new([.. SensorControl.Interfaces(cache.All, all)]);
}
