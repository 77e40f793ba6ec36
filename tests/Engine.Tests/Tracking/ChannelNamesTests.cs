using KismetOrleans.Engine.Tracking;

namespace KismetOrleans.Engine.Tests.Tracking;

/// <summary>Frequencies read as the channel names that clients know (inventory: dot11-tracking.md, 5).</summary>
public sealed class ChannelNamesTests
{
    [Theory]
    [InlineData(0u, "")]
    [InlineData(2_300_000u, "2300MHz")]
    [InlineData(2_411_999u, "2411MHz")]
    [InlineData(2_412_000u, "1")]
    [InlineData(2_472_000u, "13")]
    [InlineData(2_484_000u, "14")]
    [InlineData(4_920_000u, "184")]
    [InlineData(5_180_000u, "36")]
    [InlineData(5_885_000u, "177")]
    [InlineData(5_935_000u, "2W6e")]
    [InlineData(5_955_000u, "1W6e")]
    [InlineData(7_115_000u, "233W6e")]
    [InlineData(60_480_000u, "2")]
    [InlineData(uint.MaxValue, "4294967MHz")]
    public void Of_Wi_Fi(uint khz, string channel)
    {
        Assert.Equal(channel, ChannelNames.OfDot11(khz));
        // From memory the second time, and the same.
        Assert.Equal(channel, ChannelNames.OfDot11(khz));
    }

    [Theory]
    [InlineData(2_402_000u, "37")]
    [InlineData(2_404_000u, "0")]
    [InlineData(2_424_000u, "10")]
    [InlineData(2_426_000u, "38")]
    [InlineData(2_428_000u, "11")]
    [InlineData(2_478_000u, "36")]
    [InlineData(2_480_000u, "39")]
    [InlineData(2_403_000u, "")]
    [InlineData(2_400_000u, "")]
    [InlineData(2_482_000u, "")]
    public void Of_Bluetooth_Low_Energy(uint khz, string channel) => Assert.Equal(channel, ChannelNames.OfBtle(khz));
}
