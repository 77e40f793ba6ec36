using System.Text.Json;
using KismetOrleans.Api.Tests.Sensors;
using KismetOrleans.Packets.Protocol;

namespace KismetOrleans.Api.Tests.Control;

/// <summary>Sensors that hear one another share their channels where they leave that to the server, and who covers what is told.</summary>
public sealed class ChannelPlanTests
{
    private static readonly string[] s_channels = ["1", "6", "11"];
    private static readonly Guid s_first = new("5FE308BD-0000-0000-0000-0000AABB0001"), s_second = new("5FE308BD-0000-0000-0000-0000AABB0002");

    [Fact]
    public async Task Neighbours_share_their_channels_and_who_is_left_alone_has_them_all()
    {
        await using TestServer server = await TestServer.StartAsync();
        await HearAsync(server, s_first, 1, 2, 3, 4);
        await HearAsync(server, s_second, 2, 3, 4, 5);
        await using Radio first = await Radio.ConnectAsync(server, s_first, "plan=auto");
        await using Radio other = await Radio.ConnectAsync(server, Guid.NewGuid(), "channel=6");
        await using (await Radio.ConnectAsync(server, s_second, "channels=\"1,6,11\",plan=auto"))
        {
            Assert.Equal(
                ["0 6: other 1", "1 1: first 0.5", "1 6: second 1", "1 11: first 0.5"],
                await UntilAsync(server, static coverage => coverage.Contains("1 6: second 1") && coverage.Contains("1 1: first 0.5")));
            // Together they cover each once, and who was not asked for stays where it is.
            JsonElement[] list = (await server.Client.AskAsync("/datasource/coverage.json")).Ok().List;
            Assert.Equal(1.0, list.Single(static one => one.Text("kismet.coverage.channel") == "6" && one.Number("kismet.coverage.group") == 1).GetProperty("kismet.coverage.share").GetDouble());
            Assert.Equal(OrderKind.SetHop, first.Last!.Kind);
            Assert.Null(other.Last);
        }
        string[] alone = await UntilAsync(server, static coverage => coverage.Count(static line => line.Contains(": first 0.33", StringComparison.Ordinal)) == 3);
        Assert.Equal(["0 6: other 1", "1 1: first 0.33", "1 6: first 0.33", "1 11: first 0.33"], alone);
    }

    private static async Task HearAsync(TestServer server, Guid uuid, params int[] accessPoints)
    {
        await using RawSensor sensor = await RawSensor.ConnectAsync(server.Address, null, RawSensor.Hello(uuid, RawSensor.Now()));
        foreach (int point in accessPoints)
        {
            // A beacon, behind radiotap with 2,412 MHz and a signal of -50 dBm.
            await sensor.SendRadioAsync($"00000D00280000006C090000CE80000000FFFFFFFFFFFF0200000031{point:X2}0200000031{point:X2}00000000000000000000640001000002686F010402040B16");
        }
        await sensor.SavedAsync();
    }

    private static async Task<string[]> UntilAsync(TestServer server, Func<string[], bool> isIt)
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(30));
        string[] lines = [];
        try
        {
            while (true)
            {
                lines = [.. (await server.Client.AskAsync("/datasource/coverage.json")).Ok().List.Select(static one =>
                    $"{one.Number("kismet.coverage.group")} {one.Text("kismet.coverage.channel")}: " + string.Join(", ", one.GetProperty("kismet.coverage.sensors").EnumerateArray().Select(static sensor =>
                        FormattableString.Invariant($"{sensor.Text("kismet.coverage.sensor.name")} {sensor.GetProperty("kismet.coverage.sensor.share").GetDouble():0.##}"))))];
                if (isIt(lines))
                {
                    return lines;
                }
                await Task.Delay(100, patience.Token);
            }
        }
        catch (OperationCanceledException e)
        {
            throw new TimeoutException(string.Join('\n', lines), e);
        }
    }

    /// <summary>A sensor's radio that goes where it is told.</summary>
    private sealed class Radio : IAsyncDisposable
    {
        private readonly CancellationTokenSource _over = new();
        private readonly RawSensor _sensor;
        private volatile Health _health;
        private readonly Task _obeying;
        private readonly Task _telling;

        private Radio(RawSensor sensor, string options)
        {
            _sensor = sensor;
            _health = options == "channel=6" ? new() { Running = true, Channel = "6" } : new() { Running = true, Hopping = true, HopRate = 5, HopChannels = s_channels, Channel = "1" };
            (_obeying, _telling) = (ObeyAsync(), TellAsync());
        }

        /// <summary>What it was told last.</summary>
        public Order? Last { get; private set; }

        public static async Task<Radio> ConnectAsync(TestServer server, Guid uuid, string options)
        {
            string name = uuid == s_first ? "first" : uuid == s_second ? "second" : "other";
            return new(await RawSensor.ConnectAsync(server.Address, null, RawSensor.Hello(uuid, RawSensor.Now()) with { Name = name, Definition = $"wlan0:{options}", Channels = s_channels }), options);
        }

        public async ValueTask DisposeAsync()
        {
            await _over.CancelAsync();
            await _telling;
            await _sensor.DisposeAsync();
            await _obeying.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _over.Dispose();
        }

        private async Task ObeyAsync()
        {
            while (true)
            {
                Assert.True(MessageReader.TryRead((await _sensor.ReceiveAsync(EdgeMessageType.Order)).Span, out Order order));
                Last = order;
                _health = order.Kind == OrderKind.SetChannel ? _health with { Hopping = false, Channel = order.Channel } : _health with { Hopping = true, HopChannels = order.Channels };
                await _sensor.SendAsync(_health);
                await _sensor.SendAsync(new OrderResult(order.Id, ""));
            }
        }

        private async Task TellAsync()
        {
            while (!_over.IsCancellationRequested)
            {
                await _sensor.SendAsync(_health);
                await Task.Delay(200, _over.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
