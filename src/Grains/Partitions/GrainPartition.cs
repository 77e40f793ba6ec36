using System.Buffers;
using KismetOrleans.Engine.Channels;
using KismetOrleans.Engine.Handshakes;
using KismetOrleans.Engine.Observations;
using KismetOrleans.Engine.Partitions;
using KismetOrleans.Engine.Presence;
using KismetOrleans.Engine.Ssids;
using KismetOrleans.Engine.Views;
using KismetOrleans.Records.Devices;
using Microsoft.Extensions.ObjectPool;

namespace KismetOrleans.Grains.Partitions;

/// <summary>
/// A partition as a caller sees it. Where it is active in this process, batches and questions go straight into its turn; else they go to its grain.
/// </summary>
/// <param name="grains">The way to it.</param>
/// <param name="local">The partitions of this process; null where there can be none.</param>
internal sealed class GrainPartition(IGrainFactory grains, int number, LocalPartitions? local = null) : IDevicePartition
{
    // As many as there are batches in the air; more would only be kept for nothing.
    private const int MaxBuffers = 512;
    private static readonly ObjectPool<ArrayBufferWriter<byte>> s_buffers = new DefaultObjectPool<ArrayBufferWriter<byte>>(new BufferPolicy(), MaxBuffers);

    // Not before the first call: a client knows the grains only once it is connected.
    private IDevicePartitionGrain Grain => field ??= grains.GetGrain<IDevicePartitionGrain>(number);

    public async ValueTask<BatchOutcome> ApplyAsync(ObservationBatch batch)
    {
        if (local?.Find(number) is { } here && await here.TryApplyAsync(batch) is { } applied)
        {
            return applied;
        }
        ArrayBufferWriter<byte> buffer = s_buffers.Get();
        ObservationCodec.Write(batch, buffer);
        BatchOutcome outcome = await Grain.ApplyAsync(buffer.WrittenMemory);
        // After a fault the message may still be on its way, so that its bytes must stay as they are.
        s_buffers.Return(buffer);
        return outcome;
    }

    public ValueTask<DeviceChunk> ReadAsync(DeviceFilter filter, DeviceShape shape, int cursor, CancellationToken cancellation) =>
        AskAsync(partition => partition.Queries.Read(filter, shape, cursor), grain => grain.ReadAsync(filter, shape, cursor, cancellation), cancellation);

    public ValueTask<DeviceChunk> WriteAsync(IReadOnlyList<DeviceId> devices, DeviceShape shape, CancellationToken cancellation) =>
        AskAsync(partition => partition.Queries.Write(devices, shape), grain => grain.WriteAsync(Values(devices), shape, cancellation), cancellation);

    public ValueTask<DeviceChunk?> WritePathAsync(DeviceId device, string path, DeviceShape shape, CancellationToken cancellation) =>
        AskAsync(partition => partition.Queries.WritePath(device, path, shape), grain => grain.WritePathAsync(device.Value, path, shape, cancellation), cancellation);

    public ValueTask<DeviceWindow> SelectAsync(DeviceFilter filter, DeviceShape shape, DeviceOrder? order, int count, CancellationToken cancellation) =>
        AskAsync(partition => partition.Queries.Select(filter, shape, order, count), grain => grain.SelectAsync(filter, shape, order, count, cancellation), cancellation);

    public ValueTask<DeviceHistogram> HistogramAsync(DeviceFilter filter, DeviceShape shape, DeviceBuckets buckets, CancellationToken cancellation) =>
        AskAsync(partition => partition.Queries.Histogram(filter, shape, buckets), grain => grain.HistogramAsync(filter, shape, buckets, cancellation), cancellation);

    // It waits for the disk, which the partition's turn must not. Written twice it is the same as once.
    public ValueTask<EditOutcome> EditAsync(DeviceId device, DeviceEdit edit, CancellationToken cancellation) =>
        Grain.EditAsync(device.Value, edit.Tag, edit.Text, cancellation);

    public ValueTask<int[]> SizesAsync(IReadOnlyList<UserView> views, CancellationToken cancellation) =>
        AskAsync(partition => partition.Queries.Sizes(views), grain => grain.SizesAsync([.. views.Select(static view => view.Text)], cancellation), cancellation);

    public ValueTask<byte[]?> HandshakesAsync(DeviceId device, HandshakeWanted wanted, CancellationToken cancellation) => AskAsync(
        partition => partition.Queries.Handshakes(device, wanted), grain => grain.HandshakesAsync(device.Value, wanted.Kind, wanted.Client.Value, cancellation), cancellation);

    public ValueTask<DeviceId[]> RelatedAsync(IReadOnlyList<DeviceId> devices, Relation relation, CancellationToken cancellation) => AskAsync(
        partition => partition.Queries.Related(devices, relation),
        async grain => Array.ConvertAll(await grain.RelatedAsync(Values(devices), relation, cancellation), static value => new DeviceId(value)), cancellation);

    public ValueTask<PresenceShare> PresenceAsync(PresenceQuery query, CancellationToken cancellation) =>
        AskAsync(partition => partition.Queries.Presence(query), grain => grain.PresenceAsync(query, cancellation), cancellation);

    public async ValueTask<SsidShare> SsidsAsync(SsidQuery query, CancellationToken cancellation)
    {
        SsidTally tally = new(query);
        return await CountedAsync(partition => partition.Queries.Count(tally), cancellation) ? tally.Share : await Grain.SsidsAsync(query, cancellation);
    }

    public async ValueTask<HearingShare> HearingAsync(HearingQuery query, CancellationToken cancellation)
    {
        HearingTally tally = new(query);
        return await CountedAsync(partition => partition.Queries.Count(tally), cancellation) ? tally.Share : await Grain.HearingAsync(query, cancellation);
    }

    public ValueTask<PartitionCounts> CountAsync(CancellationToken cancellation) =>
        AskAsync(static partition => partition.Count(), grain => grain.CountAsync(cancellation), cancellation);

    public async ValueTask MaintainAsync()
    {
        if (local?.Find(number) is not { } here || !(await here.TryRunAsync(static partition =>
            {
                partition.Maintain();
                return true;
            })).Done)
        {
            await Grain.MaintainAsync();
        }
    }

    public ValueTask<bool> FlushAsync(ulong feed, ulong bootId, ulong sequence) => Grain.FlushAsync(feed, bootId, sequence);

    // Whether it was counted here, in this process.
    private async ValueTask<bool> CountedAsync(Func<DevicePartition, bool> count, CancellationToken cancellation)
    {
        if (local?.Find(number) is not { } here)
        {
            return false;
        }
        (bool Done, bool Complete) step;
        do
        {
            // A turn for some thousand devices: packets that wait come between.
            step = await here.TryRunAsync(count, cancellation);
        }
        while (step is { Done: true, Complete: false });
        return step.Done;
    }

    private static ulong[] Values(IReadOnlyList<DeviceId> devices) => [.. devices.Select(static device => device.Value)];

    private async ValueTask<T> AskAsync<T>(Func<DevicePartition, T> here, Func<IDevicePartitionGrain, ValueTask<T>> there, CancellationToken cancellation) =>
        local?.Find(number) is { } grain && await grain.TryRunAsync(here, cancellation) is (true, var answer) ? answer : await there(Grain);

    private sealed class BufferPolicy : PooledObjectPolicy<ArrayBufferWriter<byte>>
    {
        public override ArrayBufferWriter<byte> Create() => new();

        public override bool Return(ArrayBufferWriter<byte> obj)
        {
            obj.ResetWrittenCount();
            return true;
        }
    }
}
