using System.Globalization;
using KismetOrleans.Engine.Auth;

namespace KismetOrleans.Storage;

/// <summary>Statements on sessions that both databases understand.</summary>
internal static class SessionSql
{
    /// <summary>When the last end of all was, and what it left.</summary>
    public const string Since = "SELECT since, except_id FROM sessions_since";

    public const string Ended = "SELECT id FROM sessions WHERE ended = TRUE";
    public const string Kept = "SELECT id, password, made, expires, address, agent FROM sessions WHERE ended = FALSE";

    /// <summary>With more ended ones than are kept, all sessions as old as the oldest of these are ended.</summary>
    public static readonly string Limit =
        $"UPDATE sessions_since SET since = old.made + 1 FROM (SELECT made FROM sessions WHERE ended = TRUE ORDER BY made DESC LIMIT 1 OFFSET {Print(EndedSessions.MaxIds)}) AS old "
        + "WHERE old.made >= since";

    /// <summary>What was ended with all others needs no number.</summary>
    public const string ForgetEnded = "DELETE FROM sessions WHERE ended = TRUE AND EXISTS (SELECT 1 FROM sessions_since WHERE made < since AND id <> except_id)";

    /// <summary>With more than are kept, the oldest go.</summary>
    public static readonly string ForgetOld =
        "DELETE FROM sessions WHERE ended = FALSE AND id NOT IN "
        + $"(SELECT id FROM sessions WHERE ended = FALSE ORDER BY made DESC, id LIMIT {Print(LoginSession.MaxKept)})";

    /// <summary>A row of <see cref="Kept"/>.</summary>
    public static LoginSession Read(long id, long password, long made, long expires, string address, string agent) =>
        new(new((ulong)id, made, expires), (ulong)password, new(address, agent));

    private static string Print(int number) => number.ToString(CultureInfo.InvariantCulture);
}
