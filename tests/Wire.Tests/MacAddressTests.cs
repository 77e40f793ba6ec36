using System.Text;

namespace KismetOrleans.Wire.Tests;

/// <summary>Addresses are understood however people and programs write them, and nothing else is taken for one.</summary>
public sealed class MacAddressTests
{
    [Theory]
    [InlineData("00:1A:2b:3C:4d:5E")]
    [InlineData("00-1A-2B-3C-4D-5E")]
    [InlineData("001A2B3C4D5E")]
    [InlineData("001a2b3c4d5e")]
    [InlineData("001a.2b3c.4d5e")]
    public void Every_usual_form_is_the_same_address(string text)
    {
        Assert.True(MacAddress.TryParse(text, out MacAddress address));
        Assert.Equal(0x001A_2B3C_4D5EUL, address.Value);
        Assert.True(MacAddress.TryParse(Encoding.UTF8.GetBytes(text), out address));
        Assert.Equal("00:1A:2B:3C:4D:5E", address.ToString());
        Assert.True(MacAddress.TryParseAny(text, out address) && !address.IsExtended);
    }

    [Theory]
    [InlineData("00:12:4B:00:01:02:03:04")]
    [InlineData("00-12-4b-00-01-02-03-04")]
    [InlineData("00124B0001020304")]
    [InlineData("0012.4b00.0102.0304")]
    public void Extended_addresses_too(string text)
    {
        Assert.False(MacAddress.TryParse(text, out _));
        Assert.True(MacAddress.TryParseAny(text, out MacAddress address));
        Assert.Equal("00:12:4B:00:01:02:03:04", address.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("001A2B3C4D5")]
    [InlineData("001A2B3C4D5E5")]
    [InlineData("00:1A:2B:3C:4D")]
    [InlineData("00:1A:2B:3C:4D:5G")]
    [InlineData("00 1A 2B 3C 4D 5E")]
    [InlineData("00.1A.2B.3C.4D.5E")]
    [InlineData("001a:2b3c:4d5e")]
    [InlineData("0x1A2B3C4D5E")]
    [InlineData(":00:1A:2B:3C:4D:5")]
    [InlineData("０01A2B3C4D5E")]
    [InlineData("0i:1A:2B:3C:4D:5E")]
    public void Nothing_else_is_one(string text)
    {
        Assert.False(MacAddress.TryParse(text, out MacAddress address) || MacAddress.TryParseAny(text, out address) || !address.IsZero);
        Assert.False(MacAddress.TryParse(Encoding.UTF8.GetBytes(text), out address) || !address.IsZero);
    }
}
