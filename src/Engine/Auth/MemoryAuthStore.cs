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

    public bool IsShared => false;

    public ValueTask<AuthState> LoadAsync(CancellationToken cancellation = default)
    {
        lock (_lock)
        {
            return new(_state);
        }
    }

    public ValueTask<bool> SetAdministratorAsync(StoredPassword administrator, bool replace, CancellationToken cancellation = default)
    {
        lock (_lock)
        {
            bool may = replace || _state.Administrator is null;
            _state = may ? _state with { Administrator = administrator } : _state;
            return new(may);
        }
    }

    public ValueTask<bool> AddKeyAsync(ApiKey key, CancellationToken cancellation = default)
    {
        lock (_lock)
        {
            bool isNew = _state.Keys.All(other => other.Name != key.Name);
            _state = isNew ? _state with { Keys = [.. _state.Keys, key] } : _state;
            return new(isNew);
        }
    }

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

    public ValueTask<bool> AddTokenAsync(JoinToken token, long forgotten, CancellationToken cancellation = default)
    {
        lock (_lock)
        {
            bool isNew = Find(token.Hash) is null;
            _state = _state with { Tokens = [.. isNew ? [token] : (JoinToken[])[], .. _state.Tokens.Where(other => other.Expires > forgotten)] };
            return new(isNew);
        }
    }

    public ValueTask<bool> RemoveTokenAsync(ReadOnlyMemory<byte> hash, CancellationToken cancellation = default)
    {
        lock (_lock)
        {
            JoinToken? found = Find(hash);
            _state = _state with { Tokens = [.. _state.Tokens.Where(token => token != found)] };
            return new(found is not null);
        }
    }

    public ValueTask<JoinOutcome> JoinAsync(ReadOnlyMemory<byte> token, ApiKey key, CancellationToken cancellation = default)
    {
        lock (_lock)
        {
            if (Find(token) is not { } found)
            {
                return new(JoinOutcome.Unknown);
            }
            if (found.UsesLeft <= 0 || found.Expires <= key.Created)
            {
                return new(found.UsesLeft <= 0 ? JoinOutcome.Spent : JoinOutcome.Expired);
            }
            if (_state.Keys.Any(other => other.Name == key.Name))
            {
                return new(JoinOutcome.NameTaken);
            }
            _state = _state with
            {
                Keys = [.. _state.Keys, key with { Site = found.Site }],
                Tokens = [.. _state.Tokens.Select(other => other == found ? found with { UsesLeft = found.UsesLeft - 1 } : other)],
            };
            return new(JoinOutcome.Joined);
        }
    }

    public ValueTask<bool> RenewKeyAsync(ApiKey key, CancellationToken cancellation = default)
    {
        lock (_lock)
        {
            ApiKey? old = _state.Keys.FirstOrDefault(other => other.Name == key.Name && (IsSame(other.Hash, key.Former) || (IsSame(other.Former, key.Former) && other.FormerUntil > key.Created)));
            _state = old is null ? _state : _state with { Keys = [.. _state.Keys.Select(other => other == old ? key with { Site = old.Site } : other)] };
            return new(old is not null);
        }
    }

    private JoinToken? Find(ReadOnlyMemory<byte> hash) => _state.Tokens.FirstOrDefault(token => IsSame(token.Hash, hash));

    private static bool IsSame(ReadOnlyMemory<byte> one, ReadOnlyMemory<byte> other) => one.Span.SequenceEqual(other.Span);

    public ValueTask<IReadOnlyList<LoginSession>> LoadSessionsAsync(CancellationToken cancellation = default)
    {
        lock (_lock)
        {
            return new(_sessions.Values.ToArray());
        }
    }

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
