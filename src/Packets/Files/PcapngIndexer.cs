using System.Buffers.Binary;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Files;

namespace KismetOrleans.Packets.Files;

/// <summary>Packets of a pcapng file: any number of sections, either byte order, any number of interfaces.</summary>
internal sealed class PcapngIndexer : CaptureIndexer
{
    private readonly List<PcapngInterface> _interfaces = [];
    private bool _bigEndian;
    private string _cutIn = "a block header";
    private long _lastTime;

    public override IReadOnlyList<PcapngInterface> Interfaces => _interfaces;

    public override string CutIn => _cutIn;

    public override int Index(ReadOnlySpan<byte> piece, int offset, long position, PacketBatch? batch)
    {
        int at = 0;
        while (Error is null && Skip == 0)
        {
            ReadOnlySpan<byte> rest = piece[at..];
            ParseStatus status = PcapngBlock.TryParse(rest, _bigEndian, out PcapngBlock block);
            if (status == ParseStatus.Truncated)
            {
                Wait(rest.Length < PcapngBlock.HeaderLength ? PcapngBlock.HeaderLength : PcapngBlock.MinLength, "a block header");
                break;
            }
            if (status != ParseStatus.Ok)
            {
                Error = $"damaged at byte {position + at}: no block begins there (type 0x{(uint)block.Type:X8}, length {block.Length})";
                break;
            }
            bool isPacket = block.Type is PcapngBlockType.EnhancedPacket or PcapngBlockType.SimplePacket or PcapngBlockType.Packet;
            if (isPacket && (batch is null || batch.Count == batch.Packets.Length))
            {
                break;
            }
            bool done = block.Type switch
            {
                PcapngBlockType.Section or PcapngBlockType.Interface => Describe(rest, block, position + at),
                _ when isPacket => Packet(rest, block, offset + at, position + at, batch!),
                _ => Other(),
            };
            if (!done)
            {
                break;
            }
            int consumed = (int)Math.Min(block.Length, (uint)rest.Length);
            Skip = block.Length - consumed;
            at += consumed;
        }
        return at;
    }

    /// <summary>Asks for <paramref name="needed"/> bytes from the current block's first on.</summary>
    private bool Wait(long needed, string inside)
    {
        Needed = needed;
        _cutIn = inside;
        return false;
    }

    private bool Other()
    {
        BlocksSkipped++;
        return true;
    }

    private bool Describe(ReadOnlySpan<byte> rest, PcapngBlock block, long position)
    {
        if (block.Length > CaptureLimits.MaxDescriptionLength)
        {
            Error = $"damaged at byte {position}: the description there claims {block.Length} bytes, more than {CaptureLimits.MaxDescriptionLength}";
            return false;
        }
        if (rest.Length < block.Length)
        {
            return Wait(block.Length, block.Type == PcapngBlockType.Section ? "a section header" : "an interface description");
        }
        if (!LengthsAgree(rest, block, position))
        {
            return false;
        }
        if (block.Type == PcapngBlockType.Section)
        {
            _bigEndian = block.BigEndian;
            _interfaces.Clear();
            return true;
        }
        ReadOnlySpan<byte> body = rest[PcapngBlock.HeaderLength..((int)block.Length - 4)];
        if (PcapngInterface.TryParse(body, _bigEndian, out PcapngInterface? description) != ParseStatus.Ok)
        {
            Error = $"damaged at byte {position}: the options of interface {_interfaces.Count} run past its description";
            return false;
        }
        if (_interfaces.Count == CaptureLimits.MaxInterfaces)
        {
            Error = $"more than {CaptureLimits.MaxInterfaces} interfaces (byte {position})";
            return false;
        }
        _interfaces.Add(description!);
        if (LinkType == LinkType.None)
        {
            LinkType = description!.LinkType;
        }
        return true;
    }

    private bool Packet(ReadOnlySpan<byte> rest, PcapngBlock block, int offset, long position, PacketBatch batch)
    {
        ParseStatus status = PcapngPacket.TryParse(rest, block, out PcapngPacket found);
        if (status == ParseStatus.Truncated)
        {
            return Wait(PcapngPacket.DataOffset, "a block header");
        }
        if (status != ParseStatus.Ok)
        {
            Error = $"damaged at byte {position}: the packet there claims {found.Length} bytes in a block of {block.Length}";
            return false;
        }
        if (found.Interface >= (uint)_interfaces.Count)
        {
            // Without its description neither link type nor unit of time are known.
            PacketsUnreadable++;
            FirstUnreadable ??= $"the packet at byte {position} names interface {found.Interface}, but the section describes {_interfaces.Count}";
            return true;
        }
        PcapngInterface from = _interfaces[(int)found.Interface];
        if (block.Type == PcapngBlockType.SimplePacket && from.SnapLength != 0)
        {
            found.Length = Math.Min(found.Length, from.SnapLength);
        }
        if (found.Length > CaptureLimits.MaxPacketLength)
        {
            Error = $"damaged at byte {position}: the packet there claims {found.Length} bytes, more than {CaptureLimits.MaxPacketLength}";
            return false;
        }
        // Options behind the packet may be longer than any buffer; they are stepped over without having been read.
        long needed = block.Length <= CaptureLimits.MaxDescriptionLength ? block.Length : found.Offset + found.Length;
        if (rest.Length < needed)
        {
            return Wait(needed, "a packet");
        }
        if (rest.Length >= block.Length && !LengthsAgree(rest, block, position))
        {
            return false;
        }
        Add(found, from, block.Type, offset, batch);
        return true;
    }

    private void Add(PcapngPacket found, PcapngInterface from, PcapngBlockType type, int offset, PacketBatch batch)
    {
        ref CapturedPacket packet = ref batch.Packets[batch.Count++];
        if (type == PcapngBlockType.SimplePacket)
        {
            // These have no time: the last one seen keeps the order.
            packet.TimeNs = _lastTime;
            packet.TimeOutOfRange = true;
        }
        else
        {
            packet.TimeNs = CaptureTime.FromTicks(found.Ticks, from.Resolution, from.OffsetSeconds, out packet.TimeOutOfRange);
            _lastTime = packet.TimeNs;
        }
        TimesOutOfRange += packet.TimeOutOfRange ? 1 : 0;
        packet.LinkType = from.LinkType;
        packet.Offset = offset + found.Offset;
        packet.Length = (int)found.Length;
        packet.OriginalLength = (int)Math.Min(found.OriginalLength, int.MaxValue);
        packet.Interface = (int)found.Interface;
        packet.FcsLength = from.FcsLength;
    }

    /// <summary>Every block ends with its length again.</summary>
    private bool LengthsAgree(ReadOnlySpan<byte> rest, PcapngBlock block, long position)
    {
        ReadOnlySpan<byte> last = rest[((int)block.Length - 4)..(int)block.Length];
        uint again = block.BigEndian ? BinaryPrimitives.ReadUInt32BigEndian(last) : BinaryPrimitives.ReadUInt32LittleEndian(last);
        if (again == block.Length)
        {
            return true;
        }
        Error = $"damaged at byte {position}: the block there has length {block.Length} at its start and {again} at its end";
        return false;
    }
}
