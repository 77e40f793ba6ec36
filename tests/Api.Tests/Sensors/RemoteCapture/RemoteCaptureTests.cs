using System.Net;
using System.Text.Json;
using KismetOrleans.Api.Sensors.RemoteCapture;
using Microsoft.Extensions.DependencyInjection;

namespace KismetOrleans.Api.Tests.Sensors.RemoteCapture;

/// <summary>Kismet's own capture programs connect, and are sources like all others.</summary>
public sealed class RemoteCaptureTests
{
    private const int Ieee80211 = 105;
    private static readonly string[] s_withTcp = ["--Remote:Listen", "127.0.0.1:0"];

    [Theory]
    [InlineData(false, 0)]
    [InlineData(false, 7)]
    [InlineData(true, 0)]
    [InlineData(true, 1)]
    public async Task Packets_become_devices_however_their_frames_are_cut(bool tcp, int chunk)
    {
        await using TestServer server = await TestServer.StartAsync(s_withTcp);
        await using RemotePlayer player = await ConnectAsync(server, tcp, chunk);
        Guid uuid = Guid.NewGuid();
        Assert.Equal("""{"1":"wlan0:name=hall,channels=\"1,6\""}""", await player.OpenAsync(uuid, "wlan0:name=hall,channels=\"1,6\"", "linuxwifi", "1", "6", "11"));
        RemotePlayer.Received hop = await player.ReceiveAsync();
        Assert.Equal((RemotePlayer.ConfigRequest, 1, """{"2":{"1":5,"2":true,"3":0,"4":0,"5":["1","6"],"6":true}}"""), (hop.Type, hop.Code, hop.Json));
        for (int i = 0; i < 20; i++)
        {
            await player.SendPacketAsync(Radio(Probe(i)), wide: i % 2 == 0);
        }
        await player.SendTextAsync(RemotePlayer.Message, "radio is\u001b[2J warm", 2);
        JsonElement source = await SourceAsync(server, uuid, static s => s.Number("kismet.datasource.num_packets") == 20);
        Assert.Equal(
            ("hall", "wlan0", "mt76", "2025.09.0", 1, 1, 127),
            (source.Text("kismet.datasource.name"), source.Text("kismet.datasource.interface"), source.Text("kismet.datasource.hardware"), source.Text("kismet.datasource.datasource_version"),
                source.Number("kismet.datasource.remote"), source.Number("kismet.datasource.running"), source.Number("kismet.datasource.dlt")));
        Assert.Equal(["1", "6", "11"], source.GetProperty("kismet.datasource.channels").EnumerateArray().Select(static c => c.GetString()));
        Assert.Equal("linuxwifi", source.GetProperty("kismet.datasource.type_driver").Text("kismet.datasource.driver.type"));
        await UntilAsync(async () => (await server.Client.AskAsync("/devices/views/all/devices.json")).List.Length >= 20);
        await UntilAsync(async () => (await server.Client.AskAsync("/messagebus/all_messages.json")).Body.Contains("radio is [2J warm", StringComparison.Ordinal));
        Assert.InRange(player.Pings, 1, int.MaxValue);
    }

    [Fact]
    public async Task Packets_have_the_time_of_their_receipt_unless_the_settings_say_otherwise()
    {
        foreach (bool overridden in (bool[])[true, false])
        {
            await using TestServer server = await TestServer.StartAsync("--Remote:OverrideTimestamp", overridden ? "true" : "false");
            await using RemotePlayer player = await ConnectAsync(server);
            long before = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
            _ = await player.OpenAsync(Guid.NewGuid(), "wlan0");
            await player.SendPacketAsync(Radio(Probe(1)), second: 1_700_000_123);
            JsonElement device = await DeviceAsync(server, 1);
            Assert.Equal(!overridden, device.Number("kismet.device.base.first_time") == 1_700_000_123);
            Assert.Equal(overridden, device.Number("kismet.device.base.first_time") >= before);
            Assert.Equal(overridden ? 1 : 0, (await server.Client.AskAsync("/datasource/defaults.json")).Json.Number("kismet.datasourcetracker.default.remote_cap_timestamp"));
        }
    }

