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
    // A server that has said nothing for this time is gone, and its logs with it.
    private static readonly TimeSpan s_goneAfter = TimeSpan.FromSeconds(10);
    private readonly Dictionary<Guid, (LogRecord[] Logs, long Time)> _servers = [];
    private readonly HashSet<Guid> _stops = [];

    /// <inheritdoc/>
    public ValueTask<LogsAnswer> ReportAsync(Guid server, LogRecord[] logs)
    {
        _servers[server] = (logs, clock.GetTimestamp());
        foreach (Guid gone in _servers.Where(one => clock.GetElapsedTime(one.Value.Time) > s_goneAfter).Select(static one => one.Key).ToArray())
        {
            _ = _servers.Remove(gone);
        }
        _stops.IntersectWith(_servers.Values.SelectMany(static one => one.Logs).Where(static log => log.Open).Select(static log => log.Uuid));
        return new(new LogsAnswer
        {
            Others = [.. _servers.Where(one => one.Key != server).SelectMany(static one => one.Value.Logs)],
            Stop = [.. logs.Select(static log => log.Uuid).Where(_stops.Contains)],
        });
    }

    /// <inheritdoc/>
    public ValueTask<bool> StopAsync(Guid log)
    {
        bool written = _servers.Values.Any(one => one.Logs.Any(other => other.Open && other.Uuid == log));
        if (written)
        {
            _ = _stops.Add(log);
        }
        return new(written);
    }
}
