using System.Security.Claims;
using KismetOrleans.Engine.Auth;

namespace KismetOrleans.Api.Auth;

/// <summary>Who asks: a valid login.</summary>
/// <param name="Name">The administrator's word for it, or the key's name.</param>
/// <param name="Role">What it may do.</param>
/// <param name="Key">The key; null for the administrator.</param>
/// <param name="Token">What the client keeps as cookie: session or key.</param>
internal sealed record Login(string Name, string Role, ApiKey? Key, string Token, LoginSource Source)
{
    /// <summary>Whether it may use a path that asks for a role. Roles do not include each other, but the administrator's includes all.</summary>
    public bool May(string role) => role is Auth.Role.Any or Auth.Role.None || Role == Auth.Role.Admin || Role == role;

    /// <summary>Whether a browser adds it by itself, whatever page asks.</summary>
    public bool IsBrowsers => Source is LoginSource.Cookie or LoginSource.Basic;

    /// <summary>Whether a page of another site may use it: a key that it sends itself, made for it and revoked by itself; the administrator's password is for no page but the own.</summary>
    public bool IsForPages => Key is not null && !IsBrowsers;
}

/// <summary>A login as ASP.NET has it.</summary>
internal sealed class LoginIdentity(Login login)
    : ClaimsIdentity([new(ClaimTypes.Name, login.Name), new(ClaimTypes.Role, login.Role)], LoginHandler.SchemeName)
{
    public Login Login => login;
}

internal enum LoginSource
{
    Cookie,

    /// <summary>Session or key in the address.</summary>
    Query,

    /// <summary>Session or key as <c>Authorization: Bearer</c>.</summary>
    Bearer,

    /// <summary>User and password as <c>Authorization: Basic</c>.</summary>
    Basic,

    QueryPassword,
}

/// <summary>What became of a request's credentials.</summary>
/// <param name="Login">The login; null when there is no valid one.</param>
/// <param name="RetryAfter">How long to wait before another password is tried, when that is what kept it.</param>
internal readonly record struct LoginAttempt(Login? Login, TimeSpan? RetryAfter = null);
