using System.Net.WebSockets;
using KismetOrleans.Api.Auth;
using KismetOrleans.Api.Http;
using KismetOrleans.Api.OpenApi;
using KismetOrleans.Api.Operations;
using KismetOrleans.Engine.Events;
using KismetOrleans.Engine.Operations;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace KismetOrleans.Api.Events;

/// <summary>
/// Maps paths at which clients open websockets. Logins are those of every path (<see cref="LoginHandler"/>), and what is open ends with its login.
/// </summary>
internal static partial class SocketRoutes
{
    // Over HTTP/2 (RFC 8441), which browsers use where there is TLS; a document of the API knows no such verb.
    private static readonly string[] s_connect = ["CONNECT"];

    /// <param name="path">The path, with its <c>.ws</c>.</param>
    /// <param name="kind">As what its sockets are counted.</param>
    /// <param name="serve">Runs a socket until its client or it itself ends.</param>
    /// <param name="isThere">Whether what the path names exists, 404 where not; null for always.</param>
    public static IEndpointConventionBuilder MapSocket(
        this IEndpointRouteBuilder routes, string path, string kind, Func<HttpContext, TextSocket, Task> serve, string role = Role.ReadOnly,
        Func<HttpContext, ValueTask<bool>>? isThere = null)
    {
        IServiceProvider services = routes.ServiceProvider;
        EventOptions options = services.GetRequiredService<EventOptions>();
        Host host = new(
            kind, serve, isThere, options, services.GetRequiredService<OpenSockets>(), services.GetRequiredService<RequestOrigins>(),
            services.GetRequiredService<IHostApplicationLifetime>(), services.GetRequiredService<ILoggerFactory>().CreateLogger("Websockets"));
        IApplicationBuilder upgraded = routes.CreateApplicationBuilder();
        upgraded.UseWebSockets(new WebSocketOptions { KeepAliveInterval = options.PingEvery, KeepAliveTimeout = options.PongWithin });
        upgraded.Run(host.AnswerAsync);
        RequestDelegate answer = upgraded.Build();
        _ = routes.MapMethods(path, s_connect, answer).NeedsRole(role).WithMetadata(new Unlisted());
        return routes.MapGet(path, answer).NeedsRole(role);
    }

    private sealed partial class Host(
        string kind, Func<HttpContext, TextSocket, Task> serve, Func<HttpContext, ValueTask<bool>>? isThere, EventOptions options, OpenSockets sockets,
        RequestOrigins origins, IHostApplicationLifetime lifetime, ILogger logger)
    {
        public async Task AnswerAsync(HttpContext http)
        {
            if (isThere is not null && !await isThere(http))
            {
                await Answers.PageAsync(http, StatusCodes.Status404NotFound);
            }
            else if (!http.WebSockets.IsWebSocketRequest)
            {
                http.Response.Headers.Upgrade = "websocket";
                http.Response.StatusCode = StatusCodes.Status426UpgradeRequired;
                http.Response.ContentType = Answers.Json;
                await http.Response.WriteAsync("Invalid request: this path is for websockets\n", http.RequestAborted);
            }
            // Browsers ask nobody before a page from elsewhere opens a websocket, and give it their cookies and Basic; a key in the address is the page's own.
            else if (origins.IsForeign(http.Request, http.Login()))
            {
                await Answers.PageAsync(http, StatusCodes.Status403Forbidden);
            }
            else
            {
                using IDisposable? place = sockets.TryEnter(http);
                await (place is null ? Answers.PageAsync(http, StatusCodes.Status429TooManyRequests) : ServeAsync(http));
            }
        }

        private async Task ServeAsync(HttpContext http)
        {
            if (http.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate)
            {
                // Whoever reads slowly loses events, not the connection, for as long as it answers pings.
                rate.MinDataRate = null;
            }
            using IDisposable open = http.TakesLong(Meters.SocketsOpen, kind);
            using WebSocket accepted = await http.WebSockets.AcceptWebSocketAsync();
            TextSocket socket = new(accepted, options);
            await using CancellationTokenRegistration stop = lifetime.ApplicationStopping.Register(
                () => _ = socket.EndAsync(WebSocketCloseStatus.EndpointUnavailable, "the server stops"));
            (WebSocketCloseStatus status, string reason) = (WebSocketCloseStatus.NormalClosure, "");
            try
            {
                await serve(http, socket);
            }
            catch (SocketEndException e)
            {
                (status, reason) = (e.Status, e.Message);
                Ended(logger, http.Request.Path, http.RemoteAddress(), e.Message);
            }
            catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException)
            {
                // Gone without a word, or its login is worth nothing any more.
            }
            catch (Exception e)
            {
                (status, reason) = (WebSocketCloseStatus.InternalServerError, "");
                Failed(logger, e, http.Request.Path);
            }
            await socket.CloseAsync(status, reason);
        }

        [LoggerMessage(50, LogLevel.Information, "Websocket {path} of {address} was closed: {reason}")]
        private static partial void Ended(ILogger logger, string path, string address, string reason);

        [LoggerMessage(51, LogLevel.Error, "Websocket {path} failed")]
        private static partial void Failed(ILogger logger, Exception fault, string path);
    }
}
