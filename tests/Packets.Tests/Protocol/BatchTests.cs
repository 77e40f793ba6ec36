using KismetOrleans.Packets.Live;
using KismetOrleans.Packets.Protocol;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Files;

namespace KismetOrleans.Packets.Tests.Protocol;

/// <summary>Batches come out as they went in, and damaged ones not at all.</summary>
public sealed class BatchTests
{
    private const int Seed = 20_260_101;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_goes_in_comes_out(bool compress)
    {
        Random random = new(Seed);
        BatchBuilder builder = new() { Compress = compress };
        for (int round = 0; round < 200; round++)
        {
            PacketBatch sent = Anything(random, random.Next(1, 300));
            builder.Clear();
            SamplePackets.Add(builder, sent);
            ReadOnlyMemory<byte> frame = builder.Pack((ulong)round + 7, (ulong)round + 1, (ulong)round * 1000);
            PacketBatch got = SamplePackets.Decode(frame.Span, out BatchHeader header);
            Assert.Equal(((ulong)round + 7, (ulong)round + 1, (ulong)round * 1000, sent.Count), (header.BootId, header.Sequence, header.FirstPacket, header.Packets));
            Assert.Equal(((ulong)round + 7, (ulong)round + 1, sent.Count), (got.BootId, got.Sequence, got.Count));
            AssertSame(sent, got);
        }
    }

    [Fact]
    public void A_batch_takes_no_more_than_its_bounds_and_the_rest_goes_into_the_next()
    {
        PacketBatch many = SamplePackets.Numbered(0, EdgeProtocol.MaxBatchPackets + 5);
        BatchBuilder builder = new();
        int next = 0;
        Assert.False(builder.Add(many, ref next));
        Assert.Equal((EdgeProtocol.MaxBatchPackets, EdgeProtocol.MaxBatchPackets), (next, builder.Packets));
        Assert.Equal(Enumerable.Range(0, EdgeProtocol.MaxBatchPackets), SamplePackets.NumbersIn(builder.Pack(1, 1, 0).Span));
        builder.Clear();
        Assert.True(builder.Add(many, ref next));
        Assert.Equal([4096, 4097, 4098, 4099, 4100], SamplePackets.NumbersIn(builder.Pack(1, 2, 4096).Span));

        PacketBatch large = SamplePackets.Numbered(0, 5, CaptureLimits.MaxPacketLength);
        builder.Clear();
        next = 0;
        Assert.False(builder.Add(large, ref next));
        Assert.Equal((4, EdgeProtocol.MaxBatchBytes), (next, builder.Bytes));
        Assert.Equal([0, 1, 2, 3], SamplePackets.NumbersIn(builder.Pack(1, 1, 0).Span));
    }

    [Fact]
    public void The_worst_batch_fits_the_longest_frame()
    {
        // Bytes that do not compress, each packet of another kind than the one before, times far apart, lengths contradictory.
        Random random = new(Seed);
        PacketBatch worst = new(EdgeProtocol.MaxBatchBytes, EdgeProtocol.MaxBatchPackets) { Count = EdgeProtocol.MaxBatchPackets };
        random.NextBytes(worst.Bytes);
        for (int i = 0; i < worst.Count; i++)
        {
            worst.Packets[i] = new()
            {
                TimeNs = i % 2 == 0 ? long.MinValue : long.MaxValue,
                LinkType = (LinkType)ushort.MaxValue,
                Interface = int.MaxValue - i,
                TimeOutOfRange = i % 2 == 0,
                Offset = i * 256,
                Length = 256,
                OriginalLength = int.MaxValue,
            };
        }
        foreach (bool compress in (bool[])[true, false])
        {
            BatchBuilder builder = new() { Compress = compress };
            SamplePackets.Add(builder, worst);
            ReadOnlyMemory<byte> frame = builder.Pack(ulong.MaxValue, ulong.MaxValue, ulong.MaxValue);
            Assert.InRange(frame.Length, 1, EdgeProtocol.MaxFrameBytes);
            AssertSame(worst, SamplePackets.Decode(frame.Span, out _));
        }
    }

    [Fact]
    public void Nothing_is_allocated_per_packet()
    {
        PacketBatch packets = SamplePackets.Numbered(0, 1000, 100);
        PacketBatch target = BatchDecoder.NewBatch();
        BatchBuilder builder = new();
        RoundTrip();
        // The least of some: a collection that another test causes can be charged to this thread.
        long least = Enumerable.Range(0, 5).Min(_ =>
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            RoundTrip();
            return GC.GetAllocatedBytesForCurrentThread() - before;
        });
        // The compressor's own state, whatever the number of packets.
        Assert.True(least <= 1000, $"{least} bytes");

