using KismetOrleans.Engine.Channels;
using KismetOrleans.Engine.Datasources;
using KismetOrleans.Engine.Partitions;
using KismetOrleans.Engine.Tests.Partitions;
using KismetOrleans.Packets;
using KismetOrleans.Records.Datasources;
using KismetOrleans.Records.Server;
using KismetOrleans.SampleGenerator;
using KismetOrleans.Wire;
using static KismetOrleans.Engine.Tests.Frames;

namespace KismetOrleans.Engine.Tests.Datasources;

/// <summary>Batches arrive once and in order, and a reader is held back by the slowest partition.</summary>
public sealed class DatasourceTests
{
    private readonly FakeClock _clock = new();
    private readonly Observer _observer = new();

    [Fact]
    public async Task A_repeated_batch_is_dropped_and_counted()
    {
        FakePartition partition = new() { Immediate = true };
        Datasource source = New(partition);
        await source.AcceptAsync(Batch(1));
        await source.AcceptAsync(Batch(2));
        await source.AcceptAsync(Batch(2));
        await source.AcceptAsync(Batch(1));
        Assert.Equal((2, 2L, 2UL), (partition.Applied.Count, source.RepeatedBatches, source.Packets));
        await source.AcceptAsync(Batch(3));
        Assert.Equal((3, 3UL), (partition.Applied.Count, source.Packets));
        Assert.Equal(3, _observer.Batches.Count);
    }

    [Fact]
    public async Task A_source_that_starts_anew_counts_anew()
    {
        FakePartition partition = new() { Immediate = true };
        Datasource source = New(partition);
        await source.AcceptAsync(Batch(5));
        await source.AcceptAsync(Batch(1, bootId: 2));
        await source.AcceptAsync(Batch(1, bootId: 2));
        Assert.Equal((2, 1L), (partition.Applied.Count, source.RepeatedBatches));
    }

    [Fact]
    public async Task A_batch_of_sequence_zero_is_known_again()
    {
        FakePartition partition = new() { Immediate = true };
        Datasource source = New(partition);
        await source.AcceptAsync(Batch(0));
        await source.AcceptAsync(Batch(0));
        await source.AcceptAsync(Batch(1));
        Assert.Equal((2, 1L), (partition.Applied.Count, source.RepeatedBatches));
    }

    [Fact]
    public async Task A_slow_partition_holds_the_second_batch_and_nothing_is_lost()
    {
        FakePartition slow = new();
        Datasource source = New(slow);
        await source.AcceptAsync(Batch(1));
        ValueTask second = source.AcceptAsync(Batch(2));
        // Dissected, but the one before is not applied yet: it waits, and the partition does not see it.
        Assert.False(second.IsCompleted);
        Assert.Equal([1], slow.Applied.Select(frames => frames.Length));
        slow.Finish();
        await second;
        Assert.Equal(2, slow.Applied.Count);
        ValueTask third = source.AcceptAsync(Batch(3));
        Assert.False(third.IsCompleted);
        slow.Finish();
        await third;
        ValueTask drained = source.DrainAsync();
        Assert.False(drained.IsCompleted);
        slow.Finish();
        await drained;
        Assert.Equal([1, 2, 3], slow.Applied.Select(frames => (int)frames.Single()));
        // A drained source waits for nothing.
        Assert.True(source.DrainAsync().IsCompletedSuccessfully);
    }

    [Fact]
    public async Task A_batch_that_is_applied_is_not_written_over_while_the_next_is_dissected()
    {
        FakePartition slow = new();
        Datasource source = New(slow);
        await source.AcceptAsync(Batch(1));
        ValueTask second = source.AcceptAsync(Batch(2));
        // Read by the partition only now, when the second batch has been dissected.
        Assert.Equal(1, slow.Held!.Items[0].Frame.Sequence);
        slow.Finish();
        await second;
        Assert.Equal(2, slow.Held!.Items[0].Frame.Sequence);
        slow.Finish();
    }

    [Fact]
    public async Task The_slowest_of_several_partitions_counts()
    {
        FakePartition[] partitions = [new(), new(), new()];
        Datasource source = New(partitions);
        PacketBatch Wide(ulong sequence)
        {
            Packets packets = new();
            for (ushort i = 0; i < 64; i++)
            {
                packets.Add(ProbeRequest(new(0x0E00_0000_0000UL + i), "x", (ushort)sequence));
            }
            return packets.ToBatch(sequence: sequence);
        }
        await source.AcceptAsync(Wide(1));
        ValueTask second = source.AcceptAsync(Wide(2));
        partitions[2].Finish();
        partitions[0].Finish();
        Assert.False(second.IsCompleted);
        partitions[1].Finish();
        await second;
        Assert.All(partitions, partition => Assert.Equal(2, partition.Applied.Count));
        Assert.Equal(128, partitions.Sum(partition => partition.Applied.Sum(frames => frames.Length)));
    }

