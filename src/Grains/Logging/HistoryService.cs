using KismetOrleans.Engine.Filters;
using KismetOrleans.Engine.Logging;
using KismetOrleans.Grains.Channels;
using KismetOrleans.Grains.Sources;
using KismetOrleans.Grains.Streams;
using KismetOrleans.Records.Server;
using KismetOrleans.Storage.Postgres;

namespace KismetOrleans.Grains.Logging;

/// <summary>Writes the packets of this silo's datasources into the database.</summary>
public sealed partial class HistoryService(
    PostgresStorage storage, StreamHost streams, LogOptions options, SourceCache sources, TotalsReporter totals, FilterGate filters, TimeProvider clock, ILogger<HistoryService> logger)
    : IHostedService
{
    private PostgresPacketLog? _log;

    public async Task StartAsync(CancellationToken cancellationToken) =>
        _log = await PostgresPacketLog.StartAsync(storage, streams.Taps, options, sources, clock, filters, Publish,
            new(clock, (e, _) => Broke(logger, e)));

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_log is not null)
        {
            await _log.DisposeAsync().AsTask().WaitAsync(cancellationToken);
        }
    }

    private void Publish(string text, bool error)
    {
        if (error)
        {
            Failed(logger, text);
        }
        totals.Publish([new(text, error ? MessageFlags.Error : MessageFlags.Info, (uint)clock.GetUtcNow().ToUnixTimeSeconds())]);
    }

    [LoggerMessage(2, LogLevel.Error, "The packet history could not be written on")]
    private static partial void Broke(ILogger logger, Exception e);

    [LoggerMessage(1, LogLevel.Error, "{text}")]
    private static partial void Failed(ILogger logger, string text);
}
