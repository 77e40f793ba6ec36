using KismetOrleans.Engine.Channels;
using KismetOrleans.Engine.Handshakes;
using KismetOrleans.Engine.Locating;
using KismetOrleans.Engine.Presence;
using KismetOrleans.Engine.Ssids;
using KismetOrleans.Engine.Tracking;
using KismetOrleans.Engine.Views;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Fields;
using KismetOrleans.Records.Json;

namespace KismetOrleans.Engine.Partitions;

/// <summary>What is asked of the devices of one partition, and changes nothing. Used by the partition's worker alone, as <see cref="DevicePartition"/> is.</summary>
/// <param name="environment">What the partition shares with its host.</param>
/// <param name="presence">Who of them was where.</param>
public sealed class PartitionQueries(PartitionEnvironment environment, DeviceSet devices, PresenceBook presence)
{
    // Small enough that a query does not hold up a partition's packets for a millisecond, large enough that a call a chunk costs nothing.
    private const int ChunkBytes = 256 * 1024;
    private readonly DeviceSet _devices = devices;
    private readonly ViewMembers _members = new(devices);
    private readonly DeviceLocator _locator = new(devices.SensorPlaces, environment.Options);
    private uint _warmed;

    /// <inheritdoc cref="IDevicePartition.ReadAsync"/>
    public DeviceChunk Read(DeviceFilter filter, DeviceShape shape, int cursor)
    {
        RecordContext context = NewContext();
        DeviceTest test = new(InTerms(filter, context), shape, context);
        RecordWriter<Device> writer = DeviceTable.Table.Writer(shape.Format, shape.Fields);
        JsonOut body = new() { Context = context };
        List<int>? ends = shape.Apart ? [] : null;
        // Serial numbers, so that devices that retention removes meanwhile make a list neither skip nor repeat others.
        ReadOnlySpan<Device> devices = filter.Devices is { } named ? Named(named) : _devices.All;
        int i = filter.Devices is null ? _devices.IndexOf((uint)cursor) : 0;
        int count = 0;
        while (i < devices.Length && (body.Length < ChunkBytes || filter.Devices is not null))
        {
            Device device = devices[i++];
            if (test.IsInView(device) && test.Passes(device))
            {
                WriteOne(writer, device, body, shape, count++);
                ends?.Add(body.Length);
            }
        }
        return new(body, count, i < devices.Length ? (int)devices[i].Serial : -1) { Ends = ends };
    }

    // Few: those of an address on each phy.
    private Device[] Named(IReadOnlyList<DeviceId> ids) => [.. ids.Select(_devices.Find).OfType<Device>()];

    /// <inheritdoc cref="IDevicePartition.WriteAsync"/>
    public DeviceChunk Write(IReadOnlyList<DeviceId> ids, DeviceShape shape)
    {
        RecordWriter<Device> writer = DeviceTable.Table.Writer(shape.Format, shape.Fields);
        JsonOut body = new() { Context = NewContext() };
        List<int> ends = [];
        foreach (DeviceId id in ids)
        {
            if (_devices.Find(id) is { } device)
            {
                writer.Write(device, body, shape.Depth);
            }
            ends.Add(body.Length);
        }
        return new(body, ids.Count, -1) { Ends = ends };
    }

    /// <inheritdoc cref="IDevicePartition.WritePathAsync"/>
    public DeviceChunk? WritePath(DeviceId id, string path, DeviceShape shape)
    {
        if (_devices.Find(id) is not { } device)
        {
            return null;
        }
        JsonOut body = new() { Context = NewContext() };
        return new(body, DeviceTable.Table.TryWritePath(device, path, body, shape.Format) ? 1 : 0, -1);
    }

    /// <inheritdoc cref="IDevicePartition.SelectAsync"/>
    public DeviceWindow Select(DeviceFilter filter, DeviceShape shape, DeviceOrder? order, int count)
    {
        RecordContext context = NewContext();
        DeviceTest test = new(InTerms(filter, context), shape, context);
        if (order is null)
        {
            List<RankedDevice> first = [];
            (int matching, int total) = ForEach(test, device =>
            {
                if (first.Count < count)
                {
                    first.Add(new(default, device.Id));
                }
            });
            return new(matching, total, first);
        }
        RecordOrder<Device> by = DeviceTable.Table.Order(order.Path);
        if (by.IsNumeric)
        {
            NumericTop numbers = new(count, order.Descending);
            (int counted, int inView) = ForEach(test, device => numbers.Offer(by.Key(device, context).Number, device.Id));
            return new(counted, inView, numbers.ToSorted());
        }
        TopList<RankedDevice, RankComparer> top = new(count, new(order.Descending));
        (int passing, int all) = ForEach(test, device => top.Offer(new(by.Key(device, context), device.Id)));
        return new(passing, all, top.ToSorted());
    }

