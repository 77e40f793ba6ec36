// draft-ietf-opsawg-pcap, 5 "Packet Record".
using System.Buffers.Binary;

namespace KismetOrleans.Wire.Files;

/// <summary>The header of one packet in a pcap file.</summary>
/// <param name="Seconds">Since 1970-01-01 UTC.</param>
/// <param name="Fraction">Micro- or nanoseconds, as the file's header says.</param>
/// <param name="Length">Octets of the packet in the file.</param>
/// <param name="OriginalLength">Octets that it had.</param>
public readonly record struct PcapRecord(uint Seconds, uint Fraction, uint Length, uint OriginalLength)
{
    /// <summary>Octets of a record's header.</summary>
    public const int HeaderLength = 16;

    /// <summary>Octets of a record's header in the modified format.</summary>
    public const int LongHeaderLength = 24;

    /// <summary>Reads the first 16 octets of <paramref name="octets"/>, which must hold them.</summary>
    public static PcapRecord Read(ReadOnlySpan<byte> octets, bool bigEndian) => bigEndian
        ? new(BinaryPrimitives.ReadUInt32BigEndian(octets), BinaryPrimitives.ReadUInt32BigEndian(octets[4..]),
            BinaryPrimitives.ReadUInt32BigEndian(octets[8..]), BinaryPrimitives.ReadUInt32BigEndian(octets[12..]))
        : new(BinaryPrimitives.ReadUInt32LittleEndian(octets), BinaryPrimitives.ReadUInt32LittleEndian(octets[4..]),
            BinaryPrimitives.ReadUInt32LittleEndian(octets[8..]), BinaryPrimitives.ReadUInt32LittleEndian(octets[12..]));
}