    [Fact]
    public async Task A_partition_that_owns_nothing_of_a_batch_is_not_called()
    {
        FakePartition[] partitions = [new() { Immediate = true }, new() { Immediate = true }];
        Datasource source = New(partitions);
        await source.AcceptAsync(new Packets().Add(ControlFrames.Ack(Client)).ToBatch());
        Assert.All(partitions, partition => Assert.Empty(partition.Applied));
        await source.AcceptAsync(new Packets().Add(ProbeRequest(Client, "x")).ToBatch(sequence: 2));
        Assert.Equal(1, partitions.Sum(partition => partition.Applied.Count));
    }

    [Fact]
    public async Task The_fault_of_a_partition_reaches_the_reader_and_does_not_cost_the_batch_that_waited()
    {
        FakePartition partition = new();
        Datasource source = New(partition);
        await source.AcceptAsync(Batch(1));
        Task second = source.AcceptAsync(Batch(2)).AsTask();
        partition.Fail(new IOException("disk full"));
        Assert.Equal("disk full", (await Assert.ThrowsAsync<IOException>(() => second)).Message);
        Assert.Equal([1, 2], partition.Applied.Select(frames => (int)frames.Single()));
        Assert.Equal(2, _observer.Batches.Count);
        partition.Finish();
        await source.DrainAsync();
    }

    [Fact]
    public async Task After_a_fault_the_other_partitions_are_waited_for_all_the_same()
    {
        FakePartition[] partitions = [new(), new()];
        Datasource source = New(partitions);
        Packets packets = new();
        for (ushort i = 0; i < 64; i++)
        {
            packets.Add(ProbeRequest(new(0x0E00_0000_0000UL + i), "x", i));
        }
        await source.AcceptAsync(packets.ToBatch());
        Task drained = source.DrainAsync().AsTask();
        partitions[0].Fail(new IOException("disk full"));
        Assert.False(drained.IsCompleted);
        partitions[1].Finish(new MessageRecord("found", MessageFlags.Info, 1));
        await Assert.ThrowsAsync<IOException>(() => drained);
        Assert.Single(_observer.Messages);
    }

    [Fact]
    public async Task Messages_of_the_partitions_reach_the_observer()
    {
        FakePartition partition = new();
        Datasource source = New(partition);
        await source.AcceptAsync(Batch(1));
        partition.Finish(new MessageRecord("found", MessageFlags.Info, 1));
        Assert.Empty(_observer.Messages);
        await source.DrainAsync();
        Assert.Equal("found", Assert.Single(_observer.Messages).Text);
    }

    [Fact]
    public async Task What_partitions_find_wrong_counts_for_the_source_and_duplicates_for_the_server()
    {
        FakePartition partition = new();
        Datasource source = New(partition);
        await source.AcceptAsync(Batch(1));
        partition.Finish(FakePartition.Nothing with { Anomalies = [new(Anomalies.SsidTooLong, 3)] });
        await source.AcceptAsync(Batch(2));
        partition.Finish(FakePartition.Nothing with { Duplicates = 5, Anomalies = [new(Anomalies.SsidTooLong, 1), new(Anomalies.RsnMalformed, 1)] });
        await source.DrainAsync();
        Assert.Equal([new(Anomalies.SsidTooLong, 4), new AnomalyCount(Anomalies.RsnMalformed, 1)], source.Anomalies.Seen());
        Assert.Equal(5, Assert.Single(_observer.Outcomes).Duplicates);
    }

