using KismetOrleans.Engine.Datasources;
using KismetOrleans.Engine.Observations;
using KismetOrleans.Engine.Partitions;
using KismetOrleans.Engine.Tests.Datasources;

namespace KismetOrleans.Engine.Tests.Partitions;

public sealed class PartitionFeedTests
{
    [Fact]
    public async Task The_batches_of_a_feed_serve_the_next_one_as_soon_as_all_partitions_have_applied_them()
    {
        // A number of partitions that no other test has.
        FakePartition[] partitions = [.. Enumerable.Range(0, 37).Select(static i => new FakePartition { Immediate = i > 1 })];
        PartitionFeed first = new(1, partitions, new Unheard());
        PartitionFeed second = new(2, partitions, new Unheard());
        PartitionFeed third = new(3, partitions, new Unheard());
        ObservationBatch[] lent = first.Begin(1, now: 100);
        lent[0].Add(default, [1, 2, 3]);
        lent[1].Add(default, [4]);
        first.Send(bootId: 1, sequence: 1);
        partitions[1].Finish();
        ObservationBatch[] other = second.Begin(2, now: 100);
        Assert.NotSame(lent, other);

        // One partition still reads what it was sent.
        Assert.Equal([1, 2, 3], lent[0].Bytes(lent[0].Items[0]).ToArray());
        partitions[0].Finish();
        Assert.Equal((false, null), await first.DrainAsync());
        Assert.Same(lent, third.Begin(3, now: 101));
        Assert.Equal(0, lent[0].Count);
    }

    [Fact]
    public async Task A_partition_that_fails_keeps_no_batch_from_the_next_feed()
    {
        FakePartition[] partitions = [.. Enumerable.Range(0, 41).Select(static _ => new FakePartition())];
        PartitionFeed feed = new(1, partitions, new Unheard());
        ObservationBatch[] lent = feed.Begin(1, now: 100);
        lent[0].Add(default, []);
        lent[40].Add(default, []);
        feed.Send(bootId: 1, sequence: 1);
        partitions[0].Fail(new IOException("broken"));
        partitions[40].Finish();
        Assert.Equal("broken", (await feed.DrainAsync()).Fault?.SourceException.Message);
        Assert.Same(lent, new PartitionFeed(2, partitions, new Unheard()).Begin(1, now: 101));
    }

    [Fact]
    public void A_batch_that_was_never_filled_keeps_nothing_and_a_full_one_keeps_its_room()
    {
        ObservationBatch batch = new();
        Assert.Equal(0, batch.Kept);
        batch.Reset(1, 100);
        batch.Add(default, new byte[3000]);
        long kept = batch.Kept;
        Assert.InRange(kept, 3000, 16_384);
        batch.Reset(1, 101);
        batch.Add(default, new byte[3000]);
        Assert.Equal(kept, batch.Kept);
    }

    private sealed class Unheard : IDatasourceObserver
    {
        public void BatchAccepted(in BatchSummary batch)
        {
        }

        public void BatchApplied(BatchOutcome outcome)
        {
        }
    }
}
