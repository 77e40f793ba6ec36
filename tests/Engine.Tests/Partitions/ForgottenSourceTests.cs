using KismetOrleans.Engine.Datasources;
using KismetOrleans.Engine.Observations;
using KismetOrleans.Engine.Partitions;
using KismetOrleans.Records.Datasources;
using KismetOrleans.Records.Json;
using static KismetOrleans.Engine.Tests.Frames;

namespace KismetOrleans.Engine.Tests.Partitions;

/// <summary>What a source was that is forgotten is not put down to the next one that has its number.</summary>
public sealed class ForgottenSourceTests
{
    private readonly Sources _sources = new();
    private readonly DevicePartition _partition;

    public ForgottenSourceTests() => _partition = new(0, new(1, new(), new FakeManufacturers(), _sources, Guid.Empty, new FakeClock()), durable: true);

    [Fact]
    public void Devices_do_not_say_any_more_that_it_heard_them()
    {
        Apply(1, 1, Beacon(Ap, "Campus"));
        Apply(2, 1, Beacon(Ap, "Campus", sequence: 1));
        Assert.Equal([1, 2], HeardBy());
        _partition.Maintain();
        Assert.Equal([1, 2], HeardBy());
        _sources.Forgotten.Add(1);
        _partition.Maintain();
        Assert.Equal([2], HeardBy());
        Assert.Equal(0, _partition.Count().BySource.GetValueOrDefault<ushort, int>(1));
        Assert.Equal(1, _partition.Count().BySource[2]);
    }

    [Fact]
    public void Its_mark_goes_with_it_so_that_the_next_one_is_heard_whatever_its_life()
    {
        Apply(1, bootId: 1000, Beacon(Ap, "Campus"));
        Assert.True(_partition.Covers(1, 10, 1));
        _sources.Forgotten.Add(1);
        _partition.Maintain();
        Assert.False(_partition.Covers(1, 10, 1));
        _sources.Forgotten.Clear();
        Apply(1, bootId: 10, Beacon(Ap, "Campus", sequence: 1));
        Assert.Equal([1], HeardBy());
    }

    private void Apply(ushort source, ulong bootId, byte[] frame)
    {
        ObservationBatch batch = new();
        batch.Reset(source, 1_750_000_000);
        new FrameDissector().Dissect(new Packets().Add(frame).ToBatch(), [batch]);
        batch.Mark = new(source, bootId, 1, 0);
        _ = _partition.Apply(batch);
    }

    private IEnumerable<int> HeardBy() => Slices.ReadAll(_partition).SelectMany(static device => device.GetProperty("kismet.device.base.seenby").EnumerateArray())
        .Select(static seen => (int)Guid.Parse(seen.GetProperty("kismet.common.seenby.uuid").GetString()!).ToByteArray()[0]).Order();

    private sealed class Sources : ISourceDirectory
    {
        public HashSet<ushort> Forgotten { get; } = [];

        public IReadOnlyList<DatasourceRecord> All => [];

        public DatasourceRecord? Find(ushort number) => Slices.Source(number);

        public bool IsForgotten(ushort number) => Forgotten.Contains(number);
    }
}
