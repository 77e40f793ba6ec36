using KismetOrleans.Packets.Channels;
using KismetOrleans.Packets.Sources;

namespace KismetOrleans.Packets.Tests.Channels;

/// <summary>What a definition says about channels.</summary>
public sealed class ChannelPlanTests
{
    [Fact]
    public void Without_options_it_hops_over_everything()
    {
        ChannelPlan plan = Plan("wlan0");
        Assert.Equal((true, "", 5.0, true, false), (plan.Hopping, plan.Channel, plan.Rate, plan.Shuffle, plan.Asked));
        Assert.Empty(plan.Channels);
    }

    [Fact]
    public void A_channel_is_stayed_on_unless_hopping_is_asked_for_too()
    {
        Assert.Equal((false, "6HT40+", true), (Plan("wlan0:channel=6HT40+").Hopping, Plan("wlan0:channel=6HT40+").Channel, Plan("wlan0:channel=6HT40+").Asked));
        Assert.True(Plan("wlan0:channel=6,channel_hop=true").Hopping);
        Assert.False(Plan("wlan0:channel_hop=false").Hopping);
    }

    [Theory]
    [InlineData("hoprate=3", 3)]
    [InlineData("hoprate=0.5", 0.5)]
    [InlineData("hoprate=5/sec", 5)]
    [InlineData("channel_hoprate=30/min", 0.5)]
    public void Rates_are_hops_a_second_or_a_minute(string option, double rate) => Assert.Equal(rate, Plan("wlan0:" + option).Rate);

    [Fact]
    public void Lists_and_shuffling_are_taken()
    {
        ChannelPlan plan = Plan("wlan0:channels=\"1,6HT40+,36VHT80\",shuffle=false");
        Assert.Equal(["1", "6HT40+", "36VHT80"], plan.Channels);
        Assert.False(plan.Shuffle);
    }

    [Theory]
    [InlineData("channel=6HT")]
    [InlineData("channels=\"1,six\"")]
    [InlineData("hoprate=0")]
    [InlineData("hoprate=51")]
    [InlineData("hoprate=often")]
    [InlineData("hoprate=5/year")]
    [InlineData("hoprate=NaN")]
    [InlineData("shuffle=perhaps")]
    public void What_is_wrong_is_named(string option)
    {
        PacketSourceException e = Assert.Throws<PacketSourceException>(() => Plan("wlan0:" + option));
        Assert.StartsWith($"source 'wlan0:{option}': ", e.Message, StringComparison.Ordinal);
    }

    private static ChannelPlan Plan(string definition) => ChannelPlan.From(SourceDefinition.Parse(definition));
}
