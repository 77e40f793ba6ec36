using System.Net;
using KismetOrleans.Engine.Auth;

namespace KismetOrleans.Engine.Tests.Auth;

/// <summary>What is kept of who logs in: an address as people write it, and a text that does no harm.</summary>
public sealed class LoginClientTests
{
    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1")]
    [InlineData("::ffff:192.0.2.1", "192.0.2.1")]
    [InlineData("2001:DB8::1", "2001:db8::1")]
    public void Addresses_are_printed_in_one_way(string address, string printed) => Assert.Equal(new(printed, ""), LoginClient.Of(IPAddress.Parse(address), ""));

    [Fact]
    public void The_agent_is_cut_and_cleaned()
    {
        Assert.Equal(new("", "curl/8 (\u00e4)"), LoginClient.Of(null, "curl/8 (\u00e4)"));
        Assert.Equal("a b c ", LoginClient.Of(null, "a\tb\u0000c\u009f").Agent);
        Assert.Equal("\ufffdx\ufffd", LoginClient.Of(null, "\ud83dx\ude00").Agent);
        Assert.Equal(new string('x', 256), LoginClient.Of(null, new string('x', 30_000)).Agent);
        // A character of two units is not cut in half.
        Assert.Equal(new string('x', 255), LoginClient.Of(null, new string('x', 255) + "\U0001F600").Agent);
        Assert.Equal(new string('x', 254) + "\U0001F600", LoginClient.Of(null, new string('x', 254) + "\U0001F600").Agent);
    }
}
