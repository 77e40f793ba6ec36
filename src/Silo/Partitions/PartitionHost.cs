using KismetOrleans.Grains;
using KismetOrleans.Grains.Alerts;
using KismetOrleans.Grains.Events;
using KismetOrleans.Grains.Observations;
using KismetOrleans.Grains.Partitions;
using KismetOrleans.Grains.Persistence;
using KismetOrleans.Grains.Tracking;
using KismetOrleans.Silo.Events;
using KismetOrleans.Silo.Fingerprints;
using KismetOrleans.Silo.Hosting;
using KismetOrleans.Silo.Placement;
using KismetOrleans.Silo.Sources;

namespace KismetOrleans.Silo.Partitions;

/// <summary>What the partitions of a silo share.</summary>
public sealed class PartitionHost(
    ClusterSettings settings, TrackingOptions tracking, IManufacturers manufacturers, SourceCache sources, TimeProvider clock,
    AlertOptions alerts, EventHost events, FingerprintCache fingerprints, LocalPartitions local, ISiloStatusOracle silos, ILocalSiloDetails self, IDeviceStore? store = null)
{
    private readonly PartitionTable _table = new(settings.Partitions);
    private volatile PartitionEnvironment? _environment;
    private volatile ClusterPartitions? _partitions;

    /// <summary>Those that are active in this silo.</summary>
    public LocalPartitions Local => local;

    /// <summary>All partitions, as this silo calls them.</summary>
    public ClusterPartitions PartitionsOf(IGrainFactory grains) => _partitions ??= new(grains, settings.Partitions, this);

    /// <summary>Where devices are kept; null where they are kept in memory alone.</summary>
    public IDeviceStore? Store => store;

    /// <summary>Least time between two saves of a partition.</summary>
    public TimeSpan SaveEvery => settings.SaveEvery;

    /// <summary>What all partitions are made with.</summary>
    public async ValueTask<PartitionEnvironment> EnvironmentAsync() => _environment ??=
        new(settings.Partitions, tracking, manufacturers, sources, await sources.ServerUuidAsync(), clock) { Alerts = alerts, Fingerprints = fingerprints, Events = events };

    /// <summary>Tells what happened to devices to whoever listens: from here, where it was noticed, and not with the outcome's way back.</summary>
    /// <returns>The outcome.</returns>
    public BatchOutcome Tell(BatchOutcome outcome)
    {
        events.Publish(outcome.Events);
        return outcome;
    }

    /// <summary>Which silo each partition belongs on, as far as this silo knows the others.</summary>
    /// <returns>How many silos there are, and the number of each partition's.</returns>
    public (int Silos, int[] Owners) Owners()
    {
        SiloAddress[] active = [.. silos.GetApproximateSiloStatuses(onlyActive: true).Keys];
        // None: this one, the last, is about to stop.
        return _table.Owners(active.Length > 0 ? active : [self.SiloAddress]);
    }

    /// <summary>A source of a batch that this silo does not know; 0 when it knows all.</summary>
    public ushort UnknownSource(ObservationBatch batch)
    {
        if (batch.SourceNumber != 0)
        {
            return sources.Find(batch.SourceNumber) is null ? batch.SourceNumber : (ushort)0;
        }
        // Reports of several phones.
        foreach (ref readonly Observation observation in batch.Items)
        {
            if (sources.Find(observation.Source) is null)
            {
                return observation.Source;
            }
        }
        return 0;
    }

    /// <summary>Learns of a source before the directory's next round. Without an answer its name comes later.</summary>
    public Task LearnAsync(ushort source) => sources.LearnAsync(source);

    /// <summary>Whether a partition belongs on this silo, as far as this silo knows the others.</summary>
    public bool IsMine(int partition) =>
        _table.OwnerOf(partition, [.. silos.GetApproximateSiloStatuses(onlyActive: true).Keys]).Equals(self.SiloAddress);
}
