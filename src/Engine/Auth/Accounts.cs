using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace KismetOrleans.Engine.Auth;

/// <summary>
/// The administrator, the keys and what was ended of sessions as this server knows them: a snapshot of the store, renewed by <see cref="RefreshAsync"/> and by each change that is
/// made here. Safe for use by several threads.
/// </summary>
/// <param name="configured">The administrator of the settings; null for the store's.</param>
/// <param name="secret">Signs sessions together with what the store has, so that who reads that alone makes none; null for the store's alone.</param>
public sealed class Accounts(IAuthStore store, (string Username, string Password)? configured, TimeProvider clock, byte[]? secret = null) : IDisposable
{
    /// <summary>Keys that may stand in the store.</summary>
    public const int MaxKeys = 4000;

    // Longer than a database that starts again takes; whoever gave the command still waits.
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(10);

    // 100 bits: nobody guesses them.
    private const int SetupLetters = 20;
    private const string SetupAlphabet = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    private readonly byte[] _compareKey = RandomNumberGenerator.GetBytes(HMACSHA256.HashSizeInBytes);
    private readonly SemaphoreSlim _reading = new(1);
    private volatile bool _stale;
    private Snapshot _now = Snapshot.Empty;

    /// <summary>Whether what is kept may be other than what is known here, so that it is to be read again.</summary>
    public bool MayBeStale => store.IsShared || _stale;

    /// <summary>Whether the settings name the administrator, so that the password cannot be set here.</summary>
    public bool IsConfigured => configured is not null;

    /// <summary>The administrator's name where the password is kept here; null where it is not.</summary>
    public string? Username => Now.State.Administrator?.Username;

    /// <summary>Whether there is an administrator.</summary>
    public bool HasAdministrator => IsConfigured || Now.State.Administrator is not null;

    /// <summary>
    /// What the console tells at the start and the first password has to come with: the same on all servers of a database, and after a restart, until
    /// there is an administrator. Null from then on.
    /// </summary>
    public string? SetupSecret => HasAdministrator ? null : Now.SetupSecret;

    public IReadOnlyList<ApiKey> Keys => Now.State.Keys;

    /// <summary>Join tokens, newest first.</summary>
    internal IReadOnlyList<JoinToken> Tokens => Now.State.Tokens;

    /// <summary>What the store does not know yet of sessions.</summary>
    internal UnkeptSessions Unkept { get; } = new();

    private Snapshot Now => Volatile.Read(ref _now);

    /// <summary>Reads the store.</summary>
    public async Task RefreshAsync(CancellationToken cancellation = default)
    {
        // One after the other: what was read first must not come last.
        await _reading.WaitAsync(cancellation);
        try
        {
            _stale = false;
            AuthState state = await store.LoadAsync(cancellation);
            // Whoever reads the database alone cannot make a session then.
            state = secret is null ? state : state with { Secret = HMACSHA256.HashData(secret, state.Secret.Span) };
            if (!Now.IsOf(state))
            {
                Volatile.Write(ref _now, new(state, configured));
            }
        }
        catch
        {
            _stale = true;
            throw;
        }
        finally
        {
            _reading.Release();
        }
    }

    public void Dispose() => _reading.Dispose();

    /// <summary>Makes a session of the administrator. It holds whether or not the store will hear of it.</summary>
    /// <param name="life">How long it holds.</param>
    /// <param name="fingerprint">Of the password that was found right; it may have been changed since.</param>
    /// <param name="client">Who asks for it.</param>
    internal string NewSession(TimeSpan life, ulong fingerprint, LoginClient client)
    {
        Snapshot now = Now;
        // Not before the last end of all, however late this server's clock is.
        long made = Math.Max(Seconds(), now.State.Ended.Since);
        SessionToken session = SessionToken.New(made, made + (long)life.TotalSeconds);
        Unkept.Add(new(session, fingerprint, client));
        return SessionTokens.Issue(now.State.Secret.Span, fingerprint, session);
    }

    /// <summary>Fingerprint of the password that holds now; sessions and remembered passwords of another one are worthless.</summary>
    public ulong Fingerprint => Now.Fingerprint;

    /// <summary>Whether a text is a session that holds.</summary>
    public bool IsSession(string token) => FindSession(token) is not null;

    /// <summary>The session whose token this is; null when a text is none, or none that holds.</summary>
    public SessionToken? FindSession(string token)
    {
        Snapshot now = Now;
        return HasAdministrator && SessionTokens.TryRead(token, now.State.Secret.Span, now.Fingerprint, Seconds(), out SessionToken session) && !HasEnded(now, session)
            ? session
            : null;
    }

