using KismetOrleans.Engine.Observations;
using KismetOrleans.Packets;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Dot11;
using KismetOrleans.Wire.Link;

namespace KismetOrleans.Engine.Streams;

/// <summary>
/// Hands the packets of one datasource to the taps that take them. A block for each tap is filled without a lock and posted when it is full
/// or the batch ends. Allocates nothing per packet. Not thread-safe: used by the thread that dissects the source's batches.
/// </summary>
/// <param name="source">Number of the datasource.</param>
/// <param name="replays">The datasource is no radio: it can wait for taps that hold.</param>
internal sealed class TapSession(PacketTaps taps, ushort source, bool replays = false)
{
    private PacketTap[]? _seen;
    private Slot[] _slots = [];
    private Watermark _batch;

    /// <param name="batch">
    /// Its numbers, by which other processes know it when it is sent again; without them (0) it is taken for one that is never sent again.
    /// </param>
    /// <returns>This; null when no tap takes anything of this source.</returns>
    public TapSession? Begin(Watermark batch = default)
    {
        _batch = batch;
        PacketTap[]? open = taps.Open;
        if (open != _seen)
        {
            Refresh(open);
        }
        return _slots.Length == 0 ? null : this;
    }

    /// <param name="packet">Time, link type and lengths.</param>
    /// <param name="what">How far it was dissected.</param>
    /// <param name="radio">Its link header, if that could be read.</param>
    /// <param name="frame">Its frame, if there is one; else its addresses.</param>
    public void Offer(in CapturedPacket packet, ReadOnlySpan<byte> bytes, DissectedAs what, in RadioHeader radio, in Dot11Frame frame)
    {
        foreach (ref Slot slot in _slots.AsSpan())
        {
            if (!slot.Tap.Filter.Takes(what, frame))
            {
                continue;
            }
            int size = TappedPacket.SizeOf(bytes.Length, what, radio);
            bool marks = slot.Marked != _batch;
            size += marks ? TappedPacket.HeaderLength : 0;
            if ((slot.Block is null || slot.Block.Room < size) && !slot.TryChangeBlock(size, replays))
            {
                slot.Lose(source, packet);
                continue;
            }
            if (marks)
            {
                slot.Block!.AddMark(source, _batch);
                slot.Marked = _batch;
            }
            slot.Block!.Add(source, packet, bytes, what, radio, frame.Source);
        }
    }

    /// <summary>Ends the batch: what was taken can be read.</summary>
    public void End()
    {
        foreach (ref Slot slot in _slots.AsSpan())
        {
            slot.Post();
            slot.ReportLoss(source);
        }
    }

    private void Refresh(PacketTap[]? open)
    {
        // Blocks are left only where a fault ended a batch early.
        End();
        _seen = open;
        _slots = [.. (open ?? []).Where(tap => tap.Filter.CanTakeFrom(source)).Select(static tap => new Slot(tap))];
    }

    private struct Slot(PacketTap tap)
    {
        public readonly PacketTap Tap = tap;
        public TappedPackets? Block;

        // The batch whose mark the tap has; marks are for those who must know packets again.
        public Watermark Marked;
        private long _lost;
        private LinkType _lostType;
        private long _lostTime;

        public bool TryChangeBlock(int size, bool replays)
        {
            Post();
            Block = replays && Tap.Holds ? Tap.Rent(size) : Tap.TryRent(size);
            return Block is not null;
        }

        public void Post()
        {
            if (Block is not null)
            {
                Tap.Post(Block);
                Block = null;
            }
        }

        public void Lose(ushort source, in CapturedPacket packet)
        {
            if (packet.LinkType != _lostType)
            {
                ReportLoss(source);
                _lostType = packet.LinkType;
            }
            _lost++;
            _lostTime = packet.TimeNs;
        }

        public void ReportLoss(ushort source)
        {
            if (_lost > 0)
            {
                Tap.Lose(source, _lostType, _lost, _lostTime);
                _lost = 0;
            }
        }
    }
}