    /// <inheritdoc cref="IDevicePartition.HistogramAsync"/>
    public DeviceHistogram Histogram(DeviceFilter filter, DeviceShape shape, DeviceBuckets buckets)
    {
        RecordContext context = NewContext();
        DeviceTally tally = new(buckets, context);
        _ = ForEach(new(InTerms(filter, context), shape, context), tally.Add);
        return tally.Histogram;
    }

    /// <inheritdoc cref="IDevicePartition.SizesAsync"/>
    public int[] Sizes(IReadOnlyList<UserView> views) => _members.Sizes(views, NewContext());

    // A user's view is known here by its members.
    private DeviceFilter InTerms(DeviceFilter filter, RecordContext context) =>
        filter.View is UserView view ? filter with { View = _members.MembersOf(view, context) } : filter;

    /// <inheritdoc cref="IDevicePartition.HandshakesAsync"/>
    public byte[]? Handshakes(DeviceId id, HandshakeWanted wanted) =>
        _devices.Find(id) is { } device ? HandshakeFile.Write(device.Dot11, wanted) : null;

    /// <inheritdoc cref="IDevicePartition.RelatedAsync"/>
    public DeviceId[] Related(IReadOnlyList<DeviceId> ids, Relation relation)
    {
        HashSet<DeviceId> related = [];
        foreach (DeviceId id in ids)
        {
            if (_devices.Find(id)?.Dot11 is { } device)
            {
                Relations.Add(device, relation, related);
            }
        }
        return [.. related];
    }

    /// <inheritdoc cref="IDevicePartition.PresenceAsync"/>
    public PresenceShare Presence(PresenceQuery query) => presence.Read(query, query.Device is { } one ? Named([new(one)]) : _devices.All);

    /// <summary>Takes some more devices into a tally of SSIDs.</summary>
    /// <returns>Whether it has all of them.</returns>
    public bool Count(SsidTally tally) => tally.Advance(_devices);

    /// <summary>Takes some more devices into a tally of what sources hear.</summary>
    /// <returns>Whether it has all of them.</returns>
    public bool Count(HearingTally tally) => tally.Advance(_devices);

    // One after the other, each would be waited for: devices of a partition of many lie all over the memory.
    private void Warm(ReadOnlySpan<Device> soon)
    {
        uint sum = 0;
        foreach (Device device in soon)
        {
            sum += device.LastTime;
        }
        _warmed = sum;
    }

    private (int Matching, int Total) ForEach(DeviceTest test, Action<Device> take)
    {
        int total = 0;
        int matching = 0;
        ReadOnlySpan<Device> devices = test.Devices is { } named ? Named(named) : _devices.All;
        for (int i = 0; i < devices.Length; i++)
        {
            if (i % DevicePartition.WarmAhead == 0)
            {
                Warm(devices.Slice(i, Math.Min(DevicePartition.WarmAhead, devices.Length - i)));
            }
            Device device = devices[i];
            if (!test.IsInView(device))
            {
                continue;
            }
            total++;
            if (test.Passes(device))
            {
                matching++;
                take(device);
            }
        }
        return (matching, total);
    }

    private static void WriteOne(RecordWriter<Device> writer, Device device, JsonOut body, DeviceShape shape, int before)
    {
        if (before > 0 && !shape.Apart)
        {
            body.Raw(ListFraming.Separator(shape.Format));
        }
        writer.Write(device, body, shape.Depth);
        if (shape.Apart)
        {
            body.Raw(ObjectWriter.End(shape.Format));
        }
    }

    private RecordContext NewContext() => new() { Now = (uint)environment.Clock.GetUtcNow().ToUnixTimeSeconds(), ServerUuid = environment.ServerUuid, Sources = environment.Sources, Locator = _locator };
}
