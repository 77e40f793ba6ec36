using KismetOrleans.Records.Devices;
using KismetOrleans.Wire;

namespace KismetOrleans.Records.Alerts;

public enum IncidentState : byte
{
    /// <summary>Nobody has looked at it.</summary>
    New,

    /// <summary>Somebody has, and works on it.</summary>
    Acknowledged,

    /// <summary>It is over: what comes of the same kind begins another one.</summary>
    Resolved,

    /// <summary>It goes on being counted, and is told to nobody for a time.</summary>
    Muted,
}

/// <summary>Alerts of one kind, transmitter and network that lie close together in time.</summary>
/// <param name="Id">Number by which it is asked for: microseconds since 1970 at which it was begun.</param>
/// <param name="Header">Kind of its alerts.</param>
/// <param name="Transmitter">Who sent what the alerts are about; zero where they name nobody.</param>
/// <param name="Network">Access point; zero where they name none.</param>
public sealed record IncidentRecord(long Id, string Header, MacAddress Transmitter, MacAddress Network)
{
    public string Class { get; init; } = "";

    /// <summary>Weight of its kind.</summary>
    public byte Severity { get; init; }

    /// <summary>Microseconds since 1970 of the first alert.</summary>
    public long First { get; init; }

    /// <summary>Microseconds since 1970 of the newest alert, one that was held back included.</summary>
    public long Last { get; init; }

    /// <summary>Alerts that were raised.</summary>
    public long Count { get; init; }

    /// <summary>Alerts that a limit held back.</summary>
    public long HeldBack { get; init; }

    /// <summary>The newest alert, in words.</summary>
    public string Text { get; init; } = "";

    /// <summary>Device that the newest alert is about; null without.</summary>
    public DeviceId? Device { get; init; }

    /// <summary>Channel of the newest alert; "" without.</summary>
    public string Channel { get; init; } = "";

    public IncidentState State { get; init; }

    /// <summary>Microseconds since 1970 at which its muting ends; <see cref="long.MaxValue"/> for never.</summary>
    public long MutedUntil { get; init; }

    /// <summary>Who works on it; "" for nobody.</summary>
    public string Owner { get; init; } = "";

    /// <summary>What was changed, oldest first.</summary>
    public IReadOnlyList<IncidentChange> Changes { get; init; } = [];
}

/// <summary>A change of an incident by somebody.</summary>
/// <param name="Microseconds">When, since 1970.</param>
/// <param name="Who">Name of the login or key.</param>
/// <param name="What">What was changed: <c>state</c>, <c>owner</c> or <c>comment</c>.</param>
/// <param name="Value">The new state or owner, or the comment.</param>
public sealed record IncidentChange(long Microseconds, string Who, string What, string Value);
