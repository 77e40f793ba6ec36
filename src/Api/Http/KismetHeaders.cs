using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace KismetOrleans.Api.Http;

/// <summary>Headers that every answer has, paths as Kismet reads them, and pages for what no chapter answers.</summary>
public static class KismetHeaders
{
    private static readonly StringValues s_server = "Kismet";
    private static readonly StringValues s_noCache = "no-cache";
    private static readonly StringValues s_expires = "Sat, 01 Jan 2000 00:00:00 GMT";

    /// <summary>Adds the middleware.</summary>
    public static void UseKismetHeaders(this IApplicationBuilder app)
    {
        HttpDate date = new();
        app.Use((http, next) =>
        {
            IHeaderDictionary headers = http.Response.Headers;
            headers.Server = s_server;
            headers.CacheControl = s_noCache;
            headers.Pragma = s_noCache;
            headers.Expires = s_expires;
            headers[HeaderNames.LastModified] = date.Now;
            CollapseSlashes(http.Request);
            return next(http);
        });
        // Else the host finds the endpoint before the path is put right.
        app.UseRouting();
        app.UseStatusCodePages(context => Answers.PageAsync(context.HttpContext, context.HttpContext.Response.StatusCode));
    }

    private static void CollapseSlashes(HttpRequest request)
    {
        string path = request.Path.Value ?? "";
        if (!path.Contains("//", StringComparison.Ordinal))
        {
            return;
        }
        while (path.Contains("//", StringComparison.Ordinal))
        {
            path = path.Replace("//", "/", StringComparison.Ordinal);
        }
        request.Path = path;
    }

    /// <summary>The date in HTTP's form, written once a second.</summary>
    private sealed class HttpDate
    {
        private (long Second, StringValues Text) _newest;

        public StringValues Now
        {
            get
            {
                long second = Environment.TickCount64 / 1000;
                (long Second, StringValues Text) newest = _newest;
                if (newest.Second != second || newest.Text.Count == 0)
                {
                    newest = (second, DateTimeOffset.UtcNow.ToString("R"));
                    _newest = newest;
                }
                return newest.Text;
            }
        }
    }
}
