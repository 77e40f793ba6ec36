using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;
using Microsoft.Net.Http.Headers;

namespace KismetOrleans.Api.WebUi;

/// <summary>
/// Kismet's own web page, unchanged, below <c>/kismet-ui/</c>. It asks for everything by paths relative to its own; so what is no file of its folder is
/// a path of the API, with the prefix taken off. A file is only found within the folder; what begins with a dot is not, and folders are not listed.
/// </summary>
internal static class KismetUi
{
    public const string Prefix = "/kismet-ui";

    // What a browser asks for by itself where a page names no picture, as Kismet's does not.
    private const string Icon = "/favicon.ico";

    // CSP Level 3. The page has scripts and styles within its HTML, and draws pictures to data: addresses. Nothing comes from elsewhere: the map of aircraft,
    // which no receiver of this server feeds, has no ground.
    private const string Policy = "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
        + "font-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'";

    /// <summary>Adds it where the settings name its folder. Comes before routing, which then sees the API's paths.</summary>
    public static void UseKismetUi(this IApplicationBuilder app)
    {
        KismetUiOptions options = app.ApplicationServices.GetRequiredService<KismetUiOptions>();
        if (!options.IsGiven)
        {
            return;
        }
        app.Use((http, next) => IsPrefixAlone(http.Request) ? RedirectAsync(http) : next(http));
        app.UseWhen(http => TakePrefix(http.Request) || options.AtRoot || http.Request.Path == Icon, page =>
        {
            page.Use((http, next) =>
            {
                if (http.Request.Path == "/" && MayBeFile(http.Request))
                {
                    http.Request.Path = "/" + KismetUiOptions.Index;
                }
                return next(http);
            });
            // The files' provider leaves out what begins with a dot, and not what is in such folders, as .git is.
            page.UseWhen(static http => !http.Request.Path.Value!.Contains("/.", StringComparison.Ordinal), files => files.UseStaticFiles(new StaticFileOptions
            {
                FileProvider = new PhysicalFileProvider(options.Path),
                ServeUnknownFileTypes = true,
                DefaultContentType = "application/octet-stream",
                OnPrepareResponse = static file => SetHeaders(file),
            }));
        });
    }

    private static bool MayBeFile(HttpRequest request) => HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);

    private static bool IsPrefixAlone(HttpRequest request) => request.Path.Value == Prefix && MayBeFile(request);

    // Relative, so that it holds behind a proxy with a path of its own. Without the slash, the page's paths would miss the prefix.
    private static Task RedirectAsync(HttpContext http)
    {
        http.Response.Redirect($"{Prefix[1..]}/{http.Request.QueryString}");
        return Task.CompletedTask;
    }

    private static bool TakePrefix(HttpRequest request)
    {
        if (!request.Path.StartsWithSegments(Prefix, StringComparison.Ordinal, out PathString rest) || !rest.HasValue)
        {
            return false;
        }
        request.PathBase = request.PathBase.Add(Prefix);
        request.Path = rest;
        return true;
    }

    private static void SetHeaders(StaticFileResponseContext file)
    {
        IHeaderDictionary headers = file.Context.Response.Headers;
        headers.Server = "Kismet";
        // Asked for again each time, and answered 304 by its time and length.
        headers.CacheControl = "no-cache";
        headers.ContentSecurityPolicy = Policy;
        headers[HeaderNames.XContentTypeOptions] = "nosniff";
        // A command of the page by GET tells by it whose page it is.
        headers["Referrer-Policy"] = "same-origin";
    }
}
