using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using KismetOrleans.Api.Tests.Events;
using KismetOrleans.Api.Tests.Sensors.RemoteCapture;
using MessagePack;

namespace KismetOrleans.Api.Tests.Sensors.Reports;

/// <summary>Reports in JSON of SDR programs, by Kismet's remote capture and as lines in a post, are devices of their phys.</summary>
public sealed class ReportLinesTests
{
    private const string Path = "/datasource/remote/rtl_433.cmd";
    private const string Warm = """{"model":"Acme-T1","id":4660,"channel":"A","battery_ok":1,"temperature_C":21.5,"humidity":40,"freq":433.92,"rssi":-0.1,"snr":15.0,"noise":-15.2}""";
    private const string Tyre = """{"model":"Acme-Tyre","type":"TPMS","id":"da22b333","pressure_kPa":220.5,"temperature_C":20.0}""";
    private const string Meter = """{"model":"ERT-SCM","id":22156790,"physical_tamper":2,"ert_type":7,"encoder_tamper":2,"consumption_data":6823922,"freq":915.358}""";

    [Fact]
    public async Task Lines_of_a_post_become_devices_of_their_source_and_are_saved_when_it_is_answered()
    {
        await using TestServer server = await TestServer.StartAsync();
        Answer answer = await PostAsync(server, "?name=garage", $"{Warm}\r\n{Tyre}\n\n{{\"src\":\"SDR\",\"msg\":\"x\"}}\n{Meter}");
        Assert.Equal((HttpStatusCode.OK, """{"status": "Reports accepted", "reports": 3, "unread": 1, "success": true}""" + "\n"), (answer.Status, answer.Body));
        JsonElement warm = await DeviceAsync(server, "RFSENSOR", "Acme-T1-4660");
        Assert.Equal(21.5, warm.GetProperty("sensor.device").GetProperty("sensor.device.thermometer").GetProperty("sensor.device.temperature").GetDouble());
        JsonElement meter = await DeviceAsync(server, "METER", "Electric-22156790");
        Assert.Equal(6_823_922.0, meter.GetProperty("meter.device").GetProperty("meter.device.consumption").GetDouble());
        JsonElement source = await SourceAsync(server, "garage", static s => s.Number("kismet.datasource.num_packets") == 3);
        Assert.Equal(("rtl433", 1), (source.GetProperty("kismet.datasource.type_driver").Text("kismet.datasource.driver.type"), source.Number("kismet.datasource.remote")));
        Assert.Equal(Guid.Parse(source.Text("kismet.datasource.uuid")), Guid.Parse(warm.GetProperty("kismet.device.base.seenby")[0].Text("kismet.common.seenby.uuid")));
        // Again: the same source, and one more packet of the same device.
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(server, "?name=garage", Warm)).Status);
        _ = await SourceAsync(server, "garage", static s => s.Number("kismet.datasource.num_packets") == 4);
    }

    [Fact]
    public async Task Lines_are_taken_while_the_post_goes_on()
    {
        await using TestServer server = await TestServer.StartAsync();
        Pausing body = new(Encoding.UTF8.GetBytes(Warm + "\n" + Tyre[..20]));
        Task<Answer> answer = server.Client.SendAsync(HttpMethod.Post, Path + "?name=roof", body);
        _ = await DeviceAsync(server, "RFSENSOR", "Acme-T1-4660");
        _ = await SourceAsync(server, "roof", static s => s.Number("kismet.datasource.running") == 1);
        Assert.False(answer.IsCompleted);
        body.GoOn(Encoding.UTF8.GetBytes(Tyre[20..]));
        Assert.Equal((HttpStatusCode.OK, 2), ((await answer).Status, (int)(await answer).Json.Number("reports")));
        _ = await DeviceAsync(server, "RFSENSOR", "Acme-Tyre-da22b333");
        _ = await SourceAsync(server, "roof", static s => s.Number("kismet.datasource.running") == 0);
    }

    [Theory]
    [InlineData("", "no json\n", 400, "line 1: no JSON of rtl_433 that tells of a device")]
    [InlineData("?uuid=7", "x", 400, "uuid: expected a UUID, 8-4-4-4-12 hexadecimal digits")]
    [InlineData("", "", 200, "Reports accepted")]
    public async Task What_cannot_be_taken_is_told(string query, string body, int status, string message)
    {
        await using TestServer server = await TestServer.StartAsync();
        Answer answer = await PostAsync(server, query, body);
        Assert.Equal(((HttpStatusCode)status, message), (answer.Status, answer.Json.Text("status")));
    }

    [Fact]
    public async Task A_line_without_an_end_is_passed_over()
    {
        await using TestServer server = await TestServer.StartAsync();
        Answer answer = await PostAsync(server, "?name=long", new string('x', 300_000) + "\n" + Warm + "\n");
        Assert.Equal((HttpStatusCode.OK, 1, 1), (answer.Status, (int)answer.Json.Number("reports"), (int)answer.Json.Number("unread")));
    }

    [Fact]
    public async Task A_capture_programs_reports_become_devices_and_other_kinds_are_said()
    {
        await using TestServer server = await TestServer.StartAsync();
        await using RemotePlayer player = await RemotePlayer.ConnectAsync(server.Address, Requests.Login);
        _ = await player.OpenAsync(Guid.NewGuid(), "rtl433-0:name=sdr", "rtl433");
        await ReportAsync(player, "RTL433", Warm);
        await ReportAsync(player, "RTL433", Meter);
        await ReportAsync(player, "RTLamr", """{"Type":"SCM","Message":{"ID":77,"Type":12,"Consumption":5}}""");
        await ReportAsync(player, "adsb", $$"""{"adsb": "{{Squitter.Line(Squitter.Named(0xABCDEF, "TEST123"))}}"}""");
        await ReportAsync(player, "radiacode", "{}");
        JsonElement warm = await DeviceAsync(server, "RFSENSOR", "Acme-T1-4660");
        Assert.Equal("A", warm.GetProperty("sensor.device").GetProperty("sensor.device.common").Text("sensor.device.subchannel"));
        _ = await DeviceAsync(server, "METER", "Electric-22156790");
        _ = await DeviceAsync(server, "METER", "Gas-77");
        _ = await DeviceAsync(server, "ADSB", "ADSB abcdef TEST123");
        _ = await SourceAsync(server, "sdr", static s => s.Number("kismet.datasource.num_packets") == 4);
        await UntilAsync(async () => (await server.Client.AskAsync("/messagebus/all_messages.json")).Body.Contains("of a kind that this server does not read", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Aircraft_are_named_placed_and_on_the_map()
    {
        await using TestServer server = await TestServer.StartAsync();
        Assert.Equal("""{"kismet.adsb.map.min_lat": 0.0,"kismet.adsb.map.min_lon": 0.0,"kismet.adsb.map.max_lat": 0.0,"kismet.adsb.map.max_lon": 0.0,"kismet.adsb.map.devices": []}""", (await server.Client.AskAsync("/phy/ADSB/map_data.json")).Ok().Body);
        string lines = string.Join('\n', new[]
        {
            Squitter.Named(0xABCDEF, "TEST123"), Squitter.Flying(0xABCDEF, 300, 400), Squitter.At(0xABCDEF, 52.5, 13.25, isOdd: false, 38_000), Squitter.At(0xABCDEF, 52.5, 13.25, isOdd: true, 38_000),
            Squitter.At(0x123456, 52.25, 13.75, isOdd: false, 3_000), Squitter.At(0x123456, 52.25, 13.75, isOdd: true, 3_000), Squitter.AllCall(0x777777),
        }.Select(Squitter.Line));
        using StringContent content = new(lines + "\n*8D0000;\n");
        Answer answer = await server.Client.SendAsync(HttpMethod.Put, "/datasource/remote/rtl_adsb.cmd", content);
        Assert.Equal((HttpStatusCode.OK, 7, 1), (answer.Status, (int)answer.Json.Number("reports"), (int)answer.Json.Number("unread")));
        JsonElement device = await DeviceAsync(server, "ADSB", "ADSB abcdef TEST123");
        JsonElement aircraft = device.GetProperty("adsb.device");
        Assert.Equal(("abcdef", "TEST123", "Unknown", "EF:CD"), (aircraft.Text("adsb.device.icao"), aircraft.Text("adsb.device.callsign"), aircraft.GetProperty("adsb.device.icao_record").Text("adsb.icao.owner"), device.Text("kismet.device.base.macaddr")[..5]));
        JsonElement last = device.GetProperty("kismet.device.base.location").GetProperty("kismet.common.location.last");
        Assert.Equal(
            (52.5, 13.25, 11_582.0, 926.0, 37.0),
            (Math.Round(last.GetProperty("kismet.common.location.geopoint")[1].GetDouble(), 3), Math.Round(last.GetProperty("kismet.common.location.geopoint")[0].GetDouble(), 3),
                Math.Round(last.GetProperty("kismet.common.location.alt").GetDouble()), Math.Round(last.GetProperty("kismet.common.location.speed").GetDouble()), Math.Round(last.GetProperty("kismet.common.location.heading").GetDouble())));
        JsonElement map = (await server.Client.AskAsync("/phy/ADSB/map_data.json")).Ok().Json;
        Assert.Equal(
            (52.25, 13.25, 52.5, 13.75, 3),
            (Math.Round(map.GetProperty("kismet.adsb.map.min_lat").GetDouble(), 3), Math.Round(map.GetProperty("kismet.adsb.map.min_lon").GetDouble(), 3),
                Math.Round(map.GetProperty("kismet.adsb.map.max_lat").GetDouble(), 3), Math.Round(map.GetProperty("kismet.adsb.map.max_lon").GetDouble(), 3), map.GetProperty("kismet.adsb.map.devices").GetArrayLength()));
    }

    [Fact]
    public async Task Aircraft_have_what_the_registry_says_of_them()
    {
        using AircraftRig aircraft = new();
        await using TestServer server = await TestServer.StartAsync("--Aircraft:Registry", aircraft.Registry);
        await AircraftRig.ReportAsync(server);
        await AircraftRig.AssertKnownAsync(server);
    }

    [Fact]
    public async Task Messages_of_aircraft_are_heard_by_websocket()
    {
        await using TestServer server = await TestServer.StartAsync();
        byte[] message = Squitter.Named(0x1A1A1A, "TEST123");
        using StringContent content = new(Squitter.Line(message) + "\n");
        _ = (await server.Client.SendAsync(HttpMethod.Post, "/datasource/remote/rtl_adsb.cmd?name=roof", content)).Ok();
        JsonElement source = await SourceAsync(server, "roof", static s => s.Number("kismet.datasource.num_packets") == 1);
        using SocketClient raw = await SocketClient.OpenAsync(server, "/phy/ADSB/raw.ws");
        using SocketClient beast = await SocketClient.OpenAsync(server, "/phy/ADSB/beast.ws");
        using SocketClient own = await SocketClient.OpenAsync(server, $"/datasource/by-uuid/{source.Text("kismet.datasource.uuid")}/adsb_raw.ws");
        Assert.Equal(HttpStatusCode.NotFound, await SocketClient.RefusedAsync(server, $"/datasource/by-uuid/{Guid.NewGuid()}/adsb_raw.ws", static options => options.SetRequestHeader("Authorization", Requests.Login.ToString())));
        using CancellationTokenSource heard = new();
        // A cluster's silos hear within a second that somebody listens.
        Task sending = Task.Run(async () =>
        {
            while (!heard.IsCancellationRequested)
            {
                using StringContent again = new(Squitter.Line(message) + "\n");
                _ = (await server.Client.SendAsync(HttpMethod.Post, "/datasource/remote/rtl_adsb.cmd?name=roof", again)).Ok();
            }
        });
        byte[] room = new byte[256];
        WebSocketReceiveResult text = await raw.Socket.ReceiveAsync(room, raw.Patience);
        Assert.Equal((WebSocketMessageType.Text, Squitter.Line(message) + "\n"), (text.MessageType, Encoding.ASCII.GetString(room, 0, text.Count)));
        text = await own.Socket.ReceiveAsync(room, own.Patience);
        Assert.Equal(Squitter.Line(message) + "\n", Encoding.ASCII.GetString(room, 0, text.Count));
        WebSocketReceiveResult frame = await beast.Socket.ReceiveAsync(room, beast.Patience);
        Assert.Equal((WebSocketMessageType.Binary, 0x1A, (int)'3'), (frame.MessageType, room[0], room[1]));
        Assert.EndsWith(Convert.ToHexString(message).Replace("1A", "1A1A", StringComparison.Ordinal), Convert.ToHexString(room, 0, frame.Count), StringComparison.Ordinal);
        await heard.CancelAsync();
        await sending;
    }

    private static Task ReportAsync(RemotePlayer player, string type, string json) => player.SendAsync(RemotePlayer.Packet, 0, 1, (ref MessagePackWriter to) =>
    {
        to.WriteMapHeader(1);
        to.Write(5);
        to.WriteMapHeader(4);
        to.Write(1);
        to.Write(type);
        to.Write(2);
        to.Write(1_700_000_000);
        to.Write(3);
        to.Write(5);
        to.Write(4);
        to.Write(json);
    });

    private static async Task<Answer> PostAsync(TestServer server, string query, string body)
    {
        using StringContent content = new(body, Encoding.UTF8, "application/x-ndjson");
        return await server.Client.SendAsync(HttpMethod.Post, Path + query, content);
    }

    internal static async Task<JsonElement> DeviceAsync(TestServer server, string phy, string name)
    {
        JsonElement found = default;
        await UntilAsync(async () =>
        {
            found = (await server.Client.AskAsync($"/devices/views/phy-{phy}/devices.json")).Ok().List.FirstOrDefault(device => device.Text("kismet.device.base.name") == name);
            return found.ValueKind == JsonValueKind.Object;
        });
        return found;
    }

    private static async Task<JsonElement> SourceAsync(TestServer server, string name, Func<JsonElement, bool> isSo)
    {
        JsonElement found = default;
        await UntilAsync(async () =>
        {
            found = (await server.Client.AskAsync("/datasource/all_sources.json")).Ok().List.FirstOrDefault(source => source.Text("kismet.datasource.name") == name);
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

    /// <summary>A body that stands still in its middle.</summary>
    private sealed class Pausing(byte[] first) : HttpContent
    {
        private readonly TaskCompletionSource<byte[]> _rest = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void GoOn(byte[] rest) => _rest.SetResult(rest);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(first);
            await stream.FlushAsync();
            await stream.WriteAsync(await _rest.Task);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
