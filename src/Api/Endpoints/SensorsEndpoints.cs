using KismetOrleans.Api.Auth;
using KismetOrleans.Api.Http;
using KismetOrleans.Api.Ingest;
using KismetOrleans.Api.OpenApi;
using KismetOrleans.Api.Operations;
using KismetOrleans.Api.Sensors;
using KismetOrleans.Engine.Operations;
using KismetOrleans.Engine.Server;
using KismetOrleans.Packets.Protocol;

namespace KismetOrleans.Api.Endpoints;

/// <summary>Sensors: where edge agents connect. What they are told is told like all other sources.</summary>
internal static class SensorsEndpoints
{
    /// <summary>Maps the group of endpoints.</summary>
    public static void MapSensors(this IEndpointRouteBuilder routes, IBackend backend)
    {
        IServiceProvider services = routes.ServiceProvider;
        Sensors sensors = new(
            backend, services.GetRequiredService<IngestKeys>(), services.GetRequiredService<OpenRequests>(), services.GetRequiredService<IHostApplicationLifetime>(),
            services.GetRequiredService<ILoggerFactory>().CreateLogger("Sensors"));
        IApplicationBuilder agents = routes.CreateApplicationBuilder();
        // Both sides speak every few seconds: docs/edge-protocol.md.
        agents.UseWebSockets(new WebSocketOptions { KeepAliveInterval = Timeout.InfiniteTimeSpan });
        agents.Run(http => ConnectAsync(http, sensors));
        routes.MapGet(EdgeProtocol.Path, agents.Build()).NeedsRole(Role.Datasource).AllowAnonymous()
            .GivesSocket("Capture agents: docs/edge-protocol.md");
    }

    private static async Task ConnectAsync(HttpContext http, Sensors sensors)
    {
        IngestAdmission admission = await sensors.Keys.AdmitAsync(http, Role.Datasource);
        if (admission.Status != StatusCodes.Status200OK)
        {
            admission.Explain(http.Response);
            await RefuseAsync(http, admission.Status, admission.Reason("packets"));
            return;
        }
        // A page from elsewhere may open websockets to this machine; agents have no origin.
        if (http.Request.Headers.Origin.Count > 0)
        {
            await RefuseAsync(http, StatusCodes.Status403Forbidden, "not for browsers");
            return;
        }
        if (!http.WebSockets.IsWebSocketRequest)
        {
            http.Response.Headers.Upgrade = "websocket";
            await RefuseAsync(http, StatusCodes.Status426UpgradeRequired, "agents connect here by websocket");
            return;
        }
        // So that the connection ends when the key is revoked or expires.
        using OpenRequests.Entry? login = admission.Login is { } admitted ? sensors.Requests.Add(http, admitted) : null;
        using IDisposable open = http.TakesLong(Meters.SensorsConnected, "edge");
        using System.Net.WebSockets.WebSocket socket = await http.WebSockets.AcceptWebSocketAsync();
        using SensorConnection connection = new(
            socket, sensors.Backend.Sources, admission.Key!, http.Connection.RemoteIpAddress?.ToString() ?? "", sensors.Backend.Clock, sensors.Logger);
        await connection.RunAsync(sensors.Lifetime.ApplicationStopping);
    }

    private static Task RefuseAsync(HttpContext http, int status, string reason)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = Answers.Json;
        return http.Response.WriteAsync($"Invalid request: {reason}\n", http.RequestAborted);
    }

    private sealed record Sensors(IBackend Backend, IngestKeys Keys, OpenRequests Requests, IHostApplicationLifetime Lifetime, ILogger Logger);
}
