using KismetOrleans.Engine.Alerts;
using KismetOrleans.Records.Alerts;
using Npgsql;

namespace KismetOrleans.Storage.Postgres;

/// <summary>Alerts and incidents in PostgreSQL.</summary>
internal sealed class PostgresAlertStore(PostgresConnections connections) : IAlertStore
{
    public async ValueTask SaveAsync(IReadOnlyList<AlertRecord> alerts, IReadOnlyList<IncidentRecord> incidents, CancellationToken cancellation = default) => await RunAsync(
        [.. alerts.Select(static alert => Command(AlertSql.AddAlert, AlertSql.Of(alert))), .. incidents.Select(static incident => Command(AlertSql.PutIncident, AlertSql.Of(incident)))],
        cancellation);

    public async ValueTask<IReadOnlyList<AlertRecord>> AlertsAsync(AlertQuery query, CancellationToken cancellation = default) =>
        [.. (await BodiesAsync(AlertSql.Alerts, AlertSql.Of(query), cancellation)).Select(static body => AlertCodec.ReadRecords(body)[0])];

    public async ValueTask<IReadOnlyList<IncidentRecord>> IncidentsAsync(IncidentQuery query, CancellationToken cancellation = default) =>
        [.. (await BodiesAsync(AlertSql.Incidents, AlertSql.Of(query), cancellation)).Select(static body => AlertCodec.ReadIncidents(body)[0])];

    public async ValueTask<IncidentRecord?> IncidentAsync(long id, CancellationToken cancellation = default) =>
        await BodiesAsync(AlertSql.Incident, [id], cancellation) is [var body] ? AlertCodec.ReadIncidents(body)[0] : null;

    public async ValueTask ForgetAsync(long before, int most, CancellationToken cancellation = default) => await RunAsync(
        [
            Command(AlertSql.ForgetAlerts, [before]), Command(AlertSql.ForgetIncidents, [before]),
            .. AlertSeverity.All.SelectMany(severity => (NpgsqlBatchCommand[])
            [
                Command(AlertSql.ForgetMoreAlerts, [(short)severity, (long)most]), Command(AlertSql.ForgetMoreIncidents, [(short)severity, (long)most]),
            ]),
        ],
        cancellation);

    // A batch is one transaction.
    private Task<int> RunAsync(NpgsqlBatchCommand[] commands, CancellationToken cancellation) => connections.RunAsync(
        async (connection, stop) =>
        {
            await using NpgsqlBatch batch = new(connection);
            foreach (NpgsqlBatchCommand command in commands)
            {
                batch.BatchCommands.Add(command);
            }
            return await batch.ExecuteNonQueryAsync(stop);
        },
        cancellation);

    private Task<List<byte[]>> BodiesAsync(string sql, object[] values, CancellationToken cancellation) => connections.RunAsync(
        async (connection, stop) =>
        {
            await using NpgsqlBatch batch = new(connection) { BatchCommands = { Command(sql, values) } };
            await using NpgsqlDataReader row = await batch.ExecuteReaderAsync(stop);
            List<byte[]> bodies = [];
            while (await row.ReadAsync(stop))
            {
                bodies.Add(row.GetFieldValue<byte[]>(0));
            }
            return bodies;
        },
        cancellation);

    private static NpgsqlBatchCommand Command(string sql, object[] values)
    {
        NpgsqlBatchCommand command = new(sql);
        foreach (object value in values)
        {
            command.Parameters.Add(new() { Value = value });
        }
        return command;
    }
}
