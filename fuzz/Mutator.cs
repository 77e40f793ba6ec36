using System.Buffers;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Files;

namespace KismetOrleans.Fuzz;

/// <summary>Makes inputs: files cut and spoiled as they are, and files of packets of which some are cut and spoiled.</summary>
/// <param name="corpus">What to begin with.</param>
/// <param name="random">Seeded.</param>
internal sealed class Mutator(Corpus corpus, Random random)
{
    /// <summary>Most packets of a made file: enough for devices to meet, few enough for thousands of files a minute.</summary>
    private const int MaxPackets = 60;

    /// <summary>Values that length fields are wrong with.</summary>
    private static readonly uint[] Boundaries =
        [0, 1, 2, 3, 7, 8, 0x1F, 0x20, 0x21, 0x7F, 0x80, 0xFE, 0xFF, 0x100, 0x7FFF, 0x8000, 0xFFFF, 0x1_0000, 0x7FFF_FFFF, 0x8000_0000,
            0xFFFF_FFFF];

    private readonly LinkType[] _linkTypes = [.. corpus.Packets.Keys];
    private int _cutFile;
    private int _cutLength;

    /// <summary>Makes the next input.</summary>
    public byte[] Next() => random.Next(8) switch
    {
        0 => NextCut(),
        1 or 2 => SpoiledFile(),
        _ => _linkTypes.Length > 0 ? MadeFile() : SpoiledFile(),
    };

    /// <summary>Every file at every length, one after the other, as far as time allows.</summary>
    private byte[] NextCut()
    {
        byte[] file = corpus.Files[_cutFile].Bytes;
        byte[] cut = file[..Math.Min(_cutLength, file.Length)];
        // Long files in steps, or the first one would take all the time there is.
        _cutLength += file.Length > 8_192 ? random.Next(1, 64) : 1;
        if (_cutLength > file.Length)
        {
            _cutFile = (_cutFile + 1) % corpus.Files.Count;
            _cutLength = 0;
        }
        return cut;
    }

    private byte[] SpoiledFile()
    {
        byte[] file = [.. corpus.Files[random.Next(corpus.Files.Count)].Bytes];
        if (random.Next(3) == 0)
        {
            file = file[..random.Next(file.Length + 1)];
        }
        // Half of the time where all is decided: in the headers at the start.
        Spoil(random.Next(2) == 0 ? file.AsSpan(0, Math.Min(file.Length, 200)) : file, random.Next(1, 8));
        return file;
    }

    private byte[] MadeFile()
    {
        LinkType type = _linkTypes[random.Next(_linkTypes.Length)];
        List<byte[]> packets = corpus.Packets[type];
        ArrayBufferWriter<byte> file = new(16 * 1024);
        PcapWriter.WriteHeader(file, type);
        long time = 1_700_000_000_000_000_000 + random.NextInt64(1_000_000_000_000);
        int count = random.Next(1, MaxPackets);
        int first = random.Next(packets.Count);
        for (int i = 0; i < count; i++)
        {
            // Neighbours belong together: a handshake, a client and its access point.
            byte[] packet = [.. packets[random.Next(4) == 0 ? random.Next(packets.Count) : (first + i) % packets.Count]];
            int original = packet.Length;
            switch (random.Next(6))
            {
                case 0:
                    // Cut, and said so or not.
                    packet = packet[..random.Next(packet.Length + 1)];
                    original = random.Next(2) == 0 ? original : packet.Length;
                    break;
                case 1:
                    packet = Resized(packet);
                    original = packet.Length;
                    break;
                case 2 or 3:
                    Spoil(packet, random.Next(1, 5));
                    break;
            }
            time += random.Next(20_000_000);
            PcapWriter.WritePacket(file, time, packet, original);
        }
        return file.WrittenSpan.ToArray();
    }

    /// <summary>Takes a piece out, puts one in, or sends one twice.</summary>
    private byte[] Resized(byte[] packet)
    {
        int at = random.Next(packet.Length + 1);
        int length = random.Next(1, 40);
        Span<byte> tail = packet.AsSpan(at);
        if (random.Next(2) == 0)
        {
            return [.. packet.AsSpan(0, at), .. tail[Math.Min(length, tail.Length)..]];
        }
        byte[] more = new byte[length];
        random.NextBytes(more);
        return [.. packet.AsSpan(0, at), .. random.Next(2) == 0 ? more : tail[..Math.Min(length, tail.Length)], .. tail];
    }

    private void Spoil(Span<byte> bytes, int times)
    {
        for (int i = 0; i < times && bytes.Length > 0; i++)
        {
            int at = random.Next(bytes.Length);
            switch (random.Next(4))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    bytes[at] = (byte)Boundaries[random.Next(Boundaries.Length)];
                    break;
                default:
                    uint value = Boundaries[random.Next(Boundaries.Length)];
                    bool big = random.Next(2) == 0;
                    int width = Math.Min(random.Next(2) == 0 ? 2 : 4, bytes.Length - at);
                    for (int k = 0; k < width; k++)
                    {
                        bytes[at + k] = (byte)(value >> (8 * (big ? width - 1 - k : k)));
                    }
                    break;
            }
        }
    }
}
