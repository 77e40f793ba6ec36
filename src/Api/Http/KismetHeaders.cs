using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace KismetOrleans.Api.Http;

/// <summary>Headers that every answer has, paths as Kismet reads them, and pages for what no endpoint answers.</summary>
internal static class KismetHeaders
{
    private static readonly StringValues s_server = "Kismet";
    private static readonly StringValues s_noCache = "no-cache";
    private static readonly StringValues s_expires = "Sat, 01 Jan 2000 00:00:00 GMT";
    private static readonly StringValues s_noSniff = "nosniff";

    // CSP Level 3: answers load nothing and stand in no frame. Pages that do have a policy of their own.
    private static readonly StringValues s_policy = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static void UseKismetHeaders(this IApplicationBuilder app)
    {
        HttpDate date = new();
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandler = http =>
            {
                SetHeaders(http.Response.Headers, date);
                return Answers.PageAsync(http, http.Response.StatusCode);
            },
            // What is wrong with a body shows where it is read, which may be anywhere.
            StatusCodeSelector = static e => StatusOfBody(e) ?? StatusCodes.Status500InternalServerError,
            SuppressDiagnosticsCallback = static context => StatusOfBody(context.Exception) is not null,
        });
        app.UseHsts();
        app.Use((http, next) =>
        {
            SetHeaders(http.Response.Headers, date);
            CollapseSlashes(http.Request);
            return next(http);
        });
        // Else the host finds the endpoint before the path is put right.
        app.UseRouting();
        app.UseStatusCodePages(context => Answers.PageAsync(context.HttpContext, context.HttpContext.Response.StatusCode));
    }

    /// <summary>What a fault says of the request's body; null where it says nothing of it.</summary>
    public static int? StatusOfBody(Exception fault) => fault switch
    {
        BadHttpRequestException bad => bad.StatusCode,
        // A chunk of more bytes than there are numbers for.
        IOException { InnerException: OverflowException } => StatusCodes.Status400BadRequest,
        _ => null,
    };

    private static void SetHeaders(IHeaderDictionary headers, HttpDate date)
    {
        headers.Server = s_server;
        headers.CacheControl = s_noCache;
        headers.Pragma = s_noCache;
        headers.Expires = s_expires;
        headers[HeaderNames.LastModified] = date.Now;
        headers.XContentTypeOptions = s_noSniff;
        headers.ContentSecurityPolicy = s_policy;
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
