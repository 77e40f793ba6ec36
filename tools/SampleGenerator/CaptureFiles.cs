using System.Buffers;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Files;

namespace KismetOrleans.SampleGenerator;

/// <summary>One packet of a capture file.</summary>
/// <param name="Micros">Time in µs since 1970.</param>
/// <param name="Bytes">Link header and frame.</param>
public readonly record struct Packet(ulong Micros, byte[] Bytes)
{
    /// <summary>Time in ns since 1970.</summary>
    public long TimeNs => (long)Micros * 1000;
}

/// <summary>Writes packets of the radiotap link type to files.</summary>
public static class CaptureFiles
{
    /// <summary>Bytes after which what was written goes to the stream.</summary>
    private const int PieceLength = 1 << 18;

    /// <summary>Writes pcapng with one interface.</summary>
    public static void WritePcapng(Stream output, string interfaceName, IEnumerable<Packet> packets)
    {
        var buffer = new ArrayBufferWriter<byte>(PieceLength);
        PcapngWriter.WriteSection(buffer);
        PcapngWriter.WriteInterface(buffer, LinkType.Radiotap, interfaceName);
        Write(output, buffer, packets, static (to, packet) => PcapngWriter.WritePacket(to, 0, packet.TimeNs, packet.Bytes));
    }

    /// <summary>Writes classic pcap with times in µs.</summary>
    public static void WritePcap(Stream output, IEnumerable<Packet> packets)
    {
        var buffer = new ArrayBufferWriter<byte>(PieceLength);
        PcapWriter.WriteHeader(buffer, LinkType.Radiotap);
        Write(output, buffer, packets, static (to, packet) => PcapWriter.WritePacket(to, packet.TimeNs, packet.Bytes));
    }

    private static void Write(Stream output, ArrayBufferWriter<byte> buffer, IEnumerable<Packet> packets,
        Action<ArrayBufferWriter<byte>, Packet> write)
    {
        foreach (Packet packet in packets)
        {
            write(buffer, packet);
            if (buffer.WrittenCount > PieceLength / 2)
            {
                output.Write(buffer.WrittenSpan);
                buffer.ResetWrittenCount();
            }
        }
        output.Write(buffer.WrittenSpan);
    }
}
