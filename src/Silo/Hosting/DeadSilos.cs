using System.Net;
using System.Net.Sockets;
using KismetOrleans.Storage.Postgres;
using Npgsql;

namespace KismetOrleans.Silo.Hosting;

/// <summary>
/// Puts silos out that died when nobody was left to find it out: all at once, as by a loss of power. A silo that starts has to reach all that the
/// database says are active, and would wait for them in vain. Works until this silo has joined; then the cluster looks after itself.
/// </summary>
public sealed partial class DeadSilos(ClusterSettings settings, ISiloStatusOracle silos, ILogger<DeadSilos> logger) : BackgroundService
{
    // Three times the interval at which a silo says that it is alive.
    private static readonly TimeSpan s_silentFor = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_every = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan s_connect = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (settings.Postgres is not { } postgres)
        {
            return;
        }
        await using NpgsqlDataSource database = NpgsqlDataSource.Create(PostgresSettings.Read(postgres));
        using PeriodicTimer timer = new(s_every);
        try
        {
            do
            {
                try
                {
                    await PutOutAsync(database, stoppingToken);
                }
                catch (NpgsqlException)
                {
                    // The database is away, which others tell.
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken) && silos.CurrentStatus != SiloStatus.Active);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // This silo stops.
        }
    }

    private async Task PutOutAsync(NpgsqlDataSource database, CancellationToken cancellation)
    {
        List<(string Address, int Port, int Generation)> silent = [];
        await using (NpgsqlCommand ask = database.CreateCommand(
            "SELECT address, port, generation FROM cluster_silos WHERE deployment = $1 AND status <> $2 AND alive < now() - $3"))
        {
            Add(ask, settings.ClusterId, (int)SiloStatus.Dead, s_silentFor);
            await using NpgsqlDataReader rows = await ask.ExecuteReaderAsync(cancellation);
            while (await rows.ReadAsync(cancellation))
            {
                silent.Add((rows.GetString(0), rows.GetInt32(1), rows.GetInt32(2)));
            }
        }
        foreach ((string address, int port, int generation) in silent)
        {
            // One that could not write because the database was away is not dead.
            if (await AnswersAsync(address, port, cancellation))
            {
                continue;
            }
            await using NpgsqlCommand put = database.CreateCommand(
                "WITH dead AS (UPDATE cluster_silos SET status = $2 WHERE deployment = $1 AND address = $4 AND port = $5 AND generation = $6 "
                + "AND status <> $2 AND alive < now() - $3 RETURNING 1) "
                + "UPDATE cluster_turns SET version = version + 1 WHERE deployment = $1 AND EXISTS (SELECT FROM dead)");
            Add(put, settings.ClusterId, (int)SiloStatus.Dead, s_silentFor, address, port, generation);
            if (await put.ExecuteNonQueryAsync(cancellation) > 0)
            {
                PutOut(logger, address, port);
            }
        }
    }

    private static void Add(NpgsqlCommand command, params ReadOnlySpan<object> values)
    {
        foreach (object value in values)
        {
            command.Parameters.Add(new() { Value = value });
        }
    }

    private static async Task<bool> AnswersAsync(string address, int port, CancellationToken cancellation)
    {
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(s_connect);
        using TcpClient client = new();
        try
        {
            await client.ConnectAsync(IPAddress.Parse(address), port, patience.Token);
            return true;
        }
        catch (Exception e) when (e is SocketException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return false;
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Silo {address}:{port} has been silent for half a minute and does not answer: it is put out")]
    private static partial void PutOut(ILogger logger, string address, int port);
}
