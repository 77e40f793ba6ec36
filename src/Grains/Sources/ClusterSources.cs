using KismetOrleans.Engine.Datasources;
using KismetOrleans.Engine.Persistence;
using KismetOrleans.Grains.Datasources;
using KismetOrleans.Records.Datasources;

namespace KismetOrleans.Grains.Sources;

/// <summary>The cluster's sources as an API process sees them: reading from its cache, everything else through grains.</summary>
public sealed class ClusterSources(IGrainFactory grains, SourceCache cache, Gateways? gateways = null) : ISourceRegistry
{
    private ISourceDirectoryGrain Directory => grains.GetGrain<ISourceDirectoryGrain>(0);

    public IReadOnlyList<DatasourceRecord> All => cache.All;

    public DatasourceRecord? Find(ushort number) => cache.Find(number);

    public DatasourceRecord? Find(Guid uuid) => cache.Find(uuid);

    public ValueTask<IDatasource> RemoteAsync(Guid uuid) => new(new GrainDatasource(grains.GetGrain<IDatasourceGrain>(uuid), gateways));

    public async ValueTask<IDatasource?> FindRemoteAsync(Guid uuid)
    {
        // Not by asking the grain first, which would make a source of any UUID.
        if (Find(uuid) is not { Remote: true })
        {
            return null;
        }
        IDatasourceGrain grain = grains.GetGrain<IDatasourceGrain>(uuid);
        return await grain.IsConnectedAsync() ? new GrainDatasource(grain, gateways) : null;
    }

    public bool IsForgotten(ushort number) => cache.IsForgotten(number);

    public async ValueTask<ushort> VirtualAsync(Guid uuid, string name, VirtualKind kind, string owner)
    {
        if (Find(uuid) is { } known && known.Name == name && (owner.Length == 0 || owner == known.Owner))
        {
            return known.Number;
        }
        SourceRow row = await Directory.AddAsync(SourceRows.OfVirtual(uuid, name, kind, owner));
        if (row.Number == 0)
        {
            throw new NoSourceNumberException();
        }
        await cache.DoNowAsync();
        return row.Number;
    }

    public async ValueTask<string?> RemoveAsync(DatasourceRecord source)
    {
        if (source.Driver != SourceDrivers.Virtual && !await grains.GetGrain<IDatasourceGrain>(source.Uuid).RetireAsync())
        {
            return "the sensor is connected: revoke its key, or stop it";
        }
        if (!await Directory.RemoveAsync(source.Uuid))
        {
            return "no such datasource";
        }
        await cache.DoNowAsync();
        return null;
    }

    public ValueTask CountAsync(IReadOnlyList<KeyValuePair<ushort, int>> reports) => Directory.CountAsync(
        [.. reports.Select(static report => report.Key)], [.. reports.Select(static report => report.Value)]);
}
