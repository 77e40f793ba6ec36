namespace KismetOrleans.Api.Auth;

/// <summary>The cookie that keeps a session or key in a browser, and goes along with the server's own pages alone (RFC 6265bis, 5.5.7.1).</summary>
internal static class LoginCookie
{
    /// <summary>Gives the client the session that its password made. What came in an address stays there: others have seen it.</summary>
    public static void Give(HttpContext http, Login login)
    {
        if (login.Source is LoginSource.Basic or LoginSource.QueryPassword)
        {
            Set(http, login.Token);
        }
    }

    /// <summary>Gives the client a session or key as a cookie.</summary>
    public static void Set(HttpContext http, string token, string attributes = "") => http.Response.Headers.Append(
        "Set-Cookie", $"{Credentials.TokenName}={token}; Path=/{attributes}; HttpOnly; SameSite=Strict{(RequestOrigins.IsSecure(http.Request) ? "; Secure" : "")}");

    /// <summary>Has the client forget its session.</summary>
    public static void Take(HttpContext http) => Set(http, "", "; Max-Age=0");
}
