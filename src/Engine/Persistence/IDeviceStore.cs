using KismetOrleans.Engine.Observations;
using KismetOrleans.Engine.Partitions;
using KismetOrleans.Engine.Presence;
using KismetOrleans.Records.Devices;

namespace KismetOrleans.Engine.Persistence;

/// <summary>Port: where partitions keep their devices.</summary>
public interface IDeviceStore
{
    /// <summary>
    /// Takes a partition over and reads it. From now on what an earlier loader saves is refused (<see cref="StaleEpochException"/>), so that two
    /// hosts that both think they own a partition cannot mix their states.
    /// </summary>
    ValueTask<PartitionImage> LoadAsync(int partition, CancellationToken cancellation = default);

    /// <summary>
    /// Writes changes in one transaction; completes when they are on disk. Waits, and tries again, while the database is away.
    /// </summary>
    /// <exception cref="StaleEpochException">Somebody else has taken the partition over.</exception>
    ValueTask SaveAsync(PartitionChanges changes, CancellationToken cancellation = default);
}

/// <summary>A partition was taken over by another host.</summary>
public sealed class StaleEpochException(int partition) : Exception($"Partition {partition} was taken over by another host.")
{
    public int Partition => partition;
}

/// <summary>A partition as it was saved last.</summary>
/// <param name="Epoch">Whose turn it is now; greater with each load.</param>
/// <param name="Devices">The devices, in order of first sight.</param>
/// <param name="Watermarks">How far each feed had come.</param>
/// <param name="Seen">What the duplicate filter remembered, oldest first (<see cref="DuplicateFilter.Restore"/>).</param>
public sealed record PartitionImage(
    long Epoch, IReadOnlyList<Device> Devices, IReadOnlyDictionary<ulong, Watermark> Watermarks, IReadOnlyList<ReadOnlyMemory<byte>> Seen)
{
    /// <summary>Who was where, as far as it is not in whole blocks.</summary>
    public PresenceImage Presence { get; init; }

    /// <summary>Stored devices that could not be read, in words: the store has set each aside, so that it costs the others nothing, and keeps it.</summary>
    public IReadOnlyList<string> SetAside { get; init; } = [];
}
