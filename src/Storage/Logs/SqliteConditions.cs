using System.Text;
using KismetOrleans.Engine.Logging;
using KismetOrleans.Storage.Sqlite;

namespace KismetOrleans.Storage.Logs;

/// <summary>Queries of the packet history as conditions of SQL. Columns are the names that <see cref="PacketFilters"/> knows, never a client's text.</summary>
internal static class SqliteConditions
{
    private const long Micro = 1_000_000;

    /// <summary>The conditions, each after an AND.</summary>
    public static string Where(PacketQuery query)
    {
        StringBuilder sql = new();
        if (query.FromUs != long.MinValue)
        {
            sql.Append(" AND (ts_sec, ts_usec) >= (?, ?)");
        }
        if (query.ToUs != long.MaxValue)
        {
            sql.Append(" AND (ts_sec, ts_usec) <= (?, ?)");
        }
        if (query.Device is not null)
        {
            sql.Append(" AND ? IN (sourcemac, destmac, transmac)");
        }
        foreach (PacketCondition condition in query.Conditions)
        {
            sql.Append(" AND ").Append(condition.Column).Append(condition.Test switch
            {
                PacketTest.AtLeast => " >= ?",
                PacketTest.AtMost => " <= ?",
                PacketTest.Like => " LIKE ?",
                _ => " = ?",
            });
        }
        return sql.ToString();
    }

    /// <summary>Binds the values of the conditions, in the same order.</summary>
    public static SqliteStatement Bind(SqliteStatement statement, PacketQuery query)
    {
        if (query.FromUs != long.MinValue)
        {
            statement.Bind(query.FromUs / Micro).Bind(query.FromUs % Micro);
        }
        if (query.ToUs != long.MaxValue)
        {
            statement.Bind(query.ToUs / Micro).Bind(query.ToUs % Micro);
        }
        if (query.Device is { } device)
        {
            statement.Bind(device.ToString());
        }
        foreach (PacketCondition condition in query.Conditions)
        {
            _ = condition.Value switch
            {
                long number => statement.Bind(number),
                double number => statement.Bind(number),
                _ => statement.Bind((string)condition.Value),
            };
        }
        return statement;
    }
}
