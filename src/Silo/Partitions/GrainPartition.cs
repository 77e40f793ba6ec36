using System.Buffers;
using System.Collections.Concurrent;
using KismetOrleans.Grains.Handshakes;
using KismetOrleans.Grains.Observations;
using KismetOrleans.Grains.Partitions;
using KismetOrleans.Grains.Ssids;
using KismetOrleans.Grains.Views;
using KismetOrleans.Records.Devices;

namespace KismetOrleans.Silo.Partitions;

/// <summary>A partition of the cluster as a caller sees it.</summary>
/// <param name="grains">The way to it.</param>
/// <param name="number">Its number.</param>
public sealed class GrainPartition(IGrainFactory grains, int number) : IDevicePartition
{
    // As many as there are batches in the air; more would only be kept for nothing.
    private const int MaxBuffers = 512;
    private static readonly ConcurrentBag<ArrayBufferWriter<byte>> s_buffers = [];

    // Not before the first call: a client knows the grains only once it is connected.
    private IDevicePartitionGrain Grain => field ??= grains.GetGrain<IDevicePartitionGrain>(number);

    /// <inheritdoc/>
    public async ValueTask<BatchOutcome> ApplyAsync(ObservationBatch batch)
    {
        if (!s_buffers.TryTake(out ArrayBufferWriter<byte>? buffer))
        {
            buffer = new();
        }
        ObservationCodec.Write(batch, buffer);
        BatchOutcome outcome = await Grain.ApplyAsync(buffer.WrittenMemory);
        // After a fault the message may still be on its way, so that its octets must stay as they are.
        buffer.ResetWrittenCount();
        if (s_buffers.Count < MaxBuffers)
        {
            s_buffers.Add(buffer);
        }
        return outcome;
    }

    /// <inheritdoc/>
    public ValueTask<DeviceChunk> ReadAsync(DeviceFilter filter, DeviceShape shape, int cursor) =>
        Patience.AskAsync(() => Grain.ReadAsync(filter, shape, cursor));

    /// <inheritdoc/>
    public ValueTask<DeviceChunk> WriteAsync(IReadOnlyList<DeviceId> devices, DeviceShape shape)
    {
        ulong[] ids = [.. devices.Select(static device => device.Value)];
        return Patience.AskAsync(() => Grain.WriteAsync(ids, shape));
    }

    /// <inheritdoc/>
    public ValueTask<DeviceChunk?> WritePathAsync(DeviceId device, string path, DeviceShape shape) =>
        Patience.AskAsync(() => Grain.WritePathAsync(device.Value, path, shape));

    /// <inheritdoc/>
    public ValueTask<DeviceWindow> SelectAsync(DeviceFilter filter, DeviceShape shape, DeviceOrder? order, int count) =>
        Patience.AskAsync(() => Grain.SelectAsync(filter, shape, order, count));

    /// <inheritdoc/>
    public ValueTask<DeviceHistogram> HistogramAsync(DeviceFilter filter, DeviceShape shape, DeviceBuckets buckets) =>
        Patience.AskAsync(() => Grain.HistogramAsync(filter, shape, buckets));

    // Written twice it is the same as once.
    /// <inheritdoc/>
    public ValueTask<EditOutcome> EditAsync(DeviceId device, DeviceEdit edit) =>
        Patience.AskAsync(() => Grain.EditAsync(device.Value, edit.Tag, edit.Text));

    /// <inheritdoc/>
    public ValueTask<int[]> SizesAsync(IReadOnlyList<UserView> views)
    {
        string[] texts = [.. views.Select(static view => view.Text)];
        return Patience.AskAsync(() => Grain.SizesAsync(texts));
    }

    /// <inheritdoc/>
    public ValueTask<byte[]?> HandshakesAsync(DeviceId device, HandshakeWanted wanted) =>
        Patience.AskAsync(() => Grain.HandshakesAsync(device.Value, wanted.Kind, wanted.Client.Value));

    /// <inheritdoc/>
    public async ValueTask<DeviceId[]> RelatedAsync(IReadOnlyList<DeviceId> devices, Relation relation)
    {
        ulong[] ids = [.. devices.Select(static device => device.Value)];
        return Array.ConvertAll(await Patience.AskAsync(() => Grain.RelatedAsync(ids, relation)), static value => new DeviceId(value));
    }

    /// <inheritdoc/>
    public ValueTask<SsidShare> SsidsAsync(SsidQuery query) => Patience.AskAsync(() => Grain.SsidsAsync(query));

    /// <inheritdoc/>
    public ValueTask<PartitionCounts> CountAsync() => Grain.CountAsync();

    /// <inheritdoc/>
    public ValueTask MaintainAsync() => Grain.MaintainAsync();

    /// <inheritdoc/>
    public ValueTask<bool> FlushAsync(ulong feed, ulong bootId, ulong sequence) => Grain.FlushAsync(feed, bootId, sequence);
}
