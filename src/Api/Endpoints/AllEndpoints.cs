using KismetOrleans.Api.OpenApi;
using KismetOrleans.Api.WebUi;
using KismetOrleans.Engine.Logging;
using KismetOrleans.Engine.Server;
using KismetOrleans.Engine.Tracking;

namespace KismetOrleans.Api.Endpoints;

/// <summary>The whole API, for every host that has a backend.</summary>
internal static class AllEndpoints
{
    public static void MapEndpoints(this WebApplication app)
    {
        IBackend backend = app.Services.GetRequiredService<IBackend>();
        app.MapSessions();
        app.MapSystem(backend);
        app.MapTrends(backend);
        app.MapPresence(backend);
        app.MapDevices(backend);
        app.MapViews(backend);
        app.MapHistograms(backend);
        app.MapExports(backend);
        app.MapPhys(backend, app.Services.GetRequiredService<TrackingOptions>());
        app.MapDot11(backend);
        app.MapSsids(backend);
        app.MapFingerprints(backend);
        app.MapMessages(backend);
        app.MapAlerts(backend);
        app.MapIncidents(backend);
        app.MapDatasources(backend);
        app.MapGps(backend);
        app.MapStreams(backend);
        app.MapLogging(app.Services.GetRequiredService<ILogs>(), backend);
        app.MapFilters(backend);
        app.MapPlaces(backend);
        app.MapLoggedPackets(app.Services.GetRequiredService<ILogs>(), backend);
        app.MapScans(backend);
        app.MapSensors(backend);
        app.MapProfiles(backend);
        app.MapCoverage();
        app.MapSsidScan(backend);
        app.MapReportLines();
        app.MapAdsb(backend);
        app.MapEvents(backend);
        app.MapOperations();
        app.MapOpenApi();
        app.MapWebUi();
        app.MapKismetScripts();
    }
}