    /// <summary>Who tries a password: with a session that was made here once, and not ended, the browser that has it, whoever else is behind its address.</summary>
    /// <param name="address">Where the request comes from.</param>
    /// <param name="token">What it came with; null for nothing.</param>
    public Guesser GuesserOf(System.Net.IPAddress? address, string? token)
    {
        Snapshot now = Now;
        return token is not null && SessionTokens.TryReadSigned(token, now.State.Secret.Span, out SessionToken session, out _) && !HasEnded(now, session)
            ? new Guesser(address, session.Id)
            : address;
    }

    /// <summary>Whether a session that was kept holds.</summary>
    internal bool Holds(LoginSession session)
    {
        Snapshot now = Now;
        return HasAdministrator && session.Password == now.Fingerprint && Seconds() < session.Token.Expires && !HasEnded(now, session.Token);
    }

    /// <summary>The key whose text this is; null when there is none, or it has expired.</summary>
    public ApiKey? FindKey(string text) =>
        text.Length == ApiKey.Digits && Now.ByHash.GetValueOrDefault(Snapshot.Digest(ApiKey.HashOf(text))) is { } key && !key.IsExpired(Seconds()) ? key : null;

    /// <summary>Whether a key still stands, and has not expired.</summary>
    public bool Holds(ApiKey key) =>
        Now.ByHash.TryGetValue(Snapshot.Digest(key.Hash.Span), out ApiKey? found) && found.Role == key.Role && !found.IsExpired(Seconds());

    /// <summary>Whether there is a key of a name that has not expired.</summary>
    public bool IsKey(string name) => Now.ByName.TryGetValue(name, out ApiKey? key) && !key.IsExpired(Seconds());

    /// <summary>Whether keys of a role stand, expired ones too.</summary>
    public bool HasKeyOf(string role) => Now.Roles.Contains(role);

    /// <summary>Whether these are the administrator's name and password. Slow where the password is kept as a hash.</summary>
    public bool IsAdministrator(string username, string password) => configured is { } given
        // Both, and always: the time tells nothing.
        ? AreSame(username, given.Username) & AreSame(password, given.Password)
        : Now.State.Administrator is { } stored && stored.IsRight(username, password);

    /// <summary>Whether a text is the setup secret, however it is spaced and in either case.</summary>
    public bool IsSetupSecret(string text)
    {
        string letters = text.Replace("-", "", StringComparison.Ordinal).Trim().ToUpperInvariant();
        return SetupSecret is { } secret && AreSame(letters, secret.Replace("-", "", StringComparison.Ordinal));
    }

    /// <summary>Sets the administrator's password.</summary>
    /// <param name="replace">Also when there is one.</param>
    /// <returns>False when there is one already.</returns>
    /// <exception cref="TimeoutException">The store does not answer; it may or may not be done.</exception>
    public Task<bool> SetAdministratorAsync(string username, string password, bool replace)
    {
        StoredPassword hashed = StoredPassword.Of(username, password);
        return ChangeAsync(cancellation => store.SetAdministratorAsync(hashed, replace, cancellation));
    }

    /// <summary>Makes a key.</summary>
    /// <returns>Its text, which is told this once; null when another has the name.</returns>
    /// <exception cref="TimeoutException">The store does not answer; it may or may not be done.</exception>
    public async Task<string?> AddKeyAsync(string name, string role, Guid? scope, TimeSpan? life)
    {
        string text = ApiKey.NewText();
        long now = Seconds();
        ApiKey key = new(name, ApiKey.HashOf(text), role, scope, now, life is { } l ? now + (long)l.TotalSeconds : 0);
        return await ChangeAsync(cancellation => store.AddKeyAsync(key, cancellation)) ? text : null;
    }

    /// <summary>Makes a key worthless.</summary>
    /// <returns>False when there is none of this name.</returns>
    /// <exception cref="TimeoutException">The store does not answer; it may or may not be done.</exception>
    public Task<bool> RemoveKeyAsync(string name) => ChangeAsync(cancellation => store.RemoveKeyAsync(name, cancellation));

    /// <summary>The second after this one: what was made up to now was made before it.</summary>
    internal long NextSecond() => Seconds() + 1;

    /// <summary>Does something that the store may never answer.</summary>
    /// <exception cref="TimeoutException">It did not.</exception>
    internal static async Task<T> WithTimeoutAsync<T>(Func<CancellationToken, Task<T>> work)
    {
        using CancellationTokenSource limit = new(s_timeout);
        try
        {
            return await work(limit.Token);
        }
        catch (OperationCanceledException e)
        {
            throw new TimeoutException("The database does not answer.", e);
        }
    }

