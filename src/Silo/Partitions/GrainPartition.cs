using System.Buffers;
using System.Collections.Concurrent;
using KismetOrleans.Grains.Observations;
using KismetOrleans.Grains.Partitions;
using KismetOrleans.Records.Devices;

namespace KismetOrleans.Silo.Partitions;

/// <summary>A partition of the cluster as a caller sees it.</summary>
public sealed class GrainPartition(IDevicePartitionGrain grain) : IDevicePartition
{
    // As many as there are batches in the air; more would only be kept for nothing.
    private const int MaxBuffers = 512;
    private static readonly ConcurrentBag<ArrayBufferWriter<byte>> s_buffers = [];

    /// <summary>All partitions of a cluster, by number.</summary>
    public static IReadOnlyList<IDevicePartition> All(IGrainFactory grains, int count) =>
        [.. Enumerable.Range(0, count).Select(i => new GrainPartition(grains.GetGrain<IDevicePartitionGrain>(i)))];

    /// <inheritdoc/>
    public async ValueTask<BatchOutcome> ApplyAsync(ObservationBatch batch)
    {
        if (!s_buffers.TryTake(out ArrayBufferWriter<byte>? buffer))
        {
            buffer = new();
        }
        ObservationCodec.Write(batch, buffer);
        BatchOutcome outcome = await grain.ApplyAsync(buffer.WrittenMemory);
        // After a fault the message may still be on its way, so that its octets must stay as they are.
        buffer.ResetWrittenCount();
        if (s_buffers.Count < MaxBuffers)
        {
            s_buffers.Add(buffer);
        }
        return outcome;
    }

    /// <inheritdoc/>
    public ValueTask<DeviceChunk> ReadAsync(DeviceFilter filter, DeviceShape shape, int cursor) => grain.ReadAsync(filter, shape, cursor);

    /// <inheritdoc/>
    public ValueTask<DeviceChunk> WriteAsync(IReadOnlyList<DeviceId> devices, DeviceShape shape) =>
        grain.WriteAsync([.. devices.Select(static device => device.Value)], shape);

    /// <inheritdoc/>
    public ValueTask<DeviceChunk?> WritePathAsync(DeviceId device, string path, DeviceShape shape) =>
        grain.WritePathAsync(device.Value, path, shape);

    /// <inheritdoc/>
    public ValueTask<DeviceWindow> SelectAsync(DeviceFilter filter, DeviceShape shape, DeviceOrder? order, int count) =>
        grain.SelectAsync(filter, shape, order, count);

    /// <inheritdoc/>
    public ValueTask<PartitionCounts> CountAsync() => grain.CountAsync();

    /// <inheritdoc/>
    public ValueTask MaintainAsync() => grain.MaintainAsync();

    /// <inheritdoc/>
    public ValueTask<bool> FlushAsync(ulong feed, ulong bootId, ulong sequence) => grain.FlushAsync(feed, bootId, sequence);
}
