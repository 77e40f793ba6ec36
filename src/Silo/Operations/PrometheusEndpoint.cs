namespace KismetOrleans.Silo.Operations;

/// <summary>The metrics of this process in Prometheus' text format, where <c>Prometheus:Enabled</c> says so.</summary>
public static class PrometheusEndpoint
{
    internal const string EnabledKey = "Prometheus:Enabled";

    /// <summary>Where Prometheus asks if nothing is set there.</summary>
    private const string Path = "/metrics";

    /// <summary>Maps it.</summary>
    /// <returns>The endpoint, for what a host adds to it; null where it is not wanted, and the path unknown.</returns>
    public static IEndpointConventionBuilder? MapPrometheus(this WebApplication app) =>
        IsWanted(app.Configuration)
            // Answers of the exporter are no requests of users: every 15 s they would be most of a quiet server's.
            ? app.MapPrometheusScrapingEndpoint(Path, app.Services.GetRequiredService<Telemetry>().Metrics, null, null).DisableHttpMetrics()
            : null;

    /// <exception cref="ArgumentException">The setting cannot be understood.</exception>
    internal static bool IsWanted(IConfiguration configuration) =>
        configuration[EnabledKey] is { Length: > 0 } text
        && (bool.TryParse(text, out bool wanted) ? wanted : throw new ArgumentException($"{EnabledKey}: '{text}' is neither true nor false"));
}
