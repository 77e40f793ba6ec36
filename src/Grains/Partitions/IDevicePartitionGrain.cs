using KismetOrleans.Engine.Handshakes;
using KismetOrleans.Engine.Partitions;
using KismetOrleans.Engine.Ssids;

namespace KismetOrleans.Grains.Partitions;

/// <summary>A partition of the devices in the cluster; its key is its number. The contract is <see cref="IDevicePartition"/>.</summary>
[Alias("KismetOrleans.IDevicePartitionGrain")]
public interface IDevicePartitionGrain : IGrainWithIntegerKey
{
    /// <summary>Applies a batch, as <see cref="Engine.Observations.ObservationCodec"/> writes it.</summary>
    [Alias("Apply")]
    ValueTask<BatchOutcome> ApplyAsync([Immutable] ReadOnlyMemory<byte> batch);

    /// <summary>Has the partitions of a bundle apply their batches: those of this silo, and others elsewhere by a call each.</summary>
    /// <param name="bundle">As <see cref="PartitionBundle"/> has it.</param>
    /// <returns>What came of each, in their order.</returns>
    [Alias("ApplyMany")]
    ValueTask<BatchOutcome[]> ApplyManyAsync([Immutable] ReadOnlyMemory<byte> bundle);

    /// <inheritdoc cref="IDevicePartition.ReadAsync"/>
    [Alias("Read")]
    ValueTask<DeviceChunk> ReadAsync([Immutable] DeviceFilter filter, [Immutable] DeviceShape shape, int cursor);

    /// <summary>Writes given devices.</summary>
    /// <param name="devices">Identities, as <see cref="Records.Devices.DeviceId.Value"/>.</param>
    /// <param name="shape">How.</param>
    [Alias("Write")]
    ValueTask<DeviceChunk> WriteAsync([Immutable] ulong[] devices, [Immutable] DeviceShape shape);

    /// <inheritdoc cref="IDevicePartition.WritePathAsync"/>
    [Alias("WritePath")]
    ValueTask<DeviceChunk?> WritePathAsync(ulong device, string path, [Immutable] DeviceShape shape);

    /// <inheritdoc cref="IDevicePartition.SelectAsync"/>
    [Alias("Select")]
    ValueTask<DeviceWindow> SelectAsync([Immutable] DeviceFilter filter, [Immutable] DeviceShape shape, [Immutable] DeviceOrder? order, int count);

    /// <summary>Asks all partitions, as <see cref="IManyPartitions.SelectAsync"/>: those of another silo by one call.</summary>
    [Alias("SelectAll")]
    ValueTask<DeviceWindow[]> SelectAllAsync([Immutable] DeviceFilter filter, [Immutable] DeviceShape shape, [Immutable] DeviceOrder? order, int count);

    /// <summary>Asks some partitions, which should be those of this silo.</summary>
    /// <returns>What each has, in their order.</returns>
    [Alias("SelectMany")]
    ValueTask<DeviceWindow[]> SelectManyAsync(
        [Immutable] int[] partitions, [Immutable] DeviceFilter filter, [Immutable] DeviceShape shape, [Immutable] DeviceOrder? order, int count);

    /// <inheritdoc cref="IDevicePartition.HistogramAsync"/>
    [Alias("Histogram")]
    ValueTask<DeviceHistogram> HistogramAsync([Immutable] DeviceFilter filter, [Immutable] DeviceShape shape, [Immutable] DeviceBuckets buckets);

    /// <summary>Asks all partitions, as <see cref="IManyPartitions.HistogramAsync"/>: those of another silo by one call, which adds them up.</summary>
    [Alias("HistogramOfAll")]
    ValueTask<DeviceHistogram> HistogramOfAllAsync([Immutable] DeviceFilter filter, [Immutable] DeviceShape shape, [Immutable] DeviceBuckets buckets);

    /// <summary>Asks some partitions, which should be those of this silo.</summary>
    [Alias("HistogramOfMany")]
    ValueTask<DeviceHistogram> HistogramOfManyAsync(
        [Immutable] int[] partitions, [Immutable] DeviceFilter filter, [Immutable] DeviceShape shape, [Immutable] DeviceBuckets buckets);

    /// <inheritdoc cref="IDevicePartition.EditAsync"/>
    /// <param name="device">Identity, as <see cref="Records.Devices.DeviceId.Value"/>.</param>
    /// <param name="tag">Which tag; null for the name.</param>
    /// <param name="text">What to write.</param>
    [Alias("Edit")]
    [ResponseTimeout("00:00:30")]
    ValueTask<EditOutcome> EditAsync(ulong device, string? tag, string text);

    /// <inheritdoc cref="IDevicePartition.SizesAsync"/>
    /// <param name="views">As <see cref="Engine.Views.UserView.Text"/>.</param>
    [Alias("Sizes")]
    ValueTask<int[]> SizesAsync([Immutable] string[] views);

    /// <inheritdoc cref="IDevicePartition.HandshakesAsync"/>
    /// <param name="device">Identity, as <see cref="Records.Devices.DeviceId.Value"/>.</param>
    /// <param name="kind">Which frames.</param>
    /// <param name="client">The client's address as a number.</param>
    [Alias("Handshakes")]
    ValueTask<byte[]?> HandshakesAsync(ulong device, HandshakeKind kind, ulong client);

    /// <inheritdoc cref="IDevicePartition.RelatedAsync"/>
    /// <param name="devices">Identities, as <see cref="Records.Devices.DeviceId.Value"/>; those of the answer too.</param>
    /// <param name="relation">How.</param>
    [Alias("Related")]
    ValueTask<ulong[]> RelatedAsync([Immutable] ulong[] devices, Relation relation);

    /// <inheritdoc cref="IDevicePartition.SsidsAsync"/>
    [Alias("Ssids")]
    ValueTask<SsidShare> SsidsAsync([Immutable] SsidQuery query);

    /// <summary>Asks all partitions, as <see cref="IManyPartitions.SsidsAsync"/>: those of another silo by one call, which adds them up.</summary>
    [Alias("SsidsOfAll")]
    ValueTask<SsidShare> SsidsOfAllAsync([Immutable] SsidQuery query);

    /// <summary>Asks some partitions, which should be those of this silo.</summary>
    [Alias("SsidsOfMany")]
    ValueTask<SsidShare> SsidsOfManyAsync([Immutable] int[] partitions, [Immutable] SsidQuery query);

    /// <inheritdoc cref="IDevicePartition.CountAsync"/>
    [Alias("Count")]
    ValueTask<PartitionCounts> CountAsync();

    /// <inheritdoc cref="IDevicePartition.MaintainAsync"/>
    [Alias("Maintain")]
    ValueTask MaintainAsync();

    /// <inheritdoc cref="IDevicePartition.FlushAsync"/>
    [Alias("Flush")]
    [ResponseTimeout("00:00:30")]
    ValueTask<bool> FlushAsync(ulong feed, ulong bootId, ulong sequence);
}