    [Fact]
    public async Task What_the_program_says_of_signal_and_place_is_the_packets()
    {
        await using TestServer server = await TestServer.StartAsync();
        await using RemotePlayer player = await ConnectAsync(server);
        _ = await player.OpenAsync(Guid.NewGuid(), "wlan0");
        await player.SendPacketAsync(Probe(1), Ieee80211, signal: (-61, 2_437_000), place: (52.5, 13.25));
        await player.SendPacketAsync(Probe(2), Ieee80211, signal: (-41, 2_462_000), place: (52.6, 13.25));
        foreach ((int number, int signal, int khz, double latitude) in ((int, int, int, double)[])[(1, -61, 2_437_000, 52.5), (2, -41, 2_462_000, 52.6)])
        {
            JsonElement device = await DeviceAsync(server, number);
            Assert.Equal(signal, device.GetProperty("kismet.device.base.signal").Number("kismet.common.signal.last_signal"));
            Assert.Equal(khz, device.Number("kismet.device.base.frequency"));
            JsonElement point = device.GetProperty("kismet.device.base.location").GetProperty("kismet.common.location.last").GetProperty("kismet.common.location.geopoint");
            Assert.Equal([13.25, latitude], point.EnumerateArray().Select(static c => c.GetDouble()));
        }
    }

    [Fact]
    public async Task Commands_reach_the_program()
    {
        await using TestServer server = await TestServer.StartAsync();
        Guid uuid = Guid.NewGuid();
        await using (RemotePlayer player = await ConnectAsync(server))
        {
            _ = await player.OpenAsync(uuid, "wlan0:channel=6", "linuxwifi", "1", "6", "11");
            RemotePlayer.Received fixedOn = await player.ReceiveAsync();
            Assert.Equal((RemotePlayer.ConfigRequest, """{"1":"6"}"""), (fixedOn.Type, fixedOn.Json));
            await player.ReportConfigAsync(fixedOn.Number, "6");
            _ = await SourceAsync(server, uuid, static s => s.Text("kismet.datasource.channel") == "6");

            Task<Answer> tune = CommandAsync(server, uuid, "set_channel", """{"channel":"11"}""");
            RemotePlayer.Received request = await player.ReceiveAsync();
            Assert.Equal((RemotePlayer.ConfigRequest, """{"1":"11"}"""), (request.Type, request.Json));
            await player.ReportConfigAsync(request.Number, "11");
            _ = (await tune).Ok();
            // A cluster's list of sources is a second old.
            _ = await SourceAsync(server, uuid, static s => s.Text("kismet.datasource.channel") == "11");

            Task<Answer> hop = CommandAsync(server, uuid, "set_channel", """{"channels":["1","11"],"rate":3,"shuffle":0}""");
            request = await player.ReceiveAsync();
            Assert.Equal("""{"2":{"1":3,"2":false,"3":0,"4":0,"5":["1","11"],"6":true}}""", request.Json);
            await player.ReportConfigAsync(request.Number, "", "the radio is busy");
            Assert.Equal(HttpStatusCode.InternalServerError, (await hop).Status);
            Assert.Contains("the radio is busy", (await hop).Body, StringComparison.Ordinal);

            _ = (await CommandAsync(server, uuid, "pause_source", "{}")).Ok();
            await player.SendPacketAsync(Radio(Probe(1)));
            // Its answer says that the packet before it has been looked at.
            await player.SendAsync(RemotePlayer.Ping, 0, 77, null);
            Assert.Equal((RemotePlayer.Pong, 77u), await player.ReceiveAsync() is var pong ? (pong.Type, pong.Number) : default);
            _ = await SourceAsync(server, uuid, static s => s.Number("kismet.datasource.paused") == 1);
            _ = (await CommandAsync(server, uuid, "resume_source", "{}")).Ok();
            await player.SendPacketAsync(Radio(Probe(2)));
            _ = await SourceAsync(server, uuid, static s => s.Number("kismet.datasource.num_packets") == 1);

            Task<Answer> close = CommandAsync(server, uuid, "close_source", "{}");
            RemotePlayer.Received end = await player.ReceiveAsync();
            Assert.Equal((RemotePlayer.Shutdown, """{"1":"Source disabled"}"""), (end.Type, end.Json));
            await player.EndsAsync();
            _ = (await close).Ok();
        }
        _ = await SourceAsync(server, uuid, static s => s.Number("kismet.datasource.running") == 0 && s.Text("kismet.datasource.error_reason") == "Source disabled");

        // It comes back by itself, and waits.
        await using RemotePlayer again = await ConnectAsync(server);
        await again.SendNewSourceAsync(uuid, "wlan0:channel=6");
        Task<RemotePlayer.Received> nothing = again.ReceiveAsync();
        await UntilAsync(() => Task.FromResult(again.Pings > 0));
        Assert.False(nothing.IsCompleted);
        Task<Answer> open = UntilOkAsync(() => CommandAsync(server, uuid, "open_source", "{}"));
        RemotePlayer.Received ask = await nothing;
        Assert.Equal(RemotePlayer.OpenRequest, ask.Type);
        await again.SendAsync(RemotePlayer.OpenReport, 1, ask.Number, static (ref MessagePack.MessagePackWriter to) =>
        {
            to.WriteMapHeader(1);
            to.Write(2);
            to.Write(127);
        });
        _ = await open;
        await again.SendPacketAsync(Radio(Probe(3)));
        _ = await SourceAsync(server, uuid, static s => s.Number("kismet.datasource.running") == 1 && s.Number("kismet.datasource.num_packets") == 2);
    }

