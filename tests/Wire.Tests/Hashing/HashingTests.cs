using System.Text;
using KismetOrleans.Wire.Hashing;
using Crc32 = System.IO.Hashing.Crc32;

namespace KismetOrleans.Wire.Tests.Hashing;

/// <summary>That CRC-32 is the one of frames, the published vectors of XXH32, and what duplicate detection asks of FrameHash.</summary>
public sealed class HashingTests
{
    [Fact]
    public void Crc32_is_the_check_sequence_of_802_3()
    {
        // IEEE Std 802.3-2018, clause 3.2.9: what the CRC over a frame and its own correct, little-endian check sequence gives.
        const uint residue = 0x2144DF1C;
        Assert.Equal(0xCBF43926, Crc32.HashToUInt32("123456789"u8));

        byte[] frame = [0xD4, 0x00, 0x00, 0x00, 0x02, 0x00, 0x00, 0x00, 0x00, 0x01, 0, 0, 0, 0];
        BitConverter.TryWriteBytes(frame.AsSpan(10), Crc32.HashToUInt32(frame.AsSpan(0, 10)));
        Assert.Equal(residue, Crc32.HashToUInt32(frame));
    }

    [Theory]
    [InlineData("", 0u, 0x02CC5D05u)]
    [InlineData("a", 0u, 0x550D7456u)]
    [InlineData("abc", 0u, 0x32D153FFu)]
    [InlineData("Nobody inspects the spammish repetition", 0u, 0xE2293B2Fu)]
    [InlineData("WPA2Net\u0007\0\0\0", 0u, 1024457746u)]
    [InlineData("EntNet\u0006\0\0\0", 0u, 1971285708u)]
    public void XxHash32_gives_the_published_values(string text, uint seed, uint expected) =>
        Assert.Equal(expected, XxHash32.Compute(Encoding.ASCII.GetBytes(text), seed));

    [Theory]
    [InlineData(0, 0u, 0x02CC5D05u)]
    [InlineData(0, 0x9E3779B1u, 0x36B78AE7u)]
    [InlineData(1, 0u, 0xCF65B03Eu)]
    [InlineData(1, 0x9E3779B1u, 0xB4545AA4u)]
    [InlineData(14, 0u, 0x1208E7E2u)]
    [InlineData(14, 0x9E3779B1u, 0x6AF1D1FEu)]
    [InlineData(222, 0u, 0x5BD11DBDu)]
    [InlineData(222, 0x9E3779B1u, 0x58803C5Fu)]
    public void XxHash32_gives_the_values_of_its_reference_sanity_buffer(int length, uint seed, uint expected)
    {
        byte[] data = new byte[length];
        ulong generator = 0x9E3779B1;
        for (int i = 0; i < length; i++)
        {
            data[i] = (byte)(generator >> 56);
            generator *= 0x9E3779B185EBCA8D;
        }
        Assert.Equal(expected, XxHash32.Compute(data, seed));
    }

    [Fact]
    public void FrameHash_tells_every_single_bit_and_every_length_apart()
    {
        var seen = new HashSet<ulong>();
        int made = 0;
        for (int length = 0; length <= 100; length++)
        {
            byte[] frame = new byte[length];
            Assert.NotEqual(0UL, FrameHash.Compute(frame));
            seen.Add(FrameHash.Compute(frame));
            made++;
            for (int bit = 0; bit < 8 * length; bit++)
            {
                frame[bit / 8] ^= (byte)(1 << (bit % 8));
                seen.Add(FrameHash.Compute(frame));
                frame[bit / 8] ^= (byte)(1 << (bit % 8));
                made++;
            }
        }
        Assert.Equal(made, seen.Count);
    }

    [Fact]
    public void FrameHash_changes_about_half_of_its_bits_when_one_bit_of_the_frame_changes()
    {
        var random = new Random(2);
        byte[] frame = new byte[57];
        long flipped = 0;
        for (int round = 0; round < 20_000; round++)
        {
            random.NextBytes(frame);
            ulong before = FrameHash.Compute(frame);
            int bit = random.Next(8 * frame.Length);
            frame[bit / 8] ^= (byte)(1 << (bit % 8));
            flipped += (long)ulong.PopCount(before ^ FrameHash.Compute(frame));
        }
        Assert.InRange(flipped / 20_000.0, 31.5, 32.5);
    }

    [Fact]
    public void FrameHash_spreads_sequence_numbers_evenly_over_its_low_and_high_bits()
    {
        byte[] ack = new byte[26];
        int[] low = new int[256];
        int[] high = new int[256];
        for (int i = 0; i < 65_536; i++)
        {
            BitConverter.TryWriteBytes(ack.AsSpan(22), (ushort)i);
            ulong hash = FrameHash.Compute(ack);
            low[(byte)hash]++;
            high[hash >> 56]++;
        }
        // 256 expected in each, standard deviation 16: six of them either way.
        Assert.All(low, n => Assert.InRange(n, 160, 352));
        Assert.All(high, n => Assert.InRange(n, 160, 352));
    }
}
