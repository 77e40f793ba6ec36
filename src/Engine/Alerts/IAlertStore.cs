using KismetOrleans.Records.Alerts;
using KismetOrleans.Wire;

namespace KismetOrleans.Engine.Alerts;

/// <summary>Port: alerts and incidents that were kept.</summary>
public interface IAlertStore
{
    /// <summary>Keeps alerts and incidents, in one step. An alert that is there already stays as it is; an incident is replaced.</summary>
    ValueTask SaveAsync(IReadOnlyList<AlertRecord> alerts, IReadOnlyList<IncidentRecord> incidents, CancellationToken cancellation = default);

    /// <summary>Alerts, newest first.</summary>
    ValueTask<IReadOnlyList<AlertRecord>> AlertsAsync(AlertQuery query, CancellationToken cancellation = default);

    /// <summary>Incidents, those with the newest alerts first.</summary>
    ValueTask<IReadOnlyList<IncidentRecord>> IncidentsAsync(IncidentQuery query, CancellationToken cancellation = default);

    /// <summary>An incident; null where there is none of the number.</summary>
    ValueTask<IncidentRecord?> IncidentAsync(long id, CancellationToken cancellation = default);

    /// <summary>Forgets alerts, and incidents whose newest alert is that old, but for those that are muted.</summary>
    /// <param name="before">Those before this time, microseconds since 1970.</param>
    /// <param name="most">All but the newest of each severity.</param>
    ValueTask ForgetAsync(long before, int most, CancellationToken cancellation = default);
}

/// <summary>Which alerts are asked for. Times are microseconds since 1970.</summary>
[GenerateSerializer, Immutable, Alias("KismetOrleans.AlertQuery")]
public sealed record AlertQuery
{
    /// <summary>Alerts at one time at most.</summary>
    public const int MaxLimit = 10_000;

    /// <summary>From this time on.</summary>
    [Id(0)] public long From { get; init; }

    /// <summary>Before this time.</summary>
    [Id(1)] public long Until { get; init; } = long.MaxValue;

    /// <summary>Of this kind; null for any.</summary>
    [Id(2)] public string? Header { get; init; }

    /// <summary>Of this weight at least.</summary>
    [Id(3)] public byte Severity { get; init; }

    /// <summary>Those that name this address; zero for any.</summary>
    [Id(4)] public MacAddress Address { get; init; }

    /// <summary>How many at most.</summary>
    [Id(5)] public int Limit { get; init; } = MaxLimit;

    internal bool Takes(AlertRecord alert) =>
        alert.Microseconds >= From && alert.Microseconds < Until && alert.Severity >= Severity && (Header is null || alert.Alert.Header == Header)
        && (Address.IsZero || alert.Alert.Bssid == Address || alert.Alert.Source == Address || alert.Alert.Destination == Address || alert.Alert.Other == Address);
}

/// <summary>Which incidents are asked for. Times are microseconds since 1970.</summary>
[GenerateSerializer, Immutable, Alias("KismetOrleans.IncidentQuery")]
public sealed record IncidentQuery
{
    /// <summary>Those with an alert from this time on.</summary>
    [Id(0)] public long From { get; init; }

    /// <summary>Those that began before this time.</summary>
    [Id(1)] public long Until { get; init; } = long.MaxValue;

    /// <summary>In this state; null for any.</summary>
    [Id(2)] public IncidentState? State { get; init; }

    /// <summary>Of this kind; null for any.</summary>
    [Id(3)] public string? Header { get; init; }

    /// <summary>Of this weight at least.</summary>
    [Id(4)] public byte Severity { get; init; }

    /// <summary>Those of this transmitter or network; zero for any.</summary>
    [Id(5)] public MacAddress Address { get; init; }

    /// <summary>Of this owner; null for anybody's.</summary>
    [Id(6)] public string? Owner { get; init; }

    /// <summary>How many at most.</summary>
    [Id(7)] public int Limit { get; init; } = AlertQuery.MaxLimit;

