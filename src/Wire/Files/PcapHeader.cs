// draft-ietf-opsawg-pcap, 4 "General File Structure" and 5 "Packet Record"; libpcap's sf-pcap.c names the modified format.
using System.Buffers.Binary;

namespace KismetOrleans.Wire.Files;

/// <summary>The header of a pcap file.</summary>
public struct PcapHeader
{
    /// <summary>Bytes.</summary>
    public const int Length = 24;

    private const uint MagicMicroseconds = 0xA1B2_C3D4;
    private const uint MagicNanoseconds = 0xA1B2_3C4D;

    /// <summary>A. Kuznetzov's libpcap for Linux: microseconds, and records with an interface index, a protocol and a packet type.</summary>
    private const uint MagicKuznetzov = 0xA1B2_CD34;

    private const uint FcsLengthPresent = 0x0400_0000;

    /// <summary>Numbers are big endian.</summary>
    public bool BigEndian;

    /// <summary>Fractions of a second are nanoseconds, not microseconds.</summary>
    public bool Nanoseconds;

    /// <summary>Records have a header of 24 bytes, not 16.</summary>
    public bool LongRecords;

    /// <summary>Major version; 2.</summary>
    public ushort Major;

    /// <summary>Minor version; 4.</summary>
    public ushort Minor;

    /// <summary>Bytes that packets were cut to; not to be relied upon.</summary>
    public uint SnapLength;

    /// <summary>Link type of all packets; numbers without a name here are passed on as they are.</summary>
    public LinkType LinkType;

    /// <summary>Bytes of the check sequence at the end of every packet, 0 for none, as far as the file tells (bits 26 and 28 to 31 of the link type); else null.</summary>
    public byte? FcsLength;

    /// <summary>Bytes of a record's header.</summary>
    public readonly int RecordHeaderLength => LongRecords ? PcapRecord.LongHeaderLength : PcapRecord.HeaderLength;

    /// <summary>Whether <paramref name="file"/> begins with a magic number of pcap.</summary>
    internal static bool HasMagic(ReadOnlySpan<byte> file) => TryReadMagic(file, out _);

    /// <summary>Reads the header at the start of <paramref name="file"/>; any version is taken for 2.4, which is the only one in use.</summary>
    /// <returns>Truncated when there are less than 24 bytes, Unsupported without a pcap magic number.</returns>
    public static ParseStatus TryParse(ReadOnlySpan<byte> file, out PcapHeader header)
    {
        if (!TryReadMagic(file, out header))
        {
            return ParseStatus.Unsupported;
        }
        if (file.Length < Length)
        {
            return ParseStatus.Truncated;
        }
        bool big = header.BigEndian;
        header.Major = big ? BinaryPrimitives.ReadUInt16BigEndian(file[4..]) : BinaryPrimitives.ReadUInt16LittleEndian(file[4..]);
        header.Minor = big ? BinaryPrimitives.ReadUInt16BigEndian(file[6..]) : BinaryPrimitives.ReadUInt16LittleEndian(file[6..]);
        header.SnapLength = big ? BinaryPrimitives.ReadUInt32BigEndian(file[16..]) : BinaryPrimitives.ReadUInt32LittleEndian(file[16..]);
        // The high bits hold the length of the check sequence in units of 16 bits, which most writers leave 0.
        uint type = big ? BinaryPrimitives.ReadUInt32BigEndian(file[20..]) : BinaryPrimitives.ReadUInt32LittleEndian(file[20..]);
        header.LinkType = (LinkType)(ushort)type;
        header.FcsLength = (type & FcsLengthPresent) != 0 ? (byte)((type >> 28) * 2) : null;
        return ParseStatus.Ok;
    }

    private static bool TryReadMagic(ReadOnlySpan<byte> file, out PcapHeader header)
    {
        header = default;
        if (file.Length < 4)
        {
            return false;
        }
        uint magic = BinaryPrimitives.ReadUInt32LittleEndian(file);
        if (magic is not (MagicMicroseconds or MagicNanoseconds or MagicKuznetzov))
        {
            magic = BinaryPrimitives.ReverseEndianness(magic);
            header.BigEndian = true;
        }
        header.Nanoseconds = magic == MagicNanoseconds;
        header.LongRecords = magic == MagicKuznetzov;
        return magic is MagicMicroseconds or MagicNanoseconds or MagicKuznetzov;
    }
}
