using System.Security.Cryptography;

namespace KismetOrleans.Engine.Auth;

/// <summary>
/// How sensors come by keys: the administrator makes a join token, a sensor shows it and gets a key of its own, and renews that before it expires. Safe for use by several threads, and by several
/// servers of one store.
/// </summary>
/// <param name="life">How long such a key holds unless it is renewed.</param>
public sealed class SensorKeys(Accounts accounts, IAuthStore store, TimeSpan life, TimeProvider clock)
{
    /// <summary>Role of keys that sensors get: they feed packets.</summary>
    public const string Role = "datasource";

    /// <summary>Tokens that may stand in the store: who needs more has forgotten some.</summary>
    public const int MaxTokens = 200;

    /// <summary>
    /// How long a key that was renewed goes on working: the answer with the new one may be lost, and the sensor be without a link for hours after it; other servers learn of it later.
    /// </summary>
    internal static readonly TimeSpan Overlap = TimeSpan.FromDays(1);

    // So that the list shows for a while who could have joined.
    private static readonly TimeSpan s_remembered = TimeSpan.FromDays(7);

    // Names that are drawn until one is free: of 65,536 there are at most as many taken as there may be keys.
    private const int Draws = 16;

    /// <summary>All tokens, newest first; also those that are of no use any more.</summary>
    public IReadOnlyList<JoinToken> Tokens => accounts.Tokens;

    /// <summary>Makes a token.</summary>
    /// <param name="site">Where the sensors stand; may be empty.</param>
    /// <param name="holds">How long it is of use.</param>
    /// <param name="uses">Sensors that may join by it.</param>
    /// <returns>Its text, which is told this once, and what is kept of it.</returns>
    /// <exception cref="TimeoutException">The store does not answer; it may or may not be done.</exception>
    public async Task<(string Text, JoinToken Token)> AddTokenAsync(string site, string maker, TimeSpan holds, int uses)
    {
        string text = ApiKey.NewText();
        long now = Seconds();
        JoinToken token = new(ApiKey.HashOf(text), site, maker, now, now + (long)holds.TotalSeconds, uses, uses);
        _ = await accounts.ChangeAsync(cancellation => store.AddTokenAsync(token, now - (long)s_remembered.TotalSeconds, cancellation));
        return (text, token);
    }

    /// <summary>Makes a token worthless. Sensors that have joined by it keep their keys.</summary>
    /// <param name="id">Its number.</param>
    /// <returns>False when there is none.</returns>
    /// <exception cref="TimeoutException">The store does not answer; it may or may not be done.</exception>
    public async Task<bool> RemoveTokenAsync(string id)
    {
        // One that another server has just made.
        await Accounts.WithTimeoutAsync(async cancellation =>
        {
            await accounts.RefreshAsync(cancellation);
            return true;
        });
        return Tokens.FirstOrDefault(token => string.Equals(token.Id, id, StringComparison.OrdinalIgnoreCase)) is { } found
            && await accounts.ChangeAsync(cancellation => store.RemoveTokenAsync(found.Hash, cancellation));
    }

    /// <summary>Exchanges a token for a key.</summary>
    /// <param name="name">Name that the sensor asks for; where another key has it, something is appended.</param>
    /// <param name="isTaken">Whether a name is a key's that is not kept here.</param>
    /// <returns>The key and its text, which is told this once; null unless it was <see cref="JoinOutcome.Joined"/>.</returns>
    /// <exception cref="TimeoutException">The store does not answer; it may or may not be done.</exception>
    public async Task<(JoinOutcome Outcome, string? Text, ApiKey? Key)> JoinAsync(string text, string name, Func<string, bool> isTaken)
    {
        byte[] hash = ApiKey.HashOf(text);
        // A token gets no new life, so that what is known here of one that is over is so for all.
        if (Tokens.FirstOrDefault(token => token.Hash.Span.SequenceEqual(hash)) is { } known && OutcomeOf(known) is { } over)
        {
            return (over, null, null);
        }
        if (accounts.Keys.Count >= Accounts.MaxKeys)
        {
            return (JoinOutcome.Full, null, null);
        }
        JoinOutcome outcome = JoinOutcome.NameTaken;
        for (int draw = 0; draw < Draws && outcome == JoinOutcome.NameTaken; draw++)
        {
            string candidate = draw == 0 ? name : $"{name}-{Convert.ToHexString(RandomNumberGenerator.GetBytes(2))}";
            if (isTaken(candidate) || accounts.Keys.Any(key => key.Name == candidate))
            {
                continue;
            }
            (string secret, ApiKey key) = NewKey(candidate);
            _ = await accounts.ChangeAsync(async cancellation => (outcome = await store.JoinAsync(hash, key, cancellation)) == JoinOutcome.Joined);
            if (outcome == JoinOutcome.Joined)
            {
                return (outcome, secret, accounts.FindKey(secret) ?? key);
            }
        }
        return (outcome, null, null);
    }

    /// <summary>Replaces a key by another one of the same name, with a new life; the old one holds a day longer.</summary>
    /// <param name="old">A key that was got by joining.</param>
    /// <returns>The new key and its text, which is told this once; null when the old one is no such key, or not any more.</returns>
    /// <exception cref="TimeoutException">The store does not answer; it may or may not be done.</exception>
    public async Task<(string Text, ApiKey Key)?> RenewAsync(ApiKey old)
    {
        if (!old.IsJoined)
        {
            return null;
        }
        (string text, ApiKey key) = NewKey(old.Name);
        long until = Math.Min(old.Expires, Seconds() + (long)Overlap.TotalSeconds);
        key = key with { Site = old.Site, Former = old.Hash, FormerUntil = until };
        return await accounts.ChangeAsync(cancellation => store.RenewKeyAsync(key, cancellation)) ? (text, key) : null;
    }

    private (string Text, ApiKey Key) NewKey(string name)
    {
        string text = ApiKey.NewText();
        long now = Seconds();
        return (text, new(name, ApiKey.HashOf(text), Role, null, now, now + Math.Max(1, (long)life.TotalSeconds)) { Site = "" });
    }

    private JoinOutcome? OutcomeOf(JoinToken token) =>
        token.UsesLeft <= 0 ? JoinOutcome.Spent : Seconds() >= token.Expires ? JoinOutcome.Expired : null;

    private long Seconds() => clock.GetUtcNow().ToUnixTimeSeconds();
}
