using KismetOrleans.Engine.Channels;
using KismetOrleans.Engine.Handshakes;
using KismetOrleans.Engine.Observations;
using KismetOrleans.Engine.Presence;
using KismetOrleans.Engine.Ssids;
using KismetOrleans.Engine.Views;
using KismetOrleans.Records.Devices;

namespace KismetOrleans.Engine.Partitions;

/// <summary>A slice of all devices: the same contract in this process and in another one. A cancelled question is not answered, and not asked when its turn comes.</summary>
public interface IDevicePartition
{
    /// <summary>Applies a batch. Completes when it is applied; batches of one caller are applied in order.</summary>
    ValueTask<BatchOutcome> ApplyAsync(ObservationBatch batch);

    /// <summary>Writes the devices that pass a filter, in order of first sight, from a cursor on, about 256 KiB at a time.</summary>
    /// <param name="cursor">0, or the <see cref="DeviceChunk.Next"/> of the chunk before.</param>
    /// <param name="cancellation">Nobody waits for the answer any more.</param>
    ValueTask<DeviceChunk> ReadAsync(DeviceFilter filter, DeviceShape shape, int cursor, CancellationToken cancellation = default);

    /// <summary>Writes given devices, in the order given; an unknown one takes no bytes. <see cref="DeviceChunk.Ends"/> tells them apart.</summary>
    ValueTask<DeviceChunk> WriteAsync(IReadOnlyList<DeviceId> devices, DeviceShape shape, CancellationToken cancellation = default);

    /// <summary>Writes one field of a device, named by its path.</summary>
    /// <returns>The value; null when the device is unknown; a chunk of 0 devices when the field is unknown or absent.</returns>
    ValueTask<DeviceChunk?> WritePathAsync(DeviceId device, string path, DeviceShape shape, CancellationToken cancellation = default);

    /// <summary>The first <paramref name="count"/> devices of an order.</summary>
    /// <param name="shape">Fields that <see cref="DeviceFilter.Search"/> looks at.</param>
    /// <param name="order">The order; null for order of first sight.</param>
    /// <param name="cancellation">Nobody waits for the answer any more.</param>
    ValueTask<DeviceWindow> SelectAsync(DeviceFilter filter, DeviceShape shape, DeviceOrder? order, int count, CancellationToken cancellation = default);

    /// <summary>Counts devices by a number that they have.</summary>
    /// <param name="shape">Fields that <see cref="DeviceFilter.Search"/> looks at.</param>
    /// <param name="buckets">The number, and how it is divided.</param>
    /// <param name="cancellation">Nobody waits for the answer any more.</param>
    ValueTask<DeviceHistogram> HistogramAsync(DeviceFilter filter, DeviceShape shape, DeviceBuckets buckets, CancellationToken cancellation = default);

    /// <summary>Writes a user's name or tag on a device; completes when it is on disk, or at once where nothing is kept there. Cancelled, it may have been written.</summary>
    ValueTask<EditOutcome> EditAsync(DeviceId device, DeviceEdit edit, CancellationToken cancellation = default);

    /// <summary>How many devices belong to each of some users' views, which are kept up from now on.</summary>
    ValueTask<int[]> SizesAsync(IReadOnlyList<UserView> views, CancellationToken cancellation = default);

    /// <summary>Frames kept of an access point's handshakes, as a pcap file.</summary>
    /// <returns>The file, which may be without packets; null when the device is unknown.</returns>
    ValueTask<byte[]?> HandshakesAsync(DeviceId device, HandshakeWanted wanted, CancellationToken cancellation = default);

    /// <summary>The devices that given ones belong together with, each once, in no order; unknown ones with none. They may be of any partition.</summary>
    ValueTask<DeviceId[]> RelatedAsync(IReadOnlyList<DeviceId> devices, Relation relation, CancellationToken cancellation = default);

    /// <summary>Who was where, as far as the partition knows it beside its store.</summary>
    ValueTask<PresenceShare> PresenceAsync(PresenceQuery query, CancellationToken cancellation = default);

    /// <summary>The partition's share of the SSIDs.</summary>
    ValueTask<SsidShare> SsidsAsync(SsidQuery query, CancellationToken cancellation = default);

    /// <summary>Which sources hear the same of the partition's devices.</summary>
    ValueTask<HearingShare> HearingAsync(HearingQuery query, CancellationToken cancellation = default);

    /// <summary>Sizes of the partition's views.</summary>
    ValueTask<PartitionCounts> CountAsync(CancellationToken cancellation = default);

    /// <summary>Gives memory of idle devices back. Called about once a minute.</summary>
    ValueTask MaintainAsync();

    /// <summary>Completes when everything applied until now is on disk, or at once where nothing is kept on disk.</summary>
    /// <returns>
    /// Whether a batch of a feed is part of it; false when the partition was restarted from a state without it, so that its sender must resend.
    /// </returns>
    ValueTask<bool> FlushAsync(ulong feed, ulong bootId, ulong sequence);
}
