using KismetOrleans.Packets.Channels;

namespace KismetOrleans.Packets.Tests.Channels;

/// <summary>What iw is told, and what is made of its answers. The texts are of our own making, in the form that iw 4 to 6 print.</summary>
public sealed class IwTests
{
    private const string Info = """
        Interface wlan0
        	ifindex 7
        	wdev 0x200000001
        	addr 02:00:00:00:00:01
        	type monitor
        	wiphy 2
        	channel 1 (2412 MHz), width: 20 MHz (no HT), center1: 2412 MHz
        """;

    private const string Channels = """
        Band 1:
        	* 2412 MHz [1] 
        	  Maximum TX power: 20.0 dBm
        	  Channel widths: 20MHz HT40+
        	* 2467 MHz [12] (disabled)
        	* 2472 MHz [13] 
        	  No IR
        	* 2484 MHz [14] (disabled)
        Band 2:
        	* 5180 MHz [36] 
        	  Channel widths: 20MHz HT40+ VHT80
        	* 5260 MHz [52] 
        	  Radar detection
        	  DFS state: usable (for 12 sec)
        Band 4:
        	* 5955 MHz [1] 
        	* 6115 MHz [33] 
        Band 3:
        	* 58320 MHz [1] 
        """;

    private const string OldInfo = """
        Wiphy phy2
        	max # scan SSIDs: 4
        	Band 1:
        		Frequencies:
        			* 2412.0 MHz [1] (20.0 dBm)
        			* 2417.0 MHz [2] (20.0 dBm) (no IR)
        			* 2484.0 MHz [14] (disabled)
        		Bitrates (non-HT):
        			* 1.0 Mbps
        	valid interface combinations:
        		 * #{ managed } <= 1, total <= 1
        """;

    private readonly List<string> _asked = [];
    private readonly Queue<ProgramResult> _answers = [];

    [Fact]
    public async Task The_channels_of_an_interface_are_those_of_its_radio_that_are_not_disabled()
    {
        Answer(Info);
        Answer(Channels);
        (IReadOnlyList<RadioChannel> channels, string? problem) = await Tuner().ListAsync("wlan0", default);
        Assert.Null(problem);
        Assert.Equal(["dev wlan0 info", "phy phy2 channels"], _asked);
        Assert.Equal(
            [new("1", 2412), new("13", 2472), new("36", 5180), new("52", 5260), new("1W6e", 5955), new("33W6e", 6115)], channels);
    }

    [Fact]
    public async Task An_iw_that_does_not_know_the_command_is_asked_otherwise()
    {
        Answer(Info);
        Fail("command not understood", 1);
        Answer(OldInfo);
        (IReadOnlyList<RadioChannel> channels, _) = await Tuner().ListAsync("wlan0", default);
        Assert.Equal(["dev wlan0 info", "phy phy2 channels", "phy phy2 info"], _asked);
        Assert.Equal([new("1", 2412), new("2", 2417)], channels);
    }

    [Theory]
    [InlineData("6", "dev wlan0 set freq 2437 NOHT")]
    [InlineData("6HT40-", "dev wlan0 set freq 2437 HT40-")]
    [InlineData("36VHT80", "dev wlan0 set freq 5180 80MHz")]
    public async Task Tuning_names_frequency_and_width(string channel, string arguments)
    {
        Answer("");
        Assert.Equal(default, await Set(channel));
        Assert.Equal([arguments], _asked);
    }

    [Theory]
    [InlineData("command failed: Operation not permitted (-1)", "may not set channels", false)]
    [InlineData("command failed: Device or resource busy (-16)", "in use by another interface", false)]
    [InlineData("command failed: No such device (-19)", "is gone, or no radio", false)]
    [InlineData("command failed: Invalid argument (-22)", "does not take this channel", true)]
    [InlineData("command failed: Network is down (-100)", "is down", false)]
    [InlineData("command failed: Something new (-12345)\n", "Something new", false)]
    [InlineData("", "no reason given", false)]
    public async Task What_goes_wrong_is_told_in_words(string error, string expected, bool isChannel)
    {
        Fail(error, 255);
        TuneResult result = await Set("6");
        Assert.StartsWith("channel 6: wlan0", result.Error, StringComparison.Ordinal);
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
        Assert.Equal(isChannel, result.IsChannel);
    }

    [Fact]
    public async Task What_is_no_radio_has_no_channels()
    {
        Fail("command failed: No such device (-19)", 237);
        (IReadOnlyList<RadioChannel> channels, string? problem) = await Tuner().ListAsync("eth0", default);
        Assert.Empty(channels);
        Assert.Equal("channels cannot be set: eth0: the interface is gone, or no radio", problem);
    }

    [Fact]
    public async Task Without_iw_that_is_said()
    {
        IwTuner missing = new("/no/such/program/iw");
        (IReadOnlyList<RadioChannel> channels, string? problem) = await missing.ListAsync("wlan0", default);
        Assert.Empty(channels);
        Assert.Contains("the program /no/such/program/iw cannot be run", problem, StringComparison.Ordinal);
        Assert.Contains("cannot be run", (await missing.SetAsync("wlan0", Channel("6"), default)).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Output_of_a_real_program_is_read()
    {
        if (!File.Exists("/bin/echo"))
        {
            // No such program: nothing to run.
            return;
        }
        (IReadOnlyList<RadioChannel> channels, string? problem) = await new IwTuner("/bin/echo").ListAsync("wlan0", default);
        Assert.Empty(channels);
        Assert.Equal("channels cannot be set: wlan0: iw: no reason given", problem);
    }

    private void Answer(string output) => _answers.Enqueue(new(true, 0, output, ""));

    private void Fail(string error, int code) => _answers.Enqueue(new(true, code, "", error));

    private Task<TuneResult> Set(string channel) => Tuner().SetAsync("wlan0", Channel(channel), default);

    private static WifiChannel Channel(string text) => WifiChannel.TryParse(text, out WifiChannel channel, out _) ? channel : throw new FormatException(text);

    private IwTuner Tuner() => new((arguments, _) =>
    {
        _asked.Add(string.Join(' ', arguments));
        return Task.FromResult(_answers.Dequeue());
    });
}
