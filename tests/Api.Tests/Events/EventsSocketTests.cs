using System.Net.WebSockets;
using System.Text.Json;
using KismetOrleans.Capture.Edge;

namespace KismetOrleans.Api.Tests.Events;

/// <summary>What <c>/eventbus/events.ws</c> tells whom: every topic, in the shape that was asked for, once.</summary>
public sealed class EventsSocketTests
{
    private const string Events = "/eventbus/events.ws";
    private static readonly string[] s_regular = ["TIMESTAMP", "BATTERY", "STATISTICS", "GPS_LOCATION", "PACKETCHAIN_STATS"];

    private static readonly (string Topic, string Name)[] s_maps =
    [
        ("DOT11_ADVERTISED_SSID", "dot11.device.advertised_ssid_map"), ("DOT11_RESPONSE_SSID", "dot11.device.responded_ssid_map"),
        ("DOT11_PROBED_SSID", "dot11.device.probed_ssid_map"),
    ];

    [Fact]
    public async Task Regular_topics_come_once_a_second()
    {
        await using TestServer server = await TestServer.StartAsync();
        using SocketClient client = await SocketClient.OpenAsync(server, Events);
        await client.SubscribeAsync(s_regular);
        _ = await client.EventAsync("TIMESTAMP");
        List<string> contents = [];
        List<long> seconds = [];
        while (seconds.Count < 3)
        {
            JsonElement happened = await client.ReceiveJsonAsync();
            JsonProperty content = Assert.Single(happened.EnumerateObject());
            contents.Add(content.Name);
            if (content.Name == "TIMESTAMP")
            {
                seconds.Add(content.Value.Number("kismet.system.timestamp.sec"));
                Assert.Equal(["kismet.system.timestamp.sec", "kismet.system.timestamp.usec"], Names(content.Value));
            }
            else if (content.Name == "BATTERY")
            {
                Assert.Equal(
                    ["kismet.system.battery.ac", "kismet.system.battery.percentage", "kismet.system.battery.charging", "kismet.system.battery.remaining"],
                    Names(content.Value));
            }
            else if (content.Name == "STATISTICS")
            {
                Assert.Equal(
                    ["kismet.system.num_fields", "kismet.system.num_components", "kismet.system.num_http_connections", "kismet.system.memory.rss",
                        "kismet.system.devices.count"],
                    Names(content.Value));
            }
            else if (content.Name == "PACKETCHAIN_STATS")
            {
                Assert.Equal(7, content.Value.EnumerateObject().Count());
            }
            else
            {
                Assert.Equal([0, 0], content.Value.GetProperty("kismet.common.location.geopoint").EnumerateArray().Select(static n => n.GetDouble()));
            }
        }
        // Ticks may be late on a busy machine, and the next is then on time: two of one second, never three, and none that goes back.
        Assert.True(seconds[1] >= seconds[0] && seconds[2] >= seconds[1] && seconds[2] - seconds[0] is > 0 and < 10, string.Join(' ', seconds));
        // Between the first and the last clock, two turns of each.
        Assert.All(s_regular[1..], topic => Assert.Equal(topic == "TIMESTAMP" ? 3 : contents.Count(c => c == "BATTERY"), contents.Count(c => c == topic)));
    }

    [Fact]
    public async Task An_alert_is_told_once_and_once_more_as_a_message()
    {
        await using TestServer server = await TestServer.StartAsync();
        using SocketClient client = await SocketClient.OpenAsync(server, Events);
        await client.SendAsync("""{"SUBSCRIBE":"ALERT","fields":["kismet.alert.header",["kismet.alert.text","words"]]}""");
        await client.SendAsync("""{"SUBSCRIBE":"MESSAGE","UNSUBSCRIBE":"TIMESTAMP"}""");
        await client.UntilSeenAsync(server);
        _ = await server.Client.CommandAsync(
            "/alerts/definitions/define_alert.cmd", """{"name":"DOOR","description":"a door","throttle":"10/min","burst":"5/sec","severity":5}""");
        foreach (int number in (int[])[1, 2])
        {
            _ = await server.Client.CommandAsync("/alerts/raise_alert.cmd", $$"""{"name":"DOOR","text":"open {{number}}"}""");
        }
        List<string> alerts = [];
        List<string> messages = [];
        while (alerts.Count < 2 || messages.Count < 2)
        {
            JsonElement happened = await client.ReceiveJsonAsync();
            if (happened.TryGetProperty("ALERT", out JsonElement alert) && alert.Text("kismet.alert.header") == "DOOR")
            {
                Assert.Equal(["kismet.alert.header", "words"], Names(alert));
                alerts.Add(alert.Text("words"));
            }
            else if (happened.TryGetProperty("MESSAGE", out JsonElement message) && message.Text("kismet.messagebus.message_string").StartsWith("DOOR", StringComparison.Ordinal))
            {
                Assert.Equal(8, message.Number("kismet.messagebus.message_flags"));
                messages.Add(message.Text("kismet.messagebus.message_string"));
            }
        }
        Assert.Equal(["open 1", "open 2"], alerts);
        Assert.Equal(["DOOR open 1", "DOOR open 2"], messages);
    }

