using KismetOrleans.Grains.Auth;

namespace KismetOrleans.Grains.Tests.Auth;

/// <summary>A session token holds for its secret, its password and its time, and for nothing else.</summary>
public sealed class SessionTokensTests
{
    private static readonly byte[] s_secret = [.. Enumerable.Range(0, AuthState.SecretOctets).Select(static i => (byte)i)];

    [Fact]
    public void It_holds_until_its_end()
    {
        string token = SessionTokens.Issue(s_secret, 7, 1000);
        Assert.Equal(76, token.Length);
        Assert.NotEqual(token, SessionTokens.Issue(s_secret, 7, 1000));
        Assert.True(SessionTokens.TryRead(token, s_secret, 7, 999, out long end));
        Assert.Equal(1000, end);
        Assert.False(SessionTokens.TryRead(token, s_secret, 7, 1000, out _));
        Assert.False(SessionTokens.TryRead(token, s_secret, 8, 999, out _));
        Assert.False(SessionTokens.TryRead(token, new byte[AuthState.SecretOctets], 7, 999, out _));
    }

    [Fact]
    public void Any_change_makes_it_worthless()
    {
        string token = SessionTokens.Issue(s_secret, 7, 1000);
        Random random = new(4);
        for (int i = 0; i < 2000; i++)
        {
            char[] changed = token.ToCharArray();
            int at = random.Next(changed.Length);
            changed[at] = (char)random.Next(1, 300);
            Assert.True(changed[at] == token[at] || !SessionTokens.TryRead(changed, s_secret, 7, 0, out _), new(changed));
        }
        for (int length = 0; length < token.Length; length++)
        {
            Assert.False(SessionTokens.TryRead(token.AsSpan(0, length), s_secret, 7, 0, out _));
        }
        Assert.False(SessionTokens.TryRead(token + "A", s_secret, 7, 0, out _));
    }
}
