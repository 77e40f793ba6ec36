using KismetOrleans.Api.OpenApi;
using KismetOrleans.Silo.Operations;

namespace KismetOrleans.Api.Chapters;

/// <summary>Health of this server, which needs no key (<see cref="HealthEndpoints"/>).</summary>
public static class HealthChapter
{
    /// <summary>Maps the chapter.</summary>
    public static void MapOperations(this WebApplication app)
    {
        (IEndpointConventionBuilder live, IEndpointConventionBuilder ready) = app.MapHealth();
        live.AllowAnonymous().GivesJson("Whether the process lives");
        ready.AllowAnonymous().GivesJson("Whether requests will be answered");
    }
}
