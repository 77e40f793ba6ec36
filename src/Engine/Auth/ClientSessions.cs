namespace KismetOrleans.Engine.Auth;

/// <summary>
/// The session that each client got last, so that one that sends its password with each request has one session and not thousands. Says nothing about
/// whether a client may: its password is looked at before. Safe for use by several threads.
/// </summary>
public sealed class ClientSessions(Accounts accounts, TimeSpan life, TimeProvider clock)
{
    /// <summary>Clients that are remembered; the one that came last the longest ago gives way.</summary>
    internal const int MaxClients = 256;

    /// <summary>How long logins of one client are one login, even where people log in: scripts do it again and again.</summary>
    internal static readonly TimeSpan Once = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<LoginClient, Entry> _entries = [];

    /// <summary>A session for a client whose password was found right: its last one, while that holds for at least half of its life, or a new one.</summary>
    /// <param name="fingerprint">Of the password that was found right; it may have been changed since.</param>
    /// <param name="anew">A person logs in: others may come from the same address with the same browser.</param>
    public string Get(LoginClient client, ulong fingerprint, bool anew)
    {
        lock (_lock)
        {
            if (_entries.TryGetValue(client, out Entry last) && clock.GetElapsedTime(last.Made) < (anew ? Once : life / 2)
                && fingerprint == accounts.Fingerprint && accounts.IsSession(last.Token))
            {
                _entries[client] = last with { Asked = clock.GetTimestamp() };
                return last.Token;
            }
            if (_entries.Count >= MaxClients && !_entries.ContainsKey(client))
            {
                _entries.Remove(_entries.MinBy(static pair => pair.Value.Asked).Key);
            }
            string token = accounts.NewSession(life, fingerprint, client);
            _entries[client] = new(token, clock.GetTimestamp(), clock.GetTimestamp());
            return token;
        }
    }

    private readonly record struct Entry(string Token, long Made, long Asked);
}
