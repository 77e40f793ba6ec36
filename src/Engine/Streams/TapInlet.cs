using KismetOrleans.Engine.Observations;
using KismetOrleans.Wire;

namespace KismetOrleans.Engine.Streams;

/// <summary>
/// Puts blocks that taps of other processes gave into a tap of this one: packets that find no room are lost here, losses that the others tell
/// of are added up, and a batch that is sent again after the death of the process that took it counts once. Not thread-safe.
/// </summary>
public sealed class TapInlet(PacketTap tap)
{
    private readonly Dictionary<ushort, Place> _places = [];
    private TappedPackets? _block;
    private Place? _newest;

    /// <summary>Number of sources that came through here so far.</summary>
    public int Sources => _places.Count;

    /// <summary>Takes the entries of a block.</summary>
    /// <param name="from">The tap that they come from.</param>
    /// <exception cref="InvalidDataException">They were damaged on their way; those before the damage were taken.</exception>
    public void Take(ReadOnlySpan<byte> entries, TapFeed from)
    {
        try
        {
            while (!entries.IsEmpty)
            {
                int length = TappedPacket.Read(entries, out TappedPacket packet);
                if (length == 0)
                {
                    throw new InvalidDataException($"tapped packets: no whole entry in the last {entries.Length} bytes");
                }
                Take(packet, entries[..length], from);
                entries = entries[length..];
            }
        }
        finally
        {
            Post();
        }
    }

    private void Take(in TappedPacket packet, ReadOnlySpan<byte> entry, TapFeed from)
    {
        if (packet.IsLoss)
        {
            if (from.Lost(packet) is var lost and > 0)
            {
                tap.Lose(packet.Source, packet.LinkType, lost, packet.TimeNs, counted: true);
            }
            return;
        }
        Place place = Find(packet.Source);
        if (packet.IsMark)
        {
            place.Begin(packet.Batch);
            return;
        }
        if (place.Knows())
        {
            return;
        }
        if (_block is null || _block.Room < entry.Length)
        {
            Post();
            _block = tap.TryRent(entry.Length);
        }
        if (_block is null)
        {
            tap.Lose(packet.Source, packet.LinkType, 1, packet.TimeNs);
            return;
        }
        _block.AddEntry(entry);
    }

    private void Post()
    {
        if (_block is not null)
        {
            tap.Post(_block);
            _block = null;
        }
    }

    private Place Find(ushort source)
    {
        // Blocks hold long runs of one source.
        if (_newest is { } newest && newest.Source == source)
        {
            return newest;
        }
        if (!_places.TryGetValue(source, out Place? place))
        {
            _places[source] = place = new(source);
        }
        return _newest = place;
    }

    /// <summary>How far a source has come.</summary>
    private sealed class Place(ushort source)
    {
        public readonly ushort Source = source;
        private Watermark _batch;

        // Of the newest batch; a filter takes the same packets of it whenever it is sent.
        private long _taken;
        private long _known;

        public void Begin(Watermark batch)
        {
            if (!_batch.Covers(batch.BootId, batch.Sequence))
            {
                (_batch, _taken, _known) = (batch, 0, 0);
            }
            else
            {
                _known = batch == _batch ? _taken : long.MaxValue;
            }
        }

        public bool Knows()
        {
            if (_known > 0)
            {
                _known--;
                return true;
            }
            _taken++;
            return false;
        }
    }
}

/// <summary>A tap of another process: what it told of its losses, in totals.</summary>
public sealed class TapFeed
{
    private readonly Dictionary<(ushort Source, LinkType LinkType), long> _lost = [];

    /// <summary>Takes a note.</summary>
    /// <returns>Packets lost since the note before.</returns>
    internal long Lost(in TappedPacket note)
    {
        long before = _lost.GetValueOrDefault((note.Source, note.LinkType));
        _lost[(note.Source, note.LinkType)] = Math.Max(before, note.Lost);
        return Math.Max(0, note.Lost - before);
    }
}