    [Fact]
    public async Task Alerts_have_a_path_of_their_own_at_which_each_is_a_message()
    {
        await using TestServer server = await TestServer.StartAsync();
        using SocketClient client = await SocketClient.OpenAsync(server, "/alerts/alerts.ws");
        _ = await server.Client.CommandAsync(
            "/alerts/definitions/define_alert.cmd", """{"name":"DOOR","description":"a door","throttle":"1000/min","burst":"1000/min","severity":5}""");
        // The socket is open a moment before it listens; in a cluster some more. One of the server's start may come first.
        Task<JsonElement> hears = DoorAsync();
        while (!hears.IsCompleted)
        {
            Assert.False(client.Patience.IsCancellationRequested, "no alert came");
            _ = await server.Client.CommandAsync("/alerts/raise_alert.cmd", """{"name":"DOOR","text":"open"}""");
            await Task.WhenAny(hears, Task.Delay(100));
        }
        JsonElement alert = await hears;
        Assert.Equal(("DOOR", "open"), (alert.Text("kismet.alert.header"), alert.Text("kismet.alert.text")));
        Assert.Equal(Names((await server.Client.AskAsync("/alerts/all_alerts.json")).Ok().List[^1]), Names(alert));

        async Task<JsonElement> DoorAsync()
        {
            JsonElement told;
            do
            {
                told = await client.ReceiveJsonAsync();
            }
            while (told.Text("kismet.alert.header") != "DOOR");
            return told;
        }
    }

