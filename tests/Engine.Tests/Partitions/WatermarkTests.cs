using KismetOrleans.Engine.Datasources;
using KismetOrleans.Engine.Observations;
using KismetOrleans.Engine.Partitions;
using KismetOrleans.Records.Json;
using static KismetOrleans.Engine.Tests.Frames;

namespace KismetOrleans.Engine.Tests.Partitions;

/// <summary>A partition takes each marked batch once, in order, and says when one before is missing.</summary>
public sealed class WatermarkTests
{
    private readonly FrameDissector _dissector = new();
    private readonly DevicePartition _partition = new(0, new(1, new(), new FakeManufacturers(), new NoSources(), Guid.Empty, new FakeClock()));
    private byte _frame;

    [Fact]
    public void A_batch_that_comes_again_is_dropped()
    {
        BatchMark mark = new(1, 10, 5, 0);
        Assert.False(Apply(mark).Gap);
        Assert.False(Apply(mark).Gap);
        Assert.False(Apply(mark with { Sequence = 4 }).Gap);
        Assert.False(Apply(mark with { BootId = 9, Sequence = 100 }).Gap);
        Assert.Equal(1, Packets());
    }

    [Fact]
    public void The_next_one_and_one_of_another_feed_or_a_new_life_count()
    {
        Apply(new(1, 10, 5, 0));
        Apply(new(1, 10, 9, 5));
        Apply(new(2, 10, 5, 0));
        Apply(new(1, 11, 1, 0));
        Assert.Equal(4, Packets());
    }

    [Fact]
    public void A_batch_whose_predecessor_is_missing_is_refused_until_that_comes()
    {
        Apply(new(1, 10, 1, 0));
        Assert.True(Apply(new(1, 10, 3, 2)).Gap);
        Assert.Equal(1, Packets());
        Assert.False(_partition.Covers(1, 10, 3));
        Apply(new(1, 10, 2, 0));
        Apply(new(1, 10, 3, 2));
        Assert.Equal(3, Packets());
        Assert.True(_partition.Covers(1, 10, 3));
        Assert.True(_partition.Covers(1, 9, 99));
        Assert.False(_partition.Covers(2, 1, 1));
    }

    private BatchOutcome Apply(BatchMark mark)
    {
        ObservationBatch batch = new();
        batch.Reset(1, 1_700_000_000);
        byte[] beacon = Beacon(Ap, "Campus");
        beacon[24] = ++_frame;
        _dissector.Dissect(new Packets().Add(beacon).ToBatch(), [batch]);
        batch.Mark = mark;
        return _partition.Apply(batch);
    }

    private int Packets() =>
        Slices.ReadAll(_partition).Sum(static device => device.GetProperty("kismet.device.base.packets.total").GetInt32());

    private sealed class NoSources : ISourceDirectory
    {
        public IReadOnlyList<Records.Datasources.DatasourceRecord> All => [];

        public Records.Datasources.DatasourceRecord? Find(ushort number) => null;
    }
}
