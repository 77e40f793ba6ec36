using KismetOrleans.Packets.Channels;

namespace KismetOrleans.Packets.Tests.Channels;

/// <summary>Channels as users write them.</summary>
public sealed class WifiChannelTests
{
    [Theory]
    [InlineData("1", 2412, "NOHT")]
    [InlineData("13", 2472, "NOHT")]
    [InlineData("14", 2484, "NOHT")]
    [InlineData("6HT20", 2437, "HT20")]
    [InlineData("6HT40+", 2437, "HT40+")]
    [InlineData("6ht40-", 2437, "HT40-")]
    [InlineData("6W5", 2437, "5MHz")]
    [InlineData("6W10", 2437, "10MHz")]
    [InlineData("36VHT80", 5180, "80MHz")]
    [InlineData("36VHT160", 5180, "160MHz")]
    [InlineData("149HE80", 5745, "80MHz")]
    [InlineData("165", 5825, "NOHT")]
    [InlineData("1W6e", 5955, "NOHT")]
    [InlineData("37w6eHE160", 6135, "160MHz")]
    [InlineData("2437", 2437, "NOHT")]
    [InlineData("5955EHT320", 5955, "320MHz")]
    public void A_channel_is_a_frequency_and_a_width(string text, int frequency, string width)
    {
        Assert.True(WifiChannel.TryParse(text, out WifiChannel channel, out string? error));
        Assert.Equal((text, frequency, width, null), (channel.Name, channel.FrequencyMhz, channel.Width, error));
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("15")]
    [InlineData("200")]
    [InlineData("234W6e")]
    [InlineData("999")]
    [InlineData("99999")]
    [InlineData("6HT80")]
    [InlineData("6 ")]
    [InlineData("-6")]
    [InlineData("6; reboot")]
    public void What_is_none_is_named(string text)
    {
        Assert.False(WifiChannel.TryParse(text, out _, out string? error));
        Assert.StartsWith($"'{text}'", error, StringComparison.Ordinal);
    }
}
