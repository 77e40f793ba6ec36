using KismetOrleans.Packets.Channels;
using KismetOrleans.Packets.Protocol;
using KismetOrleans.Packets.Sources;

namespace KismetOrleans.Packets.Tests.Channels;

/// <summary>Radios go where their plan and their orders say; where they cannot, that is said and capture goes on.</summary>
public sealed class ChannelControlTests
{
    private static readonly TimeSpan s_hop = TimeSpan.FromSeconds(0.2);
    private readonly ManualTime _time = new();
    private readonly FakeTuner _tuner = new();

    [Fact]
    public async Task It_hops_over_its_list_at_its_rate()
    {
        await using Running running = await RunAsync("wlan0:channels=\"1,6,11\",hoprate=5,shuffle=false");
        List<string> seen = [];
        for (int i = 0; i < 7; i++)
        {
            seen.Add(await _tuner.NextAsync());
            await _time.WaitOf(static wait => wait == s_hop);
            Assert.Equal((seen[^1], true, 5.0), (running.Control.State.Channel, running.Control.State.Plan.Hopping, running.Control.State.Plan.Rate));
            _time.Advance(s_hop);
        }
        Assert.Equal(["1", "6", "11", "1", "6", "11", "1"], seen);
    }

    [Fact]
    public async Task A_shuffled_round_has_each_channel_once()
    {
        await using Running running = await RunAsync("wlan0");
        for (int round = 0; round < 3; round++)
        {
            List<string> seen = [];
            for (int i = 0; i < FakeTuner.All.Length; i++)
            {
                seen.Add(await _tuner.NextAsync());
                await _time.WaitOf(static wait => wait == s_hop);
                _time.Advance(s_hop);
            }
            Assert.Equal(FakeTuner.All.Order(), seen.Order());
        }
    }

    [Fact]
    public async Task A_fixed_channel_is_set_once()
    {
        await using Running running = await RunAsync("wlan0:channel=6HT40+");
        Assert.Equal("6HT40+", await _tuner.NextAsync());
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Null(await running.Control.OrderAsync(new() { Kind = OrderKind.SetChannel, Channel = "11" }, default));
        Assert.Equal("11", await _tuner.NextAsync());
        Assert.Equal(("11", false, ""), (running.Control.State.Channel, running.Control.State.Plan.Hopping, running.Control.State.Warning));
    }

    [Fact]
    public async Task Orders_take_hold_at_once_and_keep_what_they_do_not_name()
    {
        await using Running running = await RunAsync("wlan0:channels=\"1,6\",shuffle=false,hoprate=5");
        Assert.Equal("1", await _tuner.NextAsync());
        Assert.Null(await running.Control.OrderAsync(new() { Kind = OrderKind.SetHop, Channels = ["36", "40"] }, default));
        Assert.Equal("36", await _tuner.NextAsync());
        Assert.Null(await running.Control.OrderAsync(new() { Kind = OrderKind.SetHop, Rate = 0.5 }, default));
        Assert.Equal("36", await _tuner.NextAsync());
        await _time.WaitOf(static wait => wait == TimeSpan.FromSeconds(2));
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("40", await _tuner.NextAsync());
        ChannelPlan plan = running.Control.State.Plan;
        Assert.Equal((true, 0.5, false), (plan.Hopping, plan.Rate, plan.Shuffle));
        Assert.Equal(["36", "40"], plan.Channels);
        Assert.Null(await running.Control.OrderAsync(new() { Kind = OrderKind.SetChannel, Channel = "6" }, default));
        Assert.Equal("6", await _tuner.NextAsync());
        Assert.False(running.Control.State.Plan.Hopping);
    }

    [Fact]
    public async Task An_order_that_cannot_be_carried_out_says_why_and_changes_nothing()
    {
        await using Running running = await RunAsync("wlan0:channel=6");
        Assert.Equal("6", await _tuner.NextAsync());
        _tuner.Failures["52"] = new("channel 52: the radio does not take this channel", IsChannel: true);
        Assert.Contains("does not take", await running.Control.OrderAsync(new() { Kind = OrderKind.SetChannel, Channel = "52" }, default), StringComparison.Ordinal);
        Assert.Contains("'six'", await running.Control.OrderAsync(new() { Kind = OrderKind.SetChannel, Channel = "six" }, default), StringComparison.Ordinal);
        Assert.Contains("'?'", await running.Control.OrderAsync(new() { Kind = OrderKind.SetHop, Channels = ["1", "?"] }, default), StringComparison.Ordinal);
        Assert.Contains("1000 hops", await running.Control.OrderAsync(new() { Kind = OrderKind.SetHop, Rate = 1000 }, default), StringComparison.Ordinal);
        Assert.Equal(("6", false, ""), (running.Control.State.Channel, running.Control.State.Plan.Hopping, running.Control.State.Warning));
    }

