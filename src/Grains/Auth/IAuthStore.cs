namespace KismetOrleans.Grains.Auth;

/// <summary>
/// Port: where the administrator, the keys and the secret that signs sessions are kept. Doing a call twice changes nothing: its answer can be lost.
/// </summary>
public interface IAuthStore
{
    /// <summary>Whether another server may change what is kept, so that it is to be read again from time to time.</summary>
    bool IsShared { get; }

    /// <summary>Reads all of it. The secret is made at the first time, and is the same for all servers from then on.</summary>
    ValueTask<AuthState> LoadAsync(CancellationToken cancellation = default);

    /// <summary>Keeps the administrator's password.</summary>
    /// <param name="administrator">Name and password, hashed.</param>
    /// <param name="replace">Also when there is one.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>False when there is another one, which stays.</returns>
    ValueTask<bool> SetAdministratorAsync(StoredPassword administrator, bool replace, CancellationToken cancellation = default);

    /// <summary>Keeps a key.</summary>
    /// <returns>False when there is another one of this name, which stays.</returns>
    ValueTask<bool> AddKeyAsync(ApiKey key, CancellationToken cancellation = default);

    /// <summary>Forgets a key.</summary>
    /// <returns>False when there is none of this name.</returns>
    ValueTask<bool> RemoveKeyAsync(string name, CancellationToken cancellation = default);
}

/// <summary>All that is kept of logins.</summary>
/// <param name="Secret">Signs sessions; 32 octets.</param>
/// <param name="Administrator">Null while no password was set.</param>
/// <param name="Keys">Keys, also expired ones.</param>
public sealed record AuthState(ReadOnlyMemory<byte> Secret, StoredPassword? Administrator, IReadOnlyList<ApiKey> Keys)
{
    /// <summary>Octets of <see cref="Secret"/>.</summary>
    public const int SecretOctets = 32;
}
