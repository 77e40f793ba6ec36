using System.Globalization;
using KismetOrleans.Engine.Filters;
using KismetOrleans.Engine.Logging;
using KismetOrleans.Engine.Server;
using KismetOrleans.Records.Server;
using KismetOrleans.Storage.Logs;

namespace KismetOrleans.Api.Hosting;

internal static partial class LogServices
{
    /// <summary>
    /// Adds the logs that this process writes. To be called before the services that feed packets: logs are opened before these start, and closed
    /// after they have ended.
    /// </summary>
    /// <exception cref="ArgumentException">A setting is wrong; the message says which.</exception>
    public static void AddLogs(this IServiceCollection services, IConfiguration configuration)
    {
        LogOptions options = Read(configuration.GetSection("Log"));
        options.Validate();
        services.AddSingleton(options);
        services.AddSingleton(static provider =>
        {
            IBackend backend = provider.GetRequiredService<IBackend>();
            ILogger logger = provider.GetRequiredService<ILogger<FileLogs>>();
            return new FileLogs(
                backend, provider.GetRequiredService<LogOptions>(), provider.GetRequiredService<FilterGate>(), new(backend.Clock, (e, _) => Failed(logger, e)),
                provider.GetService<IPacketHistory>());
        });
        services.AddSingleton<ILogs>(static provider => provider.GetRequiredService<FileLogs>());
        services.AddHostedService<LogService>();
    }

    [LoggerMessage(33, LogLevel.Error, "A log could not be written on")]
    private static partial void Failed(ILogger logger, Exception e);

    private static LogOptions Read(IConfigurationSection section)
    {
        LogOptions options = section.Get<LogOptions>() ?? new();
        // Kismet's form: one line with commas.
        return section["Types"] is { } line
            ? options with { Types = line.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) }
            : options;
    }
}

/// <summary>Opens the configured logs before packets come, and closes all when no more come.</summary>
internal sealed partial class LogService(FileLogs logs, LogOptions options, IBackend backend, ILogger<LogService> logger) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (string warning in logs.Tighten())
        {
            Readable(logger, warning);
        }
        foreach (string type in options.Types.Distinct())
        {
            try
            {
                LogRecord log = await logs.StartAsync(LogDrivers.Find(type)!, null);
                Opened(logger, type, log.Path);
            }
            catch (LogException e)
            {
                // What is captured is of use without it.
                NotOpened(logger, type, e);
                backend.Publish([new(
                    string.Create(CultureInfo.InvariantCulture, $"Log of the kind {type} cannot be opened: {e.Message}"), MessageFlags.Error,
                    (uint)backend.Clock.GetUtcNow().ToUnixTimeSeconds())]);
            }
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken) => await logs.StopAllAsync().WaitAsync(cancellationToken);

    [LoggerMessage(32, LogLevel.Warning, "{warning}")]
    private static partial void Readable(ILogger logger, string warning);

    [LoggerMessage(30, LogLevel.Information, "Logging {kind} to {path}")]
    private static partial void Opened(ILogger logger, string kind, string path);

    [LoggerMessage(31, LogLevel.Error, "Log of the kind {kind} cannot be opened")]
    private static partial void NotOpened(ILogger logger, string kind, Exception e);
}
