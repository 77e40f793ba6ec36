using KismetOrleans.Api.Http;
using KismetOrleans.Engine.Auth;

namespace KismetOrleans.Api.Auth;

/// <summary>Finds out who asks. Safe for use by several threads.</summary>
internal sealed partial class Logins(Accounts accounts, SessionList sessions, AuthOptions options, TimeProvider clock, ILogger<Logins> log) : IDisposable
{
    // Slow hashes run on half of the cores at most, however many guess at a time; who finds no place in a second may come again.
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(1);

    // Longer than a database takes that is there; the session is written at the next opportunity else.
    private static readonly TimeSpan s_keeping = TimeSpan.FromSeconds(10);
    private readonly SemaphoreSlim _hashing = new(Math.Max(1, Environment.ProcessorCount / 2));
    private readonly FailedLogins _failures = new(clock);

    // Of those who need no login: a program with an old password that only reads must keep nobody else from logging in.
    private readonly FailedLogins _needless = new(clock);
    private readonly RightPasswords _right = new(clock);
    private readonly ClientSessions _clients = new(accounts, options.SessionLife, clock);

    public Accounts Accounts => accounts;
    public SessionList Sessions => sessions;
    public AuthOptions Options => options;

    /// <summary>Who fails, and how often.</summary>
    public FailedLogins Failures => _failures;

    /// <summary>
    /// Looks at a request's credentials in Kismet's order: the cookie, or the address's <c>KISMET</c> where there is no cookie; when these are not valid a
    /// bearer, Basic, and user and password of the address where there is no other authorization.
    /// </summary>
    /// <param name="isNeeded">Whether the path needs a login; a right password makes a session all the same, as everywhere.</param>
    public ValueTask<LoginAttempt> AuthenticateAsync(HttpContext http, bool isNeeded = true) =>
        ByToken(http) is { } login ? new(new LoginAttempt(login)) : ByPasswordAsync(http, isNeeded ? _failures : _needless, anew: false);

    /// <summary>The login of the session or key that a request came with; null without.</summary>
    public Login? ByToken(HttpContext http) =>
        ByToken(Credentials.Token(http, out LoginSource source), source) ?? ByToken(Credentials.Bearer(http.Request), LoginSource.Bearer);

    /// <summary>The login of a session or key; null when it is neither.</summary>
    public Login? ByToken(string? token, LoginSource source) =>
        token is null ? null
        : accounts.FindKey(token) is { } key ? new(key.Name, key.Role, key, token, source)
        : accounts.IsSession(token) ? Administrator(token, source)
        : null;

    /// <summary>Whether a request came with a password or a token that it meant, as a browser's cookie of yesterday is not meant; and that can be wrong.</summary>
    public bool HasMeantCredentials(HttpContext http) =>
        Credentials.Bearer(http.Request) is not null || (Credentials.Token(http, out LoginSource source) is not null && source == LoginSource.Query)
        || (accounts.HasAdministrator && Credentials.Password(http) is not null);

    /// <summary>Whether a login would be accepted still.</summary>
    public bool Holds(Login login) => login.Key is { } key ? accounts.Holds(key) : accounts.IsSession(login.Token);

    /// <summary>The session with which somebody asks; null for who has none, as keys.</summary>
    public SessionToken? SessionOf(HttpContext http) =>
        (Credentials.Token(http, out _) is { } token ? accounts.FindSession(token) : null)
        ?? (Credentials.Bearer(http.Request) is { } bearer ? accounts.FindSession(bearer) : null);

    /// <summary>Looks at the request's user and password alone: somebody logs in.</summary>
    public ValueTask<LoginAttempt> ByPasswordAsync(HttpContext http) => ByPasswordAsync(http, _failures, anew: true);

    /// <summary>Looks whether a text is the administrator's password, as <c>set_password</c> asks for it beside a session.</summary>
    public ValueTask<LoginAttempt> ByOldPasswordAsync(HttpContext http, string password) =>
        accounts.Username is { } username && password.Length > 0 ? ByPasswordAsync(http, username, password, _failures, anew: false) : default;

    /// <summary>Has the store hear of sessions that were made and ended here; nobody waits for that.</summary>
    public void KeepSessions()
    {
        if (sessions.HasUnkept)
        {
            _ = KeepSessionsAsync(s_keeping);
        }
    }

