using KismetOrleans.Packets.Protocol;
using KismetOrleans.Packets.Sources;

namespace KismetOrleans.Packets.Tests.Sources;

/// <summary>What a profile makes of an agent's sources.</summary>
public sealed class ProfiledSourcesTests
{
    [Theory]
    // Of one that names it the options go before its own; the others stay.
    [InlineData("wlan0:name=lobby,channels=\"1,6\"", "wlan*:channels=\"11,36\",hoprate=3", "wlan0:name=lobby,channels=\"11,36\",hoprate=3")]
    // Staying on a channel and hopping are one thing.
    [InlineData("wlan0:channel=6,name=a", "wlan0:channels=\"1,11\"", "wlan0:name=a,channels=\"1,11\"")]
    [InlineData("wlan0:channels=\"1,6\",hop=true", "wlan0:channel=6", "wlan0:channel=6")]
    [InlineData("wlan0:channel_hoprate=1,channels=\"1,6\"", "*:hoprate=5", "wlan0:channels=\"1,6\",hoprate=5")]
    // The first that names it counts.
    [InlineData("wlan0", "wlan?:hoprate=2|*:hoprate=7", "wlan0:hoprate=2")]
    [InlineData("wlan0", "eth*:hoprate=2", "wlan0")]
    [InlineData("wlan0", "wlan1:name=roof", "wlan0|wlan1:name=roof")]
    [InlineData("wlan0|wlan1", "wlan1:capture=false", "wlan0")]
    [InlineData("wlan0", "wlan0:filter=\"type mgt, subtype beacon\",capture=yes", "wlan0:filter=\"type mgt, subtype beacon\"")]
    [InlineData("wlan0:filter=x", "wlan0:filter=\"\"", "wlan0:filter=\"\"")]
    [InlineData("wlan0:name=a\"b", "wlan0:hoprate=2", "wlan0:name=a\"b,hoprate=2")]
    public void Options_go_before_those_of_the_sources_that_a_definition_names(string own, string profile, string expected)
    {
        IReadOnlyList<SourceDefinition>? sources = ProfiledSources.Apply(new() { Name = "p", Version = 1, Sources = profile.Split('|') }, [.. own.Split('|').Select(SourceDefinition.Parse)], out string? error);
        Assert.Null(error);
        Assert.Equal(expected.Split('|'), sources!.Select(static source => source.Definition));
    }

    [Theory]
    [InlineData("wlan0", "wlan0:capture=false", "it leaves this agent without a source, and so without a way to the server")]
    [InlineData("wlan0:name=a\"b", "wlan0:filter=\"a, b\"|wlan0", null)]
    [InlineData("wlan0", "wlan0:hoprate=900", "source 'wlan0:hoprate=900': option hoprate: '900' is no rate of hops")]
    public void What_cannot_be_is_told(string own, string profile, string? expected)
    {
        IReadOnlyList<SourceDefinition>? sources = ProfiledSources.Apply(new() { Name = "p", Version = 1, Sources = profile.Split('|') }, [SourceDefinition.Parse(own)], out string? error);
        Assert.Equal(expected is null, sources is not null);
        Assert.StartsWith(expected ?? "", error ?? "", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("wlan*:channels=\"1,6,11\",plan=auto", null)]
    [InlineData("wlan1:name=roof,type=linuxwifi", null)]
    [InlineData("wlan*:name=roof", "source 'wlan*:name=roof': option name is each source's own")]
    [InlineData("wlan*:uuid=5FE308BD-0000-0000-0000-0000AABB0003", "option uuid is each source's own")]
    [InlineData("/etc/walk.pcap", "source '/etc/walk.pcap': a profile adds network interfaces alone")]
    [InlineData("TCP@host:57012", "a profile adds network interfaces alone")]
    [InlineData("mqtt://broker", "a profile adds network interfaces alone")]
    [InlineData("wlan*:channels=\"1,banana\"", "banana")]
    [InlineData("wlan*:snaplen=-4", "option snaplen: '-4' is no number")]
    [InlineData("wlan*:capture=perhaps", "option capture: 'perhaps' is neither true nor false")]
    [InlineData("wlan*:gps=web", "option gps: ")]
    [InlineData(":name=x", "the interface or file is missing")]
    [InlineData("wlan*:channels=\"1", "lacks its closing quote")]
    public void A_definition_is_looked_at_before_it_is_given_to_anybody(string text, string? wrong)
    {
        string? said = ProfiledSources.Check(text);
        Assert.Equal(wrong is null, said is null);
        Assert.Contains(wrong ?? "", said ?? "", StringComparison.Ordinal);
        Assert.Contains("512 characters", ProfiledSources.Check("wlan*:filter=" + new string('x', 512)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_profile_is_the_same_by_what_it_says()
    {
        Profile one = new() { Name = "p", Version = 4, Sources = ["wlan*:hoprate=2"], Gps = "gpsd", SpoolBytes = 1 << 30 };
        Assert.True(MessageReader.TryRead(MessageWriter.Frame(one).AsSpan(EdgeFrame.HeaderLength), out Profile read));
        Assert.Equal(one, read);
        Assert.NotEqual(one, read with { Version = 5 });
        Assert.NotEqual(one, read with { Sources = ["wlan*:hoprate=3"] });
        Assert.Equal("profile p, version 4", read.ToString());
        Assert.Equal("no profile", Profile.None.ToString());
    }
}
