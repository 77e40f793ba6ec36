using KismetOrleans.Engine.Persistence;

namespace KismetOrleans.Engine.Presence;

/// <summary>
/// Entries as they are kept: together, sorted by device, each source's UUID once. A version, the first slot, the sources; then of each device the distance of
/// its number from the one before, how many entries it has, and of each of them its slot, its source, packets and signal. Some 5 bytes an entry and 8 a device.
/// </summary>
public sealed class PresenceBlock
{
    /// <summary>Bytes of a full one: four of them fit into one of the databases' pages, whole.</summary>
    public const int FullBytes = 1900;

    private const byte Version = 1;
    private const int SourceBytes = 16;

    private PresenceBlock(byte[] bytes, uint first, uint last) => (Bytes, First, Last) = (bytes, first, last);

    /// <summary>What is stored.</summary>
    public byte[] Bytes { get; }

    /// <summary>The first slot that an entry is of.</summary>
    public uint First { get; }

    public uint Last { get; }

    /// <summary>Packs entries into blocks, all but the last of them full. Sorts them, and adds up those of the same device, source and slot.</summary>
    /// <returns>The blocks, and how many entries the last one has.</returns>
    public static List<PresenceBlock> Pack(List<PresenceEntry> entries, out int inLast)
    {
        Merge(entries);
        List<PresenceBlock> blocks = [];
        DeviceCodecWriter writer = new();
        int from = 0;
        inLast = 0;
        while (from < entries.Count)
        {
            (PresenceBlock block, int to) = PackOne(writer, entries, from);
            blocks.Add(block);
            inLast = to - from;
            from = to;
        }
        return blocks;
    }

    /// <summary>Gives the entries of a block that are asked for.</summary>
    /// <exception cref="InvalidDataException">The bytes are no block, or one of a version that this server does not know.</exception>
    public static void Read(ReadOnlySpan<byte> bytes, PresenceQuery query, Action<PresenceEntry> take)
    {
        Cursor cursor = new(bytes);
        if (cursor.Byte() != Version)
        {
            throw new InvalidDataException("Presence of a version that this server does not know.");
        }
        uint first = (uint)cursor.Number();
        Guid[] sources = new Guid[cursor.Count(SourceBytes)];
        for (int i = 0; i < sources.Length; i++)
        {
            sources[i] = new(cursor.Take(SourceBytes));
        }
        ulong device = 0;
        while (cursor.HasMore)
        {
            device += cursor.Number();
            for (int left = cursor.Count(4); left > 0; left--)
            {
                uint slot = first + (uint)cursor.Number();
                ulong source = cursor.Number();
                PresenceEntry entry = new(device, slot, source < (ulong)sources.Length ? sources[source] : throw Spoiled(), (uint)cursor.Number(), (sbyte)cursor.Byte());
                if (query.Takes(entry))
                {
                    take(entry);
                }
            }
        }
    }

    /// <summary>Sorts entries by device, slot and source, and adds up those of the same.</summary>
    public static void Merge(List<PresenceEntry> entries)
    {
        entries.Sort(static (a, b) => a.Device != b.Device ? a.Device.CompareTo(b.Device) : a.Slot != b.Slot ? a.Slot.CompareTo(b.Slot) : a.Source.CompareTo(b.Source));
        int kept = 0;
        for (int i = 0; i < entries.Count; i++)
        {
            PresenceEntry entry = entries[i];
            if (kept > 0 && entries[kept - 1] is var before && before.Device == entry.Device && before.Slot == entry.Slot && before.Source == entry.Source)
            {
                entries[kept - 1] = before.And(entry);
            }
            else
            {
                entries[kept++] = entry;
            }
        }
        entries.RemoveRange(kept, entries.Count - kept);
    }

    private static (PresenceBlock Block, int To) PackOne(DeviceCodecWriter writer, List<PresenceEntry> entries, int from)
    {
        // How far it goes is known only with its sources, which stand at its front.
        List<Guid> sources = [];
        uint first = uint.MaxValue;
        uint last = 0;
        int most = 1 + 5 + 3;
        int to = from;
        for (; to < entries.Count; to++)
        {
            PresenceEntry entry = entries[to];
            bool isNew = !sources.Contains(entry.Source);
            int bytes = BytesOf(entry, to > from ? entries[to - 1].Device : 0) + (isNew ? SourceBytes : 0);
            if (to > from && most + bytes > FullBytes)
            {
                break;
            }
            most += bytes;
            if (isNew)
            {
                sources.Add(entry.Source);
            }
            (first, last) = (Math.Min(first, entry.Slot), Math.Max(last, entry.Slot));
        }
        writer.Clear();
        Write(writer, entries, from, to, sources, first);
        return (new(writer.Written.ToArray(), first, last), to);
    }

    // A little more than it will take: of the slot, which is counted from the first one of the block, three bytes.
    private static int BytesOf(in PresenceEntry entry, ulong before) =>
        (entry.Device == before ? 0 : Length(entry.Device - before) + 1) + 3 + 1 + Length(entry.Packets) + 1;

    private static int Length(ulong value) => value < 0x80 ? 1 : (70 - System.Numerics.BitOperations.LeadingZeroCount(value)) / 7;

    private static void Write(DeviceCodecWriter writer, List<PresenceEntry> entries, int from, int to, List<Guid> sources, uint first)
    {
        writer.Byte(Version);
        writer.UInt(first);
        writer.UInt((ulong)sources.Count);
        Span<byte> uuid = stackalloc byte[SourceBytes];
        foreach (Guid source in sources)
        {
            _ = source.TryWriteBytes(uuid);
            writer.Bytes(uuid);
        }
        ulong device = 0;
        for (int i = from; i < to;)
        {
            int end = i;
            while (end < to && entries[end].Device == entries[i].Device)
            {
                end++;
            }
            writer.UInt(entries[i].Device - device);
            writer.UInt((ulong)(end - i));
            device = entries[i].Device;
            for (; i < end; i++)
            {
                writer.UInt(entries[i].Slot - first);
                writer.UInt((ulong)sources.IndexOf(entries[i].Source));
                writer.UInt(entries[i].Packets);
                writer.Byte((byte)entries[i].Signal);
            }
        }
    }

    private static InvalidDataException Spoiled() => new("Presence that is stored is spoiled.");

    private ref struct Cursor(ReadOnlySpan<byte> bytes)
    {
        private ReadOnlySpan<byte> _rest = bytes;

        public readonly bool HasMore => !_rest.IsEmpty;

        public byte Byte() => Take(1)[0];

        public ulong Number()
        {
            ulong value = 0;
            for (int shift = 0; shift < 70; shift += 7)
            {
                byte b = Byte();
                value |= (ulong)(b & 0x7F) << shift;
                if (b < 0x80)
                {
                    return value;
                }
            }
            throw Spoiled();
        }

        public int Count(int leastBytes) => Number() is var count && count <= (ulong)(_rest.Length / leastBytes) ? (int)count : throw Spoiled();

        public ReadOnlySpan<byte> Take(int count)
        {
            if (_rest.Length < count)
            {
                throw Spoiled();
            }
            ReadOnlySpan<byte> taken = _rest[..count];
            _rest = _rest[count..];
            return taken;
        }
    }
}
