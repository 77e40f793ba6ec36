namespace KismetOrleans.Storage.Sqlite;

/// <summary>Alerts and incidents in SQLite.</summary>
internal sealed class SqliteAlertStore(SqliteWriter writer) : SqlAlertStore
{
    protected override Task RunAsync(Command[] commands, CancellationToken cancellation) => writer.DoAsync(
        database =>
        {
            foreach (Command command in commands)
            {
                Bound(database, command).Run();
            }
        },
        cancellation);

    protected override Task<List<byte[]>> BodiesAsync(Command command, CancellationToken cancellation) => writer.DoAsync(
        database =>
        {
            SqliteStatement row = Bound(database, command);
            List<byte[]> bodies = [];
            while (row.Step())
            {
                bodies.Add(row.Blob(0).ToArray());
            }
            return bodies;
        },
        cancellation);

    private static SqliteStatement Bound(SqliteDatabase database, Command command)
    {
        SqliteStatement statement = database.Statement(command.Sql);
        foreach (object value in command.Values)
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
