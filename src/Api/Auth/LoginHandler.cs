using System.Text.Encodings.Web;
using KismetOrleans.Api.Http;
using KismetOrleans.Api.Ingest;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;

namespace KismetOrleans.Api.Auth;

/// <summary>
/// This server's logins as a scheme of ASP.NET's authentication: <see cref="HttpContext.User"/> is the caller. Paths that let everybody in, or look at their
/// callers themselves, are not asked for: a password costs a slow hash.
/// </summary>
internal sealed class LoginHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, Logins logins, OpenReads open, IngestKeys ingest)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, UrlEncoder.Default)
{
    public const string SchemeName = "Kismet";

    private static readonly object s_wrong = new();
    private LoginAttempt _attempt;

    /// <summary>Whether a request's credentials were looked at and are wrong: then it is refused also where anybody may read, as in Kismet.</summary>
    public static bool IsWrong(HttpContext http) => http.Items.ContainsKey(s_wrong);

    /// <summary>Answers what became of a login that is not good enough.</summary>
    public static Task RefuseAsync(HttpContext http, LoginAttempt attempt)
    {
        if (attempt.RetryAfter is { } wait)
        {
            Answers.RetryAfter(http.Response, wait);
            return Answers.PageAsync(http, StatusCodes.Status429TooManyRequests);
        }
        if (attempt.Login is not null)
        {
            return Answers.PageAsync(http, StatusCodes.Status403Forbidden);
        }
        RequestOrigins.Challenge(http);
        return Answers.PageAsync(http, StatusCodes.Status401Unauthorized);
    }

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        // What stands for a wrong verb is no route; neither is nothing at all.
        if (Context.GetEndpoint() is not RouteEndpoint endpoint || endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null)
        {
            return AuthenticateResult.NoResult();
        }
        _attempt = await logins.AuthenticateAsync(Context, isNeeded: Role.Of(endpoint) != Role.ReadOnly || !open.May(Request));
        if (_attempt is { Login: null, RetryAfter: null } && logins.HasMeantCredentials(Context) && ingest.Look(Context) is { HasKey: false } attempt)
        {
            Context.Items[s_wrong] = true;
            _attempt = new(null, attempt.RetryAfter);
        }
        return _attempt.Login is { } login ? AuthenticateResult.Success(new(new(new LoginIdentity(login)), SchemeName)) : AuthenticateResult.NoResult();
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties) => RefuseAsync(Context, _attempt);

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) => RefuseAsync(Context, _attempt);
}
