// draft-ietf-opsawg-pcapng, 4.3 "Enhanced Packet Block", 4.4 "Simple Packet Block" and appendix A "Packet Block".
namespace KismetOrleans.Wire.Files;

/// <summary>The fixed part of a packet block.</summary>
public struct PcapngPacket
{
    /// <summary>Bytes from the start of the block to the data of an enhanced packet or packet block.</summary>
    public const int DataOffset = 28;

    /// <summary>Bytes from the start of the block to the data of a simple packet block.</summary>
    internal const int SimpleDataOffset = 12;

    /// <summary>Number of the interface in its section.</summary>
    public uint Interface;

    /// <summary>Time in the interface's unit; 0 in simple packet blocks, which have none.</summary>
    public ulong Ticks;

    /// <summary>Bytes of the packet in the file.</summary>
    public uint Length;

    /// <summary>Bytes that it had.</summary>
    public uint OriginalLength;

    /// <summary>Bytes from the start of the block to the packet's first.</summary>
    public int Offset;

    /// <summary>Reads the fixed part of a packet block.</summary>
    /// <param name="bytes">The block from its first byte on, cut or not.</param>
    /// <param name="block">Its header.</param>
    /// <param name="packet">What it says. Of a simple packet, <see cref="Length"/> is still to be cut to the interface's snap length.</param>
    /// <returns>
    /// Truncated when the fixed part is not whole, Malformed when the data runs past the block's end, Unsupported for other blocks.
    /// </returns>
    public static ParseStatus TryParse(ReadOnlySpan<byte> bytes, PcapngBlock block, out PcapngPacket packet)
    {
        packet = default;
        bool big = block.BigEndian;
        switch (block.Type)
        {
            case PcapngBlockType.EnhancedPacket:
            case PcapngBlockType.Packet:
                if (block.Length < DataOffset + 4)
                {
                    return ParseStatus.Malformed;
                }
                if (bytes.Length < DataOffset)
                {
                    return ParseStatus.Truncated;
                }
                packet.Interface = block.Type == PcapngBlockType.Packet
                    ? PcapngBlock.ReadUInt16(bytes[8..], big)
                    : PcapngBlock.ReadUInt32(bytes[8..], big);
                packet.Ticks = ((ulong)PcapngBlock.ReadUInt32(bytes[12..], big) << 32) | PcapngBlock.ReadUInt32(bytes[16..], big);
                packet.Length = PcapngBlock.ReadUInt32(bytes[20..], big);
                packet.OriginalLength = PcapngBlock.ReadUInt32(bytes[24..], big);
                packet.Offset = DataOffset;
                return packet.Length > block.Length - DataOffset - 4 ? ParseStatus.Malformed : ParseStatus.Ok;

            case PcapngBlockType.SimplePacket:
                if (block.Length < SimpleDataOffset + 4)
                {
                    return ParseStatus.Malformed;
                }
                if (bytes.Length < SimpleDataOffset)
                {
                    return ParseStatus.Truncated;
                }
                packet.OriginalLength = PcapngBlock.ReadUInt32(bytes[8..], big);
                packet.Length = Math.Min(packet.OriginalLength, block.Length - SimpleDataOffset - 4);
                packet.Offset = SimpleDataOffset;
                return ParseStatus.Ok;

            default:
                return ParseStatus.Unsupported;
        }
    }
}
