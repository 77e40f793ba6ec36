using KismetOrleans.Wire;

namespace KismetOrleans.Grains.Streams;

/// <summary>
/// Puts blocks that a tap of another process gave into a tap of this one: packets that find no room are lost here, and losses that the other
/// tells of are added up, whatever the number of inlets. Not thread-safe.
/// </summary>
public sealed class TapInlet(PacketTap tap)
{
    // Totals that the other tap told last: its notes are totals, those of the tap here are over all inlets.
    private readonly Dictionary<(ushort Source, LinkType LinkType), long> _told = [];
    private readonly HashSet<ushort> _sources = [];
    private TappedPackets? _block;
    private ushort _newest;

    /// <summary>Number of sources that came through here so far.</summary>
    public int Sources => _sources.Count;

    /// <summary>Takes the entries of a block.</summary>
    /// <exception cref="InvalidDataException">They were damaged on their way; those before the damage were taken.</exception>
    public void Take(ReadOnlySpan<byte> entries)
    {
        try
        {
            while (!entries.IsEmpty)
            {
                int length = TappedPacket.Read(entries, out TappedPacket packet);
                if (length == 0)
                {
                    throw new InvalidDataException($"tapped packets: no whole entry in the last {entries.Length} octets");
                }
                Take(packet, entries[..length]);
                entries = entries[length..];
            }
        }
        finally
        {
            Post();
        }
    }

    private void Take(in TappedPacket packet, ReadOnlySpan<byte> entry)
    {
        // Blocks hold long runs of one source.
        if (packet.Source != _newest || _sources.Count == 0)
        {
            _newest = packet.Source;
            _ = _sources.Add(_newest);
        }
        if (packet.IsLoss)
        {
            long before = _told.GetValueOrDefault((packet.Source, packet.LinkType));
            if (packet.Lost > before)
            {
                _told[(packet.Source, packet.LinkType)] = packet.Lost;
                tap.Lose(packet.Source, packet.LinkType, packet.Lost - before, packet.TimeNs, counted: true);
            }
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
}
