using System.Buffers.Text;
using System.Security.Cryptography;
using KismetOrleans.Engine.Auth;

namespace KismetOrleans.Engine.Tests.Auth;

/// <summary>A session token holds for its secret, its password and its time, and for nothing else.</summary>
public sealed class SessionTokensTests
{
    private static readonly byte[] s_secret = [.. Enumerable.Range(0, AuthState.SecretBytes).Select(static i => (byte)i)];

    [Fact]
    public void It_holds_until_its_end()
    {
        SessionToken session = new(0x0123456789ABCDEF, 400, 1000);
        string token = SessionTokens.Issue(s_secret, 7, session);
        Assert.Equal(76, token.Length);
        Assert.True(SessionTokens.TryRead(token, s_secret, 7, 999, out SessionToken read));
        Assert.Equal(session, read);
        Assert.False(SessionTokens.TryRead(token, s_secret, 7, 1000, out _));
        Assert.False(SessionTokens.TryRead(token, s_secret, 8, 999, out _));
        Assert.False(SessionTokens.TryRead(token, new byte[AuthState.SecretBytes], 7, 999, out _));
        Assert.NotEqual(SessionToken.New(1, 2).Id, SessionToken.New(1, 2).Id);
    }

    [Fact]
    public void Its_number_is_its_random_bytes()
    {
        Assert.Equal("0123456789ABCDEF", SessionToken.Print(0x0123456789ABCDEF));
        // Version, two times of 4 bytes, fingerprint; then the number.
        byte[] bytes = Base64Url.DecodeFromChars(SessionTokens.Issue(s_secret, 7, new(0x0123456789ABCDEF, 400, 1000)));
        Assert.Equal("0123456789ABCDEF", Convert.ToHexString(bytes.AsSpan(17, 8)));
        Assert.True(SessionToken.TryParseId("0123456789abcDEF", out ulong id));
        Assert.Equal(0x0123456789ABCDEFUL, id);
        foreach (string? wrong in (string?[])[null, "", "0123456789ABCDE", "0123456789ABCDEF0", "0123456789ABCDEG", " 123456789ABCDEF", "+123456789ABCDEF"])
        {
            Assert.False(SessionToken.TryParseId(wrong, out _), wrong);
        }
    }

    [Fact]
    public void One_of_a_server_before_this_holds_and_is_older_than_all()
    {
        // Version 1, end as 8 bytes, fingerprint, random bytes, signature.
        byte[] bytes = [1, 0, 0, 0, 0, 0, 0, 0x03, 0xE8, 0, 0, 0, 0, 0, 0, 0, 7, 1, 2, 3, 4, 5, 6, 7, 8, .. new byte[HMACSHA256.HashSizeInBytes]];
        HMACSHA256.HashData(s_secret, bytes.AsSpan(..25), bytes.AsSpan(25));
        Assert.True(SessionTokens.TryRead(Base64Url.EncodeToString(bytes), s_secret, 7, 999, out SessionToken read));
        Assert.Equal(new(0x0102030405060708, 0, 1000), read);
        bytes[0] = 3;
        HMACSHA256.HashData(s_secret, bytes.AsSpan(..25), bytes.AsSpan(25));
        Assert.False(SessionTokens.TryRead(Base64Url.EncodeToString(bytes), s_secret, 7, 0, out _));
    }

    [Fact]
    public void Any_change_makes_it_worthless()
    {
        string token = SessionTokens.Issue(s_secret, 7, new(1, 2, 1000));
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
