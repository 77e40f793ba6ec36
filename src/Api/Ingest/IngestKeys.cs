using System.Collections.Concurrent;
using System.Net;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using KismetOrleans.Api.Auth;
using KismetOrleans.Api.Http;
using KismetOrleans.Engine.Auth;

namespace KismetOrleans.Api.Ingest;

/// <summary>Whether a request may feed the server.</summary>
/// <param name="Key">Whose request it is; null when it may not.</param>
/// <param name="RetryAfter">How long it has to wait, when that is what keeps it.</param>
/// <param name="Login">The login behind it; null for a key of the settings and for this machine.</param>
internal readonly record struct IngestAdmission(IngestKey? Key, TimeSpan? RetryAfter, Login? Login = null)
{
    /// <summary>Status that tells the client: 200, 401, 403 for a login of another role, or 429 with <c>Retry-After</c>.</summary>
    public int Status =>
        RetryAfter is not null ? StatusCodes.Status429TooManyRequests
        : Key is not null ? StatusCodes.Status200OK
        : Login is not null ? StatusCodes.Status403Forbidden
        : StatusCodes.Status401Unauthorized;

    /// <summary>Why it may not, in words.</summary>
    public string Reason(string what) => Status switch
    {
        StatusCodes.Status429TooManyRequests => Key is null ? "too many failed logins" : $"too many {what} of {Key.Name}",
        StatusCodes.Status403Forbidden => $"the role of {Login!.Name} is not for this",
        _ => "a key is needed",
    };

    /// <summary>Adds the headers that belong to a refusal.</summary>
    public void Explain(HttpResponse response)
    {
        if (Status == StatusCodes.Status401Unauthorized)
        {
            RequestOrigins.Challenge(response.HttpContext);
        }
        else if (RetryAfter is { } wait)
        {
            Answers.RetryAfter(response, wait);
        }
    }
}

/// <summary>
/// Who may feed the server: sensors and scanners with a key of the settings (<c>Ingest:Keys</c>) or a stored one of the fitting role, and the
/// administrator. While there are no keys for that at all, programs on this machine, without a key. Safe for use by several threads.
/// </summary>
internal sealed class IngestKeys
{
    // Some 0.5 MB; who was forgotten waits, at most, for those who guess.
    private const int MaxKnown = 4096;
    private readonly Dictionary<Digest, IngestKey> _keys = [];
    private readonly ConditionalWeakTable<ApiKey, IngestKey> _stored = [];

    // Guesses at keys, apart from those at the administrator's password: a mistyped phone keeps nobody from logging in.
    private readonly FailedLogins _guesses;

    // Keys by the addresses that came with them: who has one already is not asked to wait for those who guess behind the same address.
    private readonly ConcurrentDictionary<(IngestKey, IPAddress), bool> _known = [];
    private readonly IngestKey _local;
    private readonly IngestKey _administrator;
    private readonly Logins? _logins;
    private readonly RequestOrigins _origins;
    private readonly TimeProvider _clock;
    private readonly int _newSources;
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    /// <summary>The keys of the settings.</summary>
    /// <exception cref="ArgumentException">A key of the settings is not one.</exception>
    public IngestKeys(IEnumerable<IngestKeyOptions> keys, TimeProvider clock, Logins? logins = null, int newSourcesPerHour = 0)
    {
        (_clock, _logins, _origins, _newSources) = (clock, logins, new(logins?.Options ?? new()), newSourcesPerHour);
        _guesses = new(clock);
        _local = new("this machine", 0, 0, _newSources, clock);
        _administrator = new("the administrator", 0, 0, _newSources, clock);
        foreach (IngestKeyOptions options in keys)
        {
            if (!_keys.TryAdd(DigestOf(options), new(options.Name, options.Rate, options.ByteRate, _newSources, clock, isKey: IsKey)))
            {
                throw new ArgumentException($"Ingest:Keys: {options.Name}: the key of another");
            }
            _ = _names.Add(options.Name);
        }
    }

