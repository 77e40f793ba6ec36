using System.Runtime.CompilerServices;

namespace KismetOrleans.Storage.Manufacturers;

/// <summary>Collects prefixes and names (each name once) and packs them into a <see cref="RegistryTable"/>.</summary>
internal sealed class RegistryBuilder
{
    /// <summary>Longest name taken, in bytes; the longest in the registry has 108.</summary>
    internal const int MaxNameLength = 255;

    /// <summary>Most names taken: an order of magnitude above the registry's 30,000, so that a wrong file cannot fill the memory.</summary>
    private const int MaxNames = 500_000;

    // Sized for the registry of 2022 with room, so that nothing grows in the usual case.
    private byte[] names = new byte[800_000];
    private int[] nameStarts = new int[36_000];
    private int[] slots = new int[1 << 16];
    private int nameCount;
    private readonly EntryList prefixes24 = new(34_000);
    private readonly EntryList prefixes28 = new(5_000);
    private readonly EntryList prefixes36 = new(10_500);

    internal int Count => prefixes24.Count + prefixes28.Count + prefixes36.Count;

    /// <summary>Adds one assignment.</summary>
    /// <param name="prefix">The assigned bits, right-aligned.</param>
    /// <param name="hexDigits">6, 7 or 9.</param>
    /// <param name="rawName">UTF-8; white space is trimmed and runs of it become one space;
    /// <c>""</c> is taken for <c>"</c> when quoted.</param>
    /// <param name="quoted">Whether the name stood in quotes (RFC 4180).</param>
    /// <returns>False where the line makes no sense: an empty name or a number of digits that no registry assigns.</returns>
    internal bool Add(ulong prefix, int hexDigits, ReadOnlySpan<byte> rawName, bool quoted)
    {
        EntryList? list = hexDigits switch { 6 => prefixes24, 7 => prefixes28, 9 => prefixes36, _ => null };
        if (list is null || nameCount >= MaxNames)
        {
            return false;
        }
        int name = Intern(rawName[..Math.Min(rawName.Length, 2 * MaxNameLength)], quoted);
        if (name < 0)
        {
            return false;
        }
        list.Add((prefix << RegistryTable.NameBits) | (uint)name);
        return true;
    }

    internal RegistryTable Build(string summary, bool hasProblems)
    {
        int end = nameStarts[nameCount];
        return new(prefixes24.ToSorted(), prefixes28.ToSorted(), prefixes36.ToSorted(), names[..end], nameStarts[..(nameCount + 1)],
            summary, hasProblems);
    }

    // Optimised from the first call on: the whole load is one call of a loop, too short for the runtime to replace it in time.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Intern(ReadOnlySpan<byte> raw, bool quoted)
    {
        int start = nameStarts[nameCount];
        if (names.Length - start < MaxNameLength)
        {
            Array.Resize(ref names, 2 * names.Length);
        }
        Span<byte> room = names.AsSpan(start, MaxNameLength);
        int length = 0;
        uint hash = 2166136261;
        bool space = false;
        for (int i = 0; i < raw.Length && length < MaxNameLength - 1; i++)
        {
            byte b = raw[i];
            if (b <= (byte)' ')
            {
                space = length > 0;
                continue;
            }
            if (b == '"' && quoted && i + 1 < raw.Length && raw[i + 1] == '"')
            {
                i++;
            }
            if (space)
            {
                room[length++] = (byte)' ';
                hash = (hash ^ ' ') * 16777619;
                space = false;
            }
            room[length++] = b;
            hash = (hash ^ b) * 16777619;
        }
        return length == 0 ? -1 : FindOrTake(room[..length], hash, start);
    }

    private int FindOrTake(ReadOnlySpan<byte> name, uint hash, int start)
    {
        int mask = slots.Length - 1;
        int slot = (int)((hash ^ (hash >> 15)) & (uint)mask);
        for (; slots[slot] != 0; slot = (slot + 1) & mask)
        {
            int known = slots[slot] - 1;
            if (names.AsSpan(nameStarts[known], nameStarts[known + 1] - nameStarts[known]).SequenceEqual(name))
            {
                return known;
            }
        }
        slots[slot] = ++nameCount;
        if (nameCount == nameStarts.Length)
        {
            Array.Resize(ref nameStarts, 2 * nameStarts.Length);
        }
        nameStarts[nameCount] = start + name.Length;
        if (nameCount > slots.Length / 4 * 3)
        {
            Rehash();
        }
        return nameCount - 1;
    }

    private void Rehash()
    {
        slots = new int[2 * slots.Length];
        int mask = slots.Length - 1;
        for (int i = 0; i < nameCount; i++)
        {
            uint hash = 2166136261;
            foreach (byte b in names.AsSpan(nameStarts[i], nameStarts[i + 1] - nameStarts[i]))
            {
                hash = (hash ^ b) * 16777619;
            }
            int slot = (int)((hash ^ (hash >> 15)) & (uint)mask);
            while (slots[slot] != 0)
            {
                slot = (slot + 1) & mask;
            }
            slots[slot] = i + 1;
        }
    }

    private sealed class EntryList(int capacity)
    {
        private ulong[] items = new ulong[capacity];

        internal int Count { get; private set; }

        internal void Add(ulong item)
        {
            if (Count == items.Length)
            {
                Array.Resize(ref items, 2 * items.Length);
            }
            items[Count++] = item;
        }

        internal ulong[] ToSorted()
        {
            ulong[] sorted = items[..Count];
            Array.Sort(sorted);
            return sorted;
        }
    }
}