    [Fact]
    public async Task Channels_that_the_radio_refuses_are_left_out_and_named()
    {
        _tuner.Failures["6"] = new("channel 6: refused", IsChannel: true);
        await using Running running = await RunAsync("wlan0:channels=\"1,6,11\",shuffle=false");
        List<string> seen = [];
        for (int i = 0; i < 6; i++)
        {
            seen.Add(await _tuner.NextAsync());
            await _time.WaitOf(static wait => wait == s_hop);
            _time.Advance(s_hop);
        }
        Assert.Equal(["1", "6", "11", "1", "11", "1"], seen);
        Assert.Equal("channels that the radio does not take are left out: 6", running.Control.State.Warning);
    }

    [Fact]
    public async Task Without_the_right_hopping_slows_down_and_goes_on_when_there_is_one()
    {
        _tuner.Always = new("this process may not set channels");
        await using Running running = await RunAsync("wlan0");
        for (int i = 0; i < 9; i++)
        {
            _ = await _tuner.NextAsync();
            await _time.WaitOf(static wait => wait == s_hop);
            _time.Advance(s_hop);
        }
        _ = await _tuner.NextAsync();
        await _time.WaitOf(static wait => wait == TimeSpan.FromSeconds(5));
        Assert.Equal(("this process may not set channels", ""), (running.Control.State.Warning, running.Control.State.Channel));
        _tuner.Always = default;
        _time.Advance(TimeSpan.FromSeconds(5));
        string channel = await _tuner.NextAsync();
        await _time.WaitOf(static wait => wait == s_hop);
        Assert.Equal(("", channel), (running.Control.State.Warning, running.Control.State.Channel));
    }

    [Theory]
    [InlineData("eth0", "")]
    [InlineData("eth0:channel=6", "no radio")]
    [InlineData("eth0:channels=\"1,6\"", "no radio")]
    [InlineData("eth0:hoprate=2", "no radio")]
    public async Task An_interface_without_channels_is_worth_a_warning_only_when_some_were_asked_for(string definition, string warning)
    {
        _tuner.Problem = "no radio";
        await using Running running = await RunAsync(definition);
        Assert.Equal((warning, false, false), (running.Control.State.Warning, running.Control.State.CanTune, running.Control.State.Plan.Hopping));
        string? error = await running.Control.OrderAsync(new() { Kind = OrderKind.SetChannel, Channel = "6" }, default);
        Assert.Equal(warning.Length > 0 ? warning : "the source has no channels to be set", error);
    }

    private async Task<Running> RunAsync(string definition)
    {
        SourceDefinition parsed = SourceDefinition.Parse(definition);
        ChannelControl control = await ChannelControl.CreateAsync(parsed.Interface, ChannelPlan.From(parsed), _tuner, _time, new(1), default);
        return new(control);
    }

    private sealed class Running : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _task;

        public Running(ChannelControl control)
        {
            Control = control;
            _task = Task.Run(() => control.RunAsync(_stop.Token));
        }

        public ChannelControl Control { get; }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _task.ContinueWith(static _ => { }, TaskScheduler.Default);
            Control.Dispose();
            _stop.Dispose();
        }
    }

    private sealed class FakeTuner : IChannelTuner
    {
        public static readonly string[] All = ["1", "6", "11", "36", "1W6e"];
        private readonly System.Threading.Channels.Channel<string> _set = System.Threading.Channels.Channel.CreateUnbounded<string>();

        public Dictionary<string, TuneResult> Failures { get; } = [];

        public TuneResult Always { get; set; }

        public string? Problem { get; set; }

        public Task<(IReadOnlyList<RadioChannel> Channels, string? Problem)> ListAsync(string interfaceName, CancellationToken cancellation) =>
            Task.FromResult<(IReadOnlyList<RadioChannel>, string?)>((Problem is null ? [.. All.Select(static name => new RadioChannel(name, 1))] : [], Problem));

        public Task<TuneResult> SetAsync(string interfaceName, WifiChannel channel, CancellationToken cancellation)
        {
            _ = _set.Writer.TryWrite(channel.Name);
            return Task.FromResult(Always.Error is not null ? Always : Failures.GetValueOrDefault(channel.Name));
        }

        public async Task<string> NextAsync() => await _set.Reader.ReadAsync(new CancellationTokenSource(TimeSpan.FromSeconds(30)).Token);
    }
}
