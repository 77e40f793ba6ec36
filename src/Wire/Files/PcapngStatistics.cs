// draft-ietf-opsawg-pcapng, 4.6 "Interface Statistics Block".
using System.Buffers.Binary;

namespace KismetOrleans.Wire.Files;

/// <summary>What became of the packets of an interface since the file began.</summary>
/// <param name="Interface">Number of the interface.</param>
/// <param name="TimeNs">When this was so, nanoseconds since 1970.</param>
/// <param name="StartNs">Time of the first packet (isb_starttime).</param>
/// <param name="EndNs">Time of the newest packet (isb_endtime).</param>
/// <param name="Received">Packets meant for the file, those that were lost included (isb_ifrecv).</param>
/// <param name="Dropped">Packets lost because the reader was too slow (isb_ifdrop).</param>
/// <param name="Delivered">Packets in the file (isb_usrdeliv).</param>
/// <param name="SystemDropped">Packets that the operating system lost before the source had them (isb_osdrop); negative when not known.</param>
public readonly record struct PcapngStatistics(
    int Interface, long TimeNs, long StartNs, long EndNs, long Received, long Dropped, long Delivered, long SystemDropped = -1)
{
    private const int FixedLength = 12;

    /// <summary>Codes of the options; each has a value of eight bytes.</summary>
    internal enum Option : ushort
    {
        StartTime = 2,
        EndTime = 3,
        Received = 4,
        Dropped = 5,
        SystemDropped = 7,
        Delivered = 8,
    }

    /// <summary>Reads statistics of an interface whose times are in nanoseconds.</summary>
    /// <param name="body">The block between its header and its second length.</param>
    /// <param name="bigEndian">Byte order of the section.</param>
    /// <param name="statistics">What it says; what it does not say is −1.</param>
    /// <returns>Malformed when the body is shorter than its fixed part or an option runs past its end.</returns>
    internal static ParseStatus TryParse(ReadOnlySpan<byte> body, bool bigEndian, out PcapngStatistics statistics)
    {
        statistics = default;
        if (body.Length < FixedLength)
        {
            return ParseStatus.Malformed;
        }
        int number = (int)PcapngBlock.ReadUInt32(body, bigEndian);
        statistics = new(number, Time(body[4..], bigEndian), -1, -1, -1, -1, -1);
        PcapngOptions options = new(body[FixedLength..], bigEndian);
        while (options.MoveNext())
        {
            if (options.Value.Length >= 8)
            {
                statistics = statistics.With((Option)options.Code, options.Value, bigEndian);
            }
        }
        return options.IsMalformed ? ParseStatus.Malformed : ParseStatus.Ok;
    }

    private PcapngStatistics With(Option option, ReadOnlySpan<byte> value, bool bigEndian)
    {
        long count = bigEndian ? BinaryPrimitives.ReadInt64BigEndian(value) : BinaryPrimitives.ReadInt64LittleEndian(value);
        return option switch
        {
            Option.StartTime => this with { StartNs = Time(value, bigEndian) },
            Option.EndTime => this with { EndNs = Time(value, bigEndian) },
            Option.Received => this with { Received = count },
            Option.Dropped => this with { Dropped = count },
            Option.SystemDropped => this with { SystemDropped = count },
            Option.Delivered => this with { Delivered = count },
            _ => this,
        };
    }

    // Upper half first, whatever the byte order.
    private static long Time(ReadOnlySpan<byte> bytes, bool bigEndian) =>
        (long)(((ulong)PcapngBlock.ReadUInt32(bytes, bigEndian) << 32) | PcapngBlock.ReadUInt32(bytes[4..], bigEndian));
}
