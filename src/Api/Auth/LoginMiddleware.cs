using System.Globalization;
using KismetOrleans.Api.Http;
using KismetOrleans.Records.Json;

namespace KismetOrleans.Api.Auth;

/// <summary>Lets a request through to its path when its login has the role that the path asks for. Unknown paths and wrong verbs are told before.</summary>
public static class LoginMiddleware
{
    private static readonly RequiredRole s_default = new(Role.ReadOnly);

    /// <summary>Adds it. Routing must have found the endpoint before.</summary>
    public static void UseLogins(this IApplicationBuilder app)
    {
        Logins logins = app.ApplicationServices.GetRequiredService<Logins>();
        OpenReads open = app.ApplicationServices.GetRequiredService<OpenReads>();
        OpenRequests requests = app.ApplicationServices.GetRequiredService<OpenRequests>();
        app.UseCors(logins.Options);
        app.Use((http, next) =>
        {
            // What stands for a wrong verb is no route; neither is nothing at all.
            if (http.GetEndpoint() is not RouteEndpoint endpoint || !IsThere(http))
            {
                return next(http);
            }
            RequiredRole required = endpoint.Metadata.GetMetadata<RequiredRole>() ?? s_default;
            return required.Role == Role.None || required.AdmitsItself ? next(http)
                : required.Role == Role.ReadOnly && open.May(http.Request) ? Credentials.MayHavePassword(http) ? LogInAsync(http, next, logins) : next(http)
                : AdmitAsync(http, next, required.Role, logins, requests);
        });
    }

    /// <summary>Who asks; null where the path needs no login.</summary>
    public static Login? Login(this HttpContext http) => http.Features.Get<Login>();

    /// <summary>Answers what became of a login that is not good enough.</summary>
    public static Task RefuseAsync(HttpContext http, LoginAttempt attempt)
    {
        if (attempt.RetryAfter is { } wait)
        {
            http.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            return Answers.PageAsync(http, StatusCodes.Status429TooManyRequests);
        }
        if (attempt.Login is not null)
        {
            return Answers.PageAsync(http, StatusCodes.Status403Forbidden);
        }
        // Scripts of a page ask for the password themselves; the browser's own dialogue would stand in their way.
        if (http.Request.Headers["Sec-Fetch-Dest"].ToString() is "" or "document")
        {
            http.Response.Headers.WWWAuthenticate = "Basic realm=\"Kismet\"";
        }
        return Answers.PageAsync(http, StatusCodes.Status401Unauthorized);
    }

    /// <summary>Gives the client its session as a cookie, unless it is where it came from.</summary>
    public static void GiveCookie(HttpContext http, Login login)
    {
        if (login.Source is LoginSource.Password or LoginSource.Query)
        {
            SetCookie(http, login.Token);
        }
    }

    /// <summary>Gives the client a session or key as a cookie.</summary>
    public static void SetCookie(HttpContext http, string token, string attributes = "") => http.Response.Headers.Append(
        "Set-Cookie", $"{Credentials.TokenName}={token}; Path=/{attributes}; HttpOnly; SameSite=Lax{(http.Request.IsHttps ? "; Secure" : "")}");

    /// <summary>Has the client forget its session.</summary>
    public static void TakeCookie(HttpContext http) => SetCookie(http, "", "; Max-Age=0");

    /// <summary>Whether a page from elsewhere has the browser ask, with what the browser knows by itself.</summary>
    public static bool IsForged(HttpContext http, LoginSource source, AuthOptions options) =>
        source is LoginSource.Cookie or LoginSource.Password && IsFromElsewhere(http.Request.Headers) && !options.AllowCors;

    /// <summary>
    /// Whether a browser asks for a page that is not this server's. Another port of the same host is elsewhere, too: to a cookie that is the same site (Fetch
    /// Metadata, 2.4).
    /// </summary>
    public static bool IsFromElsewhere(IHeaderDictionary headers) => headers["Sec-Fetch-Site"].ToString() is "cross-site" or "same-site";

    // Nothing is asked for; a right password makes a session all the same, as everywhere.
    private static async Task LogInAsync(HttpContext http, RequestDelegate next, Logins logins)
    {
        if ((await logins.ByNeedlessPasswordAsync(http)).Login is { } login)
        {
            GiveCookie(http, login);
            http.Features.Set(login);
        }
        await next(http);
    }

    private static async Task AdmitAsync(HttpContext http, RequestDelegate next, string role, Logins logins, OpenRequests requests)
    {
        LoginAttempt attempt = await logins.AuthenticateAsync(http);
        if (attempt.Login is not { } login || !login.May(role) || (role == Role.Admin && IsForged(http, login.Source, logins.Options)))
        {
            await RefuseAsync(http, attempt);
            return;
        }
        GiveCookie(http, login);
        http.Features.Set(login);
        using OpenRequests.Entry entry = requests.Add(http, login);
        await next(http);
    }

    // A format that does not exist is an unknown path.
    private static bool IsThere(HttpContext http) =>
        !http.Request.RouteValues.TryGetValue("format", out object? format) || RecordFormats.TryParse(format?.ToString() ?? "", out _);
}
