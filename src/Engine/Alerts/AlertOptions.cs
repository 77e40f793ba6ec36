using System.Text.RegularExpressions;
using KismetOrleans.Engine.Watching;
using KismetOrleans.Records.Alerts;
using KismetOrleans.Wire;

namespace KismetOrleans.Engine.Alerts;

/// <summary>Settings of alerts (configuration section <c>Alerts</c>).</summary>
public sealed record AlertOptions
{
    // A name or pattern comes from the configuration, the text from the air: what takes longer than this is taken for no match.
    private static readonly TimeSpan s_matchTimeout = TimeSpan.FromMilliseconds(10);
    private AlertDefinition[]? _definitions;

    /// <summary>Alerts kept for clients that ask later.</summary>
    public int Backlog { get; init; } = 50;

    /// <summary>How long alerts and incidents are kept.</summary>
    public TimeSpan KeepFor { get; init; } = TimeSpan.FromDays(90);

    /// <summary>Alerts, and incidents, of each severity that are kept at most.</summary>
    public int KeepMost { get; init; } = 100_000;

    /// <summary>Alerts of one kind, transmitter and network belong to one incident while the pause between two of them is shorter.</summary>
    public TimeSpan IncidentWindow { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Limits by the alert's name, as <c>5/min,2/sec</c>: those of the kind and those of a burst. A limit of 0 squelches.</summary>
    public Dictionary<string, string> Rates { get; init; } = [];

    /// <summary>SSIDs (regular expressions) by a name of the rule: SSIDCANARY is raised where one turns up.</summary>
    public Dictionary<string, string> SsidCanary { get; init; } = [];

    /// <summary>SSIDs and the addresses that may announce them, by a name of the rule: APSPOOF is raised for others.</summary>
    public Dictionary<string, ApSpoofRule> ApSpoof { get; init; } = [];

    /// <summary>Whether access points that are not on the list of fingerprints raise UNLISTEDAP, once there are some on it.</summary>
    public bool UnlistedAccessPoints { get; init; }

    /// <summary>A signal above this is OVERPOWERED, dBm.</summary>
    public int MaxSignal { get; init; } = -10;

    /// <summary>Addresses of devices that are waited for: DEVICEFOUND is raised when one is seen.</summary>
    public IReadOnlyList<string> Found { get; init; } = [];

    /// <summary>Addresses of devices that are watched: DEVICELOST is raised when one is not seen any more.</summary>
    public IReadOnlyList<string> Lost { get; init; } = [];

    /// <summary>A device that is not seen for this time is lost.</summary>
    public TimeSpan LostAfter { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>A sensor that is not connected for this time is down.</summary>
    public TimeSpan SensorDownAfter { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>A radio that hears nothing for this time while its neighbours do is deaf.</summary>
    public TimeSpan SensorDeafAfter { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>A sensor's clock may be off by this.</summary>
    public TimeSpan SensorClockLimit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Share of its packets that a sensor may lose, over a minute.</summary>
    public double SensorDropShare { get; init; } = 0.01;

    /// <summary>The kinds of alerts with the configured limits, by <see cref="AlertKind"/>.</summary>
    /// <exception cref="ArgumentException">A limit is malformed, or there is no alert of its name.</exception>
    internal IReadOnlyList<AlertDefinition> Definitions()
    {
        if (_definitions is not null)
        {
            return _definitions;
        }
        AlertDefinition[] definitions = [.. AlertCatalogue.All];
        foreach ((string name, string text) in Rates)
        {
            int i = Array.FindIndex(definitions, definition => definition.Header.Equals(name, StringComparison.OrdinalIgnoreCase));
            string[] parts = text.Split(',', StringSplitOptions.TrimEntries);
            if (i < 0)
            {
                throw new ArgumentException($"Alerts:Rates:{name}: there is no such alert");
            }
            AlertRate burst = definitions[i].Burst.Count > 0 ? definitions[i].Burst : new(1, RateUnit.Second);
            if (parts.Length > 2 || !AlertRate.TryParse(parts[0], out AlertRate limit) || (parts.Length == 2 && !AlertRate.TryParse(parts[1], out burst)))
            {
                throw new ArgumentException($"Alerts:Rates:{name}: expected limits such as 5/min,2/sec, got '{text}'");
            }
            definitions[i] = definitions[i] with { Limit = limit, Burst = burst, IsUnlimited = false };
        }
        return _definitions = definitions;
    }

    /// <summary>The devices of <see cref="Found"/> and <see cref="Lost"/>.</summary>
    /// <exception cref="ArgumentException">One is no address.</exception>
    internal IEnumerable<(WatchFor What, MacAddress Address)> Watched() =>
        [.. Found.Select(static text => (WatchFor.Found, Address("Found", text))), .. Lost.Select(static text => (WatchFor.Lost, Address("Lost", text)))];

    /// <summary>Addresses that the settings name: those that may announce an SSID, and those that are watched.</summary>
    internal IEnumerable<MacAddress> OwnAddresses() =>
        [.. ApSpoof.SelectMany(static rule => rule.Value.Macs, static (rule, text) => Address($"ApSpoof:{rule.Key}:Macs", text)), .. Watched().Select(static one => one.Address)];

    private static MacAddress Address(string setting, string text) =>
        MacAddress.TryParse(text, out MacAddress address) ? address : throw new ArgumentException($"Alerts:{setting}: '{text}' is no address");

    /// <summary>A pattern as it is matched with SSIDs.</summary>
    /// <exception cref="ArgumentException">It is no regular expression; the message names the setting.</exception>
    internal static Regex Pattern(string setting, string pattern)
    {
        try
        {
            return new(pattern, RegexOptions.CultureInvariant, s_matchTimeout);
        }
        catch (RegexParseException e)
        {
            throw new ArgumentException($"{setting}: {e.Message}", e);
        }
    }

    /// <summary>Checks everything that is set.</summary>
    /// <exception cref="ArgumentException">Something is malformed; the message names the setting.</exception>
    public AlertOptions Checked()
    {
        _ = Definitions();
        _ = new SsidRules(this);
        _ = Watched();
        if (LostAfter < TimeSpan.FromSeconds(1))
        {
            throw new ArgumentException($"Alerts:LostAfter: expected a second at least, got {LostAfter}");
        }
        if (SensorDownAfter < TimeSpan.FromSeconds(1) || SensorDeafAfter < TimeSpan.FromSeconds(1) || SensorClockLimit < TimeSpan.FromSeconds(1))
        {
            throw new ArgumentException("Alerts:SensorDownAfter, Alerts:SensorDeafAfter, Alerts:SensorClockLimit: expected a second at least");
        }
        if (SensorDropShare is not (> 0 and <= 1))
        {
            throw new ArgumentException($"Alerts:SensorDropShare: expected a share above 0, 1 at most, got {SensorDropShare}");
        }
        if (KeepFor < TimeSpan.FromMinutes(1))
        {
            throw new ArgumentException($"Alerts:KeepFor: expected a minute at least, got {KeepFor}");
        }
        if (KeepMost < 1)
        {
            throw new ArgumentException($"Alerts:KeepMost: expected 1 at least, got {KeepMost}");
        }
        if (IncidentWindow < TimeSpan.FromSeconds(1))
        {
            throw new ArgumentException($"Alerts:IncidentWindow: expected a second at least, got {IncidentWindow}");
        }
        return Backlog is >= 1 and <= 10_000 ? this : throw new ArgumentException($"Alerts:Backlog: expected 1 to 10000, got {Backlog}");
    }
}

/// <summary>An SSID and who may announce it.</summary>
public sealed record ApSpoofRule
{
    /// <summary>SSID, a regular expression.</summary>
    public string Ssid { get; init; } = "";

    /// <summary>Addresses that may.</summary>
    public IReadOnlyList<string> Macs { get; init; } = [];
}

/// <summary>The rules about SSIDs, ready to be matched.</summary>
internal sealed class SsidRules
{
    private readonly (string Name, Regex Pattern)[] _canaries;
    private readonly (string Name, Regex Pattern, HashSet<MacAddress> Valid)[] _spoofs;

    public SsidRules(AlertOptions options)
    {
        _canaries = [.. options.SsidCanary.Select(static rule => (rule.Key, AlertOptions.Pattern($"Alerts:SsidCanary:{rule.Key}", rule.Value)))];
        _spoofs = [.. options.ApSpoof.Select(static rule => (
            rule.Key,
            AlertOptions.Pattern($"Alerts:ApSpoof:{rule.Key}:Ssid", rule.Value.Ssid),
            rule.Value.Macs.Select(mac => MacAddress.TryParse(mac, out MacAddress address)
                ? address : throw new ArgumentException($"Alerts:ApSpoof:{rule.Key}:Macs: '{mac}' is no address")).ToHashSet()))];
    }

    /// <summary>Name of the canary rule that an SSID meets; null without.</summary>
    public string? CanaryOf(string ssid)
    {
        foreach ((string name, Regex pattern) in _canaries)
        {
            if (Matches(pattern, ssid))
            {
                return name;
            }
        }
        return null;
    }

    /// <summary>Name of the rule by which an address must not announce an SSID; null where it may.</summary>
    public string? SpoofOf(string ssid, MacAddress from)
    {
        foreach ((string name, Regex pattern, HashSet<MacAddress> valid) in _spoofs)
        {
            if (!valid.Contains(from) && Matches(pattern, ssid))
            {
                return name;
            }
        }
        return null;
    }

    private static bool Matches(Regex pattern, string ssid)
    {
        try
        {
            return pattern.IsMatch(ssid);
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }
}
