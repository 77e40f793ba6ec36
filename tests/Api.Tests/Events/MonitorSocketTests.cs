using System.Net;
using System.Text.Json;

namespace KismetOrleans.Api.Tests.Events;

/// <summary>Monitors of devices: all that match, then what changed, one device a message; of all devices or of a view's.</summary>
public sealed class MonitorSocketTests
{
    private const string Monitor = "/devices/monitor.ws";
    private const string Fields = "\"fields\": [\"kismet.device.base.macaddr\",\"kismet.device.base.packets.total\"]";

    [Theory]
    [InlineData("*", 3)]
    [InlineData("02:AB:00:00:00:02", 1)]
    [InlineData("02:AB:00:00:00:00/FF:FF:00:00:00:00", 2)]
    [InlineData("4202770D00000000_2000000AB02", 1)]
    public async Task The_first_turn_tells_all_that_match_and_later_ones_what_changed(string which, int matching)
    {
        await using TestServer server = await TestServer.StartAsync();
        await SocketClient.PostAsync(server, "02:AB:00:00:00:02", "02:AB:00:00:00:03", "02:CD:00:00:00:04");
        using SocketClient client = await SocketClient.OpenAsync(server, Monitor);
        await client.SendAsync($$"""{"monitor": "{{which}}","request": 7,"rate": 0,{{Fields}}}""");
        HashSet<string> told = [];
        while (told.Count < matching)
        {
            JsonElement device = await client.ReceiveJsonAsync();
            Assert.Equal(2, device.EnumerateObject().Count());
            _ = told.Add(device.Text("kismet.device.base.macaddr"));
        }
        Assert.Contains("02:AB:00:00:00:02", told);
        if (which.Contains('/', StringComparison.Ordinal))
        {
            Assert.DoesNotContain("02:CD:00:00:00:04", told);
        }
        for (int packets = 2; packets < 4; packets++)
        {
            await SocketClient.PostAsync(server, "02:AB:00:00:00:02");
            JsonElement device;
            do
            {
                device = await client.ReceiveJsonAsync();
            }
            while (device.Text("kismet.device.base.macaddr") != "02:AB:00:00:00:02" || device.Number("kismet.device.base.packets.total") < packets);
            Assert.Equal(packets, device.Number("kismet.device.base.packets.total"));
        }
    }

    [Fact]
    public async Task What_did_not_change_is_not_told_again_and_a_cancelled_monitor_tells_nothing()
    {
        await using TestServer server = await TestServer.StartAsync();
        await SocketClient.PostAsync(server, "02:AB:00:00:00:02", "02:CD:00:00:00:04");
        using SocketClient client = await SocketClient.OpenAsync(server, Monitor);
        await client.SendAsync($$"""{"monitor": "02:CD:00:00:00:04","request": 1,"rate": 1,{{Fields}}}""");
        _ = await client.ReceiveAsync();
        await client.SendAsync("""{"cancel": 1}""");
        await client.SendAsync($$"""{"monitor": "02:AB:00:00:00:02","request": 2,"rate": 1,{{Fields}}}""");
        _ = await client.ReceiveAsync();
        // Longer than a second after the last change, so that it is old news.
        string[] both = ["02:AB:00:00:00:02", "02:CD:00:00:00:04"];
        for (int packets = 2; packets < 4; packets++)
        {
            await Task.Delay(TimeSpan.FromSeconds(2.2));
            await SocketClient.PostAsync(server, both);
            JsonElement device;
            int repeated = 0;
            do
            {
                device = await client.ReceiveJsonAsync();
                Assert.Equal(both[0], device.Text("kismet.device.base.macaddr"));
                repeated++;
            }
            while (device.Number("kismet.device.base.packets.total") < packets);
            // That of the second of the turn before may come again once, and no older one.
            Assert.InRange(repeated, 1, 3);
        }
    }

