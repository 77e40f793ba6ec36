using System.Globalization;
using System.Text.RegularExpressions;
using KismetOrleans.Records.Uav;
using KismetOrleans.Wire;

namespace KismetOrleans.Engine.Tracking;

/// <summary>A rule of the settings (<c>Tracking:Drones:0:Id</c> …) that recognises drones, beside those that the server knows by itself.</summary>
public sealed record UavRuleOptions
{
    /// <summary>Identifies the rule; no other may have it.</summary>
    public string Id { get; init; } = "";

    /// <summary>Manufacturer that drones are told with which it matches.</summary>
    public string Manufacturer { get; init; } = "";

    /// <summary>Model that they are told with, "" for none.</summary>
    public string Model { get; init; } = "";

    /// <summary>The beginning of the address, one to six bytes as <c>60:60:1F</c>; none for any address.</summary>
    public string Mac { get; init; } = "";

    /// <summary>Pattern of the SSID, without lookaround and back references; none for any.</summary>
    public string Ssid { get; init; } = "";

    /// <summary>Whether one of address and SSID suffices.</summary>
    public bool Partial { get; init; }
}

/// <summary>The rules by which drones are recognised that do not say it themselves.</summary>
public sealed class UavRules
{
    // A device that has none of the addresses is looked at once for each new SSID, by each of these rules.
    private const int MaxOfSettings = 256;
    private const int ByteDigits = 3;

    /// <summary>Those that the server knows by itself.</summary>
    internal static readonly UavRules BuiltIn = new(UavTable.Rules, []);

    private readonly ILookup<uint, (UavMatch Rule, Regex Ssid)> _byOui;
    private readonly (UavMatch Rule, Regex Ssid)[] _others;

    private UavRules(IReadOnlyList<UavMatch> known, IReadOnlyList<UavMatch> configured)
    {
        All = [.. known, .. configured];
        // Patterns of settings must not take long, whatever an SSID is; those of the table do not.
        (UavMatch Rule, Regex Ssid)[] rules =
        [
            .. known.Select(static rule => (rule, new Regex(rule.SsidRegex, RegexOptions.CultureInvariant))),
            .. configured.Select(static rule => (rule, new Regex(rule.SsidRegex, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking))),
        ];
        _byOui = rules.Where(static rule => IsByOui(rule.Item1)).ToLookup(static rule => rule.Rule.Address.Oui);
        _others = [.. rules.Where(static rule => !IsByOui(rule.Item1))];
    }

    /// <summary>All rules, those of the settings last.</summary>
    public IReadOnlyList<UavMatch> All { get; }

    /// <exception cref="ArgumentException">One of them is of no use; the message names the setting.</exception>
    internal static UavRules Of(IReadOnlyList<UavRuleOptions> settings)
    {
        if (settings.Count == 0)
        {
            return BuiltIn;
        }
        if (settings.Count > MaxOfSettings)
        {
            throw new ArgumentException($"Tracking:Drones: more than {MaxOfSettings} rules");
        }
        HashSet<string> names = [.. UavTable.Rules.Select(static rule => rule.Id)];
        List<UavMatch> configured = [];
        for (int i = 0; i < settings.Count; i++)
        {
            configured.Add(Read(settings[i], $"Tracking:Drones:{i}", names));
        }
        return new(UavTable.Rules, configured);
    }

    /// <summary>The first rule that a device fits; null where there is none.</summary>
    internal UavMatch? Find(MacAddress address, string ssid)
    {
        foreach ((UavMatch rule, Regex pattern) in _byOui[address.Oui])
        {
            if (pattern.IsMatch(ssid))
            {
                return rule;
            }
        }
        foreach ((UavMatch rule, Regex pattern) in _others)
        {
            bool byAddress = Begins(address, rule);
            if (rule.Partial
                ? (byAddress && rule.PrefixLength > 0) || (rule.SsidRegex.Length > 0 && pattern.IsMatch(ssid))
                : byAddress && pattern.IsMatch(ssid))
            {
                return rule;
            }
        }
        return null;
    }

    private static bool IsByOui(UavMatch rule) => rule is { PrefixLength: 24, Partial: false };

    private static bool Begins(MacAddress address, UavMatch rule) => (address.Value ^ rule.Address.Value) >> (48 - rule.PrefixLength) == 0;

    private static UavMatch Read(UavRuleOptions rule, string at, HashSet<string> names)
    {
        if (rule.Id.Length == 0)
        {
            throw new ArgumentException($"{at}:Id: missing");
        }
        if (!names.Add(rule.Id))
        {
            throw new ArgumentException($"{at}:Id: {rule.Id} is there already");
        }
        if (rule.Mac.Length == 0 && rule.Ssid.Length == 0)
        {
            throw new ArgumentException($"{at}: neither Mac nor Ssid");
        }
        if (!TryReadPrefix(rule.Mac, out MacAddress address, out int length))
        {
            throw new ArgumentException($"{at}:Mac: expected up to six bytes as 60:60:1F, not {rule.Mac}");
        }
        try
        {
            _ = new Regex(rule.Ssid, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw new ArgumentException($"{at}:Ssid: {e.Message}", e);
        }
        return new(rule.Id, rule.Manufacturer, rule.Model, address, length, rule.Ssid, rule.Partial);
    }

    private static bool TryReadPrefix(string text, out MacAddress address, out int length)
    {
        address = default;
        length = 0;
        ulong value = 0;
        for (int at = 0; at < text.Length; at += ByteDigits)
        {
            if (length == 48 || at + 2 > text.Length || (at + 2 < text.Length && text[at + 2] is not (':' or '-'))
                || !byte.TryParse(text.AsSpan(at, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte b))
            {
                return false;
            }
            value |= (ulong)b << (40 - length);
            length += 8;
        }
        address = new(value);
        return true;
    }
}