    internal bool Takes(IncidentRecord incident) =>
        incident.Last >= From && incident.First < Until && incident.Severity >= Severity && (State is null || incident.State == State)
        && (Header is null || incident.Header == Header) && (Owner is null || incident.Owner == Owner)
        && (Address.IsZero || incident.Transmitter == Address || incident.Network == Address);
}

/// <summary>What is to be changed of incidents; null for what stays.</summary>
/// <param name="Who">Name of the login or key.</param>
[GenerateSerializer, Immutable, Alias("KismetOrleans.IncidentOrder")]
public sealed record IncidentOrder([property: Id(0)] string Who)
{
    /// <summary>The new state.</summary>
    [Id(1)] public IncidentState? State { get; init; }

    /// <summary>With <see cref="IncidentState.Muted"/>: until when, microseconds since 1970; <see cref="long.MaxValue"/> for good.</summary>
    [Id(2)] public long MutedUntil { get; init; }

    /// <summary>The new owner; "" for nobody.</summary>
    [Id(3)] public string? Owner { get; init; }

    [Id(4)] public string? Comment { get; init; }
}

/// <summary>The newest alerts and incidents in memory, where nothing is stored.</summary>
public sealed class MemoryAlertStore : IAlertStore
{
    private const int MostAlerts = 10_000;
    private const int MostIncidents = 2_000;
    private readonly Lock _lock = new();
    private readonly SortedDictionary<long, AlertRecord> _alerts = [];
    private readonly Dictionary<long, IncidentRecord> _incidents = [];

    public ValueTask SaveAsync(IReadOnlyList<AlertRecord> alerts, IReadOnlyList<IncidentRecord> incidents, CancellationToken cancellation = default)
    {
        lock (_lock)
        {
            foreach (AlertRecord alert in alerts)
            {
                _ = _alerts.TryAdd(alert.Microseconds, alert);
            }
            foreach (IncidentRecord incident in incidents)
            {
                _incidents[incident.Id] = incident;
            }
            while (_alerts.Count > MostAlerts)
            {
                _ = _alerts.Remove(_alerts.First().Key);
            }
            while (_incidents.Count > MostIncidents)
            {
                _ = _incidents.Remove(_incidents.Values.MinBy(static incident => incident.Last)!.Id);
            }
        }
        return default;
    }

    public ValueTask<IReadOnlyList<AlertRecord>> AlertsAsync(AlertQuery query, CancellationToken cancellation = default)
    {
        lock (_lock)
        {
            return new([.. _alerts.Values.Reverse().Where(query.Takes).Take(query.Limit)]);
        }
    }

    public ValueTask<IReadOnlyList<IncidentRecord>> IncidentsAsync(IncidentQuery query, CancellationToken cancellation = default)
    {
        lock (_lock)
        {
            return new([.. _incidents.Values.Where(query.Takes).OrderByDescending(static incident => incident.Last).Take(query.Limit)]);
        }
    }

    public ValueTask<IncidentRecord?> IncidentAsync(long id, CancellationToken cancellation = default)
    {
        lock (_lock)
        {
            return new(_incidents.GetValueOrDefault(id));
        }
    }

    public ValueTask ForgetAsync(long before, int most, CancellationToken cancellation = default)
    {
        lock (_lock)
        {
            foreach (AlertRecord alert in _alerts.Values.GroupBy(static alert => alert.Severity)
                .SelectMany(of => of.OrderByDescending(static alert => alert.Microseconds).Where((alert, i) => i >= most || alert.Microseconds < before)).ToArray())
            {
                _ = _alerts.Remove(alert.Microseconds);
            }
            foreach (IncidentRecord incident in _incidents.Values.Where(static incident => incident.State != IncidentState.Muted).GroupBy(static incident => incident.Severity)
                .SelectMany(of => of.OrderByDescending(static incident => incident.Last).Where((incident, i) => i >= most || incident.Last < before)).ToArray())
            {
                _ = _incidents.Remove(incident.Id);
            }
        }
        return default;
    }
}
