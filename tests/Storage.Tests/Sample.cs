using KismetOrleans.Engine.Partitions;
using KismetOrleans.Engine.Persistence;
using KismetOrleans.Records.Devices;

namespace KismetOrleans.Storage.Tests;

/// <summary>Devices and changes of partitions.</summary>
internal static class Sample
{
    public const uint Now = 1_700_000_000;

    public static DeviceId Id(int i) => new(Phy.All[i % 3], new((ulong)i * 7919 + 1));

    public static Device Device(int i, ulong packets = 1) => new(Id(i))
    {
        FirstTime = Now,
        LastTime = Now + (uint)packets,
        ModTime = Now,
        Name = $"device {i}",
        Packets = packets,
    };

    /// <summary>Numbers of the first devices that a partition owns.</summary>
    public static int[] Of(int partition, int count) =>
        [.. Enumerable.Range(0, count * TestStore.Partitions * 4).Where(i => Partitioning.Of(Id(i), TestStore.Partitions) == partition).Take(count)];

    public static PartitionChanges Changes(int partition, long epoch, params Device[] devices)
    {
        PartitionChanges changes = new(partition) { Epoch = epoch };
        foreach (Device device in devices)
        {
            changes.Add(device);
        }
        return changes;
    }
}
