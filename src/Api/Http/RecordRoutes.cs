using KismetOrleans.Api.Auth;
using KismetOrleans.Api.OpenApi;
using KismetOrleans.Records.Fields;
using KismetOrleans.Records.Json;

namespace KismetOrleans.Api.Http;

/// <summary>A request for records: its format and what the client sent with it.</summary>
/// <param name="Format">The format that the path's suffix names.</param>
/// <param name="Command">What came with it.</param>
internal sealed record RecordRequest(HttpContext Http, RecordFormat Format, Command Command)
{
    /// <summary>The fields that the client wants; null for all.</summary>
    /// <exception cref="CommandException">They are malformed.</exception>
    public FieldSelection? Fields { get; } = FieldSelection.Parse(Command["fields"]);

    public string Route(string name) => Http.Request.RouteValues[name]?.ToString() ?? "";
}

/// <summary>Maps paths whose suffix names a format.</summary>
internal static class RecordRoutes
{
    // A format that does not exist is an unknown path.
    private const string Format = ".{format:format}";
    private static readonly string[] s_both = ["GET", "POST"];
    private static readonly string[] s_post = ["POST"];

    public static IReadOnlyList<string> Suffixes { get; } = ["json", "prettyjson", "ekjson", "itjson", "tjson", "cmd", "jcmd"];

    /// <summary>Maps a path for GET and POST; <c>.{format}</c> is appended.</summary>
    public static IEndpointConventionBuilder MapRecords(this IEndpointRouteBuilder routes, string path, Func<RecordRequest, Task> handler, string role = Role.ReadOnly) =>
        Map(routes, path + Format, s_both, role, handler);

    /// <summary>Maps a path for GET and POST that answers with a table; <c>.csv</c> is appended.</summary>
    public static IEndpointConventionBuilder MapCsv(this IEndpointRouteBuilder routes, string path, Func<RecordRequest, Task> handler) =>
        Map(routes, path + ".csv", s_both, Role.ReadOnly, handler);

    /// <summary>Maps a path for POST alone; <c>.{format}</c> is appended.</summary>
    public static IEndpointConventionBuilder MapRecordsPost(this IEndpointRouteBuilder routes, string path, Func<RecordRequest, Task> handler, string role = Role.ReadOnly) =>
        Map(routes, path + Format, s_post, role, handler);

    /// <summary>Maps a path that has more after its suffix.</summary>
    public static IEndpointConventionBuilder MapRecordsBelow(this IEndpointRouteBuilder routes, string path, string below, Func<RecordRequest, Task> handler) =>
        Map(routes, path + Format + "/" + below, s_both, Role.ReadOnly, handler);

    /// <summary>Maps a command that clients give by GET or POST; <c>.{format}</c> is appended.</summary>
    public static IEndpointConventionBuilder MapCommand(this IEndpointRouteBuilder routes, string path, Func<RecordRequest, Task> handler) =>
        Map(routes, path + Format, s_both, Role.Admin, handler);

    /// <summary>Maps a command for POST alone; <c>.{format}</c> is appended.</summary>
    public static IEndpointConventionBuilder MapCommandPost(this IEndpointRouteBuilder routes, string path, Func<RecordRequest, Task> handler) =>
        Map(routes, path + Format, s_post, Role.Admin, handler);

    /// <summary>Has routing know formats.</summary>
    public static void AddRecordRoutes(this IServiceCollection services) =>
        services.Configure<RouteOptions>(static options => options.SetParameterPolicy<FormatConstraint>("format"));

    private static bool TryFormat(RouteValueDictionary values, out RecordFormat format) => RecordFormats.TryParse(values["format"]?.ToString() ?? "", out format);

    private static IEndpointConventionBuilder Map(IEndpointRouteBuilder routes, string path, string[] methods, string role, Func<RecordRequest, Task> handler)
    {
        if (methods == s_post)
        {
            // Where a path beside it takes GET, routing would find that this one does not exist.
            routes.MapGet(path, WrongVerbAsync).AllowAnonymous().WithMetadata(new Unlisted());
        }
        return routes.MapMethods(path, methods, (RequestDelegate)(http => HandleAsync(http, handler))).NeedsRole(role);
    }

    private static Task WrongVerbAsync(HttpContext http)
    {
        http.Response.Headers.Allow = HttpMethods.Post;
        return Answers.PageAsync(http, StatusCodes.Status405MethodNotAllowed);
    }

    private static async Task HandleAsync(HttpContext http, Func<RecordRequest, Task> handler)
    {
        _ = TryFormat(http.Request.RouteValues, out RecordFormat format);
        try
        {
            using Command command = await Command.ReadAsync(http.Request);
            await handler(new(http, format, command));
        }
        catch (CommandException e) when (!http.Response.HasStarted)
        {
            await Answers.BadRequestAsync(http, e.Message);
        }
        catch (BadHttpRequestException e) when (!http.Response.HasStarted)
        {
            await Answers.PageAsync(http, e.StatusCode);
        }
    }

    private sealed class FormatConstraint : IRouteConstraint
    {
        public bool Match(HttpContext? httpContext, IRouter? route, string routeKey, RouteValueDictionary values, RouteDirection routeDirection) =>
            TryFormat(values, out _);
    }
}
