using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace KismetOrleans.Api.Tests.Endpoints;

/// <summary>What clients made for Kismet send, as they send it: paths and bodies of both generations, and what they read of the answers.</summary>
[Collection(CampusCollection.Name)]
public sealed class StockClientsTests(Campus campus)
{
    private const string Ago = "-2000000000";
    private readonly HttpClient _client = campus.Client;

    // python-kismet-rest, its legacy class, scripts with curl: by GET.
    [Theory]
    [InlineData("/alerts/last-time/0.0/alerts.itjson", Form.Lines)]
    [InlineData("/alerts/wrapped/last-time/0.0/alerts.json", Form.Object)]
    [InlineData("/alerts/all_alerts.json", Form.List)]
    [InlineData("/messagebus/last-time/0.0/messages.json", Form.Object)]
    [InlineData("/system/status.json", Form.Object)]
    [InlineData("/system/timestamp.json", Form.Object)]
    [InlineData("/system/user_status.json", Form.Object)]
    [InlineData("/datasource/all_sources.itjson", Form.Lines)]
    [InlineData("/datasource/all_sources.json", Form.List)]
    [InlineData("/datasource/list_interfaces.itjson", Form.Lines)]
    [InlineData("/gps/location.json", Form.Object)]
    [InlineData("/channels/channels.json", Form.Object)]
    [InlineData("/packetchain/packet_stats.json", Form.Object)]
    [InlineData("/plugins/all_plugins.json", Form.List)]
    [InlineData("/radiation/sensors/all_sensors.json", Form.Object)]
    [InlineData("/dynamic.json", Form.Object)]
    [InlineData("/auth/apikey/list.json", Form.List)]
    [InlineData("/devices/all_devices.itjson", Form.Lines)]
    [InlineData("/devices/all_devices.ekjson", Form.Lines)]
    [InlineData("/devices/last-time/" + Ago + "/devices.json", Form.List)]
    [InlineData("/devices/last-time/" + Ago + "/devices.tjson", Form.List)]
    [InlineData("/devices/views/all_views.json", Form.List)]
    [InlineData("/devices/views/all/devices.json", Form.List)]
    [InlineData("/devices/views/phy-IEEE802.11/devices.json", Form.List)]
    [InlineData("/devices/views/phydot11_accesspoints/devices.json", Form.List)]
    [InlineData("/devices/views/phydot11_accesspoints/last-time/" + Ago + "/devices.json", Form.List)]
    [InlineData("/devices/by-mac/{mac}/devices.json", Form.List)]
    [InlineData("/devices/by-key/{key}/device.json", Form.Object)]
    [InlineData("/devices/by-key/{key}/device.json/kismet.device.base.signal", Form.Object)]
    public Task Questions_by_GET(string path, Form form) => HoldsAsync(_client.AskAsync(campus.Fill(path)), form);

    // The same clients by POST: the form variable json, "{}" where they have nothing to say.
    [Theory]
    [InlineData("/devices/last-time/" + Ago + "/devices.itjson", """{"fields":["kismet.device.base.macaddr"],"regex":[["kismet.device.base.type","^Wi-Fi AP$"]]}""", Form.Lines)]
    [InlineData("/devices/by-key/{key}/device.json", "{}", Form.Object)]
    [InlineData("/devices/by-key/{key}/device.json/kismet.device.base.signal", "{}", Form.Object)]
    [InlineData("/devices/by-mac/{mac}/devices.json", "{}", Form.List)]
    [InlineData("/devices/multimac/devices.itjson", """{"devices":["{mac}"]}""", Form.Lines)]
    [InlineData("/devices/multikey/as-object/devices.json", """{"devices":["{key}"],"fields":["kismet.device.base.commonname"]}""", Form.Object)]
    [InlineData("/devices/views/phydot11_accesspoints/devices.itjson", """{"last_time":-2000000000}""", Form.Lines)]
    [InlineData("/devices/summary/devices.json", """{"fields":["kismet.device.base.macaddr"],"regex":[["kismet.device.base.macaddr","."]]}""", Form.List)]
    [InlineData("/phy/phy80211/clients-of/{ap}/clients.itjson", "{}", Form.Lines)]
    [InlineData("/phy/phy80211/ssids/views/ssids.json", """{"fields":["dot11.ssidgroup.ssid"]}""", Form.List)]
    [InlineData("/packetchain/packet_stats.json", """{"fields":["kismet.packetchain.packets_rrd/kismet.common.rrd.last_time"]}""", Form.Object)]
    [InlineData("/alerts/alerts_view.json", "{}", Form.List)]
    public Task Questions_by_POST(string path, string json, Form form)
    {
        string ap = campus.Devices.Values.First(static one => one.TryGetProperty("dot11.device", out JsonElement dot11)
            && dot11.TryGetProperty("dot11.device.associated_client_map", out JsonElement clients) && clients.EnumerateObject().Any())
            .Text("kismet.device.base.key");
        return HoldsAsync(_client.CommandAsync(campus.Fill(path).Replace("{ap}", ap, StringComparison.Ordinal), campus.Fill(json)), form);
    }

