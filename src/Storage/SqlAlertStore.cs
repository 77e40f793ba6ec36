using KismetOrleans.Engine.Alerts;
using KismetOrleans.Records.Alerts;

namespace KismetOrleans.Storage;

/// <summary>Alerts and incidents in a database; which one is its own matter.</summary>
internal abstract class SqlAlertStore : IAlertStore
{
    public async ValueTask SaveAsync(IReadOnlyList<AlertRecord> alerts, IReadOnlyList<IncidentRecord> incidents, CancellationToken cancellation = default) => await RunAsync(
        [.. alerts.Select(static alert => new Command(AlertSql.AddAlert, AlertSql.Of(alert))), .. incidents.Select(static incident => new Command(AlertSql.PutIncident, AlertSql.Of(incident)))],
        cancellation);

    public async ValueTask<IReadOnlyList<AlertRecord>> AlertsAsync(AlertQuery query, CancellationToken cancellation = default) =>
        [.. (await BodiesAsync(new(AlertSql.Alerts, AlertSql.Of(query)), cancellation)).Select(static body => AlertCodec.ReadRecords(body)[0])];

    public async ValueTask<IReadOnlyList<IncidentRecord>> IncidentsAsync(IncidentQuery query, CancellationToken cancellation = default) =>
        [.. (await BodiesAsync(new(AlertSql.Incidents, AlertSql.Of(query)), cancellation)).Select(static body => AlertCodec.ReadIncidents(body)[0])];

    public async ValueTask<IncidentRecord?> IncidentAsync(long id, CancellationToken cancellation = default) =>
        await BodiesAsync(new(AlertSql.Incident, [id]), cancellation) is [var body] ? AlertCodec.ReadIncidents(body)[0] : null;

    public async ValueTask ForgetAsync(long before, int most, CancellationToken cancellation = default) => await RunAsync(
        [
            new(AlertSql.ForgetAlerts, [before]), new(AlertSql.ForgetIncidents, [before]),
            .. AlertSeverity.All.SelectMany(severity => (Command[])
            [
                new(AlertSql.ForgetMoreAlerts, [(short)severity, (long)most]), new(AlertSql.ForgetMoreIncidents, [(short)severity, (long)most]),
            ]),
        ],
        cancellation);

    /// <summary>Runs commands in one transaction.</summary>
    protected abstract Task RunAsync(Command[] commands, CancellationToken cancellation);

    /// <summary>The first column of the rows that a command finds.</summary>
    protected abstract Task<List<byte[]>> BodiesAsync(Command command, CancellationToken cancellation);

    /// <summary>A command with its parameters: <see cref="short"/>, <see cref="long"/>, text or bytes.</summary>
    protected readonly record struct Command(string Sql, object[] Values);
}