        void RoundTrip()
        {
            builder.Clear();
            SamplePackets.Add(builder, packets);
            ReadOnlySpan<byte> frame = builder.Pack(1, 1, 0).Span;
            Assert.True(BatchDecoder.TryDecode(frame[EdgeFrame.HeaderLength..], target, out _, out _));
        }
    }

    [Fact]
    public void An_empty_batch_is_none() => Assert.Throws<InvalidOperationException>(() => new BatchBuilder().Pack(1, 1, 0));

    [Fact]
    public void Frames_that_are_cut_or_changed_are_refused()
    {
        byte[] frame = SamplePackets.Collected(0, 10).Pack(1, 1, 0).ToArray();
        for (int length = 0; length < frame.Length; length++)
        {
            Assert.False(EdgeFrame.TryOpen(frame.AsSpan(0, length), out _, out _, out string? error));
            Assert.NotNull(error);
        }
        for (int bit = 0; bit < frame.Length * 8; bit++)
        {
            byte[] changed = [.. frame];
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(EdgeFrame.TryOpen(changed, out _, out _, out _));
        }
        Assert.False(EdgeFrame.TryOpen([.. frame, 0], out _, out _, out string? longer));
        Assert.Contains($"a message of {frame.Length + 1} bytes says that it has {frame.Length}", longer, StringComparison.Ordinal);
    }

    [Fact]
    public void A_position_goes_with_the_batch_and_not_with_the_next()
    {
        PacketBatch got = BatchDecoder.NewBatch();
        BatchBuilder builder = new(maxPackets: 8, maxBytes: 64);
        PacketPosition here = new(52.5, -13.25, 34.5, 3);
        foreach (PacketPosition? position in (PacketPosition?[])[here, null, here with { Fix = 2 }])
        {
            builder.Clear();
            SamplePackets.Add(builder, SamplePackets.Numbered(0, 3));
            builder.Position = position;
            Assert.True(BatchDecoder.TryDecode(builder.Pack(1, 1, 0).Span[EdgeFrame.HeaderLength..], got, out _, out string? error), error);
            Assert.Equal(position, got.Position);
        }
        builder.Clear();
        SamplePackets.Add(builder, SamplePackets.Numbered(0, 3));
        builder.Position = here with { Latitude = 91 };
        Assert.False(BatchDecoder.TryDecode(builder.Pack(1, 1, 0).Span[EdgeFrame.HeaderLength..], got, out _, out _));
    }

    [Fact]
    public void The_clock_of_the_host_goes_with_the_batch_beside_its_position_and_not_with_the_next()
    {
        PacketBatch got = BatchDecoder.NewBatch();
        BatchBuilder builder = new(maxPackets: 8, maxBytes: 64);
        PacketPosition here = new(52.5, -13.25, 34.5, 3);
        (PacketPosition?, HostClock?)[] notes = [(here, new(ulong.MaxValue, -1)), (null, new(1, long.MaxValue)), (here, null), (null, null)];
        foreach ((PacketPosition? position, HostClock? clock) in notes)
        {
            builder.Clear();
            SamplePackets.Add(builder, SamplePackets.Numbered(0, 3));
            (builder.Position, builder.Clock) = (position, clock);
            Assert.True(BatchDecoder.TryDecode(builder.Pack(1, 1, 0).Span[EdgeFrame.HeaderLength..], got, out _, out string? error), error);
            Assert.Equal((position, clock, 3), (got.Position, got.Clock, got.Count));
        }
    }

    [Fact]
    public void A_packet_is_taken_in_pieces_as_long_as_there_is_room()
    {
        BatchBuilder builder = new(maxPackets: 2, maxBytes: 20);
        CapturedPacket packet = new() { TimeNs = 7, LinkType = LinkType.Ieee80211, Length = 5, OriginalLength = 9 };
        Assert.True(builder.TryAdd(packet, [1, 2], new([3, 4, 5])));
        Assert.False(builder.TryAdd(packet with { Length = 16 }, [], new(new byte[16])));
        Assert.True(builder.TryAdd(packet, [], new([6, 7, 8, 9, 10])));
        Assert.False(builder.TryAdd(packet with { Length = 1 }, [], new([1])));
        PacketBatch got = SamplePackets.Decode(builder.Pack(1, 1, 0).Span, out _);
        Assert.Equal(["0102030405", "060708090A"], Enumerable.Range(0, got.Count).Select(i => Convert.ToHexString(got.Span(i))));
        Assert.All(got.Packets.Take(2), static one => Assert.Equal((7, 9), (one.TimeNs, one.OriginalLength)));
    }

    [Fact]
    public void Columns_that_a_newer_agent_appends_are_ignored()
    {
        Random random = new(Seed);
        PacketBatch sent = Anything(random, 50);
        BatchBuilder builder = new() { Compress = false };
        SamplePackets.Add(builder, sent);
        byte[] payload = [.. builder.Pack(1, 1, 0)[EdgeFrame.HeaderLength..].Span, 1, 2, 3];
        Assert.True(BatchHeader.TryRead(payload, out BatchHeader header));
        PacketBatch got = BatchDecoder.NewBatch();
        // Bytes that the header does not speak of are none of the body's.
        Assert.False(BatchDecoder.TryDecode(payload, got, out _, out _));
        (header with { BodyBytes = header.BodyBytes + 3 }).Write(payload);
        Assert.True(BatchDecoder.TryDecode(payload, got, out _, out string? error), error);
        AssertSame(sent, got);
        (header with { BodyBytes = header.BodyBytes - 1 }).Write(payload);
        Assert.False(BatchDecoder.TryDecode(payload.AsSpan(0, payload.Length - 4), got, out _, out _));
    }

    [Fact]
    public void Whatever_is_in_a_payload_decoding_ends_within_its_bounds()
    {
        Random random = new(Seed);
        PacketBatch target = BatchDecoder.NewBatch();
        int refused = 0;
        foreach (bool compress in (bool[])[true, false])
        {
            BatchBuilder builder = new() { Compress = compress };
            SamplePackets.Add(builder, Anything(random, 50));
            byte[] payload = builder.Pack(1, 1, 0)[EdgeFrame.HeaderLength..].ToArray();
            for (int round = 0; round < 20_000; round++)
            {
                byte[] changed = [.. payload.AsSpan(0, random.Next(4) == 0 ? random.Next(payload.Length) : payload.Length)];
                for (int i = random.Next(1, 4); i > 0 && changed.Length > 0; i--)
                {
                    // The header most of the time, and the columns behind it.
                    changed[random.Next(Math.Min(changed.Length, random.Next(2) == 0 ? 60 : int.MaxValue))] = (byte)random.Next(256);
                }
                if (!BatchDecoder.TryDecode(changed, target, out _, out string? error))
                {
                    Assert.NotNull(error);
                    Assert.Equal(0, target.Count);
                    refused++;
                    continue;
                }
                for (int i = 0; i < target.Count; i++)
                {
                    _ = target.Span(i).Length;
                    Assert.True(target.Packets[i].OriginalLength >= 0);
                }
            }
        }
        Assert.InRange(refused, 1_000, 39_999);
    }

    private static PacketBatch Anything(Random random, int count)
    {
        PacketBatch batch = new(count * 64, count) { Count = count };
        random.NextBytes(batch.Bytes.AsSpan(0, batch.Bytes.Length / 2));
        for (int i = 0; i < count; i++)
        {
            int length = random.Next(0, 65);
            batch.Packets[i] = new()
            {
                TimeNs = random.Next(10) == 0 ? random.NextInt64(long.MinValue, long.MaxValue) : SamplePackets.FirstTimeNs + random.Next(-1000, 1000),
                LinkType = random.Next(5) == 0 ? (LinkType)random.Next(ushort.MaxValue + 1) : LinkType.Radiotap,
                Interface = random.Next(5) == 0 ? random.Next() : 0,
                TimeOutOfRange = random.Next(20) == 0,
                Offset = i * 64,
                Length = length,
                OriginalLength = random.Next(3) == 0 ? random.Next() : length,
            };
        }
        return batch;
    }

    private static void AssertSame(PacketBatch expected, PacketBatch actual)
    {
        Assert.Equal(expected.Count, actual.Count);
        for (int i = 0; i < expected.Count; i++)
        {
            CapturedPacket e = expected.Packets[i];
            CapturedPacket a = actual.Packets[i];
            Assert.Equal(
                (e.TimeNs, e.LinkType, e.Length, e.OriginalLength, e.Interface, e.TimeOutOfRange),
                (a.TimeNs, a.LinkType, a.Length, a.OriginalLength, a.Interface, a.TimeOutOfRange));
            Assert.True(expected.Span(i).SequenceEqual(actual.Span(i)));
        }
    }
}
