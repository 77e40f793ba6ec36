using System.Collections.Frozen;
using System.Security.Cryptography;

namespace KismetOrleans.Engine.Auth;

/// <summary>Logins of a server that keeps nothing on disk: until its process ends.</summary>
public sealed class MemoryAuthStore : IAuthStore
{
    private readonly Lock _lock = new();
    private AuthState _state = new(RandomNumberGenerator.GetBytes(AuthState.SecretBytes), null, [], EndedSessions.None);
    private readonly Dictionary<ulong, LoginSession> _sessions = [];
    private readonly Dictionary<ulong, SessionToken> _ended = [];

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

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<LoginSession>> LoadSessionsAsync(CancellationToken cancellation = default)
    {
        lock (_lock)
        {
            return new(_sessions.Values.ToArray());
        }
    }

    /// <inheritdoc/>
    public ValueTask AddSessionsAsync(IReadOnlyList<LoginSession> sessions, long forgotten, CancellationToken cancellation = default)
    {
        lock (_lock)
        {
            foreach (LoginSession session in sessions)
            {
                if (!_ended.ContainsKey(session.Token.Id))
                {
                    _sessions[session.Token.Id] = session;
                }
            }
            Forget(forgotten);
        }
        return default;
    }

    /// <inheritdoc/>
    public ValueTask EndSessionsAsync(IReadOnlyList<SessionToken> sessions, long forgotten, CancellationToken cancellation = default)
    {
        lock (_lock)
        {
            foreach (SessionToken session in sessions)
            {
                _sessions.Remove(session.Id);
                _ended[session.Id] = session;
            }
            Forget(forgotten);
        }
        return default;
    }

    /// <inheritdoc/>
    public ValueTask EndAllSessionsAsync(long since, ulong except, CancellationToken cancellation = default)
    {
        lock (_lock)
        {
            foreach (LoginSession session in _sessions.Values.Where(session => session.Token.Id != except).ToArray())
            {
                _sessions.Remove(session.Token.Id);
                _ended[session.Token.Id] = session.Token;
            }
            Limit(since, except);
        }
        return default;
    }

    private void Forget(long forgotten)
    {
        foreach (ulong id in _sessions.Values.Select(static session => session.Token).Concat(_ended.Values)
            .Where(session => session.Expires <= forgotten).Select(static session => session.Id).ToArray())
        {
            _sessions.Remove(id);
            _ended.Remove(id);
        }
        foreach (LoginSession old in _sessions.Values.OrderByDescending(static session => session.Token.Made).Skip(LoginSession.MaxKept).ToArray())
        {
            _sessions.Remove(old.Token.Id);
        }
        long since = _ended.Count <= EndedSessions.MaxIds ? 0
            : _ended.Values.Select(static session => session.Made).OrderDescending().ElementAt(EndedSessions.MaxIds) + 1;
        Limit(Math.Max(since, _state.Ended.Since), _state.Ended.Except);
    }

    // What is older is ended as a whole and needs no number.
    private void Limit(long since, ulong except)
    {
        since = Math.Max(since, _state.Ended.Since);
        foreach (SessionToken old in _ended.Values.Where(session => session.Made < since && session.Id != except).ToArray())
        {
            _ended.Remove(old.Id);
        }
        _state = _state with { Ended = new(_ended.Keys.ToFrozenSet(), since, except) };
    }
}
