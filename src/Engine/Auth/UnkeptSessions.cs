using System.Collections.Concurrent;

namespace KismetOrleans.Engine.Auth;

/// <summary>Sessions that were made or ended here, and of which the store does not know yet. Safe for use by several threads.</summary>
internal sealed class UnkeptSessions
{
    // More are ended in no time in which a database is away; each has to stay here until it is back.
    private const int MaxEnded = EndedSessions.MaxIds;
    private readonly ConcurrentDictionary<ulong, LoginSession> _made = new();
    private readonly ConcurrentDictionary<ulong, SessionToken> _ended = new();

    /// <summary>Whether the store lacks something.</summary>
    public bool HasAny => !_made.IsEmpty || !_ended.IsEmpty;

    public LoginSession[] Made => [.. _made.Values];

    public SessionToken[] Ended => [.. _ended.Values];

    /// <summary>Notes a session that was made. When the store is away for long, the oldest will not be in the list.</summary>
    public void Add(LoginSession session)
    {
        if (_made.Count >= LoginSession.MaxKept && _made.Values.MinBy(static one => one.Token.Made) is { } oldest)
        {
            _made.TryRemove(oldest.Token.Id, out _);
        }
        _made[session.Token.Id] = session;
    }

    /// <summary>Notes that one was ended; from now on it is worth nothing here.</summary>
    /// <exception cref="TimeoutException">The store is away, and there are too many already; nothing was ended.</exception>
    public void End(SessionToken session)
    {
        if (_ended.Count >= MaxEnded)
        {
            throw new TimeoutException("The database does not answer.");
        }
        _ended[session.Id] = session;
        _made.TryRemove(session.Id, out _);
    }

    public bool HasEnded(ulong id) => _ended.ContainsKey(id);

    /// <summary>Forgets those that the store has, or will not have.</summary>
    public void ForgetMade(LoginSession[] sessions)
    {
        foreach (LoginSession session in sessions)
        {
            _made.TryRemove(session.Token.Id, out _);
        }
    }

    /// <summary>Forgets those that the store has.</summary>
    public void ForgetEnded(SessionToken[] sessions)
    {
        foreach (SessionToken session in sessions)
        {
            _ended.TryRemove(session.Id, out _);
        }
    }
}
