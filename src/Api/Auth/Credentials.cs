using System.Text;

namespace KismetOrleans.Api.Auth;

/// <summary>Reads the credentials of a request, in Kismet's order.</summary>
internal static class Credentials
{
    /// <summary>Name of the cookie and of the variable that carry a session or a key.</summary>
    public const string TokenName = "KISMET";

    // More than any password manager makes; it bounds what is hashed.
    private const int MaxLength = 1024;

    /// <summary>Session or key: of the cookie, or of the address where there are no cookies at all. Null without.</summary>
    public static string? Token(HttpContext http, out LoginSource source)
    {
        if (http.Request.Headers.Cookie.Count > 0)
        {
            source = LoginSource.Cookie;
            return Given(http.Request.Cookies[TokenName]);
        }
        source = LoginSource.Query;
        return Given(QuerySecrets.Variable(http, TokenName));
    }

    /// <summary>Session or key of the header <c>Authorization: Bearer</c> (RFC 6750, 2.1), which Kismet has not. Null without.</summary>
    public static string? Bearer(HttpRequest request) => Header(request, "Bearer ") is { Length: > 0 } token ? Given(token) : null;

    /// <summary>User and password: Basic (RFC 7617), else those of the address. Null without, and when they are malformed.</summary>
    public static (string Username, string Password)? Password(HttpContext http)
    {
        if (http.Request.Headers.Authorization.Count > 0)
        {
            return Basic(http.Request);
        }
        return QuerySecrets.Variable(http, "user") is { } user && QuerySecrets.Variable(http, "password") is { } password ? Bounded(user, password) : null;
    }

    /// <summary>User and password of <c>Authorization: Basic</c>; null without.</summary>
    public static (string Username, string Password)? Basic(HttpRequest request)
    {
        if (Header(request, "Basic ") is not { } encoded || encoded.Length > 4 * MaxLength)
        {
            return null;
        }
        byte[] bytes = new byte[encoded.Length];
        if (!Convert.TryFromBase64String(encoded, bytes, out int length))
        {
            return null;
        }
        string pair = Encoding.UTF8.GetString(bytes, 0, length);
        int colon = pair.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? null : Bounded(pair[..colon], pair[(colon + 1)..]);
    }

    private static (string, string)? Bounded(string username, string password) =>
        username.Length is > 0 and <= MaxLength && password.Length is > 0 and <= MaxLength ? (username, password) : null;

    private static string? Header(HttpRequest request, string scheme)
    {
        foreach (string? value in request.Headers.Authorization)
        {
            if (value?.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) ?? false)
            {
                return value[scheme.Length..].Trim();
            }
        }
        return null;
    }

    private static string? Given(string? text) => string.IsNullOrEmpty(text) || text.Length > MaxLength ? null : text;
}
