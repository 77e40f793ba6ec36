using System.Globalization;
using KismetOrleans.Engine.Alerts;
using KismetOrleans.Records.Alerts;

namespace KismetOrleans.Storage;

/// <summary>Alerts and incidents in SQL: what SQLite and PostgreSQL have in common. Parameters stand in the order of their numbers, which SQLite takes for names.</summary>
internal static class AlertSql
{
    /// <summary>Keeps an alert: time, header, severity, bssid, source, dest, other, body.</summary>
    public const string AddAlert =
        "INSERT INTO alerts (time, header, severity, bssid, source, dest, other, body) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (time) DO NOTHING";

    /// <summary>Keeps an incident: id, header, severity, transmitter, network, state, owner, first, last, body.</summary>
    public const string PutIncident =
        "INSERT INTO incidents (id, header, severity, transmitter, network, state, owner, first, last, body) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) "
        + "ON CONFLICT (id) DO UPDATE SET severity = excluded.severity, state = excluded.state, owner = excluded.owner, first = excluded.first, last = excluded.last, body = excluded.body";

    /// <summary>From, until, header ("" for any), severity, address (0 for any), limit.</summary>
    public const string Alerts =
        "SELECT body FROM alerts WHERE time >= $1 AND time < $2 AND ($3 = '' OR header = $3) AND severity >= $4 "
        + "AND ($5 = 0 OR bssid = $5 OR source = $5 OR dest = $5 OR other = $5) ORDER BY time DESC LIMIT $6";

    /// <summary>From, until, header ("" for any), severity, address (0 for any), state (-1 for any), whether of an owner (0, 1), owner, limit.</summary>
    public const string Incidents =
        "SELECT body FROM incidents WHERE last >= $1 AND first < $2 AND ($3 = '' OR header = $3) AND severity >= $4 AND ($5 = 0 OR transmitter = $5 OR network = $5) "
        + "AND ($6 = -1 OR state = $6) AND ($7 = 0 OR owner = $8) ORDER BY last DESC LIMIT $9";

    public const string Incident = "SELECT body FROM incidents WHERE id = $1";
    public const string ForgetAlerts = "DELETE FROM alerts WHERE time < $1";

    /// <summary>Forgets incidents before a time, but for those that are muted.</summary>
    public static readonly string ForgetIncidents = string.Create(CultureInfo.InvariantCulture, $"DELETE FROM incidents WHERE last < $1 AND state <> {(int)IncidentState.Muted}");

    /// <summary>Forgets all but the newest alerts of a severity: severity, how many.</summary>
    public const string ForgetMoreAlerts =
        "DELETE FROM alerts WHERE severity = $1 AND time <= (SELECT time FROM alerts WHERE severity = $1 ORDER BY time DESC LIMIT 1 OFFSET $2)";

    /// <summary>Forgets all but the newest incidents of a severity, but for those that are muted: severity, how many.</summary>
    public static readonly string ForgetMoreIncidents = string.Create(
        CultureInfo.InvariantCulture,
        $"DELETE FROM incidents WHERE severity = $1 AND state <> {(int)IncidentState.Muted} AND last <= (SELECT last FROM incidents WHERE severity = $1 ORDER BY last DESC LIMIT 1 OFFSET $2)");

    /// <summary>Parameters of <see cref="AddAlert"/>.</summary>
    public static object[] Of(AlertRecord alert) =>
    [
        alert.Microseconds, alert.Alert.Header, (short)alert.Severity, (long)alert.Alert.Bssid.Value, (long)alert.Alert.Source.Value, (long)alert.Alert.Destination.Value,
        (long)alert.Alert.Other.Value, AlertCodec.Write([alert]),
    ];

    /// <summary>Parameters of <see cref="PutIncident"/>.</summary>
    public static object[] Of(IncidentRecord incident) =>
    [
        incident.Id, incident.Header, (short)incident.Severity, (long)incident.Transmitter.Value, (long)incident.Network.Value, (short)incident.State, incident.Owner,
        incident.First, incident.Last, AlertCodec.Write([incident]),
    ];

    /// <summary>Parameters of <see cref="Alerts"/>.</summary>
    public static object[] Of(AlertQuery query) =>
        [query.From, query.Until, query.Header ?? "", (short)query.Severity, (long)query.Address.Value, (long)query.Limit];

    /// <summary>Parameters of <see cref="Incidents"/>.</summary>
    public static object[] Of(IncidentQuery query) =>
    [
        query.From, query.Until, query.Header ?? "", (short)query.Severity, (long)query.Address.Value, (short)(query.State is { } state ? (int)state : -1),
        query.Owner is null ? 0L : 1L, query.Owner ?? "", (long)query.Limit,
    ];
}