    [Fact]
    public async Task A_newer_connection_of_a_source_takes_over_and_goes_on_with_its_counts()
    {
        await using TestServer server = await TestServer.StartAsync();
        Guid uuid = Guid.NewGuid();
        await using RemotePlayer first = await ConnectAsync(server);
        _ = await first.OpenAsync(uuid, "wlan0");
        await first.SendPacketAsync(Radio(Probe(1)));
        _ = await SourceAsync(server, uuid, static s => s.Number("kismet.datasource.num_packets") == 1);
        await using RemotePlayer second = await ConnectAsync(server);
        _ = await second.OpenAsync(uuid, "wlan0");
        Assert.Equal((RemotePlayer.Shutdown, """{"1":"a newer connection of this source took over"}"""), await first.ReceiveAsync() is var end ? (end.Type, end.Json) : default);
        await second.SendPacketAsync(Radio(Probe(2)));
        _ = await SourceAsync(server, uuid, static s => s.Number("kismet.datasource.num_packets") == 2 && s.Number("kismet.datasource.running") == 1);
    }

    [Theory]
    [InlineData(RemotePlayer.Error, "no such device", "no such device")]
    [InlineData(RemotePlayer.Shutdown, "unplugged", "the capture program ended: unplugged")]
    public async Task What_goes_wrong_there_is_the_sources_error(int type, string text, string reason)
    {
        await using TestServer server = await TestServer.StartAsync();
        await using RemotePlayer player = await ConnectAsync(server);
        Guid uuid = Guid.NewGuid();
        _ = await player.OpenAsync(uuid, "wlan0");
        // What came before it counts.
        await player.SendPacketAsync(Radio(Probe(1)));
        await player.SendTextAsync(type, text);
        await player.EndsAsync();
        JsonElement source = await SourceAsync(server, uuid, static s => s.Number("kismet.datasource.error") == 1);
        Assert.Equal((reason, 0, 1), (source.Text("kismet.datasource.error_reason"), source.Number("kismet.datasource.running"), source.Number("kismet.datasource.num_packets")));
    }

    [Fact]
    public async Task A_source_that_the_program_cannot_open_says_why()
    {
        await using TestServer server = await TestServer.StartAsync();
        await using RemotePlayer player = await ConnectAsync(server);
        Guid uuid = Guid.NewGuid();
        await player.SendNewSourceAsync(uuid, "wlan7:name=roof");
        RemotePlayer.Received request = await player.ReceiveAsync();
        await player.SendAsync(RemotePlayer.OpenReport, 0, request.Number, static (ref MessagePack.MessagePackWriter to) =>
        {
            to.WriteMapHeader(1);
            to.Write(9);
            to.Write("wlan7: no such interface");
        });
        Assert.Equal(RemotePlayer.Shutdown, (await player.ReceiveAsync()).Type);
        JsonElement source = await SourceAsync(server, uuid, static s => s.Number("kismet.datasource.error") == 1);
        Assert.Equal(("roof", "wlan7: no such interface", 0), (source.Text("kismet.datasource.name"), source.Text("kismet.datasource.error_reason"), source.Number("kismet.datasource.running")));
    }

