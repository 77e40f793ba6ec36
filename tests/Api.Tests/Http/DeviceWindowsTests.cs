using KismetOrleans.Api.Http;
using KismetOrleans.Engine.Observations;
using KismetOrleans.Engine.Partitions;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Json;

namespace KismetOrleans.Api.Tests.Http;

/// <summary>A window is that of all devices in order, however unevenly the partitions share them.</summary>
public sealed class DeviceWindowsTests
{
    private static readonly DeviceShape s_shape = new(RecordFormat.Json, null);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(90)]
    public async Task Windows_are_those_of_one_list(int percentInOne)
    {
        Random random = new(percentInOne);
        for (int round = 0; round < 50; round++)
        {
            bool descending = round % 2 == 0;
            Part[] parts = [.. Enumerable.Range(0, 16).Select(_ => new Part(descending))];
            List<RankedDevice> all = [.. Enumerable.Range(0, 1000).Select(i => new RankedDevice(new(random.Next(300)), new(Phy.Dot11, new((ulong)i))))];
            // The first of the order go to one partition.
            all.Sort(new RankComparer(descending));
            for (int i = 0; i < all.Count; i++)
            {
                parts[i * 100 < all.Count * percentInOne ? 3 : random.Next(parts.Length)].Ranked.Add(all[i]);
            }
            int start = random.Next(1000);
            DeviceWindows.Window window = await DeviceWindows.SelectAsync(parts, new(), s_shape, new("any", descending), start, 50);
            Assert.Equal(all.Skip(start).Take(50).Select(static device => device.Id), window.Ids);
            Assert.Equal((1000, 1000), (window.Matching, window.Total));
            Assert.All(parts, static part => Assert.False(part.WasTurned));
            Assert.True(percentInOne > 0 || parts.Sum(static part => part.Asked) < start + 50 + (16 * 60), "more was asked for than is likely to be needed");
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_end_of_a_long_list_is_near_from_the_other_side(bool descending)
    {
        const int count = 50_000;
        Part[] parts = [.. Enumerable.Range(0, 4).Select(_ => new Part(descending))];
        // Many are alike: those are in the order of their identities, in the direction of the order.
        List<RankedDevice> all = [.. Enumerable.Range(0, count).Select(i => new RankedDevice(new(i % 7), new(Phy.Dot11, new((ulong)i))))];
        all.Sort(new RankComparer(descending));
        for (int i = 0; i < count; i++)
        {
            parts[(int)(all[i].Id.Value % 4)].Ranked.Add(all[i]);
        }
        foreach (int start in (int[])[0, 19_999, 20_000, 24_999, 25_001, 45_000, 49_950, 49_975, 49_999])
        {
            Array.ForEach(parts, static part => part.Asked = 0);
            DeviceWindows.Window window = await DeviceWindows.SelectAsync(parts, new(), s_shape, new("any", descending), start, 50);
            Assert.Equal(all.Skip(start).Take(50).Select(static device => device.Id), window.Ids);
            Assert.Equal((count, count), (window.Matching, window.Total));
            Assert.InRange(parts.Sum(static part => part.Asked), 1, (count / 2) + 3_000);
        }
        Array.ForEach(parts, static part => part.Asked = 0);
        Assert.Equal(50, (await DeviceWindows.SelectAsync(parts, new(), s_shape, new("any", descending), 49_950, 50)).Ids.Count);
        Assert.InRange(parts.Sum(static part => part.Asked), 50, 500);
        Assert.All(parts, static part => Assert.True(part.WasTurned));
        // Beyond the end is the beginning.
        Assert.Equal(all[0].Id, (await DeviceWindows.SelectAsync(parts, new(), s_shape, new("any", descending), count, 50)).Ids[0]);
    }

    private sealed class Part(bool descending) : IDevicePartition
    {
        public List<RankedDevice> Ranked { get; } = [];

        public int Asked { get; set; }

        /// <summary>Whether the list was asked for from its end.</summary>
        public bool WasTurned { get; private set; }

        public ValueTask<DeviceWindow> SelectAsync(DeviceFilter filter, DeviceShape shape, DeviceOrder? order, int count, CancellationToken cancellation)
        {
            if (order is null)
            {
                Assert.Equal(0, count);
                return new(new DeviceWindow(Ranked.Count, Ranked.Count, []));
            }
            bool turned = order.Descending != descending;
            WasTurned |= turned;
            Asked += Math.Min(count, Ranked.Count);
            return new(new DeviceWindow(Ranked.Count, Ranked.Count, [.. (turned ? Enumerable.Reverse(Ranked) : Ranked).Take(count)]));
        }

        public ValueTask<BatchOutcome> ApplyAsync(ObservationBatch batch) => throw new NotSupportedException();

        public ValueTask<DeviceChunk> ReadAsync(DeviceFilter filter, DeviceShape shape, int cursor, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask<DeviceChunk> WriteAsync(IReadOnlyList<DeviceId> devices, DeviceShape shape, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask<DeviceChunk?> WritePathAsync(DeviceId device, string path, DeviceShape shape, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask<DeviceHistogram> HistogramAsync(DeviceFilter filter, DeviceShape shape, DeviceBuckets buckets, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask<int[]> SizesAsync(IReadOnlyList<Engine.Views.UserView> views, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask<byte[]?> HandshakesAsync(DeviceId device, Engine.Handshakes.HandshakeWanted wanted, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask<DeviceId[]> RelatedAsync(IReadOnlyList<DeviceId> devices, Relation relation, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask<Engine.Presence.PresenceShare> PresenceAsync(Engine.Presence.PresenceQuery query, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask<Engine.Ssids.SsidShare> SsidsAsync(Engine.Ssids.SsidQuery query, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask<Engine.Channels.HearingShare> HearingAsync(Engine.Channels.HearingQuery query, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask<PartitionCounts> CountAsync(CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask<EditOutcome> EditAsync(DeviceId device, DeviceEdit edit, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask MaintainAsync() => throw new NotSupportedException();

        public ValueTask<bool> FlushAsync(ulong feed, ulong bootId, ulong sequence) => throw new NotSupportedException();
    }
}
