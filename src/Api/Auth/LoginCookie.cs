namespace KismetOrleans.Api.Auth;

/// <summary>The cookie that keeps a session or key in a browser, and what becomes of it in the hands of other pages.</summary>
internal static class LoginCookie
{
    /// <summary>Gives the client its session as a cookie, unless it is where it came from.</summary>
    public static void Give(HttpContext http, Login login)
    {
        if (login.Source is LoginSource.Password or LoginSource.Query)
        {
            Set(http, login.Token);
        }
    }

    /// <summary>Gives the client a session or key as a cookie.</summary>
    public static void Set(HttpContext http, string token, string attributes = "") => http.Response.Headers.Append(
        "Set-Cookie", $"{Credentials.TokenName}={token}; Path=/{attributes}; HttpOnly; SameSite=Lax{(http.Request.IsHttps ? "; Secure" : "")}");

    /// <summary>Has the client forget its session.</summary>
    public static void Take(HttpContext http) => Set(http, "", "; Max-Age=0");

    /// <summary>Whether a page from elsewhere has the browser ask, with what the browser knows by itself.</summary>
    public static bool IsForged(HttpContext http, LoginSource source) =>
        source is LoginSource.Cookie or LoginSource.Password && IsFromElsewhere(http.Request.Headers) && !http.RequestServices.GetRequiredService<AuthOptions>().AllowCors;

    /// <summary>
    /// Whether a browser asks for a page that is not this server's. Another port of the same host is elsewhere, too: to a cookie that is the same site (Fetch
    /// Metadata, 2.4).
    /// </summary>
    public static bool IsFromElsewhere(IHeaderDictionary headers) => headers["Sec-Fetch-Site"].ToString() is "cross-site" or "same-site";
}
