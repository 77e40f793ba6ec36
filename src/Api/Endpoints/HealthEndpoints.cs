using KismetOrleans.Api.OpenApi;
using KismetOrleans.Silo.Operations;

namespace KismetOrleans.Api.Endpoints;

/// <summary>Health of this server, which needs no key, and its metrics, which need what reading does.</summary>
internal static class HealthEndpoints
{
    public static void MapOperations(this WebApplication app)
    {
        (IEndpointConventionBuilder live, IEndpointConventionBuilder ready) = app.MapHealth();
        live.AllowAnonymous().GivesJson("Whether the process lives");
        ready.AllowAnonymous().GivesJson("Whether requests will be answered");
        app.MapPrometheus()?.GivesText("Metrics of this process in Prometheus' format, where Prometheus:Enabled says so", "text/plain");
    }
}
