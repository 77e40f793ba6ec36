using System.Reflection;
using KismetOrleans.Engine.Operations;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace KismetOrleans.Silo.Operations;

/// <summary>Sends the process's metrics and spans to a collector while the server runs.</summary>
/// <param name="role">What this process is: <c>embedded</c>, <c>api</c> or <c>silo</c>.</param>
/// <param name="loggers">Where a collector that cannot be reached is told.</param>
internal sealed class Telemetry(OtlpSettings settings, string role, ILoggerFactory loggers) : IHostedService, IDisposable
{
    // Meters of the libraries below us that the dashboard uses; a name without a meter costs nothing.
    private static readonly string[] s_meters =
        [Meters.Name, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime", "Microsoft.Orleans", "Npgsql"];

    private static readonly string[] s_sources = [Traces.Name, "Microsoft.AspNetCore", "Microsoft.Orleans.Application", "Npgsql"];

    // A collector that is away must not hold up the end of the process.
    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(2);
    private MeterProvider? _metrics;
    private TracerProvider? _traces;
    private ExportFaults? _faults;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _faults = new(loggers.CreateLogger("Telemetry"));
        ResourceBuilder resource = ResourceBuilder.CreateDefault()
            .AddService($"kismetorleans-{role}", serviceVersion: Version(), serviceInstanceId: Environment.MachineName + ":" + Environment.ProcessId)
            // After ours, so that OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES win.
            .AddEnvironmentVariableDetector();
        _metrics = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(resource)
            .AddMeter(s_meters)
            .AddOtlpExporter((exporter, reader) =>
            {
                Configure(exporter, "metrics");
                reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = (int)settings.Interval.TotalMilliseconds;
            })
            .Build();
        if (settings.TraceRatio > 0)
        {
            _traces = Sdk.CreateTracerProviderBuilder()
                .SetResourceBuilder(resource)
                .AddSource(s_sources)
                .SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(settings.TraceRatio)))
                .AddOtlpExporter(exporter => Configure(exporter, "traces"))
                .Build();
        }
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            _metrics?.Shutdown((int)s_farewell.TotalMilliseconds);
            _traces?.Shutdown((int)s_farewell.TotalMilliseconds);
        },
        CancellationToken.None);

    public void Dispose()
    {
        _metrics?.Dispose();
        _traces?.Dispose();
        _faults?.Dispose();
    }

    private void Configure(OtlpExporterOptions exporter, string signal)
    {
        exporter.Protocol = settings.Protocol;
        exporter.Endpoint = settings.EndpointOf(signal);
    }

    private static string Version() =>
        Assembly.GetExecutingAssembly().GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
}
