using KismetOrleans.Engine.Observations;
using KismetOrleans.Engine.Partitions;
using KismetOrleans.Records.Devices;

namespace KismetOrleans.Engine.Tests.Partitions;

/// <summary>A partition to send batches to; who asks it for devices has a fault.</summary>
internal abstract class UnaskedPartition : IDevicePartition
{
    public abstract ValueTask<BatchOutcome> ApplyAsync(ObservationBatch batch);

    public abstract ValueTask<bool> FlushAsync(ulong feed, ulong bootId, ulong sequence);

    public ValueTask<DeviceChunk> ReadAsync(DeviceFilter filter, DeviceShape shape, int cursor, CancellationToken cancellation) => throw new NotSupportedException();

    public ValueTask<DeviceChunk> WriteAsync(IReadOnlyList<DeviceId> devices, DeviceShape shape, CancellationToken cancellation) => throw new NotSupportedException();

    public ValueTask<DeviceChunk?> WritePathAsync(DeviceId device, string path, DeviceShape shape, CancellationToken cancellation) => throw new NotSupportedException();

    public ValueTask<DeviceWindow> SelectAsync(DeviceFilter filter, DeviceShape shape, DeviceOrder? order, int count, CancellationToken cancellation) => throw new NotSupportedException();

    public ValueTask<DeviceHistogram> HistogramAsync(DeviceFilter filter, DeviceShape shape, DeviceBuckets buckets, CancellationToken cancellation) => throw new NotSupportedException();

    public ValueTask<EditOutcome> EditAsync(DeviceId device, DeviceEdit edit, CancellationToken cancellation) => throw new NotSupportedException();

    public ValueTask<int[]> SizesAsync(IReadOnlyList<Engine.Views.UserView> views, CancellationToken cancellation) => throw new NotSupportedException();

    public ValueTask<byte[]?> HandshakesAsync(DeviceId device, Engine.Handshakes.HandshakeWanted wanted, CancellationToken cancellation) => throw new NotSupportedException();

    public ValueTask<DeviceId[]> RelatedAsync(IReadOnlyList<DeviceId> devices, Relation relation, CancellationToken cancellation) => throw new NotSupportedException();

    public ValueTask<Engine.Presence.PresenceShare> PresenceAsync(Engine.Presence.PresenceQuery query, CancellationToken cancellation) => throw new NotSupportedException();

    public ValueTask<Engine.Ssids.SsidShare> SsidsAsync(Engine.Ssids.SsidQuery query, CancellationToken cancellation) => throw new NotSupportedException();

    public ValueTask<Engine.Channels.HearingShare> HearingAsync(Engine.Channels.HearingQuery query, CancellationToken cancellation) => throw new NotSupportedException();

    public ValueTask<PartitionCounts> CountAsync(CancellationToken cancellation) => throw new NotSupportedException();

    public ValueTask MaintainAsync() => throw new NotSupportedException();
}
