using System.Runtime.CompilerServices;
using KismetOrleans.Engine.Partitions;
using KismetOrleans.Grains.Partitions;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Json;

namespace KismetOrleans.Grains.Devices;

/// <inheritdoc cref="IDeviceGrain"/>
public sealed class DeviceGrain(PartitionHost host, TimeProvider clock) : Grain, IDeviceGrain
{
    private const string LastTime = "kismet.device.base.last_time";
    private static readonly TimeSpan s_lookEvery = TimeSpan.FromSeconds(1);
    private static readonly DeviceShape s_shape = new(RecordFormat.Json, null);

    public async ValueTask<byte[]?> ReadAsync(CancellationToken cancellation)
    {
        if (Find() is not { } id)
        {
            return null;
        }
        using DeviceChunk chunk = await PartitionOf(id).WriteAsync([id], s_shape, cancellation);
        return chunk.Body.Length == 0 ? null : chunk.Body.Written.ToArray();
    }

    public async ValueTask<byte[]?> ReadFieldAsync(string path, CancellationToken cancellation)
    {
        if (Find() is not { } id)
        {
            return null;
        }
        using DeviceChunk? chunk = await PartitionOf(id).WritePathAsync(id, path, s_shape, cancellation);
        return chunk is { Count: > 0 } ? chunk.Body.Written.ToArray() : null;
    }

    public ValueTask<EditOutcome> SetNameAsync(string name, CancellationToken cancellation) => EditAsync(
        DeviceEdit.IsWritable(name, DeviceEdit.MaxName) ? new(null, name)
        : throw new ArgumentException($"expected up to {DeviceEdit.MaxName} characters, without control characters", nameof(name)),
        cancellation);

    public ValueTask<EditOutcome> SetTagAsync(string tag, string text, CancellationToken cancellation) => EditAsync(
        tag.Length == 0 || !DeviceEdit.IsWritable(tag, DeviceEdit.MaxTagName)
            ? throw new ArgumentException($"expected 1 to {DeviceEdit.MaxTagName} characters, without control characters", nameof(tag))
        : DeviceEdit.IsWritable(text, DeviceEdit.MaxTagText) ? new(tag, text)
        : throw new ArgumentException($"expected up to {DeviceEdit.MaxTagText} characters, without control characters", nameof(text)),
        cancellation);

    public async IAsyncEnumerable<byte[]> WatchAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        byte[]? seen = null;
        using PeriodicTimer timer = new(s_lookEvery, clock);
        do
        {
            if (await ReadFieldAsync(LastTime, cancellation) is { } heard && (seen is null || !heard.AsSpan().SequenceEqual(seen)) && await ReadAsync(cancellation) is { } record)
            {
                seen = heard;
                yield return record;
            }
        }
        while (await timer.WaitForNextTickAsync(cancellation));
    }

    private DeviceId? Find() => DeviceKey.TryParse(this.GetPrimaryKeyString(), out DeviceId id, out bool known) && known ? id : null;

    private IDevicePartition PartitionOf(DeviceId id)
    {
        ClusterPartitions partitions = host.PartitionsOf(GrainFactory);
        return partitions[Partitioning.Of(id, partitions.Count)];
    }

    private async ValueTask<EditOutcome> EditAsync(DeviceEdit edit, CancellationToken cancellation) =>
        Find() is { } id ? await PartitionOf(id).EditAsync(id, edit, cancellation) : EditOutcome.Unknown;
}
