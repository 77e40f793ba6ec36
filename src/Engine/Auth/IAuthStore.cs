namespace KismetOrleans.Engine.Auth;

/// <summary>
/// Port: where the administrator, the keys, the sessions and the secret that signs them are kept. Doing a call twice changes nothing: its answer can be lost.
/// </summary>
public interface IAuthStore
{
    /// <summary>Whether another server may change what is kept, so that it is to be read again from time to time.</summary>
    bool IsShared { get; }

    /// <summary>Reads all of it but the sessions that hold. The secret is made at the first time, and is the same for all servers from then on.</summary>
    ValueTask<AuthState> LoadAsync(CancellationToken cancellation = default);

    /// <summary>Keeps the administrator's password.</summary>
    /// <param name="administrator">Name and password, hashed.</param>
    /// <param name="replace">Also when there is one.</param>
    /// <returns>False when there is another one, which stays.</returns>
    ValueTask<bool> SetAdministratorAsync(StoredPassword administrator, bool replace, CancellationToken cancellation = default);

    /// <summary>Keeps a key.</summary>
    /// <returns>False when there is another one of this name, which stays.</returns>
    ValueTask<bool> AddKeyAsync(ApiKey key, CancellationToken cancellation = default);

    /// <summary>Forgets a key.</summary>
    /// <returns>False when there is none of this name.</returns>
    ValueTask<bool> RemoveKeyAsync(string name, CancellationToken cancellation = default);

    /// <summary>Keeps a join token.</summary>
    /// <param name="forgotten">Unix second: tokens that expired until then are forgotten.</param>
    /// <returns>False when it is there already.</returns>
    ValueTask<bool> AddTokenAsync(JoinToken token, long forgotten, CancellationToken cancellation = default);

    /// <summary>Forgets a join token.</summary>
    /// <returns>False when there is none with this digest.</returns>
    ValueTask<bool> RemoveTokenAsync(ReadOnlyMemory<byte> hash, CancellationToken cancellation = default);

    /// <summary>Takes one use of a join token and keeps a key for it, both or neither: of several who want the last use one gets it.</summary>
    /// <param name="token">Digest of the token.</param>
    /// <param name="key">The key, whose <see cref="ApiKey.Created"/> is the time at which the token must hold; its site is that of the token.</param>
    ValueTask<JoinOutcome> JoinAsync(ReadOnlyMemory<byte> token, ApiKey key, CancellationToken cancellation = default);

    /// <summary>Puts a key in the place of the one of the same name whose digest is <see cref="ApiKey.Former"/>, or was before that was renewed and holds still.</summary>
    /// <returns>False when there is no such key.</returns>
    ValueTask<bool> RenewKeyAsync(ApiKey key, CancellationToken cancellation = default);

    /// <summary>The newest sessions that were kept and not ended, in no order; also some that have expired, or whose password was changed.</summary>
    ValueTask<IReadOnlyList<LoginSession>> LoadSessionsAsync(CancellationToken cancellation = default);

    /// <summary>Keeps sessions, up to <see cref="LoginSession.MaxKept"/> in all. One that was ended stays ended.</summary>
    /// <param name="forgotten">Unix second: what expired until then is forgotten.</param>
    ValueTask AddSessionsAsync(IReadOnlyList<LoginSession> sessions, long forgotten, CancellationToken cancellation = default);

    /// <summary>Keeps that sessions were ended, whether or not they were kept, up to <see cref="EndedSessions.MaxIds"/> numbers.</summary>
    /// <param name="forgotten">Unix second: what expired until then is forgotten.</param>
    ValueTask EndSessionsAsync(IReadOnlyList<SessionToken> sessions, long forgotten, CancellationToken cancellation = default);

    /// <summary>Keeps that all sessions were ended that were made before a second, and those besides that are kept.</summary>
    /// <param name="since">Unix second.</param>
    /// <param name="except">Number of one that goes on; 0 for none.</param>
    ValueTask EndAllSessionsAsync(long since, ulong except, CancellationToken cancellation = default);
}

/// <summary>All that is kept of logins.</summary>
/// <param name="Secret">Signs sessions; 32 bytes.</param>
/// <param name="Administrator">Null while no password was set.</param>
/// <param name="Keys">Keys, also expired ones.</param>
/// <param name="Ended">Which sessions were ended.</param>
public sealed record AuthState(ReadOnlyMemory<byte> Secret, StoredPassword? Administrator, IReadOnlyList<ApiKey> Keys, EndedSessions Ended)
{
    /// <summary>Bytes of <see cref="Secret"/>.</summary>
    public const int SecretBytes = 32;

    /// <summary>Join tokens, newest first, also those that are of no use any more.</summary>
    public IReadOnlyList<JoinToken> Tokens { get; init; } = [];
}
