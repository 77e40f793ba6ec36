namespace KismetOrleans.Engine.Auth;

/// <summary>A session of the administrator, as it is kept for the list of them: never its token.</summary>
/// <param name="Token">Number and times.</param>
/// <param name="Password">Fingerprint of the password that made it; with another one it is worth nothing.</param>
/// <param name="Client">Who asked for it.</param>
public sealed record LoginSession(SessionToken Token, ulong Password, LoginClient Client)
{
    /// <summary>Sessions that are kept, the newest; older ones hold all the same, and end with all others.</summary>
    public const int MaxKept = 1000;
}

/// <summary>Which sessions were ended before their time. None of these ever holds again.</summary>
/// <param name="Ids">Their numbers, until they would have expired.</param>
/// <param name="Since">Unix second: those that were made before are ended, except one.</param>
/// <param name="Except">Number of this one; 0 for none.</param>
public sealed record EndedSessions(IReadOnlySet<ulong> Ids, long Since, ulong Except)
{
    /// <summary>
    /// Numbers that are kept: servers read all of them every two seconds. With more of them the oldest go, and all sessions that are as old as these are
    /// ended in their place.
    /// </summary>
    public const int MaxIds = 10_000;

    internal static EndedSessions None { get; } = new(System.Collections.Frozen.FrozenSet<ulong>.Empty, 0, 0);

    /// <summary>Whether a session was ended.</summary>
    internal bool Has(SessionToken session) => Ids.Contains(session.Id) || (session.Made < Since && session.Id != Except);

    internal bool IsSame(EndedSessions other) => Since == other.Since && Except == other.Except && Ids.SetEquals(other.Ids);
}
