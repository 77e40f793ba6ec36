using System.Net;
using System.Text;
using System.Text.Json;
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
        await ReportAsync(player, "radiacode", "{}");
        JsonElement warm = await DeviceAsync(server, "RFSENSOR", "Acme-T1-4660");
        Assert.Equal("A", warm.GetProperty("sensor.device").GetProperty("sensor.device.common").Text("sensor.device.subchannel"));
        _ = await DeviceAsync(server, "METER", "Electric-22156790");
        _ = await DeviceAsync(server, "METER", "Gas-77");
        _ = await SourceAsync(server, "sdr", static s => s.Number("kismet.datasource.num_packets") == 3);
        await UntilAsync(async () => (await server.Client.AskAsync("/messagebus/all_messages.json")).Body.Contains("of a kind that this server does not read", StringComparison.Ordinal));
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

    private static async Task<JsonElement> DeviceAsync(TestServer server, string phy, string name)
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
