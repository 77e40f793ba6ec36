using KismetOrleans.Engine.Channels;
using KismetOrleans.Engine.Handshakes;
using KismetOrleans.Engine.Observations;
using KismetOrleans.Engine.Partitions;
using KismetOrleans.Engine.Ssids;
using KismetOrleans.Engine.Views;
using KismetOrleans.Records.Devices;

namespace KismetOrleans.Engine.Tests.Partitions;

/// <summary>A partition without a grain, kept in memory alone: calls run one at a time.</summary>
internal sealed class MemoryPartition(DevicePartition partition) : IDevicePartition
{
    private readonly Lock _turn = new();

    public ValueTask<BatchOutcome> ApplyAsync(ObservationBatch batch) => InTurn(() => partition.Apply(batch));

    public ValueTask<DeviceChunk> ReadAsync(DeviceFilter filter, DeviceShape shape, int cursor, CancellationToken cancellation) => InTurn(() => partition.Queries.Read(filter, shape, cursor));

    public ValueTask<DeviceChunk> WriteAsync(IReadOnlyList<DeviceId> devices, DeviceShape shape, CancellationToken cancellation) => InTurn(() => partition.Queries.Write(devices, shape));

    public ValueTask<DeviceChunk?> WritePathAsync(DeviceId device, string path, DeviceShape shape, CancellationToken cancellation) => InTurn(() => partition.Queries.WritePath(device, path, shape));

    public ValueTask<DeviceWindow> SelectAsync(DeviceFilter filter, DeviceShape shape, DeviceOrder? order, int count, CancellationToken cancellation) =>
        InTurn(() => partition.Queries.Select(filter, shape, order, count));

    public ValueTask<DeviceHistogram> HistogramAsync(DeviceFilter filter, DeviceShape shape, DeviceBuckets buckets, CancellationToken cancellation) =>
        InTurn(() => partition.Queries.Histogram(filter, shape, buckets));

    public ValueTask<EditOutcome> EditAsync(DeviceId device, DeviceEdit edit, CancellationToken cancellation) => InTurn(() => partition.Edit(device, edit));

    public ValueTask<int[]> SizesAsync(IReadOnlyList<UserView> views, CancellationToken cancellation) => InTurn(() => partition.Queries.Sizes(views));

    public ValueTask<byte[]?> HandshakesAsync(DeviceId device, HandshakeWanted wanted, CancellationToken cancellation) => InTurn(() => partition.Queries.Handshakes(device, wanted));

    public ValueTask<DeviceId[]> RelatedAsync(IReadOnlyList<DeviceId> devices, Relation relation, CancellationToken cancellation) => InTurn(() => partition.Queries.Related(devices, relation));

    public ValueTask<Engine.Presence.PresenceShare> PresenceAsync(Engine.Presence.PresenceQuery query, CancellationToken cancellation) => InTurn(() => partition.Queries.Presence(query));

    public ValueTask<HearingShare> HearingAsync(HearingQuery query, CancellationToken cancellation) => InTurn(() =>
    {
        HearingTally tally = new(query);
        while (!partition.Queries.Count(tally))
        {
        }
        return tally.Share;
    });

    public ValueTask<SsidShare> SsidsAsync(SsidQuery query, CancellationToken cancellation) => InTurn(() =>
    {
        SsidTally tally = new(query);
        while (!partition.Queries.Count(tally))
        {
        }
        return tally.Share;
    });

    public ValueTask<PartitionCounts> CountAsync(CancellationToken cancellation) => InTurn(partition.Count);

    public ValueTask MaintainAsync()
    {
        lock (_turn)
        {
            partition.Maintain();
        }
        return default;
    }

    public ValueTask<bool> FlushAsync(ulong feed, ulong bootId, ulong sequence) => InTurn(() => partition.Covers(feed, bootId, sequence));

    private ValueTask<T> InTurn<T>(Func<T> call)
    {
        lock (_turn)
        {
            return new(call());
        }
    }
}
