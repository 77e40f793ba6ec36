using System.Net;
using System.Text.Json;
using KismetOrleans.Api.Tests.Sensors;
using KismetOrleans.Packets.Protocol;

namespace KismetOrleans.Api.Tests.Control;

/// <summary>Sensors look for networks by name, and one stays where it is until there is a handshake.</summary>
public sealed class SsidScanTests
{
    private const string Status = "/phy/phy80211/ssidscan/status.json";
    private const string Config = "/phy/phy80211/ssidscan/config.cmd";
    private const string Radiotap6 = "00000D00280000008509" + "0000CE";
    private const string Ap = "02000000CA01";
    private const string Client = "02000000CC01";
    private const string Key = "AAAA03000000888E0103";
    private static readonly string s_zeros = new('0', 80);
    private static readonly string s_nonce = string.Concat(Enumerable.Repeat("5A", 32));

    [Fact]
    public async Task A_sensor_stays_on_the_channel_of_a_target_until_its_handshake_is_there()
    {
        await using TestServer server = await TestServer.StartAsync();
        HttpClient client = server.Client;
        Guid uuid = Guid.NewGuid();
        await using RawSensor sensor = await RawSensor.ConnectAsync(server.Address, null, RawSensor.Hello(uuid, RawSensor.Now()) with { Definition = "wlan0", Channels = ["1", "6", "11"] });
        Health hopping = new() { Running = true, Hopping = true, HopRate = 5, HopChannels = ["1", "6", "11"], Channel = "1" };
        await sensor.SendAsync(hopping);
        _ = await RawSensor.KnownAsync(server, uuid);
        JsonElement set = (await client.CommandAsync(
            Config, $$"""{"ssidscan_enabled":true,"target_ssids":["^cam.us$"],"locking_datasources":["{{uuid}}"],"min_scan_seconds":0,"max_capture_seconds":600}""")).Ok().Json;
        Assert.Equal(1, set.Number("dot11.ssidscan.enabled"));

        // A beacon of "campus" on channel 6, and one of another network on its own.
        await sensor.SendRadioAsync($"{Radiotap6}80000000FFFFFFFFFFFF02000000CA0202000000CA0200000000000000000000640011040004686F6D65010402040B16030106");
        await sensor.SendRadioAsync($"{Radiotap6}80000000FFFFFFFFFFFF{Ap}{Ap}000000000000000000006400110400" + "0663616D707573010402040B16030106");
        Order stay = await OrderAsync(sensor);
        Assert.Equal((OrderKind.SetChannel, "6"), (stay.Kind, stay.Channel));
        await sensor.SendAsync(hopping with { Hopping = false, Channel = "6" });
        await sensor.SendAsync(new OrderResult(stay.Id, ""));
        JsonElement one = Assert.Single((await client.AskAsync(Status)).Ok().Json.GetProperty("dot11.ssidscan.locks").EnumerateArray().ToArray());
        Assert.Equal($"{uuid} 02:00:00:00:CA:01 campus 6", $"{Guid.Parse(one.Text("dot11.ssidscan.lock.datasource"))} {one.Text("dot11.ssidscan.lock.device")} {one.Text("dot11.ssidscan.lock.ssid")} {one.Text("dot11.ssidscan.lock.channel")}");

        // Messages 1 and 2.
        await sensor.SendRadioAsync($"{Radiotap6}08020000{Client}{Ap}{Ap}1000{Key}005F02008A00100000000000000001{s_nonce}{s_zeros}{new string('0', 16)}0000");
        await sensor.SendRadioAsync($"{Radiotap6}08010000{Ap}{Client}{Ap}1000{Key}006302010A00100000000000000001{s_nonce}{s_zeros}{new string('A', 16)}000430020100");
        Order on = await OrderAsync(sensor);
        Assert.Equal(OrderKind.SetHop, on.Kind);
        await sensor.SendAsync(hopping);
        await sensor.SendAsync(new OrderResult(on.Id, ""));
        Assert.Empty((await client.AskAsync(Status)).Ok().Json.GetProperty("dot11.ssidscan.locks").EnumerateArray());
    }

