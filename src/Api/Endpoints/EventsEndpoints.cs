using KismetOrleans.Api.Events;
using KismetOrleans.Api.Http;
using KismetOrleans.Api.OpenApi;
using KismetOrleans.Engine.Events;
using KismetOrleans.Engine.Server;
using KismetOrleans.Engine.Tracking;
using KismetOrleans.Records.Json;

namespace KismetOrleans.Api.Endpoints;

/// <summary>Live events, monitors of devices, and an echo, all by websocket.</summary>
internal static class EventsEndpoints
{
    public static void MapEvents(this IEndpointRouteBuilder routes, IBackend backend)
    {
        ILogger logger = routes.ServiceProvider.GetRequiredService<ILoggerFactory>().CreateLogger("Events");
        EventOptions options = routes.ServiceProvider.GetRequiredService<EventOptions>();
        routes.MapSocket("/eventbus/events.ws", "events", (http, socket) => new EventsSocket(socket, backend, http.RemoteAddress(), logger).RunAsync())
            .GivesSocket("Events: takes {\"SUBSCRIBE\": topic} and {\"UNSUBSCRIBE\": topic}, sends an object an event");
        routes.MapSocket(
            "/alerts/alerts.ws", "events",
            (http, socket) => new EventsSocket(socket, backend, http.RemoteAddress(), logger).RunAsync(EventTopics.Alert, new(RecordFormat.Json, null, bare: true)))
            .GivesSocket("Alerts: sends each as an object, and takes {\"SUBSCRIBE\": \"ALERT\", \"fields\": …} as the path of events does");
        routes.MapSocket(
            "/devices/monitor.ws", "monitor",
            (http, socket) => new MonitorSocket(socket, backend, DeviceView.All, options.MaxMonitors, http.RemoteAddress(), logger).RunAsync())
            .GivesSocket("Devices as they change: takes {\"monitor\": key, address or *, \"request\": number, \"rate\": seconds} and {\"cancel\": number}");
        foreach (string view in ViewsEndpoints.Forms)
        {
            routes.MapSocket(
                $"/devices/views/{view}/monitor.ws", "monitor",
                (http, socket) => new MonitorSocket(socket, backend, (DeviceView)http.Items[typeof(DeviceView)]!, options.MaxMonitors, http.RemoteAddress(), logger).RunAsync(),
                isThere: http => IsThereAsync(http, backend))
                .GivesSocket("Devices of a view as they change");
        }
        routes.MapSocket("/debug/echo.ws", "echo", (_, socket) => EchoAsync(socket), Auth.Role.Admin)
            .GivesSocket("Sends back what it gets");
    }

    private static async ValueTask<bool> IsThereAsync(HttpContext http, IBackend backend)
    {
        DeviceView? view = await ViewsEndpoints.FindAsync(ViewsEndpoints.IdOf(http), backend);
        http.Items[typeof(DeviceView)] = view;
        return view is not null;
    }

    private static async Task EchoAsync(TextSocket socket)
    {
        while (await socket.ReceiveAsync() is { } message)
        {
            await socket.SendAsync(message);
        }
    }
}
