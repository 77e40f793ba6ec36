using KismetOrleans.Wire.Files;

namespace KismetOrleans.Packets.Files;

internal sealed class PcapIndexer : CaptureIndexer
{
    private readonly PcapHeader _header;
    private readonly PcapngInterface[] _interfaces;

    public PcapIndexer(PcapHeader header)
    {
        _header = header;
        LinkType = header.LinkType;
        _interfaces = [new(header.LinkType, header.SnapLength, null, null, header.Nanoseconds ? (byte)9 : PcapngInterface.DefaultResolution, 0)];
    }

    public override IReadOnlyList<PcapngInterface> Interfaces => _interfaces;

    public override string? Warning => _header is { Major: 2, Minor: 4 }
        ? null
        : $"version {_header.Major}.{_header.Minor} was read as 2.4, the only one in use";

    public override string CutIn => Needed <= _header.RecordHeaderLength ? "a record header" : "a packet";

    public override int Index(ReadOnlySpan<byte> piece, int offset, long position, PacketBatch? batch)
    {
        if (batch is null)
        {
            return 0;
        }
        int headerLength = _header.RecordHeaderLength;
        bool big = _header.BigEndian;
        bool nanoseconds = _header.Nanoseconds;
        CapturedPacket[] packets = batch.Packets;
        int count = batch.Count;
        int at = 0;
        Needed = headerLength;
        while (count < packets.Length && piece.Length - at >= headerLength)
        {
            PcapRecord record = PcapRecord.Read(piece[at..], big);
            if (record.Length > CaptureLimits.MaxPacketLength)
            {
                Error = $"damaged at byte {position + at}: the record there claims {record.Length} bytes of packet, more than {CaptureLimits.MaxPacketLength}";
                break;
            }
            int length = (int)record.Length;
            if (piece.Length - at - headerLength < length)
            {
                Needed = headerLength + length;
                break;
            }
            ref CapturedPacket packet = ref packets[count++];
            packet.TimeNs = CaptureTime.FromFraction(record.Seconds, record.Fraction, nanoseconds, out packet.TimeOutOfRange);
            TimesOutOfRange += packet.TimeOutOfRange ? 1 : 0;
            packet.LinkType = LinkType;
            packet.Offset = offset + at + headerLength;
            packet.Length = length;
            packet.OriginalLength = (int)Math.Min(record.OriginalLength, int.MaxValue);
            packet.Interface = 0;
            packet.FcsLength = _header.FcsLength;
            at += headerLength + length;
        }
        batch.Count = count;
        return at;
    }
}
