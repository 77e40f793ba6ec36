using Microsoft.Extensions.Primitives;

namespace KismetOrleans.Api.Auth;

/// <summary>Lets pages from elsewhere use the API, as Kismet does where <c>httpd_allow_cors</c> is set; with cookies and passwords only that of the settings.</summary>
internal static class Cors
{
    private static readonly StringValues s_true = "true";
    private static readonly StringValues s_day = "86400";
    private static readonly StringValues s_methods = "POST, GET, OPTIONS, UPGRADE";
    private static readonly StringValues s_headers = "Content-Type, Authorization";

    /// <summary>Adds its headers to every answer, and answers OPTIONS; nothing where it is not allowed.</summary>
    public static void UseCors(this IApplicationBuilder app, AuthOptions options)
    {
        if (!options.AllowCors)
        {
            return;
        }
        app.Use((http, next) =>
        {
            IHeaderDictionary headers = http.Response.Headers;
            string asked = http.Request.Headers.Origin.ToString();
            headers.AccessControlAllowOrigin = options.AllowedOrigin ?? (asked.Length > 0 ? asked : "*");
            if (options.AllowedOrigin is not null)
            {
                headers.AccessControlAllowCredentials = s_true;
            }
            headers.Vary = "Origin";
            headers.AccessControlMaxAge = s_day;
            headers.AccessControlAllowMethods = s_methods;
            headers.AccessControlAllowHeaders = s_headers;
            return HttpMethods.IsOptions(http.Request.Method) ? Task.CompletedTask : next(http);
        });
    }
}
