using KismetOrleans.Engine.Logging;
using KismetOrleans.Engine.Partitions;
using KismetOrleans.Records.Devices;

namespace KismetOrleans.Engine.Filters;

/// <summary>The filters that the settings name (<c>Log:PacketFilter</c>, <c>Log:DeviceFilter</c>, and what becomes of the rest); commands change them.</summary>
public sealed record FilterSettings(FilterRules Rules)
{
    /// <summary>Reads them.</summary>
    /// <exception cref="ArgumentException">It says which setting is wrong.</exception>
    public static FilterSettings Read(LogOptions options)
    {
        List<string> lines =
        [
            .. Default(FilterOf.Packets, options.PacketFilterDefault, nameof(options.PacketFilterDefault)),
            .. Default(FilterOf.Devices, options.DeviceFilterDefault, nameof(options.DeviceFilterDefault)),
            .. options.PacketFilter.Select(static (entry, i) => Line(FilterOf.Packets, entry, $"Log:{nameof(options.PacketFilter)}:{i}", "phy,block,address,verdict")),
            .. options.DeviceFilter.Select(static (entry, i) => Line(FilterOf.Devices, entry, $"Log:{nameof(options.DeviceFilter)}:{i}", "phy,address,verdict")),
        ];
        return new(FilterRules.Empty.With(lines) ?? throw new ArgumentException($"Log:{nameof(options.PacketFilter)}: more than {FilterRules.MaxCount} entries"));
    }

    private static string[] Default(FilterOf of, string verdict, string name) =>
        !FilterRule.TryParseVerdict(verdict, out bool blocks) ? throw new ArgumentException($"Log:{name}: '{verdict}' is neither block nor pass")
        : blocks ? [FilterRules.DefaultLine(of, true)] : [];

    private static string Line(FilterOf of, string entry, string name, string form)
    {
        string[] parts = entry.Split(',', StringSplitOptions.TrimEntries);
        FilterBlock block = FilterBlock.Any;
        return parts.Length != form.Count(static c => c == ',') + 1 ? throw Wrong("it has another number of parts")
            : !FilterRule.TryFindPhy(parts[0], out Phy? phy) ? throw Wrong($"'{parts[0]}' is none of {string.Join(", ", Phy.All.Select(static known => known.Name))}")
            : of == FilterOf.Packets && !FilterRule.TryFindBlock(parts[1], out block) ? throw Wrong($"'{parts[1]}' is none of source, destination, network, other, any")
            : !FilterRule.TryParseRange(parts[^2], out MaskedAddress range) ? throw Wrong($"'{parts[^2]}' is neither an address, nor one with a mask, nor *")
            : !FilterRule.TryParseVerdict(parts[^1], out bool blocks) ? throw Wrong($"'{parts[^1]}' is neither block nor pass")
            : FilterRules.SetLine(new(of, phy, block, range), blocks);

        ArgumentException Wrong(string what) => new($"{name}: expected {form}: {what}");
    }
}
