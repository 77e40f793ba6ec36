using KismetOrleans.Grains.Handshakes;
using KismetOrleans.Grains.Observations;
using KismetOrleans.Grains.Operations;
using KismetOrleans.Grains.Partitions;
using KismetOrleans.Grains.Persistence;
using KismetOrleans.Grains.Ssids;
using KismetOrleans.Grains.Views;
using KismetOrleans.Records.Alerts;
using KismetOrleans.Records.Devices;

namespace KismetOrleans.Grains.Embedded;

/// <summary>A partition in this process, behind its own queue.</summary>
public sealed class EmbeddedPartition : IDevicePartition, IAsyncDisposable
{
    private readonly Mailbox _mailbox = new();
    private readonly DevicePartition _partition;
    private readonly PartitionSaver? _saver;
    private readonly IDisposable _gauges;

    /// <summary>A partition that is kept in memory alone.</summary>
    public EmbeddedPartition(DevicePartition partition)
    {
        _partition = partition;
        _gauges = Meters.Watch(partition, () => _mailbox.Length);
    }

    private EmbeddedPartition(DevicePartition partition, int number, long epoch, IDeviceStore store, TimeSpan saveEvery, TimeProvider clock)
        : this(partition) =>
        _saver = new(partition, number, epoch, store, saveEvery, clock, _mailbox.PostAsync);

    /// <summary>A partition that is kept in a store, as it was saved last.</summary>
    public static async Task<EmbeddedPartition> LoadAsync(int number, PartitionEnvironment environment, IDeviceStore store, TimeSpan saveEvery)
    {
        PartitionImage image = await store.LoadAsync(number);
        DevicePartition partition = new(number, environment, durable: true);
        partition.Restore(image);
        return new(partition, number, image.Epoch, store, saveEvery, environment.Clock);
    }

    /// <summary>Calls that wait.</summary>
    public int QueueLength => _mailbox.Length;

    /// <inheritdoc/>
    public async ValueTask<BatchOutcome> ApplyAsync(ObservationBatch batch) =>
        await _mailbox.PostAsync(() => _partition.Apply(batch));

    /// <inheritdoc/>
    public async ValueTask<DeviceChunk> ReadAsync(DeviceFilter filter, DeviceShape shape, int cursor) =>
        await _mailbox.PostAsync(() => _partition.Read(filter, shape, cursor));

    /// <inheritdoc/>
    public async ValueTask<DeviceChunk> WriteAsync(IReadOnlyList<DeviceId> devices, DeviceShape shape) =>
        await _mailbox.PostAsync(() => _partition.Write(devices, shape));

    /// <inheritdoc/>
    public async ValueTask<DeviceChunk?> WritePathAsync(DeviceId device, string path, DeviceShape shape) =>
        await _mailbox.PostAsync(() => _partition.WritePath(device, path, shape));

    /// <inheritdoc/>
    public async ValueTask<DeviceWindow> SelectAsync(DeviceFilter filter, DeviceShape shape, DeviceOrder? order, int count) =>
        await _mailbox.PostAsync(() => _partition.Select(filter, shape, order, count));

    /// <inheritdoc/>
    public async ValueTask<DeviceHistogram> HistogramAsync(DeviceFilter filter, DeviceShape shape, DeviceBuckets buckets) =>
        await _mailbox.PostAsync(() => _partition.Histogram(filter, shape, buckets));

    /// <inheritdoc/>
    public async ValueTask<EditOutcome> EditAsync(DeviceId device, DeviceEdit edit)
    {
        EditOutcome outcome = await _mailbox.PostAsync(() => _partition.Edit(device, edit));
        if (outcome == EditOutcome.Done)
        {
            await SaveAsync();
        }
        return outcome;
    }

    /// <inheritdoc/>
    public async ValueTask<int[]> SizesAsync(IReadOnlyList<UserView> views) => await _mailbox.PostAsync(() => _partition.Sizes(views));

    /// <inheritdoc/>
    public async ValueTask<byte[]?> HandshakesAsync(DeviceId device, HandshakeWanted wanted) =>
        await _mailbox.PostAsync(() => _partition.Handshakes(device, wanted));

    /// <inheritdoc/>
    public async ValueTask<DeviceId[]> RelatedAsync(IReadOnlyList<DeviceId> devices, Relation relation) =>
        await _mailbox.PostAsync(() => _partition.Related(devices, relation));

    /// <inheritdoc cref="DevicePartition.RenewFingerprints"/>
    public Task<IReadOnlyList<RaisedAlert>> RenewFingerprintsAsync() => _mailbox.PostAsync(_partition.RenewFingerprints);

    /// <inheritdoc/>
    public async ValueTask<SsidShare> SsidsAsync(SsidQuery query)
    {
        SsidTally tally = new(query);
        while (!await _mailbox.PostAsync(() => _partition.Count(tally)))
        {
        }
        return tally.Share;
    }

    /// <inheritdoc/>
    public async ValueTask<PartitionCounts> CountAsync() => await _mailbox.PostAsync(_partition.Count);

    /// <inheritdoc/>
    public async ValueTask MaintainAsync() => await _mailbox.PostAsync(_partition.Maintain);

    /// <inheritdoc/>
    public async ValueTask<bool> FlushAsync(ulong feed, ulong bootId, ulong sequence)
    {
        await SaveAsync();
        return await _mailbox.PostAsync(() => _partition.Covers(feed, bootId, sequence));
    }

    /// <summary>Completes when everything applied until now is on disk.</summary>
    public Task SaveAsync(bool atOnce = false) => _saver?.SaveAsync(atOnce) ?? Task.CompletedTask;

    /// <summary>Saves what is not saved yet, and stops.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await SaveAsync(atOnce: true);
        }
        finally
        {
            _gauges.Dispose();
            await _mailbox.DisposeAsync();
        }
    }
}