    [Fact]
    public async Task What_is_set_is_told_and_what_is_not_given_stays()
    {
        await using TestServer server = await TestServer.StartAsync();
        HttpClient client = server.Client;
        Assert.Equal("off 30 30 1: ", Text((await client.AskAsync(Status)).Ok().Json));
        Guid uuid = Guid.NewGuid(), other = Guid.NewGuid();
        _ = (await client.CommandAsync(Config, $$"""{"target_ssids":["a","b"],"locking_datasources":["{{uuid}}"],"hopping_datasources":["{{other}}"],"max_capture_seconds":40}""")).Ok();
        _ = (await client.CommandAsync(Config, """{"min_scan_seconds":5,"ignore_after_handshake":false,"restrict_log_filters":false}""")).Ok();
        JsonElement status = (await client.AskAsync(Status)).Ok().Json;
        Assert.Equal("off 40 5 0: a b", Text(status));
        Assert.Equal([$"{uuid}", $"{other}"], status.GetProperty("dot11.ssidscan.datasources").EnumerateArray().Select(static one => one.GetString()!.ToLowerInvariant()));
        Assert.Equal($"{uuid}", Assert.Single(status.GetProperty("dot11.ssidscan.locking_datasources").EnumerateArray().ToArray()).GetString()!.ToLowerInvariant());
        _ = (await client.CommandAsync(Config, """{"ssidscan_enabled":true}""")).Ok();
        Assert.Equal("on 40 5 0: a b", Text((await client.AskAsync(Status)).Ok().Json));
    }

    [Fact]
    public async Task What_is_wrong_is_told()
    {
        await using TestServer server = await TestServer.StartAsync();
        HttpClient client = server.Client;
        (await client.CommandAsync(Config, """{"ssidscan_enabled":true}""")).Refused("ssidscan_enabled: target_ssids and locking_datasources are needed");
        (await client.CommandAsync(Config, """{"ssidscan_enabled":1}""")).Refused("ssidscan_enabled: expected true or false");
        (await client.CommandAsync(Config, """{"target_ssids":"a"}""")).Refused("target_ssids: expected a list of up to 32 texts");
        (await client.CommandAsync(Config, """{"target_ssids":["a",""]}""")).Refused("target_ssids[1]: expected a text");
        (await client.CommandAsync(Config, """{"locking_datasources":["x"]}""")).Refused("locking_datasources[0]: not a UUID");
        (await client.CommandAsync(Config, """{"max_capture_seconds":0}""")).Refused("max_capture_seconds: expected a whole number from 1 to 86400");
        (await client.CommandAsync(Config, """{"restrict_log_filters":true}""")).Refused("restrict_log_filters: not done here; what logs leave out is set with /filters/…");
        Assert.Equal(HttpStatusCode.BadRequest, (await client.CommandAsync(Config, """{"target_ssids":["("]}""")).Status);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await client.AskAsync(Config)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.Anonymous.CommandAsync(Config, "{}")).Status);
        Assert.Equal("off 30 30 1: ", Text((await client.AskAsync(Status)).Ok().Json));
    }

    private static async Task<Order> OrderAsync(RawSensor sensor)
    {
        Assert.True(MessageReader.TryRead((await sensor.ReceiveAsync(EdgeMessageType.Order)).Span, out Order order));
        return order;
    }

    private static string Text(JsonElement status) =>
        $"{(status.Number("dot11.ssidscan.enabled") == 1 ? "on" : "off")} {status.Number("dot11.ssidscan.max_cap_seconds")} {status.Number("dot11.ssidscan.min_scan_seconds")} "
        + $"{status.Number("dot11.ssidscan.ignore_after_handshake")}: {string.Join(' ', status.GetProperty("dot11.ssidscan.targets").EnumerateArray())}";
}
