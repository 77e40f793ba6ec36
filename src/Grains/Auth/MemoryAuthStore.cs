using System.Security.Cryptography;

namespace KismetOrleans.Grains.Auth;

/// <summary>Logins of a server that keeps nothing on disk: until its process ends.</summary>
public sealed class MemoryAuthStore : IAuthStore
{
    private readonly Lock _lock = new();
    private AuthState _state = new(RandomNumberGenerator.GetBytes(AuthState.SecretOctets), null, []);

    /// <inheritdoc/>
    public bool IsShared => false;

    /// <inheritdoc/>
    public ValueTask<AuthState> LoadAsync(CancellationToken cancellation = default)
    {
        lock (_lock)
        {
            return new(_state);
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> SetAdministratorAsync(StoredPassword administrator, bool replace, CancellationToken cancellation = default)
    {
        lock (_lock)
        {
            bool may = replace || _state.Administrator is null;
            _state = may ? _state with { Administrator = administrator } : _state;
            return new(may);
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> AddKeyAsync(ApiKey key, CancellationToken cancellation = default)
    {
        lock (_lock)
        {
            bool isNew = _state.Keys.All(other => other.Name != key.Name);
            _state = isNew ? _state with { Keys = [.. _state.Keys, key] } : _state;
            return new(isNew);
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> RemoveKeyAsync(string name, CancellationToken cancellation = default)
    {
        lock (_lock)
        {
            ApiKey[] left = [.. _state.Keys.Where(key => key.Name != name)];
            bool found = left.Length < _state.Keys.Count;
            _state = _state with { Keys = left };
            return new(found);
        }
    }
}
