using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json;
using KismetOrleans.Api.Tests.Sensors;

namespace KismetOrleans.Api.Tests.Attacks;

/// <summary>Made-up addresses and times fill nothing but what is for passing devices.</summary>
public sealed class FloodTests
{
    private const int Most = 2000;
    private const string Report = "/phy/phy80211/scan/scan_report.cmd";
    private const string Own = "02:AA:00:00:00:01";
    private const string Named = "02:AA:00:00:00:02";
    private const string Tagged = "02:AA:00:00:00:03";
    private static readonly string[] s_known = [Named, Own, Tagged];

    [Fact]
    public async Task The_bound_holds_under_a_flood_of_one_phone_and_those_that_matter_stay()
    {
        await using TestServer server = await TestServer.StartAsync(
            "--Tracking:MaxDevices", $"{Most}", "--Alerts:ApSpoof:campus:Ssid", "^campus$", "--Alerts:ApSpoof:campus:Macs:0", Own);
        Assert.Equal(200, await ReportAsync(server, s_known));
        foreach ((string address, string command, string text) in ((string, string, string)[])[(Named, "set_name", "username"), (Tagged, "set_tag", "tagvalue")])
        {
            string key = await KeyOfAsync(server, address);
            string json = command == "set_name" ? $$"""{"{{text}}":"mine"}""" : $$"""{"tagname":"owner","{{text}}":"mine"}""";
            (await server.Client.CommandAsync($"/devices/by-key/{key}/{command}.cmd", json)).Ok();
        }
        for (int post = 0; post < 20; post++)
        {
            Assert.Equal(200, await ReportAsync(server, Enumerable.Range(post * 1000, 1000).Select(static i => $"06:00:00:{i >> 16:X2}:{(i >> 8) & 255:X2}:{i & 255:X2}")));
            Assert.InRange(await CountAsync(server), 1, Most);
        }
        Assert.InRange(await CountAsync(server), Most * 98 / 100, Most);
        foreach (string address in s_known)
        {
            Assert.NotEmpty(await KeyOfAsync(server, address));
        }
    }

    [Fact]
    public async Task Times_of_the_future_are_those_of_receipt_and_told_as_a_sensors_skew()
    {
        await using TestServer server = await TestServer.StartAsync();
        long before = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        Guid uuid = Guid.NewGuid();
        await using (RawSensor sensor = await RawSensor.ConnectAsync(server.Address, null, new() { Uuid = uuid, BootId = 1, Name = "liar", Driver = "linuxwifi" }))
        {
            await sensor.SendAsync(uint.MaxValue * 1_000_000_000L, Probe(1), Probe(2));
            await sensor.SavedAsync();
            JsonElement source = await SourceAsync(server, uuid);
            Assert.InRange(source.GetProperty("kismet.datasource.sensor.clock_skew").GetDouble(), 1e9, uint.MaxValue);
            Assert.Contains("ahead of the server's clock", source.Text("kismet.datasource.warning"), StringComparison.Ordinal);
        }
        JsonElement[] devices = [.. (await server.Client.AskAsync("/devices/views/all/devices.json")).Ok().List];
        Assert.Equal(2, devices.Length);
        foreach (JsonElement device in devices)
        {
            Assert.InRange(device.Number("kismet.device.base.last_time"), before, before + 60);
        }
    }

    // A cluster's list of sources is a second old.
    private static async Task<JsonElement> SourceAsync(TestServer server, Guid uuid)
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(20));
        while (true)
        {
            Answer answer = await server.Client.AskAsync($"/datasource/by-uuid/{uuid}/source.json");
            if ((int)answer.Status == 200 && answer.Json.Text("kismet.datasource.warning").Length > 0)
            {
                return answer.Json;
            }
            await Task.Delay(50, patience.Token);
        }
    }

    private static byte[] Probe(byte last)
    {
        byte[] frame = Convert.FromHexString("40000000FFFFFFFFFFFF020000000000FFFFFFFFFFFF0000" + "0000" + "010402040B16");
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(14), last);
        return frame;
    }

    private static async Task<int> ReportAsync(TestServer server, IEnumerable<string> addresses)
    {
        string reports = string.Join(',', addresses.Select(static address => $$"""{"bssid":"{{address}}","ssid":"x","channel":"6","signal":-60}"""));
        using StringContent content = new(
            $$"""{"source_uuid":"5FE308BD-0000-0000-0000-00000000F100","source_name":"phone","reports":[{{reports}}]}""", Encoding.UTF8, "application/json");
        return (int)(await server.Anonymous.SendAsync(HttpMethod.Post, Report, content)).Status;
    }

    private static async Task<long> CountAsync(TestServer server) =>
        (await server.Client.CommandAsync("/devices/views/all/devices.json", """{"fields":["kismet.device.base.macaddr"]}""")).Ok().List.Count();

    private static async Task<string> KeyOfAsync(TestServer server, string address) =>
        Assert.Single((await server.Client.AskAsync(string.Create(CultureInfo.InvariantCulture, $"/devices/by-mac/{address}/devices.json"))).Ok().List).Text("kismet.device.base.key");
}