    [Theory]
    [InlineData("/devices/views/phydot11_accesspoints/monitor.ws")]
    [InlineData("/devices/views/phy-IEEE802.11/monitor.ws")]
    [InlineData("/devices/views/phy/IEEE802.11/monitor.ws")]
    [InlineData("/devices/views/seenby-00000000-0000-0000-0000-AABBCCDD0001/monitor.ws")]
    [InlineData("/devices/views/seenby-uuid/00000000-0000-0000-0000-AABBCCDD0001/monitor.ws")]
    public async Task A_view_tells_its_devices_alone(string path)
    {
        await using TestServer server = await TestServer.StartAsync();
        _ = await server.Client.CommandAsync(
            "/phy/phybluetooth/scan/scan_report.cmd",
            """{"source_name": "other","source_uuid": "00000000-0000-0000-0000-AABBCCDD0002","reports": [{"btaddr": "AA:BB:CC:00:00:02"}]}""");
        await SocketClient.PostAsync(server, "02:AB:00:00:00:02");
        await UntilKnownAsync(server, path);
        using SocketClient client = await SocketClient.OpenAsync(server, path);
        await client.SendAsync("""{"monitor": "*","request": 1,"rate": 1,"format": "ekjson"}""");
        string device = (await client.ReceiveAsync())!;
        Assert.Contains("\"kismet_device_base_macaddr\": \"02:AB:00:00:00:02\"", device, StringComparison.Ordinal);
        Assert.EndsWith("}\n", device, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/devices/views/nosuch/monitor.ws")]
    [InlineData("/devices/views/phy/nosuch/monitor.ws")]
    [InlineData("/devices/views/seenby-uuid/00000000-0000-0000-0000-000000000009/monitor.ws")]
    public async Task An_unknown_view_is_told_before_the_handshake(string path)
    {
        await using TestServer server = await TestServer.StartAsync();
        Assert.Equal(HttpStatusCode.NotFound, await SocketClient.RefusedAsync(server, path, static options => options.SetRequestHeader("Authorization", Requests.Login.ToString())));
        (await server.Client.AskAsync(path)).NotFound();
    }

    [Theory]
    [InlineData("""{"monitor": "*","request": 1}""")]
    [InlineData("""{"monitor": "*","rate": 1}""")]
    [InlineData("""{"monitor": "*","request": -1,"rate": 1}""")]
    [InlineData("""{"monitor": "somewhere","request": 1,"rate": 1}""")]
    [InlineData("""{"monitor": 7,"request": 1,"rate": 1}""")]
    [InlineData("""{"monitor": "*","request": 1,"rate": 1,"fields": 7}""")]
    [InlineData("nonsense")]
    public async Task What_cannot_be_read_is_ignored(string input)
    {
        await using TestServer server = await TestServer.StartAsync();
        await SocketClient.PostAsync(server, "02:AB:00:00:00:02");
        using SocketClient client = await SocketClient.OpenAsync(server, Monitor);
        await client.SendAsync(input);
        await client.SendAsync("""{"monitor": "*","request": 2,"rate": 60,"fields": [["kismet.device.base.macaddr","second"]]}""");
        Assert.Equal("""{"second": "02:AB:00:00:00:02"}""", await client.ReceiveAsync());
    }

    [Fact]
    public async Task A_socket_has_only_so_many_and_a_request_replaces_its_own()
    {
        await using TestServer server = await TestServer.StartAsync("--Events:MaxMonitors", "2");
        await SocketClient.PostAsync(server, "02:AB:00:00:00:02");
        using SocketClient client = await SocketClient.OpenAsync(server, Monitor);
        foreach ((int request, string name) in ((int, string)[])[(1, "a"), (2, "b"), (3, "c"), (2, "d")])
        {
            await client.SendAsync($$"""{"monitor": "02:AB:00:00:00:02","request": {{request}},"rate": 3600,"fields": [["kismet.device.base.macaddr","{{name}}"]]}""");
        }
        List<string> told = [];
        while (!told.Contains("d"))
        {
            told.Add((await client.ReceiveJsonAsync()).EnumerateObject().Single().Name);
        }
        Assert.DoesNotContain("c", told);
    }

    // Other processes know a new source a second later.
    private static async Task UntilKnownAsync(TestServer server, string path)
    {
        string list = path.Replace("monitor.ws", "devices.json", StringComparison.Ordinal);
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(30));
        while ((await server.Client.AskAsync(list)).Status != HttpStatusCode.OK)
        {
            await Task.Delay(20, patience.Token);
        }
    }
}
