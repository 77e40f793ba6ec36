using KismetOrleans.Engine.Channels;
using KismetOrleans.Engine.Handshakes;
using KismetOrleans.Engine.Partitions;
using KismetOrleans.Engine.Presence;
using KismetOrleans.Engine.Ssids;

namespace KismetOrleans.Grains.Partitions;

/// <summary>A partition of the devices in the cluster; its key is its number. The contract is <see cref="IDevicePartition"/>.</summary>
[Alias("KismetOrleans.IDevicePartitionGrain")]
public interface IDevicePartitionGrain : IGrainWithIntegerKey
{
    /// <summary>Applies a batch, as <see cref="Engine.Observations.ObservationCodec"/> writes it.</summary>
    [Alias("Apply")]
    ValueTask<BatchOutcome> ApplyAsync([Immutable] ReadOnlyMemory<byte> batch);

    /// <inheritdoc cref="IDevicePartition.ReadAsync"/>
    [Alias("Read")]
    [Idempotent]
    ValueTask<DeviceChunk> ReadAsync([Immutable] DeviceFilter filter, [Immutable] DeviceShape shape, int cursor, CancellationToken cancellation = default);

    /// <summary>Writes given devices.</summary>
    /// <param name="devices">Identities, as <see cref="Records.Devices.DeviceId.Value"/>.</param>
    /// <param name="cancellation">Nobody waits for the answer any more.</param>
    [Alias("Write")]
    [Idempotent]
    ValueTask<DeviceChunk> WriteAsync([Immutable] ulong[] devices, [Immutable] DeviceShape shape, CancellationToken cancellation = default);

    /// <inheritdoc cref="IDevicePartition.WritePathAsync"/>
    [Alias("WritePath")]
    [Idempotent]
    ValueTask<DeviceChunk?> WritePathAsync(ulong device, string path, [Immutable] DeviceShape shape, CancellationToken cancellation = default);

    /// <inheritdoc cref="IDevicePartition.SelectAsync"/>
    [Alias("Select")]
    [Idempotent]
    ValueTask<DeviceWindow> SelectAsync([Immutable] DeviceFilter filter, [Immutable] DeviceShape shape, [Immutable] DeviceOrder? order, int count, CancellationToken cancellation = default);

    /// <inheritdoc cref="IDevicePartition.HistogramAsync"/>
    [Alias("Histogram")]
    [Idempotent]
    ValueTask<DeviceHistogram> HistogramAsync([Immutable] DeviceFilter filter, [Immutable] DeviceShape shape, [Immutable] DeviceBuckets buckets, CancellationToken cancellation = default);

    /// <inheritdoc cref="IDevicePartition.EditAsync"/>
    /// <param name="device">Identity, as <see cref="Records.Devices.DeviceId.Value"/>.</param>
    /// <param name="tag">Which tag; null for the name.</param>
    /// <param name="cancellation">Nobody waits for the answer any more.</param>
    [Alias("Edit")]
    [Idempotent]
    [ResponseTimeout("00:00:30")]
    ValueTask<EditOutcome> EditAsync(ulong device, string? tag, string text, CancellationToken cancellation = default);

    /// <inheritdoc cref="IDevicePartition.SizesAsync"/>
    /// <param name="views">As <see cref="Engine.Views.UserView.Text"/>.</param>
    /// <param name="cancellation">Nobody waits for the answer any more.</param>
    [Alias("Sizes")]
    [Idempotent]
    ValueTask<int[]> SizesAsync([Immutable] string[] views, CancellationToken cancellation = default);

    /// <inheritdoc cref="IDevicePartition.HandshakesAsync"/>
    /// <param name="device">Identity, as <see cref="Records.Devices.DeviceId.Value"/>.</param>
    /// <param name="client">The client's address as a number.</param>
    /// <param name="cancellation">Nobody waits for the answer any more.</param>
    [Alias("Handshakes")]
    [Idempotent]
    ValueTask<byte[]?> HandshakesAsync(ulong device, HandshakeKind kind, ulong client, CancellationToken cancellation = default);

    /// <inheritdoc cref="IDevicePartition.RelatedAsync"/>
    /// <param name="devices">Identities, as <see cref="Records.Devices.DeviceId.Value"/>; those of the answer too.</param>
    /// <param name="cancellation">Nobody waits for the answer any more.</param>
    [Alias("Related")]
    [Idempotent]
    ValueTask<ulong[]> RelatedAsync([Immutable] ulong[] devices, Relation relation, CancellationToken cancellation = default);

    /// <inheritdoc cref="IDevicePartition.PresenceAsync"/>
    [Alias("Presence")]
    [Idempotent]
    ValueTask<PresenceShare> PresenceAsync([Immutable] PresenceQuery query, CancellationToken cancellation = default);

    /// <inheritdoc cref="IDevicePartition.SsidsAsync"/>
    [Alias("Ssids")]
    [Idempotent]
    ValueTask<SsidShare> SsidsAsync([Immutable] SsidQuery query, CancellationToken cancellation = default);

    /// <inheritdoc cref="IDevicePartition.HearingAsync"/>
    [Alias("Hearing")]
    [Idempotent]
    ValueTask<HearingShare> HearingAsync([Immutable] HearingQuery query, CancellationToken cancellation = default);

    /// <inheritdoc cref="IDevicePartition.CountAsync"/>
    [Alias("Count")]
    ValueTask<PartitionCounts> CountAsync(CancellationToken cancellation = default);

    /// <inheritdoc cref="IDevicePartition.MaintainAsync"/>
    [Alias("Maintain")]
    ValueTask MaintainAsync();

    /// <inheritdoc cref="IDevicePartition.FlushAsync"/>
    [Alias("Flush")]
    [ResponseTimeout("00:00:30")]
    ValueTask<bool> FlushAsync(ulong feed, ulong bootId, ulong sequence);
}
