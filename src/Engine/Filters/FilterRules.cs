using KismetOrleans.Wire;

namespace KismetOrleans.Engine.Filters;

/// <summary>Both filters as they are now. Never changes, so that any thread may ask.</summary>
public sealed class FilterRules
{
    /// <summary>Lines that all entries together may have: each lies in the memory of every process.</summary>
    public const int MaxCount = 10_000;

    private const char Blocked = '1', Passed = '0', Removed = '-';
    private readonly MacFilter[] _filters;

    /// <summary>Nothing is blocked.</summary>
    public static readonly FilterRules Empty = new([]);

    /// <summary>Reads the lines that are kept: <c>Packets 1</c> for what becomes of the rest, <c>Packets IEEE802.11 Source AA:BB:CC:DD:EE:FF 1</c> for an entry.</summary>
    /// <param name="lines">The lines; what is unknown, as of a newer version, stays among them.</param>
    public FilterRules(IReadOnlyList<string> lines)
    {
        Lines = lines;
        _filters = [new(FilterOf.Packets, lines), new(FilterOf.Devices, lines)];
    }

    /// <summary>All of it, to be kept and carried.</summary>
    public IReadOnlyList<string> Lines { get; }

    public MacFilter this[FilterOf of] => _filters[(int)of];

    /// <summary>A line that says what becomes of what no entry names.</summary>
    public static string DefaultLine(FilterOf of, bool blocks) => $"{of} {(blocks ? Blocked : Passed)}";

    /// <summary>A line that has an entry block or pass.</summary>
    public static string SetLine(FilterRule rule, bool blocks) => $"{rule.Key} {(blocks ? Blocked : Passed)}";

    /// <summary>A line that takes an entry away.</summary>
    public static string RemoveLine(FilterRule rule) => $"{rule.Key} {Removed}";

    /// <summary>What they are after a change.</summary>
    /// <param name="changes">Lines of this class.</param>
    /// <returns>Null where there would be more than <see cref="MaxCount"/>.</returns>
    public FilterRules? With(IEnumerable<string> changes)
    {
        List<string> lines = Join(Lines.Concat(changes), static _ => false);
        return lines.Count > MaxCount ? null : new(lines);
    }

    /// <summary>Changes that stand for several: the last one of each entry. That one was removed is kept only where these rules have it.</summary>
    public List<string> JoinChanges(IEnumerable<string> changes)
    {
        HashSet<string> own = [.. Lines.Select(static line => line[..^1])];
        return Join(changes, own.Contains);
    }

    private static List<string> Join(IEnumerable<string> changes, Func<string, bool> keepsRemoval)
    {
        OrderedDictionary<string, char> all = [];
        foreach (string line in changes)
        {
            if (line[^1] == Removed && !keepsRemoval(line[..^1]))
            {
                _ = all.Remove(line[..^1]);
            }
            else
            {
                all[line[..^1]] = line[^1];
            }
        }
        return [.. all.Select(static one => one.Key + one.Value)];
    }

    internal static bool TryRead(string line, out ReadOnlySpan<char> key, out bool blocks)
    {
        bool whole = line.Length > 2 && line[^2] == ' ';
        key = whole ? line.AsSpan(0, line.Length - 2) : default;
        blocks = whole && line[^1] == Blocked;
        return whole;
    }
}

public sealed class MacFilter
{
    // By phy and block.
    private readonly Dictionary<(int Phy, FilterBlock Block), Addresses> _blocks = [];

    internal MacFilter(FilterOf of, IReadOnlyList<string> lines)
    {
        foreach (string line in lines)
        {
            if (!FilterRules.TryRead(line, out ReadOnlySpan<char> key, out bool blocks))
            {
                continue;
            }
            if (key.SequenceEqual(of.ToString()))
            {
                Default = blocks;
            }
            else if (FilterRule.Read(key) is { } rule && rule.Of == of)
            {
                Rules.Add((rule, blocks));
            }
        }
        foreach ((FilterRule rule, bool blocks) in Rules)
        {
            if (!_blocks.TryGetValue((rule.Phy.Id, rule.Block), out Addresses? addresses))
            {
                _blocks[(rule.Phy.Id, rule.Block)] = addresses = new();
            }
            addresses.Add(rule, blocks);
        }
    }

    /// <summary>Whether what no entry names is blocked.</summary>
    public bool Default { get; }

    /// <summary>The entries and whether they block, in the order in which they were made.</summary>
    public List<(FilterRule Rule, bool Blocks)> Rules { get; } = [];

    /// <summary>Whether nothing is ever blocked.</summary>
    internal bool IsIdle => !Default && Rules.Count == 0;

    /// <summary>Whether a packet is blocked: by the first entry that names it, of the blocks in their order.</summary>
    internal bool Blocks(int phy, MacAddress source, MacAddress destination, MacAddress network, MacAddress other) =>
        Find(phy, FilterBlock.Source, source) ?? Find(phy, FilterBlock.Destination, destination) ?? Find(phy, FilterBlock.Network, network)
        ?? Find(phy, FilterBlock.Other, other) ?? Find(phy, FilterBlock.Any, source) ?? Find(phy, FilterBlock.Any, destination)
        ?? Find(phy, FilterBlock.Any, network) ?? Find(phy, FilterBlock.Any, other) ?? OfPhy(phy) ?? Default;

    /// <summary>Whether a device is blocked.</summary>
    internal bool Blocks(int phy, MacAddress device) => Find(phy, FilterBlock.Any, device) ?? Default;

    private bool? Find(int phy, FilterBlock block, MacAddress address) =>
        !address.IsZero && _blocks.TryGetValue((phy, block), out Addresses? addresses) ? addresses.Find(address) : null;

    // Of a packet that names nobody.
    private bool? OfPhy(int phy) => _blocks.TryGetValue((phy, FilterBlock.Any), out Addresses? addresses) ? addresses.All : null;

    /// <summary>An address goes before ranges, a smaller range before a larger one.</summary>
    private sealed class Addresses
    {
        private readonly Dictionary<MacAddress, bool> _ones = [];
        private readonly List<(FilterRule Rule, bool Blocks)> _ranges = [];

        public bool? All { get; private set; }

        public void Add(FilterRule rule, bool blocks)
        {
            if (rule.IsOne)
            {
                _ones[rule.Range.Address] = blocks;
                return;
            }
            All = rule.IsAll ? blocks : All;
            _ranges.Add((rule, blocks));
            _ranges.Sort(static (a, b) => ulong.PopCount(b.Rule.Range.Mask).CompareTo(ulong.PopCount(a.Rule.Range.Mask)));
        }

        public bool? Find(MacAddress address)
        {
            if (_ones.TryGetValue(address, out bool blocks))
            {
                return blocks;
            }
            foreach ((FilterRule rule, bool range) in _ranges)
            {
                if (rule.Range.Matches(address))
                {
                    return range;
                }
            }
            return null;
        }
    }
}
