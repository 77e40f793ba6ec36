using KismetOrleans.Engine.Auth;

namespace KismetOrleans.Engine.Tests.Auth;

/// <summary>A store that can be away: it gives up at once then, as a database does in the end.</summary>
internal sealed class SilentStore(IAuthStore store) : IAuthStore
{
    public bool IsSilent { get; set; }

    /// <summary>What it says instead of what it is asked for; null for nothing.</summary>
    public Exception? Refusal { get; set; }

    public bool IsShared => store.IsShared;

    private IAuthStore Store => IsSilent ? throw new OperationCanceledException() : Refusal is { } refusal ? throw refusal : store;

    public ValueTask<AuthState> LoadAsync(CancellationToken cancellation = default) => Store.LoadAsync(cancellation);

    public ValueTask<bool> SetAdministratorAsync(StoredPassword administrator, bool replace, CancellationToken cancellation = default) =>
        Store.SetAdministratorAsync(administrator, replace, cancellation);

    public ValueTask<bool> AddKeyAsync(ApiKey key, CancellationToken cancellation = default) => Store.AddKeyAsync(key, cancellation);

    public ValueTask<bool> RemoveKeyAsync(string name, CancellationToken cancellation = default) => Store.RemoveKeyAsync(name, cancellation);

    public ValueTask<bool> AddTokenAsync(JoinToken token, long forgotten, CancellationToken cancellation = default) => Store.AddTokenAsync(token, forgotten, cancellation);

    public ValueTask<bool> RemoveTokenAsync(ReadOnlyMemory<byte> hash, CancellationToken cancellation = default) => Store.RemoveTokenAsync(hash, cancellation);

    public ValueTask<JoinOutcome> JoinAsync(ReadOnlyMemory<byte> token, ApiKey key, CancellationToken cancellation = default) => Store.JoinAsync(token, key, cancellation);

    public ValueTask<bool> RenewKeyAsync(ApiKey key, CancellationToken cancellation = default) => Store.RenewKeyAsync(key, cancellation);

    public ValueTask<IReadOnlyList<LoginSession>> LoadSessionsAsync(CancellationToken cancellation = default) => Store.LoadSessionsAsync(cancellation);

    public ValueTask AddSessionsAsync(IReadOnlyList<LoginSession> sessions, long forgotten, CancellationToken cancellation = default) =>
        Store.AddSessionsAsync(sessions, forgotten, cancellation);

    public ValueTask EndSessionsAsync(IReadOnlyList<SessionToken> sessions, long forgotten, CancellationToken cancellation = default) =>
        Store.EndSessionsAsync(sessions, forgotten, cancellation);

    public ValueTask EndAllSessionsAsync(long since, ulong except, CancellationToken cancellation = default) =>
        Store.EndAllSessionsAsync(since, except, cancellation);
}