    /// <summary>Has the store hear of sessions that were made and ended here, if it answers in time. What went wrong is logged.</summary>
    public async Task KeepSessionsAsync(TimeSpan timeout)
    {
        try
        {
            using CancellationTokenSource end = new(timeout);
            await sessions.KeepAsync(end.Token);
        }
        catch (OperationCanceledException)
        {
            NotKeptYet(log);
        }
        catch (Exception e)
        {
            NotKept(log, e);
        }
    }

    public Guesser GuesserOf(HttpContext http) => accounts.GuesserOf(http.Connection.RemoteIpAddress, Credentials.Token(http, out _));

    public void Dispose() => _hashing.Dispose();

    /// <summary>Looks at the request's user and password, which count apart: where keys are asked for, or nothing is.</summary>
    public ValueTask<LoginAttempt> ByPasswordAsync(HttpContext http, FailedLogins failures) => ByPasswordAsync(http, failures, anew: false);

    // While there is no administrator, no password is right, and none can be guessed.
    private ValueTask<LoginAttempt> ByPasswordAsync(HttpContext http, FailedLogins failures, bool anew) =>
        accounts.HasAdministrator && Credentials.Password(http) is var (username, password) ? ByPasswordAsync(http, username, password, failures, anew) : default;

    private ValueTask<LoginAttempt> ByPasswordAsync(HttpContext http, string username, string password, FailedLogins failures, bool anew)
    {
        Guesser guesser = GuesserOf(http);
        if (failures.Wait(guesser) is { } wait)
        {
            // Of what is known to be wrong a reader is told so each time; what nobody has tried is looked at later.
            return failures == _needless && failures.HasFailed(guesser, GuessOf(username, password, accounts.Fingerprint)) ? default : new(new LoginAttempt(null, wait));
        }
        ulong fingerprint = accounts.Fingerprint;
        return _right.Has(username, password, fingerprint) ? new(new LoginAttempt(LogIn(http, fingerprint, anew)))
            // A program that has an old password asks with it again and again.
            : failures.HasFailed(guesser, GuessOf(username, password, fingerprint)) ? default
            : CheckAsync(http, guesser, username, password, failures, anew);
    }

    private UInt128 GuessOf(string username, string password, ulong fingerprint) => _right.DigestOf(username, password) ^ fingerprint;

    private Login LogIn(HttpContext http, ulong fingerprint, bool anew)
    {
        string session = _clients.Get(LoginClient.Of(http.Connection.RemoteIpAddress, http.Request.Headers.UserAgent.ToString()), fingerprint, anew);
        KeepSessions();
        return Administrator(session, http.Request.Headers.Authorization.Count > 0 ? LoginSource.Basic : LoginSource.QueryPassword);
    }

    private async ValueTask<LoginAttempt> CheckAsync(HttpContext http, Guesser guesser, string username, string password, FailedLogins failures, bool anew)
    {
        if (!await _hashing.WaitAsync(s_timeout, http.RequestAborted))
        {
            return new(null, s_timeout);
        }
        try
        {
            // Those who came together were asked to wait only after the first of them failed.
            if (failures.Wait(guesser) is { } wait)
            {
                return new(null, wait);
            }
            ulong fingerprint = accounts.Fingerprint;
            if (!accounts.IsAdministrator(username, password))
            {
                failures.Fail(guesser, GuessOf(username, password, fingerprint));
                // Not the user: it may be a password in the wrong place.
                Failed(log, http.RemoteAddress());
                return default;
            }
            failures.Succeed(guesser);
            _right.Add(username, password, fingerprint);
            return new(LogIn(http, fingerprint, anew));
        }
        finally
        {
            _hashing.Release();
        }
    }

    [LoggerMessage(20, LogLevel.Warning, "A login with a wrong name or password, from {address}")]
    private static partial void Failed(ILogger logger, string address);

    [LoggerMessage(21, LogLevel.Warning, "The database does not answer; sessions that were made or ended here are written once it does")]
    private static partial void NotKeptYet(ILogger logger);

    [LoggerMessage(22, LogLevel.Warning, "Sessions could not be kept. Those that were made hold, and are not in the list; those that were ended are tried again")]
    private static partial void NotKept(ILogger logger, Exception e);

    private static Login Administrator(string token, LoginSource source) => new("administrator", Role.Admin, null, token, source);
}