    public static TheoryData<string, string> Wrong() => new()
    {
        // A frame that says it is longer than any.
        { "DECAFBADA9A9000300003FED0013000000000001", "a frame of 16385 bytes, where 16384 are the most" },
        { "DECAFBADA9A90003FFFFFFFF0013000000000001", "a frame of 4294967315 bytes, where 16384 are the most" },
        { "DECAFBADABCD0002", "version 2 of Kismet's remote capture protocol, where version 3 is needed: its capture programs of 2025 and later have it" },
        { "DECAFBAD0123456700000010", "a version before 2 of Kismet's remote capture protocol, where version 3 is needed: its capture programs of 2025 and later have it" },
        { "DECAFBADA9A90004", "version 4 of Kismet's remote capture protocol, where version 3 is needed: its capture programs of 2025 and later have it" },
        { "474554202F20485454502F312E310D0A", "something that is no frame of Kismet's remote capture" },
        // A packet before its source; a source that is no map; maps in maps without end.
        { "DECAFBADA9A90003000000000010000000000001", "a frame of type 16 before it said what it has" },
        { "DECAFBADA9A900030000000100130000000000" + "0105", "a frame whose content is no MessagePack of this protocol" },
        { "DECAFBADA9A900030000000500130000000000" + "018107" + "C90000", "a frame whose content is no MessagePack of this protocol" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task What_is_none_of_the_protocol_is_told_so_and_ends(string hex, string error)
    {
        await using TestServer server = await TestServer.StartAsync(s_withTcp);
        foreach (bool tcp in (bool[])[true, false])
        {
            await using RemotePlayer player = await ConnectAsync(server, tcp);
            await player.SendAsync(Convert.FromHexString(hex));
            RemotePlayer.Received answer = await player.ReceiveAsync();
            Assert.Equal((RemotePlayer.Error, error), (answer.Type, JsonDocument.Parse(answer.Json).RootElement.GetProperty("1").GetString()));
            await player.EndsAsync();
        }
        Assert.Empty((await server.Client.AskAsync("/datasource/all_sources.json")).List);
    }

    [Theory]
    [InlineData(65_535)]
    [InlineData(70_000)]
    public async Task A_link_type_that_is_none_is_told_so(int linkType)
    {
        await using TestServer server = await TestServer.StartAsync();
        await using RemotePlayer player = await ConnectAsync(server);
        _ = await player.OpenAsync(Guid.NewGuid(), "wlan0");
        await player.SendPacketAsync(Probe(1), linkType);
        RemotePlayer.Received answer = await player.ReceiveAsync();
        Assert.Equal((RemotePlayer.Error, $$"""{"1":"a packet of link type {{linkType}}, which is none"}"""), (answer.Type, answer.Json));
    }

    [Fact]
    public async Task A_value_nested_as_deep_as_a_frame_can_is_passed_over()
    {
        await using TestServer server = await TestServer.StartAsync();
        await using RemotePlayer player = await ConnectAsync(server);
        Guid uuid = Guid.NewGuid();
        _ = await player.OpenAsync(uuid, "wlan0");
        // {99: [[[[…]]]]}
        await player.SendAsync(RemotePlayer.Frame(RemotePlayer.Packet, 0, 9, [0x81, 99, .. Enumerable.Repeat((byte)0x91, 16_300), 0x01]));
        await player.SendPacketAsync(Radio(Probe(1)));
        _ = await SourceAsync(server, uuid, static s => s.Number("kismet.datasource.num_packets") == 1 && s.Number("kismet.datasource.running") == 1);
    }

    [Fact]
    public async Task Keys_of_the_role_and_the_administrator_may_pages_may_not()
    {
        await using TestServer server = await TestServer.StartAsync();
        string sensor = await NewKeyAsync(server, "datasource");
        string reader = await NewKeyAsync(server, "readonly");
        string host = $"http://{server.Address.Host}:{server.Address.Port}";
        await AssertTakenAsync(ConnectAsync(server));
        await AssertTakenAsync(RemotePlayer.ConnectAsync(server.Address, null, $"?KISMET={sensor}", origin: host));
        await AssertTakenAsync(RemotePlayer.ConnectAsync(server.Address, null, $"?user=kismet&password=kismet", origin: host));
        await AssertRefusedAsync(HttpStatusCode.Unauthorized, RemotePlayer.ConnectAsync(server.Address, null, "?KISMET=nothing"));
        await AssertRefusedAsync(HttpStatusCode.Forbidden, RemotePlayer.ConnectAsync(server.Address, null, $"?KISMET={reader}"));
        await AssertRefusedAsync(HttpStatusCode.Forbidden, RemotePlayer.ConnectAsync(server.Address, null, $"?KISMET={sensor}", origin: "http://elsewhere.example"));

        async Task AssertTakenAsync(Task<RemotePlayer> connecting)
        {
            await using RemotePlayer player = await connecting;
            Assert.Equal("""{"1":"wlan0"}""", await player.OpenAsync(Guid.NewGuid(), "wlan0"));
        }

        static async Task AssertRefusedAsync(HttpStatusCode status, Task<RemotePlayer> connecting) =>
            Assert.Equal(status, (await Assert.ThrowsAsync<HttpRequestException>(() => connecting)).StatusCode);
    }

    [Fact]
    public async Task A_key_of_one_sensor_feeds_no_other()
    {
        await using TestServer server = await TestServer.StartAsync();
        Guid own = Guid.NewGuid();
        string key = await NewKeyAsync(server, "datasource", own);
        await using RemotePlayer player = await RemotePlayer.ConnectAsync(server.Address, null, $"?KISMET={key}");
        await player.SendNewSourceAsync(Guid.NewGuid(), "wlan0");
        RemotePlayer.Received answer = await player.ReceiveAsync();
        Assert.Equal((RemotePlayer.Error, """{"1":"the key datasource is for another source"}"""), (answer.Type, answer.Json));
        await using RemotePlayer right = await RemotePlayer.ConnectAsync(server.Address, null, $"?KISMET={key}");
        Assert.Equal("""{"1":"wlan0"}""", await right.OpenAsync(own, "wlan0"));
    }

    [Fact]
    public async Task A_port_that_is_in_use_is_named()
    {
        await using TestServer server = await TestServer.StartAsync(s_withTcp);
        string place = server.App.Services.GetRequiredService<RemoteCaptureListener>().Place.ToString();
        IOException e = await Assert.ThrowsAnyAsync<IOException>(() => TestServer.StartAsync("--Remote:Listen", place));
        Assert.Equal($"{place} is in use; --Remote:Listen chooses another one", e.Message);
        Assert.Equal(2, Enumerable.Count((string[])["3501x", "127.0.0.1"], static wrong => Assert.Throws<ArgumentException>(
            () => new RemoteOptions { Listen = wrong }.ListenAt()).Message.StartsWith($"Remote:Listen: '{wrong}' is no address with a port", StringComparison.Ordinal)));
    }

    private static async Task<RemotePlayer> ConnectAsync(TestServer server, bool tcp = false, int chunk = 0) => tcp
        ? await RemotePlayer.ConnectAsync(server.App.Services.GetRequiredService<RemoteCaptureListener>().Place, chunk)
        : await RemotePlayer.ConnectAsync(server.Address, Requests.Login, chunk: chunk);

    private static byte[] Probe(int number) =>
        Convert.FromHexString("40000000FFFFFFFFFFFF0200000000" + number.ToString("X2", null) + "FFFFFFFFFFFF0000" + "0000" + "010402040B16");

    // The shortest radiotap header.
    private static byte[] Radio(byte[] frame) => [0, 0, 8, 0, 0, 0, 0, 0, .. frame];

    private static async Task<JsonElement> DeviceAsync(TestServer server, int number)
    {
        JsonElement found = default;
        await UntilAsync(async () =>
        {
            JsonElement[] devices = (await server.Client.AskAsync($"/devices/by-mac/02:00:00:00:00:{number:X2}/devices.json")).Ok().List;
            found = devices.Length == 1 ? devices[0] : default;
            return devices.Length == 1;
        });
        return found;
    }

    private static async Task<JsonElement> SourceAsync(TestServer server, Guid uuid, Func<JsonElement, bool> isSo)
    {
        JsonElement found = default;
        await UntilAsync(async () =>
        {
            JsonElement[] all = (await server.Client.AskAsync("/datasource/all_sources.json")).Ok().List;
            found = all.FirstOrDefault(source => Guid.Parse(source.Text("kismet.datasource.uuid")) == uuid);
            return found.ValueKind == JsonValueKind.Object && isSo(found);
        });
        return found;
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(60));
        while (!await isSo())
        {
            await Task.Delay(20, patience.Token);
        }
    }

    private static async Task<Answer> UntilOkAsync(Func<Task<Answer>> askAsync)
    {
        Answer? answer = null;
        await UntilAsync(async () => (answer = await askAsync()).Status == HttpStatusCode.OK);
        return answer!;
    }

    private static Task<Answer> CommandAsync(TestServer server, Guid uuid, string command, string json) =>
        server.Client.CommandAsync($"/datasource/by-uuid/{uuid}/{command}.cmd", json);

    private static async Task<string> NewKeyAsync(TestServer server, string role, Guid? scope = null)
    {
        string bound = scope is { } sensor ? $""","scope": "{sensor}" """ : "";
        Answer answer = await server.Client.CommandAsync("/auth/apikey/generate.cmd", $$"""{"name": "{{role}}","role": "{{role}}","duration": 0{{bound}}}""");
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        return answer.Body.Trim();
    }
}
