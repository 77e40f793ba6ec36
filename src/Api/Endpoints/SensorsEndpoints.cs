using System.Net.WebSockets;
using KismetOrleans.Api.Auth;
using KismetOrleans.Api.Http;
using KismetOrleans.Api.Ingest;
using KismetOrleans.Api.OpenApi;
using KismetOrleans.Api.Operations;
using KismetOrleans.Api.Sensors;
using KismetOrleans.Api.Sensors.RemoteCapture;
using KismetOrleans.Engine.Operations;
using KismetOrleans.Engine.Profiles;
using KismetOrleans.Engine.Server;
using KismetOrleans.Packets.Protocol;

namespace KismetOrleans.Api.Endpoints;

/// <summary>Sensors: where edge agents connect. What they are told is told like all other sources.</summary>
internal static class SensorsEndpoints
{
    private const string RemoteCapturePath = "/datasource/remote/remotesource.ws";
    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(1);

    public static void MapSensors(this IEndpointRouteBuilder routes, IBackend backend)
    {
        IServiceProvider services = routes.ServiceProvider;
        Sensors sensors = new(
            services.GetRequiredService<SensorAdmission>(), services.GetRequiredService<IHostApplicationLifetime>(), services.GetRequiredService<ILoggerFactory>().CreateLogger("Sensors"));
        IProfiles profiles = services.GetRequiredService<IProfiles>();
        RemoteCaptureHost captures = services.GetRequiredService<RemoteCaptureHost>();
        MapSocket(routes, EdgeProtocol.Path, sensors, "edge", async (socket, key, address) =>
        {
            using SensorConnection connection = new(socket, backend.Sources, sensors.Admission, profiles, key, address, backend.Clock, sensors.Logger);
            await connection.RunAsync(sensors.Lifetime.ApplicationStopping);
        })
            .GivesSocket("Capture agents: docs/edge-protocol.md");
        MapSocket(routes, RemoteCapturePath, sensors, "remotecapture", async (socket, key, address) =>
        {
            await using WebSocketStream stream = WebSocketStream.Create(socket, WebSocketMessageType.Binary, s_farewell);
            using RemoteLink link = new(stream, cancellation => socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, cancellation));
            using RemoteCaptureConnection connection = new(link, captures, key, address);
            await connection.RunAsync(sensors.Lifetime.ApplicationStopping);
        })
            .GivesSocket("Kismet's capture programs (kismet_cap_…), version 3 of their protocol");
    }

    private static IEndpointConventionBuilder MapSocket(IEndpointRouteBuilder routes, string path, Sensors sensors, string kind, Func<WebSocket, IngestKey, string, Task> serveAsync)
    {
        IApplicationBuilder sockets = routes.CreateApplicationBuilder();
        // Both sides speak every few seconds: docs/edge-protocol.md.
        sockets.UseWebSockets(new WebSocketOptions { KeepAliveInterval = Timeout.InfiniteTimeSpan });
        sockets.Run(http => ConnectAsync(http, sensors, kind, serveAsync));
        return routes.MapGet(path, sockets.Build()).NeedsRole(Role.Datasource).AllowAnonymous();
    }

    private static async Task ConnectAsync(HttpContext http, Sensors sensors, string kind, Func<WebSocket, IngestKey, string, Task> serveAsync)
    {
        using AdmittedSensor? admitted = await sensors.Admission.AdmitAsync(http, "packets", refusal => RefuseAsync(http, refusal.Status, refusal.Reason));
        if (admitted is null)
        {
            return;
        }
        if (!http.WebSockets.IsWebSocketRequest)
        {
            http.Response.Headers.Upgrade = "websocket";
            await RefuseAsync(http, StatusCodes.Status426UpgradeRequired, "sensors connect here by websocket");
            return;
        }
        using IDisposable open = http.TakesLong(Meters.SensorsConnected, kind);
        using WebSocket socket = await http.WebSockets.AcceptWebSocketAsync();
        await serveAsync(socket, admitted.Key, http.RemoteAddress());
    }

    private static Task RefuseAsync(HttpContext http, int status, string reason)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = Answers.Json;
        return http.Response.WriteAsync($"Invalid request: {reason}\n", http.RequestAborted);
    }

    private sealed record Sensors(SensorAdmission Admission, IHostApplicationLifetime Lifetime, ILogger Logger);
}
