using KismetOrleans.Engine.Logging;
using KismetOrleans.Grains.Leases;
using KismetOrleans.Records.Server;
using KismetOrleans.Storage.Logs;

namespace KismetOrleans.Grains.Logging;

/// <summary>
/// The logs of all API servers, as one of them sees them: those of others up to a second late. A log is written by the server that was asked for it,
/// and any may stop it.
/// </summary>
public sealed partial class ClusterLogs(FileLogs here, IGrainFactory grains, TimeProvider clock, ILogger<ClusterLogs> logger)
    : PeriodicService(Lease.RenewEvery, clock, atOnce: true), ILogs
{
    // The server that writes it hears of it within a second, and closes the file: seconds, where many devices are written at its end.
    private static readonly TimeSpan s_stopsWithin = TimeSpan.FromSeconds(20);
    private readonly Guid _self = Guid.NewGuid();
    private volatile LogRecord[] _others = [];

    public IReadOnlyList<LogRecord> All => [.. here.All, .. _others];
    public IPacketHistory? History => here.History;

    private ILogsGrain Grain => grains.GetGrain<ILogsGrain>(0);

    public async ValueTask<LogRecord> StartAsync(LogDriver kind, string? title)
    {
        LogRecord log = await here.StartAsync(kind, title);
        try
        {
            await DoNowAsync();
        }
        catch (Exception e)
        {
            // It is written all the same, and told soon.
            LogFault(e);
        }
        return log;
    }

    /// <inheritdoc/>
    /// <exception cref="TimeoutException">The server that writes it has not closed it in time.</exception>
    public async ValueTask<bool> StopAsync(Guid uuid)
    {
        if (here.All.Any(log => log.Uuid == uuid))
        {
            return await here.StopAsync(uuid);
        }
        if (!await Grain.StopAsync(uuid))
        {
            return false;
        }
        long since = Clock.GetTimestamp();
        do
        {
            await Task.Delay(Lease.RenewEvery / 4, Clock);
            await DoNowAsync();
            if (!_others.Any(log => log.Open && log.Uuid == uuid))
            {
                return true;
            }
        }
        while (Clock.GetElapsedTime(since) < s_stopsWithin);
        throw new TimeoutException("the server that writes the log has not closed it yet");
    }

    public ValueTask<bool> NoteAsync(string note) => here.NoteAsync(note);

    protected override async Task DoAsync()
    {
        LogsAnswer answer = await Grain.ReportAsync(_self, [.. here.All]);
        _others = answer.Others;
        foreach (Guid log in answer.Stop)
        {
            // Closing may take longer than others shall wait for news.
            _ = StopHereAsync(log);
        }
    }

    protected override void LogFault(Exception e) => PublishFailed(logger, e);

    private async Task StopHereAsync(Guid log)
    {
        try
        {
            _ = await here.StopAsync(log);
        }
        catch (Exception e)
        {
            LogFault(e);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Logs were not told to the other servers")]
    private static partial void PublishFailed(ILogger logger, Exception e);
}
