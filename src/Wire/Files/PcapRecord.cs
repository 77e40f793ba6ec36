// draft-ietf-opsawg-pcap, 5 "Packet Record".
using System.Buffers.Binary;

namespace KismetOrleans.Wire.Files;

/// <summary>The header of one packet in a pcap file.</summary>
/// <param name="Seconds">Since 1970-01-01 UTC.</param>
/// <param name="Fraction">Micro- or nanoseconds, as the file's header says.</param>
/// <param name="Length">Bytes of the packet in the file.</param>
/// <param name="OriginalLength">Bytes that it had.</param>
public readonly record struct PcapRecord(uint Seconds, uint Fraction, uint Length, uint OriginalLength)
{
    internal const int HeaderLength = 16;

    /// <summary>Bytes of a record's header in the modified format.</summary>
    internal const int LongHeaderLength = 24;

    /// <summary>Reads the first 16 bytes of <paramref name="bytes"/>, which must hold them.</summary>
    public static PcapRecord Read(ReadOnlySpan<byte> bytes, bool bigEndian) => bigEndian
        ? new(BinaryPrimitives.ReadUInt32BigEndian(bytes), BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]),
            BinaryPrimitives.ReadUInt32BigEndian(bytes[8..]), BinaryPrimitives.ReadUInt32BigEndian(bytes[12..]))
        : new(BinaryPrimitives.ReadUInt32LittleEndian(bytes), BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]),
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]), BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]));
}
