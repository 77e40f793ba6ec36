using KismetOrleans.Engine;
using KismetOrleans.Engine.Alerts;
using KismetOrleans.Engine.Events;
using KismetOrleans.Engine.Observations;
using KismetOrleans.Engine.Partitions;
using KismetOrleans.Engine.Persistence;
using KismetOrleans.Engine.Tracking;
using KismetOrleans.Grains.Fingerprints;
using KismetOrleans.Grains.Placement;
using KismetOrleans.Grains.Sources;
using KismetOrleans.Grains.Versions;

namespace KismetOrleans.Grains.Partitions;

/// <summary>What the partitions of a silo share.</summary>
public sealed class PartitionHost(
    PartitionOptions options, TrackingOptions tracking, IManufacturers manufacturers, SourceCache sources, TimeProvider clock,
    AlertOptions alerts, IEvents events, FingerprintCache fingerprints, LocalPartitions local, ISiloStatusOracle silos, ILocalSiloDetails self, SettledSilos settled,
    UnreadableMessages unreadable,
    IAircraftRegistry aircraft, IDeviceStore? store = null)
{
    private const int MostMoves = 16;
    private readonly PartitionTable _table = new(options.Count);
    private long _applied;
    private long _letGo;
    private volatile PartitionEnvironment? _environment;
    private volatile ClusterPartitions? _partitions;

    /// <summary>Batches that partitions of this silo took.</summary>
    public long Applied => Interlocked.Read(ref _applied);

    /// <summary>Sources of sensors that this silo had and let go of: what they had is garbage.</summary>
    public long SourcesLetGo => Interlocked.Read(ref _letGo);

    internal void LetGo() => Interlocked.Increment(ref _letGo);

    /// <summary>Partitions that leave this silo for another, some at a time: as many as the store has connections, all at once would wait for one another.</summary>
    internal SemaphoreSlim Moves { get; } = new(MostMoves);

    /// <summary>Those that are active in this silo.</summary>
    public LocalPartitions Local => local;

    /// <summary>All partitions, as this silo calls them.</summary>
    public ClusterPartitions PartitionsOf(IGrainFactory grains) => _partitions ??= new(grains, options.Count, this);

    /// <summary>Where devices are kept; null where they are kept in memory alone.</summary>
    public IDeviceStore? Store => store;

    /// <summary>Least time between two saves of a partition.</summary>
    public TimeSpan SaveEvery => options.SaveEvery;

    internal async ValueTask<PartitionEnvironment> EnvironmentAsync() => _environment ??=
        new(options.Count, tracking, manufacturers, sources, await sources.ServerUuidAsync(), clock) { Alerts = alerts, Fingerprints = fingerprints, Aircraft = aircraft, Events = events };

    /// <summary>
    /// Publishes what happened to devices: from here, where it was noticed. Alerts and messages go back with the outcome, so that those of one source come in the order of its packets, which
    /// the limits of alerts depend on.
    /// </summary>
    /// <returns>The outcome, without what was published.</returns>
    internal BatchOutcome Report(BatchOutcome outcome)
    {
        Interlocked.Increment(ref _applied);
        events.Publish(outcome.Events);
        return outcome.Events.Count == 0 ? outcome : outcome with { Events = [] };
    }

    /// <summary>Which silo each partition belongs on, as far as this silo knows the others.</summary>
    /// <returns>The silos, and the index of each partition's among them.</returns>
    internal (SiloAddress[] Silos, int[] Owners) Owners()
    {
        SiloAddress[] carriers = settled.Among(Members);
        // None: this one, the last, is about to stop.
        return _table.Owners(carriers.Length > 0 ? carriers : [self.SiloAddress]);
    }

    /// <summary>Reads a batch of another process.</summary>
    /// <exception cref="InvalidDataException">It cannot be read, which is noted.</exception>
    internal void Read(ReadOnlyMemory<byte> bytes, ObservationBatch batch)
    {
        try
        {
            ObservationCodec.Read(bytes.Span, batch);
        }
        catch (InvalidDataException e)
        {
            unreadable.Note(e);
            throw;
        }
    }

    /// <summary>A source of a batch that this silo does not know; 0 when it knows all.</summary>
    internal ushort UnknownSource(ObservationBatch batch)
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
    internal Task LearnAsync(ushort source) => sources.LearnAsync(source);

    internal bool IsThis(SiloAddress silo) => silo.Equals(self.SiloAddress);

    /// <summary>Whether a partition belongs on this silo, as far as this silo knows the others.</summary>
    internal bool IsMine(int partition) => settled.Among(Members) is { Length: > 0 } carriers && _table.OwnerOf(partition, carriers).Equals(self.SiloAddress);

    /// <summary>Whether the grain with this key, a partition's or a silo's, belongs on another silo.</summary>
    internal bool IsMisplaced(long key) =>
        SiloKey.Is(key) ? Members.Any(silo => SiloKey.Of(silo) == key && !IsThis(silo)) : !IsMine((int)key);

    /// <summary>Whether this silo gets partitions, or is still to settle.</summary>
    internal bool IsSettled => settled.Among(Members).Contains(self.SiloAddress);

    /// <summary>The partitions that belong on this silo, or will once it has settled; none where it is no member.</summary>
    internal int[] OwnSoon()
    {
        SiloAddress[] members = [.. Members];
        return members.Length > 0 ? [.. Enumerable.Range(0, options.Count).Where(partition => _table.OwnerOf(partition, members).Equals(self.SiloAddress))] : [];
    }

    private ICollection<SiloAddress> Members => silos.GetApproximateSiloStatuses(onlyActive: true).Keys;
}
