using System.Text;

namespace KismetOrleans.Storage.Manufacturers;

/// <summary>
/// Prefixes of 24, 28 and 36 bits, each sorted, and all names in one UTF-8 blob: 46,000 prefixes and 30,000 names take 1.5 MB, where
/// as many strings and dictionary entries would take 6 MB. A name becomes a string when it is first asked for, and stays one.
/// </summary>
internal sealed class RegistryTable
{
    /// <summary>Low bits of an entry that hold the name's number; 36 bits above them hold the prefix.</summary>
    internal const int NameBits = 28;

    private const ulong NameMask = (1UL << NameBits) - 1;

    private readonly ulong[] prefixes24;
    private readonly ulong[] prefixes28;
    private readonly ulong[] prefixes36;
    private readonly byte[] names;
    private readonly int[] nameStarts;
    private readonly string?[] decoded;

    /// <param name="prefixes24">Sorted entries: prefix in the high bits, number of the name in the low <see cref="NameBits"/>.</param>
    /// <param name="prefixes28">The same for 28 bits.</param>
    /// <param name="prefixes36">The same for 36 bits.</param>
    /// <param name="names">All names in UTF-8, one after the other.</param>
    /// <param name="nameStarts">Where each name starts, and the end of the last.</param>
    /// <param name="summary">What was read, for people.</param>
    /// <param name="hasProblems">Whether something was wrong with it.</param>
    internal RegistryTable(
        ulong[] prefixes24, ulong[] prefixes28, ulong[] prefixes36, byte[] names, int[] nameStarts, string summary, bool hasProblems)
    {
        (this.prefixes24, this.prefixes28, this.prefixes36) = (prefixes24, prefixes28, prefixes36);
        (this.names, this.nameStarts) = (names, nameStarts);
        decoded = new string?[nameStarts.Length - 1];
        (Summary, HasProblems) = (summary, hasProblems);
    }

    internal int Count => prefixes24.Length + prefixes28.Length + prefixes36.Length;

    internal string Summary { get; }

    internal bool HasProblems { get; }

    internal string? Find(ulong address) =>
        Search(prefixes36, address >> 12) ?? Search(prefixes28, address >> 20) ?? Search(prefixes24, address >> 24);

    internal string? FindOui(uint oui) => Search(prefixes24, oui);

    private string? Search(ulong[] entries, ulong prefix)
    {
        int index = Array.BinarySearch(entries, prefix << NameBits);
        index = index < 0 ? ~index : index;
        return index < entries.Length && entries[index] >> NameBits == prefix ? Name((int)(entries[index] & NameMask)) : null;
    }

    private string Name(int number)
    {
        string? name = Volatile.Read(ref decoded[number]);
        if (name is not null)
        {
            return name;
        }
        name = Encoding.UTF8.GetString(names, nameStarts[number], nameStarts[number + 1] - nameStarts[number]);
        // Two threads may both decode; all callers get the first one's string.
        return Interlocked.CompareExchange(ref decoded[number], name, null) ?? name;
    }
}
