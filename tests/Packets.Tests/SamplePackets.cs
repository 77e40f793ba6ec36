using KismetOrleans.Packets.Protocol;
using KismetOrleans.Wire;

namespace KismetOrleans.Packets.Tests;

/// <summary>Batches that the tests make: packet n is its number in four bytes, as often as it is long.</summary>
internal static class SamplePackets
{
    public const long FirstTimeNs = 1_700_000_000_000_000_000;

    /// <summary>Packets <paramref name="first"/> to <paramref name="first"/> + <paramref name="count"/> − 1, a millisecond apart.</summary>
    public static PacketBatch Numbered(int first, int count, int length = 4)
    {
        PacketBatch batch = new(count * length, count) { Count = count };
        for (int i = 0; i < count; i++)
        {
            batch.Packets[i] = new()
            {
                TimeNs = FirstTimeNs + (first + i) * 1_000_000L,
                LinkType = LinkType.Ieee80211,
                Offset = i * length,
                Length = length,
                OriginalLength = length,
            };
            for (int at = 0; at < length; at++)
            {
                batch.Bytes[i * length + at] = (byte)((first + i) >> (8 * (at % 4)));
            }
        }
        return batch;
    }

    /// <summary>A builder that holds them.</summary>
    public static BatchBuilder Collected(int first, int count, int length = 4)
    {
        BatchBuilder builder = new();
        Add(builder, Numbered(first, count, length));
        return builder;
    }

    /// <summary>A builder that holds one packet of 8 KiB that does not compress.</summary>
    public static BatchBuilder Noise(int number)
    {
        BatchBuilder builder = new();
        Add(builder, NoisePacket(number));
        return builder;
    }

    /// <summary>A packet of 8 KiB that does not compress.</summary>
    public static PacketBatch NoisePacket(int number)
    {
        PacketBatch batch = Numbered(number, 1, 8192);
        new Random(number).NextBytes(batch.Bytes.AsSpan(4));
        return batch;
    }

    /// <summary>Adds a batch whole.</summary>
    public static void Add(BatchBuilder builder, PacketBatch batch)
    {
        int next = 0;
        Assert.True(builder.Add(batch, ref next));
    }

    /// <summary>The numbers of the packets in a frame.</summary>
    public static int[] NumbersIn(ReadOnlySpan<byte> frame) => NumbersIn(Decode(frame, out _));

    /// <summary>The numbers of packets.</summary>
    public static int[] NumbersIn(PacketBatch batch)
    {
        int[] numbers = new int[batch.Count];
        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i] = BitConverter.ToInt32(batch.Span(i));
        }
        return numbers;
    }

    /// <summary>Opens and unpacks a frame.</summary>
    public static PacketBatch Decode(ReadOnlySpan<byte> frame, out BatchHeader header)
    {
        PacketBatch batch = BatchDecoder.NewBatch();
        Assert.True(EdgeFrame.TryOpen(frame, out EdgeMessageType type, out ReadOnlySpan<byte> payload, out string? error), error);
        Assert.Equal(EdgeMessageType.Batch, type);
        Assert.True(BatchDecoder.TryDecode(payload, batch, out header, out error), error);
        return batch;
    }
}
