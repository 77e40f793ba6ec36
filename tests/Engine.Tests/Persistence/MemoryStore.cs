using KismetOrleans.Engine.Observations;
using KismetOrleans.Engine.Persistence;
using KismetOrleans.Records.Devices;

namespace KismetOrleans.Engine.Tests.Persistence;

/// <summary>A store that keeps what it was given as bytes, as a disk would.</summary>
internal sealed class MemoryStore : IDeviceStore
{
    private readonly Dictionary<int, Slot> _slots = [];
    private readonly Lock _transaction = new();

    /// <summary>Saves made.</summary>
    public int Saves { get; private set; }

    /// <summary>Saves wait for this; null for none.</summary>
    public TaskCompletionSource? Gate { get; set; }

    public ValueTask<PartitionImage> LoadAsync(int partition, CancellationToken cancellation = default)
    {
        lock (_transaction)
        {
            Slot slot = At(partition);
            slot.Epoch++;
            return new(new PartitionImage(
                slot.Epoch, [.. slot.Order.Select(id => DeviceCodec.Read(slot.Devices[id.Value]))], new Dictionary<ulong, Watermark>(slot.Watermarks),
                [.. slot.Seen.Select(static heard => (ReadOnlyMemory<byte>)heard)]));
        }
    }

    public async ValueTask SaveAsync(PartitionChanges changes, CancellationToken cancellation = default)
    {
        if (Gate is { } gate)
        {
            await gate.Task;
        }
        lock (_transaction)
        {
            Slot slot = At(changes.Partition);
            if (slot.Epoch != changes.Epoch)
            {
                throw new StaleEpochException(changes.Partition);
            }
            Saves++;
            foreach (DeviceId id in changes.Removed)
            {
                _ = slot.Devices.Remove(id.Value);
                _ = slot.Order.Remove(id);
            }
            for (int i = 0; i < changes.Changed.Count; i++)
            {
                DeviceId id = changes.Changed[i].Id;
                if (!slot.Devices.ContainsKey(id.Value))
                {
                    slot.Order.Add(id);
                }
                slot.Devices[id.Value] = changes.StateOf(i).ToArray();
            }
            foreach ((ulong feed, Watermark watermark) in changes.Watermarks)
            {
                slot.Watermarks[feed] = watermark;
            }
            if (changes.Seen.Length > 0)
            {
                slot.Seen.Add(changes.Seen);
            }
        }
    }

    private Slot At(int partition) => _slots.TryGetValue(partition, out Slot? slot) ? slot : _slots[partition] = new();

    private sealed class Slot
    {
        public long Epoch;
        public readonly List<DeviceId> Order = [];
        public readonly Dictionary<ulong, byte[]> Devices = [];
        public readonly Dictionary<ulong, Watermark> Watermarks = [];
        public readonly List<byte[]> Seen = [];
    }
}