    /// <summary>Changes the store, and reads it again. Whether or not who asked still waits: what the store has, this server must know.</summary>
    /// <exception cref="TimeoutException">It does not answer; it may or may not be done.</exception>
    internal async Task<bool> ChangeAsync(Func<CancellationToken, ValueTask<bool>> change)
    {
        _stale = true;
        try
        {
            return await WithTimeoutAsync(async cancellation =>
            {
                bool done = await change(cancellation);
                await RefreshAsync(cancellation);
                return done;
            });
        }
        catch (TimeoutException)
        {
            // Read again as soon as it can be.
            _stale = true;
            throw;
        }
    }

    private bool HasEnded(Snapshot now, SessionToken session) => now.State.Ended.Has(session) || Unkept.HasEnded(session.Id);

    private long Seconds() => clock.GetUtcNow().ToUnixTimeSeconds();

    private bool AreSame(string a, string b) => CryptographicOperations.FixedTimeEquals(
        HMACSHA256.HashData(_compareKey, Encoding.UTF8.GetBytes(a)), HMACSHA256.HashData(_compareKey, Encoding.UTF8.GetBytes(b)));

    private sealed class Snapshot
    {
        // Until the store is read nothing holds: nobody knows this secret.
        public static readonly Snapshot Empty = new(new(RandomNumberGenerator.GetBytes(AuthState.SecretBytes), null, [], EndedSessions.None), null);

        public Snapshot(AuthState state, (string Username, string Password)? configured)
        {
            State = state with { Keys = [.. state.Keys.OrderBy(static key => key.Name, StringComparer.Ordinal)] };
            // A key that was renewed has two texts for a while.
            ByHash = state.Keys.Concat(state.Keys.Where(static key => !key.Former.IsEmpty).Select(static key => key with { Hash = key.Former, Expires = key.FormerUntil }))
                .ToFrozenDictionary(static key => Digest(key.Hash.Span));
            ByName = state.Keys.ToFrozenDictionary(static key => key.Name, StringComparer.Ordinal);
            Roles = state.Keys.Select(static key => key.Role).ToFrozenSet(StringComparer.Ordinal);
            SetupSecret = SecretOf(state.Secret.Span);
            Fingerprint = FingerprintOf(state, configured);
        }

        public AuthState State { get; }

        public FrozenDictionary<UInt128, ApiKey> ByHash { get; }

        public FrozenDictionary<string, ApiKey> ByName { get; }

        public FrozenSet<string> Roles { get; }

        public string SetupSecret { get; }

        public ulong Fingerprint { get; }

        // Looked up by digest, so that the time of it tells nothing of a key.
        public static UInt128 Digest(ReadOnlySpan<byte> hash) => MemoryMarshal.Read<UInt128>(hash);

        public bool IsOf(AuthState state) =>
            State.Secret.Span.SequenceEqual(state.Secret.Span)
            && (State.Administrator is null ? state.Administrator is null
                : state.Administrator is { } other && State.Administrator.Hash.Span.SequenceEqual(other.Hash.Span) && State.Administrator.Username == other.Username)
            && State.Ended.IsSame(state.Ended)
            && State.Tokens.Count == state.Tokens.Count
            && State.Tokens.Zip(state.Tokens).All(static pair => pair.First.UsesLeft == pair.Second.UsesLeft && pair.First.Hash.Span.SequenceEqual(pair.Second.Hash.Span))
            && State.Keys.Count == state.Keys.Count
            && state.Keys.All(key => ByHash.TryGetValue(Digest(key.Hash.Span), out ApiKey? known) && known.Name == key.Name && known.Expires == key.Expires);

        private static string SecretOf(ReadOnlySpan<byte> secret)
        {
            Span<byte> digest = stackalloc byte[HMACSHA256.HashSizeInBytes];
            HMACSHA256.HashData(secret, "setup"u8, digest);
            StringBuilder text = new();
            for (int i = 0; i < SetupLetters; i++)
            {
                text.Append(i > 0 && i % 5 == 0 ? "-" : "").Append(SetupAlphabet[digest[i] % SetupAlphabet.Length]);
            }
            return text.ToString();
        }

        private static ulong FingerprintOf(AuthState state, (string Username, string Password)? configured)
        {
            byte[] of = configured is { } given ? Encoding.UTF8.GetBytes($"{given.Username.Length}:{given.Username}{given.Password}")
                : state.Administrator is { } stored ? [.. Encoding.UTF8.GetBytes(stored.Username), 0, .. stored.Salt.Span, .. stored.Hash.Span]
                : [];
            return BinaryPrimitives.ReadUInt64BigEndian(HMACSHA256.HashData(state.Secret.Span, of));
        }
    }
}
