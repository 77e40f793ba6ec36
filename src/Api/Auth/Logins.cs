using KismetOrleans.Grains.Auth;

namespace KismetOrleans.Api.Auth;

/// <summary>Finds out who asks. Safe for use by several threads.</summary>
public sealed partial class Logins(Accounts accounts, AuthOptions options, TimeProvider clock, ILogger<Logins>? logger = null) : IDisposable
{
    // Slow hashes run on half of the cores at most, however many guess at a time; who finds no place in a second may come again.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);
    private readonly SemaphoreSlim _hashing = new(Math.Max(1, Environment.ProcessorCount / 2));
    private readonly FailedLogins _failures = new(clock);

    // Of those who need no login: a program with an old password that only reads must keep nobody else from logging in.
    private readonly FailedLogins _needless = new(clock);
    private readonly RightPasswords _right = new(clock);

    /// <summary>The administrator and the keys.</summary>
    public Accounts Accounts => accounts;

    /// <summary>The settings.</summary>
    public AuthOptions Options => options;

    /// <summary>Who fails, and how often.</summary>
    public FailedLogins Failures => _failures;

    /// <summary>
    /// Looks at a request's credentials in Kismet's order: the cookie, or the address's <c>KISMET</c> where there is no cookie; when these are not valid a
    /// bearer, Basic, and user and password of the address where there is no other authorization.
    /// </summary>
    public ValueTask<LoginAttempt> AuthenticateAsync(HttpContext http)
    {
        Login? login = ByToken(Credentials.Token(http, out LoginSource source), source) ?? ByToken(Credentials.Bearer(http.Request), LoginSource.Bearer);
        return login is null ? ByPasswordAsync(http) : new(new LoginAttempt(login));
    }

    /// <summary>The login of a session or key; null when it is neither.</summary>
    public Login? ByToken(string? token, LoginSource source) =>
        token is null ? null
        : accounts.FindKey(token) is { } key ? new(key.Name, key.Role, key, token, source)
        : accounts.IsSession(token) ? Administrator(token, source)
        : null;

    /// <summary>Whether a login would be accepted still.</summary>
    public bool Holds(Login login) => login.Key is { } key ? accounts.Holds(key) : accounts.IsSession(login.Token);

    /// <summary>Looks at the request's user and password alone.</summary>
    public ValueTask<LoginAttempt> ByPasswordAsync(HttpContext http) => ByPasswordAsync(http, _failures);

    /// <summary>Looks at user and password of a request that needs no login, which makes a session all the same where they are right.</summary>
    public ValueTask<LoginAttempt> ByNeedlessPasswordAsync(HttpContext http) => ByPasswordAsync(http, _needless);

    /// <summary>Notes that somebody guessed at another secret.</summary>
    public void Fail(HttpContext http) => _failures.Fail(http.Connection.RemoteIpAddress);

    /// <inheritdoc/>
    public void Dispose() => _hashing.Dispose();

    private ValueTask<LoginAttempt> ByPasswordAsync(HttpContext http, FailedLogins failures)
    {
        // While there is no administrator, no password is right, and none can be guessed.
        if (!accounts.HasAdministrator || Credentials.Password(http) is not var (username, password))
        {
            return default;
        }
        if (failures.Wait(http.Connection.RemoteIpAddress) is { } wait)
        {
            return new(new LoginAttempt(null, wait));
        }
        return _right.Find(username, password, accounts.Fingerprint) is { } session
            ? new(new LoginAttempt(Administrator(session, LoginSource.Password)))
            : CheckAsync(http, username, password, failures);
    }

    private async ValueTask<LoginAttempt> CheckAsync(HttpContext http, string username, string password, FailedLogins failures)
    {
        if (!await _hashing.WaitAsync(s_patience, http.RequestAborted))
        {
            return new(null, s_patience);
        }
        try
        {
            // Those who came together were asked to wait only after the first of them failed.
            if (failures.Wait(http.Connection.RemoteIpAddress) is { } wait)
            {
                return new(null, wait);
            }
            ulong fingerprint = accounts.Fingerprint;
            if (!accounts.IsAdministrator(username, password))
            {
                failures.Fail(http.Connection.RemoteIpAddress);
                if (logger is not null)
                {
                    // Not the user: it may be a password in the wrong place.
                    Failed(logger, http.Connection.RemoteIpAddress?.ToString() ?? "");
                }
                return default;
            }
            failures.Succeed(http.Connection.RemoteIpAddress);
            string session = accounts.NewSession(options.SessionLife, fingerprint);
            _right.Add(username, password, fingerprint, session);
            return new(Administrator(session, LoginSource.Password));
        }
        finally
        {
            _hashing.Release();
        }
    }

    [LoggerMessage(20, LogLevel.Warning, "A login with a wrong name or password, from {address}")]
    private static partial void Failed(ILogger logger, string address);

    private static Login Administrator(string token, LoginSource source) => new("administrator", Role.Admin, null, token, source);
}
