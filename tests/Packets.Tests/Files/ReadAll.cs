using KismetOrleans.Packets.Files;
using KismetOrleans.Wire;

namespace KismetOrleans.Packets.Tests.Files;

/// <summary>A packet, copied out of its batch.</summary>
internal sealed record ReadPacket(long TimeNs, LinkType LinkType, string Hex, int OriginalLength, int Interface, bool TimeOutOfRange);

/// <summary>A whole file, read through batches of a given size.</summary>
internal static class ReadAll
{
    /// <summary>Small files do not need a large batch, and most tests read many.</summary>
    private const int Bytes = 8192;
    private const int Packets = 64;

    public static List<ReadPacket> From(CaptureFileReader reader, int bytes = Bytes, int packets = Packets)
    {
        var batch = new PacketBatch(bytes, packets);
        var all = new List<ReadPacket>();
        while (reader.TryRead(batch))
        {
            for (int i = 0; i < batch.Count; i++)
            {
                CapturedPacket p = batch.Packets[i];
                all.Add(new(p.TimeNs, p.LinkType, Convert.ToHexString(batch.Span(i)), p.OriginalLength, p.Interface, p.TimeOutOfRange));
            }
        }
        Assert.Equal(0, batch.Count);
        Assert.False(reader.TryRead(batch));
        return all;
    }

    public static (List<ReadPacket> Packets, string? Error) From(byte[] file, int bytes = Bytes, int packets = Packets)
    {
        using var temporary = new TemporaryFile(file);
        using CaptureFileReader reader = CaptureFileReader.Open(temporary.Path);
        List<ReadPacket> all = From(reader, bytes, packets);
        return (all, reader.Error);
    }
}
