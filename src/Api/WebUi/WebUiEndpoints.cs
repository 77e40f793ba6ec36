using System.Collections.Frozen;
using KismetOrleans.Api.OpenApi;
using Microsoft.Net.Http.Headers;

namespace KismetOrleans.Api.WebUi;

/// <summary>
/// The pages for people: the first one at <c>/</c>, all others and their files below <c>/ui/</c>. The files tell nothing of the server, so they need no
/// login; what they show is asked of the API like by everybody else.
/// </summary>
internal static class WebUiEndpoints
{
    private const string Missing =
        "<!doctype html><html lang=en><head><meta charset=utf-8><title>KismetOrleans</title></head><body><h1>The web page is not here</h1>"
        + "<p>This server was built without npm, so its web page was left out. Install Node.js with npm, build again, and it is here.</p>"
        + "<p>The API works all the same: <a href=\"/api.html\">api.html</a>.</p></body></html>\n";

    /// <summary>Pages below <c>/ui/</c>, beside those of a device: those of <c>src/Web/src/shell/app.tsx</c>.</summary>
    internal static readonly FrozenSet<string> Pages = FrozenSet.Create("devices", "ssids", "alerts", "channels", "sensors", "map", "places", "history", "messages", "settings");

    public static void MapWebUi(this IEndpointRouteBuilder routes)
    {
        WebFiles files = routes.ServiceProvider.GetRequiredService<WebFiles>();
        WebUiOptions options = routes.ServiceProvider.GetRequiredService<WebUiOptions>();
        string policy = options.ContentSecurityPolicy();
        Map("/", http => SendPageAsync(http, files, policy));
        // Where a site's floors are, and the key of its tiles' server, are for who may read.
        routes.MapGet("/ui/settings.json", http => http.Response.WriteAsJsonAsync(WebUiSettings.Of(options), WebUiSettings.Json.Default.WebUiSettings, cancellationToken: http.RequestAborted)).WithMetadata(new Unlisted());
        routes.MapGet("/ui/plans/{number:int}", (HttpContext http, int number) => SendPlan(http, options, number)).WithMetadata(new Unlisted());
        // Browsers ask for it beside every address that is no page of ours.
        Map("/favicon.ico", http => files.Find("icon.svg") is { } icon ? SendFileAsync(http, icon, policy) : Http.Answers.PageAsync(http, StatusCodes.Status404NotFound));
        Map("/ui/{**path}", http => SendAsync(http, files, policy));

        void Map(string path, RequestDelegate handler) =>
            routes.MapGet(path, handler).AllowAnonymous().WithMetadata(new Unlisted());
    }

    /// <summary>Adds the services of the pages.</summary>
    /// <exception cref="ArgumentException">A setting is of no use.</exception>
    public static void AddWebUi(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(WebUiOptions.Read(configuration));
        services.AddSingleton(KismetUiOptions.Read(configuration));
        services.AddSingleton(static provider =>
            WebFiles.Read(provider.GetRequiredService<WebUiOptions>().Folder is { Length: > 0 } folder ? folder : WebFiles.Folder));
    }

    private static IResult SendPlan(HttpContext http, WebUiOptions options, int number)
    {
        if (number < 0 || number >= options.Plans.Count)
        {
            return Results.NotFound();
        }
        // A picture may be a document with scripts (SVG), and is opened by its address, too.
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox";
        return Results.File(Path.GetFullPath(options.Plans[number].File), options.Plans[number].ContentType);
    }

    private static Task SendAsync(HttpContext http, WebFiles files, string policy)
    {
        string path = http.Request.RouteValues["path"] as string ?? "";
        if (files.Find(path) is { } file)
        {
            return SendFileAsync(http, file, policy);
        }
        if (Path.HasExtension(path))
        {
            return Http.Answers.PageAsync(http, StatusCodes.Status404NotFound);
        }
        // What has no ending is for the browser, which says itself where there is no such page. /ui/ itself is the overview, which "/" need not be.
        string[] parts = path.TrimEnd('/').Split('/');
        http.Response.StatusCode = parts is [var one] && (one.Length == 0 || Pages.Contains(one)) || parts is ["device", _] ? StatusCodes.Status200OK : StatusCodes.Status404NotFound;
        return SendPageAsync(http, files, policy);
    }

    private static Task SendPageAsync(HttpContext http, WebFiles files, string policy)
    {
        if (files.Find(WebFiles.Index) is { } index)
        {
            return SendFileAsync(http, index, policy);
        }
        http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        http.Response.ContentType = "text/html; charset=utf-8";
        return http.Response.WriteAsync(Missing, http.RequestAborted);
    }

    private static Task SendFileAsync(HttpContext http, WebFile file, string policy)
    {
        IHeaderDictionary headers = http.Response.Headers;
        headers.CacheControl = file.IsImmutable ? "public, max-age=31536000, immutable" : "no-cache";
        headers.Remove(HeaderNames.Pragma);
        headers.Remove(HeaderNames.Expires);
        headers.Remove(HeaderNames.LastModified);
        headers.ETag = file.Tag;
        headers.Vary = HeaderNames.AcceptEncoding;
        headers.ContentSecurityPolicy = policy;
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        if (http.Request.Headers.IfNoneMatch == file.Tag)
        {
            http.Response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }
        (byte[] body, string? encoding) = Choose(http.Request, file);
        if (encoding is not null)
        {
            headers.ContentEncoding = encoding;
        }
        http.Response.ContentType = file.ContentType;
        http.Response.ContentLength = body.Length;
        return http.Response.Body.WriteAsync(body, http.RequestAborted).AsTask();
    }

    private static (byte[] Body, string? Encoding) Choose(HttpRequest request, WebFile file)
    {
        IList<StringWithQualityHeaderValue> accepted = request.GetTypedHeaders().AcceptEncoding;
        return Takes("br") && file.Brotli is { } brotli ? (brotli, "br") : Takes("gzip") && file.Gzip is { } gzip ? (gzip, "gzip") : (file.Content, null);

        bool Takes(string name) => accepted.Any(one => one.Value.Equals(name, StringComparison.OrdinalIgnoreCase) && one.Quality != 0);
    }
}
