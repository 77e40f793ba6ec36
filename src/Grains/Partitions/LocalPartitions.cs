using System.Collections.Concurrent;

namespace KismetOrleans.Grains.Partitions;

/// <summary>
/// The partitions that are active in this silo: a batch from here for one of them goes straight into its turn, and need not become bytes, a
/// message and a batch again (measured: half of what applying it costs). Thread-safe.
/// </summary>
public sealed class LocalPartitions
{
    private readonly ConcurrentDictionary<int, DevicePartitionGrain> _here = new();

    public ICollection<DevicePartitionGrain> All => _here.Values;

    /// <summary>A partition has become active here.</summary>
    internal void Add(int number, DevicePartitionGrain partition) => _here[number] = partition;

    /// <summary>A partition is about to stop.</summary>
    internal void Remove(int number, DevicePartitionGrain partition) => _here.TryRemove(new(number, partition));

    /// <summary>The partition, where it is active here; null where it is not.</summary>
    internal DevicePartitionGrain? Find(int number) => _here.GetValueOrDefault(number);
}