    [Fact]
    public async Task Each_batch_is_reported_with_what_it_added()
    {
        Datasource source = New(new FakePartition { Immediate = true });
        Packets packets = new();
        packets.Add(Heard(Beacon(Ap, "a"), -40), LinkType.Radiotap).Add(Heard(ToDs(Client, Ap, Wired, new byte[77]), -60), LinkType.Radiotap).Add([1, 2, 3], (LinkType)1);
        await source.AcceptAsync(packets.ToBatch());
        _clock.Second++;
        await source.AcceptAsync(Batch(2));
        BatchSummary first = _observer.Batches[0];
        Assert.Equal((_clock.Second - 1, 3, 1L, 2L), (first.Clock, first.Packets, first.Errors, first.ByPhy[Phy.Dot11.Id]));
        FrequencyUse use = Assert.Single(first.Frequencies);
        Assert.Equal((2_437_000u, 2, 77L, -60, -60, -40), (use.Khz, use.Packets, use.DataBytes, (int)use.Last, (int)use.Min, (int)use.Max));
        BatchSummary second = _observer.Batches[1];
        Assert.Equal((_clock.Second, 1, 0L, 1L), (second.Clock, second.Packets, second.Errors, second.ByPhy[Phy.Dot11.Id]));
        Assert.Empty(second.Frequencies);
        Assert.Equal([new AnomalyCount(Anomalies.LinkTypeUnsupported, 1)], source.Anomalies.Seen());
        Assert.Equal(1, source.Anomalies[Anomalies.LinkTypeUnsupported]);
    }

    [Fact]
    public async Task A_source_of_which_most_packets_cannot_be_read_says_so_until_they_can()
    {
        // A file: a radio is judged by more.
        Datasource source = new(Slices.Source(1) with { Driver = SourceDrivers.File }, [new FakePartition { Immediate = true }], _observer, _clock);
        await source.AcceptAsync(new Packets().Add([1], (LinkType)1).Add([1], (LinkType)1).Add(Beacon(Ap, "Campus")).ToBatch());
        source.Publish();
        const string reason = "2 of 3 packets cannot be read (link type without a decoder: 2)";
        Assert.Equal((true, reason), (source.Record.Error, source.Record.ErrorReason));
        Assert.Equal([reason], _observer.Unread);
        // A fault of another kind goes before it, and what a sensor says at each report does not hide it.
        source.Publish(static record => record with { Error = true, ErrorReason = "no such device" });
        Assert.Equal("no such device", source.Record.ErrorReason);
        source.Publish(static record => record with { Error = false, ErrorReason = "" });
        Assert.Equal((true, reason), (source.Record.Error, source.Record.ErrorReason));
        for (ulong i = 2; i < 10; i++)
        {
            await source.AcceptAsync(Batch(i));
        }
        source.Publish();
        Assert.Equal((false, ""), (source.Record.Error, source.Record.ErrorReason));
        Assert.Equal([reason], _observer.Unread);
    }

    [Fact]
    public async Task Damaged_packets_among_good_ones_are_no_error_of_the_source()
    {
        Datasource source = New(new FakePartition { Immediate = true });
        await source.AcceptAsync(new Packets().Add([1], (LinkType)1).Add(Beacon(Ap, "Campus", 1)).Add(Beacon(Ap, "Campus", 2)).ToBatch());
        source.Publish();
        Assert.Equal((false, "", 1UL), (source.Record.Error, source.Record.ErrorReason, source.Record.ErrorPackets));
        Assert.Empty(_observer.Unread);
    }

    [Fact]
    public async Task A_published_record_stays_as_it_was()
    {
        Datasource source = New(new FakePartition { Immediate = true });
        DatasourceRecord before = source.Record;
        await source.AcceptAsync(Batch(1));
        source.Publish();
        DatasourceRecord one = source.Record;
        await source.AcceptAsync(Batch(2));
        source.Publish(record => record with { Running = true, Packets = record.Packets + 100 });
        Assert.Equal((0UL, 1UL, 102UL), (before.Packets, one.Packets, source.Record.Packets));
        Assert.Equal((1.0, 2.0), (one.PacketsRrd.LastValue, source.Record.PacketsRrd.LastValue));
        Assert.True(source.Record.Running);
    }

    private Datasource New(params FakePartition[] partitions) => new(Slices.Source(1), partitions, _observer, _clock);

    // One beacon whose sequence number is the batch's.
    private static PacketBatch Batch(ulong sequence, ulong bootId = 1) =>
        new Packets().Add(Beacon(Ap, "Campus", (ushort)sequence)).ToBatch(bootId, sequence);

    private sealed class Observer : IDatasourceObserver
    {
        public List<BatchSummary> Batches { get; } = [];

        public List<BatchOutcome> Outcomes { get; } = [];

        public List<string> Unread { get; } = [];

        public IEnumerable<MessageRecord> Messages => Outcomes.SelectMany(outcome => outcome.Messages);

        public void BatchAccepted(in BatchSummary batch) => Batches.Add(batch);

        public void BatchApplied(BatchOutcome outcome) => Outcomes.Add(outcome);

        public void SourceUnread(DatasourceRecord source, string reason) => Unread.Add(reason);
    }
}
