// draft-ietf-opsawg-pcapng, 3.1 "General Block Structure" and 4.1 "Section Header Block".
using System.Buffers.Binary;

namespace KismetOrleans.Wire.Files;

/// <summary>Block types of pcapng that are read or written; readers step over all others.</summary>
public enum PcapngBlockType : uint
{
    /// <summary>Interface description.</summary>
    Interface = 1,

    /// <summary>Packet, obsolete.</summary>
    Packet = 2,

    /// <summary>Packet without time, of the first interface.</summary>
    SimplePacket = 3,

    /// <summary>Interface statistics.</summary>
    Statistics = 5,

    /// <summary>Packet.</summary>
    EnhancedPacket = 6,

    /// <summary>Section header; reads the same in both byte orders.</summary>
    Section = 0x0A0D_0D0A,
}

/// <summary>Type and length at the start of a pcapng block.</summary>
/// <param name="Type">What the block holds.</param>
/// <param name="Length">Bytes of the whole block, both length fields included; a multiple of four.</param>
/// <param name="BigEndian">Byte order: a section header's own, else the one given.</param>
public readonly record struct PcapngBlock(PcapngBlockType Type, uint Length, bool BigEndian)
{
    /// <summary>Bytes of type and length.</summary>
    public const int HeaderLength = 8;

    /// <summary>Bytes of the shortest block: type and two lengths.</summary>
    public const int MinLength = 12;

    /// <summary>Bytes of the shortest section header: byte order, version and section length besides.</summary>
    internal const int MinSectionLength = 28;

    private const uint ByteOrder = 0x1A2B_3C4D;

    /// <summary>Whether <paramref name="file"/> begins with a section header block.</summary>
    public static bool HasMagic(ReadOnlySpan<byte> file) =>
        file.Length >= 4 && BinaryPrimitives.ReadUInt32LittleEndian(file) == (uint)PcapngBlockType.Section;

    /// <summary>Reads the header of the block at the start of <paramref name="bytes"/>.</summary>
    /// <param name="bytes">Bytes from the block's first on.</param>
    /// <param name="bigEndian">Byte order of the section.</param>
    /// <param name="block">The header.</param>
    /// <returns>
    /// Truncated when more bytes are needed than there are (8, or 12 for a section header), Malformed when the length is below the
    /// block's minimum or no multiple of four, or when the byte order mark is none.
    /// </returns>
    public static ParseStatus TryParse(ReadOnlySpan<byte> bytes, bool bigEndian, out PcapngBlock block)
    {
        block = default;
        if (bytes.Length < HeaderLength)
        {
            return ParseStatus.Truncated;
        }
        var type = (PcapngBlockType)ReadUInt32(bytes, bigEndian);
        uint least = MinLength;
        if (type == PcapngBlockType.Section)
        {
            if (bytes.Length < MinLength)
            {
                return ParseStatus.Truncated;
            }
            bigEndian = BinaryPrimitives.ReadUInt32BigEndian(bytes[8..]) == ByteOrder;
            if (!bigEndian && BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]) != ByteOrder)
            {
                return ParseStatus.Malformed;
            }
            least = MinSectionLength;
        }
        block = new(type, ReadUInt32(bytes[4..], bigEndian), bigEndian);
        return block.Length < least || block.Length % 4 != 0 ? ParseStatus.Malformed : ParseStatus.Ok;
    }

    /// <summary>Reads four bytes in the byte order of a section.</summary>
    internal static uint ReadUInt32(ReadOnlySpan<byte> bytes, bool bigEndian) =>
        bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    /// <summary>Reads two bytes in the byte order of a section.</summary>
    internal static ushort ReadUInt16(ReadOnlySpan<byte> bytes, bool bigEndian) =>
        bigEndian ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);
}
