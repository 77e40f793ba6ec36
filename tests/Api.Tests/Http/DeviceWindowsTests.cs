using KismetOrleans.Api.Http;
using KismetOrleans.Grains.Observations;
using KismetOrleans.Grains.Partitions;
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
            Assert.True(percentInOne > 0 || parts.Sum(static part => part.Asked) < start + 50 + (16 * 60), "more was asked for than is likely to be needed");
        }
    }

    private sealed class Part(bool descending) : IDevicePartition
    {
        public List<RankedDevice> Ranked { get; } = [];

        public int Asked { get; private set; }

        public ValueTask<DeviceWindow> SelectAsync(DeviceFilter filter, DeviceShape shape, DeviceOrder? order, int count)
        {
            Assert.Equal(descending, order!.Descending);
            Asked += Math.Min(count, Ranked.Count);
            return new(new DeviceWindow(Ranked.Count, Ranked.Count, [.. Ranked.Take(count)]));
        }

        public ValueTask<BatchOutcome> ApplyAsync(ObservationBatch batch) => throw new NotSupportedException();

        public ValueTask<DeviceChunk> ReadAsync(DeviceFilter filter, DeviceShape shape, int cursor) => throw new NotSupportedException();

        public ValueTask<DeviceChunk> WriteAsync(IReadOnlyList<DeviceId> devices, DeviceShape shape) => throw new NotSupportedException();

        public ValueTask<DeviceChunk?> WritePathAsync(DeviceId device, string path, DeviceShape shape) => throw new NotSupportedException();

        public ValueTask<DeviceHistogram> HistogramAsync(DeviceFilter filter, DeviceShape shape, DeviceBuckets buckets) => throw new NotSupportedException();

        public ValueTask<int[]> SizesAsync(IReadOnlyList<Grains.Views.UserView> views) => throw new NotSupportedException();

        public ValueTask<byte[]?> HandshakesAsync(DeviceId device, Grains.Handshakes.HandshakeWanted wanted) => throw new NotSupportedException();

        public ValueTask<DeviceId[]> RelatedAsync(IReadOnlyList<DeviceId> devices, Relation relation) => throw new NotSupportedException();

        public ValueTask<Grains.Ssids.SsidShare> SsidsAsync(Grains.Ssids.SsidQuery query) => throw new NotSupportedException();

        public ValueTask<PartitionCounts> CountAsync() => throw new NotSupportedException();

        public ValueTask<EditOutcome> EditAsync(DeviceId device, DeviceEdit edit) => throw new NotSupportedException();

        public ValueTask MaintainAsync() => throw new NotSupportedException();

        public ValueTask<bool> FlushAsync(ulong feed, ulong bootId, ulong sequence) => throw new NotSupportedException();
    }
}
