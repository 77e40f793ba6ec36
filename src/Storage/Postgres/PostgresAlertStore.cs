using Npgsql;

namespace KismetOrleans.Storage.Postgres;

/// <summary>Alerts and incidents in PostgreSQL.</summary>
internal sealed class PostgresAlertStore(PostgresConnections connections) : SqlAlertStore
{
    // A batch is one transaction.
    protected override Task RunAsync(Command[] commands, CancellationToken cancellation) => connections.RunAsync(
        async (connection, stop) =>
        {
            await using NpgsqlBatch batch = Batch(connection, commands);
            return await batch.ExecuteNonQueryAsync(stop);
        },
        cancellation);

    protected override Task<List<byte[]>> BodiesAsync(Command command, CancellationToken cancellation) => connections.RunAsync(
        async (connection, stop) =>
        {
            await using NpgsqlBatch batch = Batch(connection, [command]);
            await using NpgsqlDataReader row = await batch.ExecuteReaderAsync(stop);
            List<byte[]> bodies = [];
            while (await row.ReadAsync(stop))
            {
                bodies.Add(row.GetFieldValue<byte[]>(0));
            }
            return bodies;
        },
        cancellation);

    private static NpgsqlBatch Batch(NpgsqlConnection connection, Command[] commands)
    {
        NpgsqlBatch batch = new(connection);
        foreach (Command command in commands)
        {
            NpgsqlBatchCommand made = new(command.Sql);
            foreach (object value in command.Values)
            {
                made.Parameters.Add(new() { Value = value });
            }
            batch.BatchCommands.Add(made);
        }
        return batch;
    }
}