    // One that was revoked or has expired has no sources any more: they are those of the key that comes next.
    private bool IsKey(string name) => IsOfSettings(name) || (_logins?.Accounts.IsKey(name) ?? false);

    /// <summary>Whether a key of the settings has a name.</summary>
    public bool IsOfSettings(string name) => _names.Contains(name);

    /// <exception cref="ArgumentException">A key of the settings is not one.</exception>
    public static IngestKeys Of(IConfiguration configuration, TimeProvider clock, Logins? logins = null) =>
        new(
            configuration.GetSection("Ingest:Keys").Get<IngestKeyOptions[]>() ?? [], clock, logins,
            configuration.GetValue("Scanning:NewSourcesPerHour", new Engine.Scanning.ScanIntakeOptions().NewSourcesPerHour));

    /// <summary>Whether a request that asks for something else came with a key of the settings: no login, and not wrong either. Who tries keys there is slowed down as where they are asked for.</summary>
    /// <returns>Whether it did, or how long to wait for being told.</returns>
    public (bool HasKey, TimeSpan? RetryAfter) Look(HttpContext http)
    {
        if (_keys.Count == 0)
        {
            return default;
        }
        string? guess = null;
        foreach (string? text in (ReadOnlySpan<string?>)[Credentials.Bearer(http.Request), QuerySecrets.Variable(http, Credentials.TokenName), PasswordOf(http)])
        {
            if (!string.IsNullOrEmpty(text) && KeyOf(text) is { } key)
            {
                TimeSpan? wait = WaitOf(http, key);
                return (wait is null, wait);
            }
            // Wrong passwords are counted where they are looked at.
            guess ??= text == PasswordOf(http) ? null : text;
        }
        return (false, string.IsNullOrEmpty(guess) ? null : Refuse(http, guess));
    }

    /// <summary>Looks at who asks.</summary>
    /// <param name="role">Role of stored keys that may.</param>
    public ValueTask<IngestAdmission> AdmitAsync(HttpContext http, string role)
    {
        IngestKey? key = null;
        Login? login = null;
        string? guess = null;
        // What a browser adds by itself says nothing of the page that asks.
        bool isForeign = _origins.IsFromElsewhere(http.Request);
        foreach (string? text in (ReadOnlySpan<string?>)[
            Credentials.Bearer(http.Request), isForeign ? null : PasswordOf(http), isForeign ? null : http.Request.Cookies[Credentials.TokenName],
            QuerySecrets.Variable(http, Credentials.TokenName)])
        {
            if (string.IsNullOrEmpty(text))
            {
                continue;
            }
            guess ??= text;
            key ??= KeyOf(text);
            login ??= _logins?.ByToken(text, LoginSource.Bearer);
        }
        // Before any password is looked at, which can be slow: on this machine any will do.
        if (key is null && login is null && HasNoKeys && _origins.IsLocal(http))
        {
            return new(new IngestAdmission(_local, null));
        }
        return key is not null ? new(Admit(http, key))
            : login is not null ? new(Admit(http, new(login), role))
            : _logins is { Accounts.HasAdministrator: true } logins && Credentials.Password(http) is not null ? ByPasswordAsync(http, role, logins)
            : new(new IngestAdmission(null, guess is null ? null : Refuse(http, guess)));
    }

    private IngestKey? KeyOf(string text) => _keys.Count == 0 ? null : _keys.GetValueOrDefault(Digest.Of(ApiKey.HashOf(text)));

    private IngestAdmission Admit(HttpContext http, IngestKey key) => WaitOf(http, key) is { } wait ? new(null, wait) : new(key, key.Wait());

