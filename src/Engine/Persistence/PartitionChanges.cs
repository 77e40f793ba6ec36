using KismetOrleans.Engine.Observations;
using KismetOrleans.Engine.Presence;
using KismetOrleans.Records.Devices;

namespace KismetOrleans.Engine.Persistence;

/// <summary>
/// What changed in a partition since it was saved last. Filled by the partition in its turn, read by the store, then filled again.
/// </summary>
public sealed class PartitionChanges(int partition)
{
    private readonly GrowingBuffer _bytes = new(new byte[4096]);

    public int Partition { get; } = partition;

    /// <summary>The life of the partition that the changes belong to.</summary>
    public long Epoch { get; set; }

    /// <summary>Changed devices: where each one's bytes (<see cref="DeviceCodec"/>) end in <see cref="Bytes"/>.</summary>
    public List<ChangedDevice> Changed { get; } = [];

    /// <summary>The bytes of all changed devices.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes.Written;

    public List<DeviceId> Removed { get; } = [];

    /// <summary>Feeds that moved, with how far.</summary>
    public List<KeyValuePair<ulong, Watermark>> Watermarks { get; } = [];

    /// <summary>What the duplicate filter learnt; empty when nothing.</summary>
    public byte[] Seen { get; set; } = [];

    /// <summary>Bytes of <see cref="Seen"/> that are worth keeping in all; older ones can go.</summary>
    public int SeenCapacity { get; set; }

    /// <summary>Who was where; null when nothing is new of that.</summary>
    public PresenceChanges? Presence { get; set; }

    /// <summary>Whether there is nothing to save.</summary>
    public bool IsEmpty => Changed.Count == 0 && Removed.Count == 0 && Watermarks.Count == 0 && Seen.Length == 0 && Presence is null;

    /// <summary>The bytes of changed device <paramref name="i"/>.</summary>
    public ReadOnlyMemory<byte> StateOf(int i)
    {
        int from = i == 0 ? 0 : Changed[i - 1].End;
        return _bytes.Written[from..Changed[i].End];
    }

    internal void Add(Device device)
    {
        DeviceCodec.Write(device, _bytes);
        Changed.Add(new(device.Id, device.FirstTime, device.LastTime, _bytes.Length));
    }

    /// <summary>Empties it for the next time.</summary>
    internal void Clear()
    {
        Changed.Clear();
        Removed.Clear();
        Watermarks.Clear();
        Seen = [];
        Presence = null;
        _bytes.Clear();
    }
}

/// <summary>A changed device.</summary>
/// <param name="FirstTime">Unix second of its first packet.</param>
/// <param name="LastTime">Unix second of its newest packet.</param>
/// <param name="End">Where its bytes end.</param>
public readonly record struct ChangedDevice(DeviceId Id, uint FirstTime, uint LastTime, int End);
