using KismetOrleans.Engine.Operations;
using KismetOrleans.Engine.Persistence;
using KismetOrleans.Engine.Server;
using Microsoft.Extensions.Logging.Console;

namespace KismetOrleans.Silo.Operations;

/// <summary>What an operator needs of the process: metrics and spans by OTLP, metrics for Prometheus, health, a log that machines can read.</summary>
public static class OperationsServices
{
    /// <summary>Setting of the console's form.</summary>
    public const string FormatterKey = "Logging:Console:FormatterName";

    /// <summary>Adds health checks, and what measures where a collector is set or Prometheus asks.</summary>
    /// <param name="role">What this process is: <c>embedded</c>, <c>api</c> or <c>silo</c>; part of the service's name.</param>
    /// <exception cref="ArgumentException">A setting cannot be understood; the message names it.</exception>
    public static void AddOperations(this IServiceCollection services, IConfiguration configuration, string role)
    {
        services.AddSingleton<IReadinessCheck, LifetimeCheck>();
        services.AddSingleton(static provider => new Readiness(Checks(provider), provider.GetService<TimeProvider>() ?? TimeProvider.System));
        OtlpSettings? otlp = OtlpSettings.Of(configuration);
        bool isScraped = PrometheusEndpoint.IsWanted(configuration);
        if (otlp is not null || isScraped)
        {
            services.AddSingleton(provider => new Telemetry(otlp, isScraped, role, provider.GetRequiredService<ILoggerFactory>()));
            services.AddHostedService(static provider => provider.GetRequiredService<Telemetry>());
        }
    }

    // What a host has not got is not checked: a silo checks the partitions that it carries, and storage may be memory.
    private static List<IReadinessCheck> Checks(IServiceProvider provider)
    {
        List<IReadinessCheck> checks = [.. provider.GetServices<IReadinessCheck>()];
        if (provider.GetService<IBackend>() is { } backend)
        {
            checks.Add(new PartitionsCheck(backend.Partitions));
        }
        if (provider.GetService<ISourceStore>() is { } store)
        {
            checks.Add(new StorageCheck(store));
        }
        return checks;
    }

    /// <summary>
    /// Logs to the console: one line an event, or as <c>Logging:Console:FormatterName</c> says (<c>json</c> for machines, <c>systemd</c>).
    /// </summary>
    /// <exception cref="ArgumentException">There is no such formatter.</exception>
    internal static void AddServerConsole(this ILoggingBuilder logging, IConfiguration configuration)
    {
        string formatter = configuration[FormatterKey] is { Length: > 0 } name ? name : ConsoleFormatterNames.Simple;
        if (formatter is not (ConsoleFormatterNames.Simple or ConsoleFormatterNames.Json or ConsoleFormatterNames.Systemd))
        {
            throw new ArgumentException($"{FormatterKey}: '{formatter}' is none of simple, json and systemd");
        }
        logging.AddConsole();
        // After all others: the slim builder chooses the simple one, which would win over the setting.
        logging.Services.PostConfigure<ConsoleLoggerOptions>(console => console.FormatterName = formatter);
        logging.Services.Configure<SimpleConsoleFormatterOptions>(static simple =>
        {
            simple.SingleLine = true;
            simple.UseUtcTimestamp = true;
            // Unless Logging:Console:FormatterOptions says otherwise.
            simple.TimestampFormat ??= "yyyy-MM-ddTHH:mm:ss.fffZ ";
        });
        logging.Services.Configure<JsonConsoleFormatterOptions>(static json =>
        {
            json.UseUtcTimestamp = true;
            json.TimestampFormat ??= "yyyy-MM-ddTHH:mm:ss.fffZ";
        });
    }
}
