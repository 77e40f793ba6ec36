using KismetOrleans.Grains.Leases;
using KismetOrleans.Records.Server;

namespace KismetOrleans.Grains.Logging;

/// <summary>What logs the API servers write: one grain, key 0. Nothing is kept; each server tells again within a second.</summary>
[Alias("KismetOrleans.ILogsGrain")]
public interface ILogsGrain : IGrainWithIntegerKey
{
    /// <summary>Tells the logs of a server, and asks for those of the others.</summary>
    [Alias("Report")]
    ValueTask<LogsAnswer> ReportAsync(Guid server, [Immutable] LogRecord[] logs);

    /// <summary>Has the server that writes a log stop it when it reports next.</summary>
    /// <returns>False when nobody writes it.</returns>
    [Alias("Stop")]
    ValueTask<bool> StopAsync(Guid log);
}

/// <summary>What a server learns when it reports its logs.</summary>
[GenerateSerializer, Immutable, Alias("KismetOrleans.LogsAnswer")]
public sealed class LogsAnswer
{
    /// <summary>Logs of the other servers.</summary>
    [Id(0)] public LogRecord[] Others { get; init; } = [];

    /// <summary>Logs of this server that it shall stop.</summary>
    [Id(1)] public Guid[] Stop { get; init; } = [];
}

/// <inheritdoc cref="ILogsGrain"/>
public sealed class LogsGrain(TimeProvider clock) : Grain, ILogsGrain
{
    private readonly LeaseDirectory<Guid, LogRecord[]> _servers = new(clock, static (_, _) => true);
    private readonly HashSet<Guid> _stops = [];

    private IEnumerable<Guid> Written => _servers.Entries.SelectMany(static server => server.Value).Where(static log => log.Open).Select(static log => log.Uuid);

    public ValueTask<LogsAnswer> ReportAsync(Guid server, LogRecord[] logs)
    {
        _servers.Renew(server, logs);
        _stops.IntersectWith(Written);
        return new(new LogsAnswer
        {
            Others = [.. _servers.Entries.Where(one => one.Key != server).SelectMany(static one => one.Value)],
            Stop = [.. logs.Select(static log => log.Uuid).Where(_stops.Contains)],
        });
    }

    public ValueTask<bool> StopAsync(Guid log)
    {
        bool written = Written.Contains(log);
        if (written)
        {
            _ = _stops.Add(log);
        }
        return new(written);
    }
}