    [Fact]
    public async Task Home_Assistant_asks_for_the_last_signal_of_some_addresses()
    {
        string mac = campus.Devices.Values.First(static one => one.TryGetProperty("kismet.device.base.signal", out _)).Text("kismet.device.base.macaddr");
        JsonElement device = Assert.Single((await _client.CommandAsync(
            "/devices/multimac/devices.json",
            $$"""{"fields":["kismet.device.base.macaddr","kismet.device.base.last_time","kismet.device.base.signal/kismet.common.signal.last_signal",["kismet.device.base.manuf","maker"]],"devices":["{{mac}}"]}""")).Ok().List);
        Assert.Equal(["kismet.device.base.macaddr", "kismet.device.base.last_time", "kismet.common.signal.last_signal", "maker"], device.EnumerateObject().Select(static one => one.Name));
        Assert.InRange(device.Number("kismet.common.signal.last_signal"), -120, -1);
        JsonElement status = (await _client.AskAsync("/system/status.json")).Ok().Json;
        Assert.Equal(campus.Devices.Count, status.Number("kismet.system.devices.count"));
        Assert.True(status.Number("kismet.system.timestamp.start_sec") > 0 && status.Number("kismet.system.memory.rss") > 0);
    }

    [Fact]
    public async Task Elastics_agent_reads_names_with_underscores()
    {
        JsonElement device = (await _client.AskAsync($"/devices/last-time/{Ago}/devices.tjson")).Ok().List[0];
        Assert.Equal(17, device.Text("kismet_device_base_macaddr").Length);
        Assert.DoesNotContain(device.EnumerateObject(), static field => field.Name.Contains('.', StringComparison.Ordinal));
    }

    [Fact]
    public async Task Kismets_web_page_asks_for_pages_in_a_form()
    {
        JsonElement page = (await _client.CommandAsync(
            "/devices/views/all/devices.json", """{"fields":["kismet.device.base.commonname"]}""",
            ("page", "0"), ("length", "5"), ("sort", "kismet.device.base.last_time"), ("sort_dir", "desc"), ("search", ""))).Ok().Json;
        Assert.Equal(5, page.GetProperty("data").GetArrayLength());
        Assert.Equal(campus.Devices.Count, page.Number("last_row"));
        Assert.Equal((campus.Devices.Count + 4) / 5, page.Number("last_page"));
    }

    [Fact]
    public async Task A_shell_loop_posts_raw_JSON_with_a_password()
    {
        await using TestServer server = await TestServer.StartAsync();
        using HttpRequestMessage request = new(HttpMethod.Post, "/phy/phy80211/scan/scan_report.cmd")
        {
            Content = new StringContent(
                """{"source_name":"router","source_uuid":"AAAAAAAA-0000-0000-0000-AABBCCDD0001","reports":[{"ssid":"x","bssid":"00:11:22:33:44:55","channel":"6","signal":-40}]}""",
                Encoding.UTF8, new MediaTypeHeaderValue("application/x-www-form-urlencoded")),
            Headers = { Authorization = Requests.Login },
        };
        using HttpResponseMessage response = await server.Anonymous.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.True(JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("success").GetBoolean());

        // python-kismet-rest defines without class and severity, and raises under the name as it was written.
        Assert.Equal(HttpStatusCode.OK, (await server.Client.CommandAsync(
            "/alerts/definitions/define_alert.cmd", """{"name":"ScaryAlert","description":"Scary","throttle":"10/min","burst":"1/sec"}""")).Status);
        Assert.Equal("Alert raised", (await server.Client.CommandAsync("/alerts/raise_alert.cmd", """{"name":"ScaryAlert","text":"Very scary"}""")).Body);
    }

    private static async Task HoldsAsync(Task<Answer> asked, Form form)
    {
        Answer answer = (await asked).Ok();
        switch (form)
        {
            case Form.Lines:
                Assert.All(answer.Lines, static line => Assert.Equal(JsonValueKind.Object, line.ValueKind));
                break;
            case Form.List:
                Assert.Equal(JsonValueKind.Array, answer.Json.ValueKind);
                break;
            default:
                Assert.Equal(JsonValueKind.Object, answer.Json.ValueKind);
                break;
        }
    }

    /// <summary>What an answer is.</summary>
    public enum Form
    {
        /// <summary>An array.</summary>
        List,

        /// <summary>An object.</summary>
        Object,

        /// <summary>One object a line.</summary>
        Lines,
    }
}
