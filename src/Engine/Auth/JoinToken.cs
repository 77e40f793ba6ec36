namespace KismetOrleans.Engine.Auth;

/// <summary>What lets sensors join: each that shows it gets a key of its own. Its text is told when it is made, and kept as a digest alone.</summary>
/// <param name="Hash">SHA-256 of its text, which is like that of a key.</param>
/// <param name="Site">Where the sensors stand that join by it; may be empty.</param>
/// <param name="Maker">Name of the login that made it.</param>
/// <param name="Made">Unix second.</param>
/// <param name="Expires">Unix second from which nobody joins by it.</param>
/// <param name="Uses">Sensors that may join by it, in all.</param>
/// <param name="UsesLeft">How many of them still may.</param>
public sealed record JoinToken(ReadOnlyMemory<byte> Hash, string Site, string Maker, long Made, long Expires, int Uses, int UsesLeft)
{
    private const int IdBytes = 8;

    /// <summary>Number by which it is listed and revoked: 16 hexadecimal digits, of no use for joining.</summary>
    public string Id => Convert.ToHexString(Hash.Span[..IdBytes]);
}

/// <summary>What came of showing a join token.</summary>
public enum JoinOutcome
{
    /// <summary>There is a key.</summary>
    Joined,

    /// <summary>Another key has the name.</summary>
    NameTaken,

    /// <summary>There is no such token: there never was, or it was revoked.</summary>
    Unknown,

    /// <summary>The token has expired.</summary>
    Expired,

    /// <summary>As many have joined as may.</summary>
    Spent,

    /// <summary>There are as many keys as there may be.</summary>
    Full,
}