    // How long who comes with a key has to wait, for it may be guessed; null where it is known here.
    private TimeSpan? WaitOf(HttpContext http, IngestKey key)
    {
        (IngestKey, IPAddress) known = (key, http.Connection.RemoteIpAddress ?? IPAddress.None);
        if (_known.ContainsKey(known))
        {
            return null;
        }
        if (_guesses.Wait(known.Item2) is { } wait)
        {
            return wait;
        }
        if (_known.Count >= MaxKnown)
        {
            _known.Clear();
        }
        _known[known] = true;
        return null;
    }

    /// <summary>How long who shows a join token has to wait, for keys and tokens are guessed alike; null where he need not.</summary>
    public TimeSpan? MustWait(HttpContext http) => _guesses.Wait(http.Connection.RemoteIpAddress);

    /// <summary>Notes that somebody showed a join token that there is not.</summary>
    public void NoteWrong(HttpContext http, string token) => _ = Refuse(http, token);

    // How long who guessed has to wait; null where that was not too often.
    private TimeSpan? Refuse(HttpContext http, string guess)
    {
        Guesser guesser = http.Connection.RemoteIpAddress;
        UInt128 digest = MemoryMarshal.Read<UInt128>(ApiKey.HashOf(guess));
        if (_guesses.Wait(guesser) is { } wait)
        {
            return wait;
        }
        if (!_guesses.HasFailed(guesser, digest))
        {
            _guesses.Fail(guesser, digest);
        }
        return null;
    }

    private bool HasNoKeys =>
        _keys.Count == 0 && !(_logins is { } logins && (logins.Accounts.HasKeyOf(Role.Datasource) || logins.Accounts.HasKeyOf(Role.ScanReport)));

    private async ValueTask<IngestAdmission> ByPasswordAsync(HttpContext http, string role, Logins logins) =>
        Admit(http, await logins.ByPasswordAsync(http, _guesses), role);

    private IngestAdmission Admit(HttpContext http, LoginAttempt attempt, string role)
    {
        if (attempt.Login is not { } login || !login.May(role) || _origins.IsForged(http, login))
        {
            return new(null, attempt.RetryAfter, attempt.Login);
        }
        return new(login.Key is { } key ? _stored.GetValue(key, NewKey) : _administrator, null, login);
    }

    /// <summary>A key that nobody has, for who comes by a door that asks for none: he feeds no source that has a key's name.</summary>
    /// <param name="name">What stands for him.</param>
    public IngestKey NewKey(string name) => new(name, 0, 0, _newSources, _clock, isKey: static _ => true);

    private IngestKey NewKey(ApiKey key) => new(key.Name, 0, 0, _newSources, _clock, key.Scope, IsKey, key.Site);

    // The key as password of any user, for clients that know nothing else.
    private static string? PasswordOf(HttpContext http) => Credentials.Basic(http.Request)?.Password;

    private static Digest DigestOf(IngestKeyOptions options)
    {
        if (!string.IsNullOrEmpty(options.Key) && options.KeySha256 is null)
        {
            return options.Key.Length >= IngestKeyOptions.MinLength ? Digest.Of(ApiKey.HashOf(options.Key))
                : throw new ArgumentException(
                    $"Ingest:Keys: {options.Name}: Key has {options.Key.Length} characters, and {IngestKeyOptions.MinLength} are the least; openssl rand -hex 16 makes a good one");
        }
        byte[] bytes = new byte[SHA256.HashSizeInBytes];
        return options.Key is null && options.KeySha256?.Length == 2 * bytes.Length
            && Convert.FromHexString(options.KeySha256, bytes, out _, out int written) == System.Buffers.OperationStatus.Done && written == bytes.Length
            ? Digest.Of(bytes)
            : throw new ArgumentException($"Ingest:Keys: {options.Name}: expected either Key, or KeySha256 with 64 hexadecimal digits");
    }

    // Compared as a digest, so that the time of a look-up tells nothing of a key.
    private readonly record struct Digest(UInt128 High, UInt128 Low)
    {
        public static Digest Of(ReadOnlySpan<byte> bytes) => MemoryMarshal.Read<Digest>(bytes);
    }
}
