// draft-ietf-opsawg-pcapng, 4.6 "Interface Statistics Block".
using System.Buffers;
using System.Buffers.Binary;

namespace KismetOrleans.Wire.Files;

/// <content>Statistics of interfaces.</content>
public static partial class PcapngWriter
{
    private const int StatisticsFixedLength = 20;

    // Header and eight bytes of value.
    private const int StatisticsOptionLength = 12;

    /// <summary>Writes what became of an interface's packets so far; a later block of the same interface stands for the earlier ones.</summary>
    public static void WriteStatistics(IBufferWriter<byte> to, in PcapngStatistics statistics)
    {
        int options = statistics.SystemDropped < 0 ? 5 : 6;
        int length = StatisticsFixedLength + options * StatisticsOptionLength + EndLength + 4;
        Span<byte> block = Block(to, PcapngBlockType.Statistics, length);
        BinaryPrimitives.WriteInt32LittleEndian(block[8..], statistics.Interface);
        WriteTime(block[12..], statistics.TimeNs);
        Span<byte> rest = block[StatisticsFixedLength..];
        WriteTime(WriteOption(rest, (ushort)PcapngStatistics.Option.StartTime, 8), statistics.StartNs);
        rest = rest[StatisticsOptionLength..];
        WriteTime(WriteOption(rest, (ushort)PcapngStatistics.Option.EndTime, 8), statistics.EndNs);
        rest = rest[StatisticsOptionLength..];
        rest = WriteCount(rest, PcapngStatistics.Option.Received, statistics.Received);
        rest = WriteCount(rest, PcapngStatistics.Option.Dropped, statistics.Dropped);
        if (statistics.SystemDropped >= 0)
        {
            rest = WriteCount(rest, PcapngStatistics.Option.SystemDropped, statistics.SystemDropped);
        }
        WriteCount(rest, PcapngStatistics.Option.Delivered, statistics.Delivered);
        to.Advance(length);
    }

    private static Span<byte> WriteCount(Span<byte> rest, PcapngStatistics.Option option, long count)
    {
        BinaryPrimitives.WriteInt64LittleEndian(WriteOption(rest, (ushort)option, 8), count);
        return rest[StatisticsOptionLength..];
    }

    private static void WriteTime(Span<byte> to, long timeNs)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(to, (uint)(timeNs >> 32));
        BinaryPrimitives.WriteUInt32LittleEndian(to[4..], (uint)timeNs);
    }
}
