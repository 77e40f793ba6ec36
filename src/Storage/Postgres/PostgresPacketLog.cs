using KismetOrleans.Engine.Filters;
using KismetOrleans.Engine.Logging;
using KismetOrleans.Engine.Streams;
using KismetOrleans.Packets;
using KismetOrleans.Records.Json;
using KismetOrleans.Records.Server;
using KismetOrleans.Storage.Logs;

namespace KismetOrleans.Storage.Postgres;

/// <summary>Keeps the packets of a silo's datasources in the database, from its start to its end.</summary>
public sealed class PostgresPacketLog : IAsyncDisposable
{
    private static readonly LogDriver s_driver = new("history", "Packet history", "Packets in the cluster's database", Singleton: true);
    private readonly LocalStreams _streams;
    private readonly LogRun _run;

    private PostgresPacketLog(LocalStreams streams, LogRun run) => (_streams, _run) = (streams, run);

    /// <summary>What it wrote and lost so far, and whether it still runs.</summary>
    public LogRecord Record => _run.Record;

    /// <summary>Begins.</summary>
    /// <param name="taps">Where the silo's datasources put packets.</param>
    /// <param name="options">What is kept and for how long.</param>
    /// <param name="filters">What is left out.</param>
    /// <param name="publish">Hears of losses and of its end; true for an error.</param>
    /// <param name="faults">What ended it.</param>
    public static async Task<PostgresPacketLog> StartAsync(
        PostgresStorage storage, PacketTaps taps, LogOptions options, ISourceDirectory sources, TimeProvider clock, FilterGate filters, Action<string, bool> publish,
        FaultReport faults)
    {
        LocalStreams streams = new(taps, new(), clock);
        IPacketStream stream = (await streams.OpenAsync(new(PacketFilter.All, s_driver.Class, s_driver.Description, StreamRequest.LogPath)))!;
        LogOptions endless = options with { MaxBytes = 0, MaxAge = TimeSpan.Zero };
        PostgresPacketFile file = new(storage.Connections, sources, clock, options.DataPackets, options.HistoryFor, filters);
        LogRun run = new(
            new(Guid.NewGuid(), s_driver, storage.Name, "", Open: true), endless, new(endless, s_driver, endless.Title, clock),
            new PacketsKind(_ => file), file, stream, clock, (_, text, error) => publish(text, error), faults);
        run.Start();
        return new(streams, run);
    }

    /// <summary>Writes what waits, and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        _ = await _streams.CloseAsync(_run.StreamId);
        await _run.Ended;
        await _run.DisposeAsync();
    }
}
