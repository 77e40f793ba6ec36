using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace KismetOrleans.Records.Alerts;

/// <summary>Units of time of a rate, numbered as the API prints them.</summary>
public enum RateUnit : byte
{
    Second = 0,
    Minute = 1,
    Hour = 2,
    Day = 3,
}

/// <summary>How many alerts there may be in a unit of time.</summary>
public readonly record struct AlertRate(uint Count, RateUnit Unit)
{
    /// <summary>Microseconds of the unit.</summary>
    public long UnitMicroseconds => 1_000_000L * Unit switch
    {
        RateUnit.Second => 1,
        RateUnit.Minute => 60,
        RateUnit.Hour => 3600,
        _ => 86400,
    };

    /// <summary>Parses <c>10/min</c>; the unit is sec, min, hr, hour or day, and a minute where none is named.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out AlertRate rate)
    {
        rate = default;
        if (text is null)
        {
            return false;
        }
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        RateUnit? unit = slash < 0 ? RateUnit.Minute : text[(slash + 1)..].Trim().ToUpperInvariant() switch
        {
            "SEC" or "SECOND" => RateUnit.Second,
            "MIN" or "MINUTE" => RateUnit.Minute,
            "HR" or "HOUR" => RateUnit.Hour,
            "DAY" => RateUnit.Day,
            _ => null,
        };
        if (unit is not { } known
            || !uint.TryParse(slash < 0 ? text : text[..slash], NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out uint count))
        {
            return false;
        }
        rate = new(count, known);
        return true;
    }

    /// <summary>The form that <see cref="TryParse"/> reads.</summary>
    public override string ToString() => $"{Count}/{Unit switch
    {
        RateUnit.Second => "sec",
        RateUnit.Minute => "min",
        RateUnit.Hour => "hr",
        _ => "day",
    }}";
}

/// <summary>Weights of alerts, as the API prints them.</summary>
public static class AlertSeverity
{
    public const byte Info = 0;
    public const byte Low = 5;
    public const byte Medium = 10;
    public const byte High = 15;
    public const byte Critical = 20;

    /// <summary>All, the least first.</summary>
    public static IReadOnlyList<byte> All { get; } = [Info, Low, Medium, High, Critical];

    /// <summary>Whether a number is one of them.</summary>
    public static bool IsKnown(long severity) => severity is Info or Low or Medium or High or Critical;

    public static string NameOf(byte severity) => severity switch
    {
        Info => "info",
        Low => "low",
        Medium => "medium",
        High => "high",
        _ => "critical",
    };
}

/// <summary>A kind of alert.</summary>
/// <param name="Severity">Weight, see <see cref="AlertSeverity"/>.</param>
/// <param name="PhyId">Number of the phy; −1 for any, −2 for none in particular.</param>
/// <param name="Limit">How many there may be in a time.</param>
/// <param name="Burst">How many there may be in a short time.</param>
public sealed record AlertDefinition(
    string Header, string Class, byte Severity, int PhyId, AlertRate Limit, AlertRate Burst, string Description)
{
    public const int AnyPhy = -1;

    /// <summary>A phy that nobody knows.</summary>
    public const int UnknownPhy = -2;

    /// <summary>Never raised: a limit of none.</summary>
    public bool IsSquelched => Limit.Count == 0 && !IsUnlimited;

    /// <summary>Raised without limit, as the server's own events.</summary>
    public bool IsUnlimited { get; init; }
}

/// <summary>A kind of alert and how often it was raised (<c>kismet.alert.definition.*</c>).</summary>
/// <param name="TotalSent">Alerts in the running unit of the limit.</param>
/// <param name="BurstSent">Alerts in the running unit of the burst.</param>
/// <param name="LastMicroseconds">Microseconds since 1970 of the newest; 0 before the first.</param>
public sealed record AlertDefinitionRecord(AlertDefinition Definition, ulong TotalSent, ulong BurstSent, long LastMicroseconds);
