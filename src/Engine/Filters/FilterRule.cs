using System.Diagnostics.CodeAnalysis;
using KismetOrleans.Engine.Partitions;
using KismetOrleans.Records.Devices;
using KismetOrleans.Wire;

namespace KismetOrleans.Engine.Filters;

/// <summary>What a filter keeps out of kismetdb logs and the packet history.</summary>
public enum FilterOf : byte
{
    Packets,
    Devices,
}

/// <summary>Which address of a packet is compared. Devices have one.</summary>
public enum FilterBlock : byte
{
    Source,

    /// <summary>Who is meant.</summary>
    Destination,

    Network,

    /// <summary>Who transmits for the sender.</summary>
    Other,

    /// <summary>Any of them; that of a device.</summary>
    Any,
}

/// <summary>One entry of a filter: addresses of a phy, and what becomes of them. As a text it is what is kept and carried.</summary>
/// <param name="Block">Which address is compared.</param>
/// <param name="Range">The addresses; a mask of all ones is one of them.</param>
public sealed record FilterRule(FilterOf Of, Phy Phy, FilterBlock Block, MaskedAddress Range)
{
    // What Kismet takes for blocking, and its opposites; it takes anything else for passing.
    private static readonly string[] s_blocking = ["1", "true", "t", "reject", "deny", "filter", "block"];
    private static readonly string[] s_passing = ["0", "false", "f", "allow", "accept", "permit", "pass"];

    /// <summary>A range of all addresses, as it is written.</summary>
    private const string All = "*";

    /// <summary>A mask that leaves one address.</summary>
    private const ulong Whole = ulong.MaxValue;
    private const ulong SixBytes = 0xFFFF_FFFF_FFFF;

    internal bool IsOne => Range.Mask == Whole;
    internal bool IsAll => Range.Mask == 0;

    /// <summary>The addresses, as they are listed.</summary>
    public string Addresses => IsAll ? All : IsOne ? Range.Address.ToString() : $"{Range.Address}/{new MacAddress(Range.Mask)}";

    /// <summary>The entry without what becomes of it: no two of a filter have the same.</summary>
    public string Key => $"{Of} {Phy.Name} {Block} {Addresses}";

    /// <summary>Reads a word that says what becomes of addresses.</summary>
    public static bool TryParseVerdict(string text, out bool blocks)
    {
        blocks = s_blocking.Contains(text, StringComparer.OrdinalIgnoreCase);
        return blocks || s_passing.Contains(text, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Finds a phy by its name, in either case.</summary>
    public static bool TryFindPhy(string name, [NotNullWhen(true)] out Phy? phy) =>
        (phy = Phy.All.FirstOrDefault(known => known.Name.Equals(name, StringComparison.OrdinalIgnoreCase))) is not null;

    /// <summary>Finds a block by its name, in either case; a number is none.</summary>
    public static bool TryFindBlock(string name, out FilterBlock block) =>
        Enum.TryParse(name, ignoreCase: true, out block) && Enum.GetNames<FilterBlock>().Contains(name, StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// Reads an address, one with a mask as <c>AA:BB:CC:00:00:00/FF:FF:FF:00:00:00</c>, or <c>*</c> for all; the bits that the mask leaves out do not count.
    /// </summary>
    public static bool TryParseRange(string text, out MaskedAddress range)
    {
        range = default;
        if (text == All)
        {
            return true;
        }
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0)
        {
            bool read = MacAddress.TryParseAny(text, out MacAddress one);
            range = new(one, Whole);
            return read;
        }
        if (!MacAddress.TryParse(text.AsSpan(0, slash), out MacAddress address) || !MacAddress.TryParse(text.AsSpan(slash + 1), out MacAddress mask) || mask.IsZero)
        {
            return false;
        }
        range = mask.Value == SixBytes ? new(address, Whole) : new(new(address.Value & mask.Value), mask.Value);
        return true;
    }

    /// <summary>Reads a key.</summary>
    /// <returns>Null for what this version does not know.</returns>
    internal static FilterRule? Read(ReadOnlySpan<char> key)
    {
        string[] parts = key.ToString().Split(' ');
        return parts.Length == 4 && Enum.TryParse(parts[0], out FilterOf of) && Enum.TryParse(parts[2], out FilterBlock block)
            && Phy.All.FirstOrDefault(phy => phy.Name == parts[1]) is { } phy && TryParseRange(parts[3], out MaskedAddress range)
            ? new(of, phy, block, range) : null;
    }
}