    [Fact]
    public async Task A_capture_tells_its_source_its_devices_their_names_and_its_handshakes_once_each()
    {
        await using TestServer server = await TestServer.StartAsync();
        using SocketClient client = await SocketClient.OpenAsync(server, Events);
        await client.SubscribeAsync("NEW_DATASOURCE", "DATASOURCE_OPENED");
        foreach (string topic in (string[])["DOT11_ADVERTISED_SSID", "DOT11_RESPONSE_SSID", "DOT11_PROBED_SSID", "DOT11_WPA_HANDSHAKE"])
        {
            await client.SendAsync($$"""{"SUBSCRIBE":"{{topic}}","fields":["kismet.device.base.macaddr","dot11.advertisedssid.ssid","dot11.probedssid.ssid","dot11.device.wpa_handshake_list"]}""");
        }
        await client.UntilSeenAsync(server);
        await FeedAsync(server, Repository.Campus);
        Dictionary<string, JsonElement> devices = (await server.Client.AskAsync("/devices/views/all/devices.json")).Ok().List
            .Where(static d => !d.Text("kismet.device.base.macaddr").StartsWith("02:EE", StringComparison.Ordinal))
            .ToDictionary(static d => d.Text("kismet.device.base.macaddr"));
        string[] expected = [.. devices.SelectMany(static device => Ssids(device.Value).Select(ssid => $"{ssid.Topic} {device.Key} {ssid.Text}"))];
        List<string> told = [];
        List<string> sources = [];
        List<string> changes = [];
        int handshakes = 0;
        // The last device's events come with it; a report after it ends the list.
        await SocketClient.PostAsync(server, "02:EF:00:00:00:01");
        HashSet<string> seen = [];
        while (!seen.Contains("02:EF:00:00:00:01") || seen.Count < devices.Count + 1 || handshakes == 0 || told.Count < expected.Length || changes.Count == 0 || sources.Count == 0)
        {
            JsonElement happened = await client.ReceiveJsonAsync();
            JsonProperty[] contents = [.. happened.EnumerateObject()];
            switch (contents[0].Name)
            {
                case "NEW_DEVICE":
                    Assert.True(seen.Add(contents[0].Value.Text("kismet.device.base.macaddr")), "a device was told twice");
                    break;
                case "DOT11_NEW_SSID_BASEDEV":
                    if (contents[0].Value.Text("kismet.device.base.macaddr").StartsWith("02:E", StringComparison.Ordinal))
                    {
                        // Those that were posted have names, too: empty ones.
                        break;
                    }
                    told.Add($"{contents[1].Name} {contents[0].Value.Text("kismet.device.base.macaddr")} {contents[1].Value.Text(Field(contents[1].Name))}");
                    break;
                case "DOT11_WPA_HANDSHAKE_BASEDEV":
                    Assert.Equal("DOT11_WPA_HANDSHAKE_DOT11", contents[1].Name);
                    handshakes++;
                    Assert.Equal(JsonValueKind.Object, contents[1].Value.GetProperty("dot11.device.wpa_handshake_list").ValueKind);
                    break;
                case "NEW_DATASOURCE":
                    sources.Add(contents[0].Value.Text("kismet.datasource.uuid"));
                    break;
                case "DATASOURCE_OPENED":
                    Assert.Contains(contents[0].Value.GetString(), sources);
                    changes.Add(contents[0].Name);
                    break;
            }
        }
        // Of the names that devices have after the capture, each was new once.
        Assert.Equal(["DATASOURCE_OPENED"], changes);
        Assert.Equal(expected.Order(StringComparer.Ordinal), told.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_first_device_of_a_phy_and_a_new_log_are_told()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("ko-events-");
        try
        {
            await using TestServer server = await TestServer.StartAsync("--Log:Prefix", folder.FullName);
            using SocketClient client = await SocketClient.OpenAsync(server, Events);
            await client.SubscribeAsync("NEW_PHY", "KISMETDB_LOG_OPEN", "TIMESTAMP");
            // The server has looked at its phys by then, and found none.
            for (int clocks = 0; clocks < 3; clocks++)
            {
                Assert.Equal("TIMESTAMP", (await client.ReceiveJsonAsync()).EnumerateObject().Single().Name);
            }
            // These devices are the phy's first: it may be told before the last of them.
            Queue<JsonElement> told = new(await client.UntilSeenAsync(server));
            _ = (await server.Client.CommandAsync("/logging/by-class/kismet/start.cmd", "{}")).Ok();
            string? phy = null;
            bool opened = false;
            while (phy is null || !opened)
            {
                JsonElement happened = told.TryDequeue(out JsonElement before) ? before : await client.ReceiveJsonAsync();
                opened |= !happened.EnumerateObject().Any();
                if (happened.TryGetProperty("NEW_PHY", out JsonElement name))
                {
                    Assert.Null(phy);
                    phy = name.GetString();
                }
            }
            Assert.Equal("IEEE802.11", phy);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Everything_is_told_once_to_who_wants_a_topic_too_and_no_more_after_the_end_of_a_subscription()
    {
        await using TestServer server = await TestServer.StartAsync();
        using SocketClient client = await SocketClient.OpenAsync(server, Events);
        await client.SendAsync("""{"SUBSCRIBE":"*"}""");
        await client.UntilSeenAsync(server);
        await client.SendAsync("""{"SUBSCRIBE":"NEW_DEVICE","fields":["kismet.device.base.macaddr"],"format":"ekjson"}""");
        await client.UntilSeenAsync(server, 1, "kismet_device_base_macaddr");
        await client.SendAsync("""{"UNSUBSCRIBE":"NEW_DEVICE"}""");
        // Under their own names again: what was subscribed to everything counts.
        await client.UntilSeenAsync(server, 2, "kismet.device.base.macaddr");
        await SocketClient.PostAsync(server, "02:EF:00:00:00:01");
        JsonElement whole = (await client.EventAsync("NEW_DEVICE")).GetProperty("NEW_DEVICE");
        while (whole.Text("kismet.device.base.macaddr") != "02:EF:00:00:00:01")
        {
            whole = (await client.EventAsync("NEW_DEVICE")).GetProperty("NEW_DEVICE");
        }
        Assert.True(whole.EnumerateObject().Count() > 20, "not a whole device");

        await client.SendAsync("""{"UNSUBSCRIBE":"*","SUBSCRIBE":"TIMESTAMP","fields":["kismet.system.timestamp.sec"]}""");
        // The first clock of this form tells that the server has read it.
        while ((await client.EventAsync("TIMESTAMP")).GetProperty("TIMESTAMP").EnumerateObject().Count() > 1)
        {
        }
        await SocketClient.PostAsync(server, "02:EF:00:00:00:02");
        for (int clocks = 0; clocks < 2; clocks++)
        {
            Assert.True((await client.ReceiveJsonAsync()).TryGetProperty("TIMESTAMP", out _), "something else than the clock");
        }
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("[1]")]
    [InlineData("""{"SUBSCRIBE":7}""")]
    [InlineData("""{"SUBSCRIBE":"NO_SUCH_TOPIC"}""")]
    [InlineData("""{"SUBSCRIBE":"MESSAGE","fields":"x"}""")]
    [InlineData("""{"SUBSCRIBE":"MESSAGE","format":"xml"}""")]
    [InlineData("""{"SUBSCRIBE":"\ud800"}""")]
    [InlineData("""{"hello":"world"}""")]
    public async Task What_cannot_be_read_is_ignored(string input)
    {
        await using TestServer server = await TestServer.StartAsync();
        using SocketClient client = await SocketClient.OpenAsync(server, Events);
        await client.SendAsync(input);
        await client.SubscribeAsync("TIMESTAMP");
        Assert.Equal("TIMESTAMP", (await client.ReceiveJsonAsync()).EnumerateObject().Single().Name);
    }

    [Fact]
    public async Task Binary_and_long_messages_end_the_connection_and_a_farewell_is_answered()
    {
        await using TestServer server = await TestServer.StartAsync();
        using SocketClient binary = await SocketClient.OpenAsync(server, Events);
        await binary.Socket.SendAsync(new byte[3], WebSocketMessageType.Binary, true, binary.Patience);
        Assert.Null(await binary.ReceiveAsync());
        Assert.Equal(WebSocketCloseStatus.InvalidMessageType, binary.Socket.CloseStatus);
        using SocketClient lengthy = await SocketClient.OpenAsync(server, Events);
        await lengthy.SendAsync(new string(' ', (64 * 1024) + 1));
        Assert.Null(await lengthy.ReceiveAsync());
        Assert.Equal(WebSocketCloseStatus.MessageTooBig, lengthy.Socket.CloseStatus);
        using SocketClient polite = await SocketClient.OpenAsync(server, Events);
        await polite.SubscribeAsync("TIMESTAMP");
        _ = await polite.ReceiveAsync();
        await polite.Socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "", polite.Patience);
        Assert.Equal(WebSocketCloseStatus.NormalClosure, polite.Socket.CloseStatus);
    }

    private static string[] Names(JsonElement record) => [.. record.EnumerateObject().Select(static member => member.Name)];

    private static string Field(string topic) => topic == "DOT11_PROBED_SSID" ? "dot11.probedssid.ssid" : "dot11.advertisedssid.ssid";

    private static IEnumerable<(string Topic, string Text)> Ssids(JsonElement device) =>
        s_maps.SelectMany(map => device.TryGetProperty("dot11.device", out JsonElement dot11) && dot11.TryGetProperty(map.Name, out JsonElement list)
            ? list.EnumerateArray().Select(record => (map.Topic, record.Text(Field(map.Topic))))
            : []);

    private static async Task FeedAsync(TestServer server, string file)
    {
        DirectoryInfo spool = Directory.CreateTempSubdirectory("ko-events-");
        try
        {
            Assert.Equal(0, await AgentCommand.InvokeAsync(["--server", server.Address.ToString(), "--spool", spool.FullName, "-c", file]).WaitAsync(TimeSpan.FromSeconds(60)));
            await server.WaitForSourcesAsync(1);
        }
        finally
        {
            spool.Delete(recursive: true);
        }
    }
}
