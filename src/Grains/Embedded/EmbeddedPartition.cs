using KismetOrleans.Grains.Observations;
using KismetOrleans.Grains.Partitions;
using KismetOrleans.Records.Devices;

namespace KismetOrleans.Grains.Embedded;

/// <summary>A partition in this process, behind its own queue.</summary>
public sealed class EmbeddedPartition(DevicePartition partition) : IDevicePartition, IAsyncDisposable
{
    private readonly Mailbox _mailbox = new();

    /// <inheritdoc/>
    public async ValueTask<BatchOutcome> ApplyAsync(ObservationBatch batch) =>
        await _mailbox.PostAsync(() => partition.Apply(batch));

    /// <inheritdoc/>
    public async ValueTask<DeviceChunk> ReadAsync(DeviceFilter filter, DeviceShape shape, int cursor) =>
        await _mailbox.PostAsync(() => partition.Read(filter, shape, cursor));

    /// <inheritdoc/>
    public async ValueTask<DeviceChunk> WriteAsync(IReadOnlyList<DeviceId> devices, DeviceShape shape) =>
        await _mailbox.PostAsync(() => partition.Write(devices, shape));

    /// <inheritdoc/>
    public async ValueTask<DeviceChunk?> WritePathAsync(DeviceId device, string path, DeviceShape shape) =>
        await _mailbox.PostAsync(() => partition.WritePath(device, path, shape));

    /// <inheritdoc/>
    public async ValueTask<DeviceWindow> SelectAsync(DeviceFilter filter, DeviceShape shape, DeviceOrder? order, int count) =>
        await _mailbox.PostAsync(() => partition.Select(filter, shape, order, count));

    /// <inheritdoc/>
    public async ValueTask<PartitionCounts> CountAsync() => await _mailbox.PostAsync(partition.Count);

    /// <inheritdoc/>
    public async ValueTask MaintainAsync() => await _mailbox.PostAsync(partition.Maintain);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _mailbox.DisposeAsync();
}
