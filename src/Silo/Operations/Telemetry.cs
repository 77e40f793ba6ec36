using System.Reflection;
using KismetOrleans.Engine.Operations;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace KismetOrleans.Silo.Operations;

/// <summary>Measures the process while the server runs: metrics and spans for a collector, metrics for Prometheus.</summary>
internal sealed class Telemetry : IHostedService, IDisposable
{
    // Meters of the libraries below us that the dashboard uses; a name without a meter costs nothing.
    private static readonly string[] s_meters =
        [Meters.Name, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime", "Microsoft.Orleans", "Npgsql"];

    private static readonly string[] s_sources = [Traces.Name, "Microsoft.AspNetCore", "Microsoft.Orleans.Application", "Npgsql"];

    // A collector that is away must not hold up the end of the process.
    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(2);
    private readonly TracerProvider? _traces;
    private readonly ExportFaults _faults;

    /// <param name="otlp">The collector; null for none.</param>
    /// <param name="isScraped">Whether Prometheus asks for the metrics.</param>
    /// <param name="role">What this process is: <c>embedded</c>, <c>api</c> or <c>silo</c>.</param>
    /// <param name="loggers">Where a collector that cannot be reached is told.</param>
    public Telemetry(OtlpSettings? otlp, bool isScraped, string role, ILoggerFactory loggers)
    {
        _faults = new(loggers.CreateLogger("Telemetry"));
        ResourceBuilder resource = ResourceBuilder.CreateDefault()
            .AddService($"kismetorleans-{role}", serviceVersion: Version(), serviceInstanceId: Environment.MachineName + ":" + Environment.ProcessId)
            // After ours, so that OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES win.
            .AddEnvironmentVariableDetector();
        MeterProviderBuilder metrics = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource).AddMeter(s_meters);
        if (isScraped)
        {
            metrics.AddPrometheusExporter();
        }
        if (otlp is not null)
        {
            metrics.AddOtlpExporter((exporter, reader) =>
            {
                Configure(exporter, otlp, "metrics");
                reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = (int)otlp.Interval.TotalMilliseconds;
            });
        }
        Metrics = metrics.Build();
        if (otlp is { TraceRatio: > 0 })
        {
            _traces = Sdk.CreateTracerProviderBuilder()
                .SetResourceBuilder(resource)
                .AddSource(s_sources)
                .SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(otlp.TraceRatio)))
                .AddOtlpExporter(exporter => Configure(exporter, otlp, "traces"))
                .Build();
        }
    }

    /// <summary>What is measured.</summary>
    public MeterProvider Metrics { get; }

    // The constructor measures already; who is a service of the host is made and ended with it.
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            Metrics.Shutdown((int)s_farewell.TotalMilliseconds);
            _traces?.Shutdown((int)s_farewell.TotalMilliseconds);
        },
        CancellationToken.None);

    public void Dispose()
    {
        Metrics.Dispose();
        _traces?.Dispose();
        _faults.Dispose();
    }

    private static void Configure(OtlpExporterOptions exporter, OtlpSettings settings, string signal)
    {
        exporter.Protocol = settings.Protocol;
        exporter.Endpoint = settings.EndpointOf(signal);
    }

    private static string Version() =>
        Assembly.GetExecutingAssembly().GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
}
