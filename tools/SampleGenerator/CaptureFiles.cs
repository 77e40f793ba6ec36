// IETF draft-ietf-opsawg-pcapng: section header, interface description and enhanced packet blocks; draft-ietf-opsawg-pcap.
using KismetOrleans.Wire;

namespace KismetOrleans.SampleGenerator;

/// <summary>One packet of a capture file.</summary>
/// <param name="Micros">Time in µs since 1970.</param>
/// <param name="Octets">Link header and frame.</param>
public readonly record struct Packet(ulong Micros, byte[] Octets);

/// <summary>Writes what the generator makes, little-endian and with times in µs.</summary>
public static class CaptureFiles
{
    private const int SnapLength = 262144;

    /// <summary>Writes pcapng with one interface of the radiotap link type.</summary>
    public static void WritePcapng(Stream output, string interfaceName, IEnumerable<Packet> packets)
    {
        Block(output, 0x0A0D0D0A, new FrameBuilder().U32(0x1A2B3C4D).U16(1).U16(0).U64(ulong.MaxValue));
        var description = new FrameBuilder().U16((ushort)LinkType.Radiotap).U16(0).U32(SnapLength);
        // Options: 2 is the interface's name, 9 the resolution of times (6 for µs), 0 the end.
        description.U16(2).U16((ushort)interfaceName.Length).Text(interfaceName).Align(4).U16(9).U16(1).U8(6).Zero(3).U32(0);
        Block(output, 1, description);
        foreach (Packet packet in packets)
        {
            uint length = (uint)packet.Octets.Length;
            Block(output, 6, new FrameBuilder().U32(0).U32((uint)(packet.Micros >> 32)).U32((uint)packet.Micros).U32(length).U32(length).Raw(packet.Octets).Align(4));
        }
    }

    /// <summary>Writes classic pcap of the radiotap link type.</summary>
    public static void WritePcap(Stream output, IEnumerable<Packet> packets)
    {
        output.Write(new FrameBuilder().U32(0xA1B2C3D4).U16(2).U16(4).U32(0).U32(0).U32(SnapLength).U32((uint)LinkType.Radiotap).ToArray());
        foreach (Packet packet in packets)
        {
            uint length = (uint)packet.Octets.Length;
            output.Write(new FrameBuilder()
                .U32((uint)(packet.Micros / 1_000_000)).U32((uint)(packet.Micros % 1_000_000)).U32(length).U32(length).Raw(packet.Octets).ToArray());
        }
    }

    private static void Block(Stream output, uint type, FrameBuilder body)
    {
        uint length = (uint)body.Length + 12;
        output.Write(new FrameBuilder().U32(type).U32(length).Raw(body.ToArray()).U32(length).ToArray());
    }
}
