using KismetOrleans.Engine.Alerts;
using KismetOrleans.Records.Alerts;

namespace KismetOrleans.Storage.Sqlite;

/// <summary>Alerts and incidents in SQLite.</summary>
internal sealed class SqliteAlertStore(SqliteWriter writer) : IAlertStore
{
    public async ValueTask SaveAsync(IReadOnlyList<AlertRecord> alerts, IReadOnlyList<IncidentRecord> incidents, CancellationToken cancellation = default) => await DoAsync(
        database =>
        {
            foreach (AlertRecord alert in alerts)
            {
                Bound(database, AlertSql.AddAlert, AlertSql.Of(alert)).Run();
            }
            foreach (IncidentRecord incident in incidents)
            {
                Bound(database, AlertSql.PutIncident, AlertSql.Of(incident)).Run();
            }
        },
        cancellation);

    public async ValueTask<IReadOnlyList<AlertRecord>> AlertsAsync(AlertQuery query, CancellationToken cancellation = default) =>
        [.. (await BodiesAsync(AlertSql.Alerts, AlertSql.Of(query), cancellation)).Select(static body => AlertCodec.ReadRecords(body)[0])];

    public async ValueTask<IReadOnlyList<IncidentRecord>> IncidentsAsync(IncidentQuery query, CancellationToken cancellation = default) =>
        [.. (await BodiesAsync(AlertSql.Incidents, AlertSql.Of(query), cancellation)).Select(static body => AlertCodec.ReadIncidents(body)[0])];

    public async ValueTask<IncidentRecord?> IncidentAsync(long id, CancellationToken cancellation = default) =>
        await BodiesAsync(AlertSql.Incident, [id], cancellation) is [var body] ? AlertCodec.ReadIncidents(body)[0] : null;

    public async ValueTask ForgetAsync(long before, int most, CancellationToken cancellation = default) => await DoAsync(
        database =>
        {
            Bound(database, AlertSql.ForgetAlerts, [before]).Run();
            Bound(database, AlertSql.ForgetIncidents, [before]).Run();
            foreach (byte severity in AlertSeverity.All)
            {
                Bound(database, AlertSql.ForgetMoreAlerts, [(long)severity, (long)most]).Run();
                Bound(database, AlertSql.ForgetMoreIncidents, [(long)severity, (long)most]).Run();
            }
        },
        cancellation);

    private Task<List<byte[]>> BodiesAsync(string sql, object[] values, CancellationToken cancellation) => writer.DoAsync(
        database =>
        {
            SqliteStatement row = Bound(database, sql, values);
            List<byte[]> bodies = [];
            while (row.Step())
            {
                bodies.Add(row.Blob(0).ToArray());
            }
            return bodies;
        },
        cancellation);

    private Task DoAsync(Action<SqliteDatabase> work, CancellationToken cancellation) => writer.DoAsync(
        database =>
        {
            work(database);
            return true;
        },
        cancellation);

    private static SqliteStatement Bound(SqliteDatabase database, string sql, object[] values)
    {
        SqliteStatement statement = database.Statement(sql);
        foreach (object value in values)
        {
            _ = value switch
            {
                string text => statement.Bind(text),
                byte[] bytes => statement.Bind(bytes),
                short number => statement.Bind((long)number),
                _ => statement.Bind((long)value),
            };
        }
        return statement;
    }
}
