using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;

namespace KismetOrleans.Api.Tests.Endpoints;

/// <summary>Scan reports posted to the real server, in the forms and sizes that clients send, and what queries show of them.</summary>
public sealed class ScanTests
{
    private const string WiFi = "/phy/phy80211/scan/scan_report.cmd";
    private const string Bluetooth = "/phy/phybluetooth/scan/scan_report.cmd";
    private const string Uuid = "00000000-0000-0000-0000-AABBCCDD0001";
    private const string Report = """{"timestamp":1700000100,"ssid":"campus","bssid":"00:11:22:33:44:01","capabilities":"[WPA2-PSK-CCMP][ESS]","channel":"6","signal":-50}""";

    [Fact]
    public async Task A_report_is_shown_by_the_device_queries_and_by_its_datasource()
    {
        await using TestServer server = await TestServer.StartAsync();
        Accepted(await server.Client.CommandAsync(WiFi, Envelope(Report)));
        JsonElement device = (await server.Client.AskAsync("/devices/by-mac/00:11:22:33:44:01/devices.json")).Ok().List.Single();
        Assert.Equal("campus", device.Text("kismet.device.base.commonname"));
        Assert.Equal("WPA2 WPA2-PSK AES-CCMP", device.Text("kismet.device.base.crypt"));
        Assert.Equal(1700000100, device.Number("kismet.device.base.first_time"));
        Assert.Equal(1700000100, device.Number("kismet.device.base.last_time"));
        JsonElement seen = device.GetProperty("kismet.device.base.seenby").EnumerateArray().Single();
        Assert.Equal(Uuid, seen.Text("kismet.common.seenby.uuid"));
        JsonElement source = await CountedAsync(server, 1);
        Assert.Equal("lobby", source.Text("kismet.datasource.name"));
        Assert.Equal("virtual", source.Text("kismet.datasource.capture_interface"));
        Assert.Equal("IEEE80211 scan", source.Text("kismet.datasource.hardware"));
        Assert.Equal(0, source.Number("kismet.datasource.running"));
        JsonElement view = (await server.Client.AskAsync("/devices/views/all_views.json")).Ok().List
            .Single(static v => v.Text("kismet.devices.view.id") == $"seenby-{Uuid}");
        Assert.Equal(1, view.Number("kismet.devices.view.size"));
        JsonElement channels = (await server.Client.AskAsync("/channels/channels.json")).Ok().Json.GetProperty("kismet.channeltracker.channel_map");
        Assert.Equal("6", channels.GetProperty("6").Text("kismet.channelrec.channel"));
    }

    [Fact]
    public async Task A_Bluetooth_report_is_shown_too_and_its_source_takes_the_name_that_it_has_last()
    {
        await using TestServer server = await TestServer.StartAsync();
        Accepted(await server.Client.CommandAsync(Bluetooth, Envelope("""{"btaddr":"AA:BB:CC:00:00:02","name":"tag","signal":-70}""")));
        Accepted(await server.Client.CommandAsync(Bluetooth, Envelope("""{"btaddr":"AA:BB:CC:00:00:02"}""").Replace("lobby", "hall", StringComparison.Ordinal)));
        JsonElement device = (await server.Client.AskAsync("/devices/by-mac/AA:BB:CC:00:00:02/devices.json")).Ok().List.Single();
        Assert.Equal("B603E01100000000_20000CCBBAA", device.Text("kismet.device.base.key"));
        Assert.Equal(2, device.Number("kismet.device.base.packets.total"));
        JsonElement source = (await server.Client.AskAsync("/datasource/all_sources.json")).Ok().List.Single();
        Assert.Equal("hall", source.Text("kismet.datasource.name"));
        Assert.Equal("Bluetooth/BTLE Scan", source.Text("kismet.datasource.hardware"));
    }

    [Fact]
    public async Task A_post_with_a_report_id_is_known_when_it_is_repeated()
    {
        await using TestServer server = await TestServer.StartAsync();
        // Wherever in the dictionary it stands, and in either kind of list.
        string last = Envelope(Report)[..^1] + ",\"report_id\":\"7f-1\"}";
        string first = "{\"report_id\":\"7f-2\"," + Envelope("{\"btaddr\":\"AA:BB:CC:00:00:02\",\"name\":\"tag\"}")[1..];
        for (int i = 0; i < 3; i++)
        {
            Accepted(await server.Client.CommandAsync(WiFi, last));
            Accepted(await server.Client.CommandAsync(Bluetooth, first));
        }
        Assert.Equal(1, (await server.Client.AskAsync("/devices/by-mac/00:11:22:33:44:01/devices.json")).Ok().List.Single().Number("kismet.device.base.packets.total"));
        Assert.Equal(1, (await server.Client.AskAsync("/devices/by-mac/AA:BB:CC:00:00:02/devices.json")).Ok().List.Single().Number("kismet.device.base.packets.total"));
        _ = await CountedAsync(server, 2);
        Refused(await server.Client.CommandAsync(WiFi, last.Replace("7f-1", new string('x', 129), StringComparison.Ordinal)), 400, "report_id: longer than 128 bytes");
    }

    [Theory]
    [InlineData("/phy/phy80211/scan/scan_report.json")]
    [InlineData("/phy//phy80211//scan/scan_report.cmd")]
    public async Task Other_spellings_of_the_path_are_taken(string path)
    {
        await using TestServer server = await TestServer.StartAsync();
        Accepted(await server.Client.CommandAsync(path, Envelope(Report)));
    }

    [Fact]
    public async Task Forms_encoded_or_not_and_bare_json_are_taken()
    {
        await using TestServer server = await TestServer.StartAsync();
        string json = Envelope(Report.Replace("PSK-CCMP", "PSK-TKIP+CCMP", StringComparison.Ordinal));
        Accepted(await server.Client.CommandAsync(WiFi, json, ("start", "0")));
        foreach ((string body, string type) in new[]
        {
            ($"json={json}", "application/x-www-form-urlencoded"), ($"json={json}&start=0", "application/x-www-form-urlencoded"),
            (json, "application/json"), (json + "\n", "application/json"), (json, "text/plain"),
        })
        {
            Accepted(await PostAsync(server, WiFi, Encoding.UTF8.GetBytes(body), type));
        }
        JsonElement device = (await server.Client.AskAsync("/devices/by-mac/00:11:22:33:44:01/devices.json")).List.Single();
        Assert.Equal(6, device.Number("kismet.device.base.packets.total"));
        Assert.Equal("WPA2 WPA2-PSK TKIP AES-CCMP", device.Text("kismet.device.base.crypt"));
    }

    [Fact]
    public async Task Forms_of_javascript_and_marks_before_utf8_are_taken()
    {
        await using TestServer server = await TestServer.StartAsync();
        string envelope = Envelope(Report);
        using MultipartFormDataContent form = new() { { new StringContent(envelope), "json" } };
        Accepted(await server.Client.SendAsync(HttpMethod.Post, WiFi, form));
        Accepted(await PostAsync(server, WiFi, Encoding.UTF8.GetBytes("\uFEFF" + envelope), "application/json"));
        Accepted(await PostAsync(server, WiFi, Encoding.UTF8.GetBytes("json=" + Uri.EscapeDataString("\uFEFF" + envelope)), "application/x-www-form-urlencoded"));
        using MultipartFormDataContent wrong = new() { { new StringContent("{"), "json" } };
        Assert.Equal(System.Net.HttpStatusCode.BadRequest, (await server.Client.SendAsync(HttpMethod.Post, WiFi, wrong)).Status);
        Refused(await PostAsync(server, WiFi, "--x\r\n"u8.ToArray(), "multipart/form-data"), 400, "form: multipart/form-data without boundary");
        _ = await CountedAsync(server, 3);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    public async Task Compressed_bodies_are_taken(string encoding)
    {
        await using TestServer server = await TestServer.StartAsync();
        Accepted(await PostAsync(server, WiFi, Compress(Encoding.UTF8.GetBytes(Envelope(Report)), encoding), "application/json", encoding));
        Assert.Single((await server.Client.AskAsync("/devices/views/all/devices.json")).List);
    }

    [Theory]
    [InlineData("{not json", 400, "json: not valid JSON at line 1, byte 2")]
    [InlineData("", 400, "json: missing")]
    [InlineData("json=", 400, "json: missing")]
    [InlineData("{\"source_uuid\": \"no\", \"source_name\": \"x\", \"reports\": []}", 400, "source_uuid: expected a UUID, 8-4-4-4-12 hexadecimal digits")]
    [InlineData("json={\"source_uuid\": \"" + Uuid + "\", \"source_name\": \"x\", \"reports\": []}x", 400, "json: something follows the dictionary")]
    public async Task What_cannot_be_taken_is_refused_with_one_object(string body, int status, string message)
    {
        await using TestServer server = await TestServer.StartAsync();
        Refused(await PostAsync(server, WiFi, Encoding.UTF8.GetBytes(body), "application/json"), status, message);
    }

    [Fact]
    public async Task A_list_with_one_bad_entry_changes_nothing()
    {
        await using TestServer server = await TestServer.StartAsync();
        string bad = Envelope([.. Enumerable.Repeat(Report, 17), Report.Replace("-50", "\"loud\"", StringComparison.Ordinal)]);
        Refused(await server.Client.CommandAsync(WiFi, bad), 400, "reports[17].signal: expected a number");
        Assert.Empty((await server.Client.AskAsync("/devices/views/all/devices.json")).List);
        Assert.Empty((await server.Client.AskAsync("/datasource/all_sources.json")).List);
    }

    [Fact]
    public async Task A_message_with_the_clients_words_is_still_json()
    {
        await using TestServer server = await TestServer.StartAsync();
        Answer answer = await server.Client.CommandAsync(WiFi, Envelope("""{"bssid":"00:11:22:33:44:01","tags":{"a\"\\\u0000<":1}}"""));
        Assert.Equal("reports[0].tags.a\"\\\0<: expected a text", answer.Json.Text("status"));
    }

    [Fact]
    public async Task Ten_megabytes_are_taken_and_more_is_not()
    {
        await using TestServer server = await TestServer.StartAsync();
        string json = Envelope([.. Enumerable.Range(0, 80_000).Select(static i => $$"""{"bssid":"00:11:22:{{i >> 16:x2}}:{{(i >> 8) & 255:x2}}:{{i & 255:x2}}","lat":1.5,"lon":2.5,"ssid":"net"}""")]);
        byte[] large = Encoding.UTF8.GetBytes(json + new string(' ', (10 * 1024 * 1024) - json.Length));
        Accepted(await PostAsync(server, WiFi, Compress(large, "gzip"), "application/json", "gzip"));
        Accepted(await PostAsync(server, WiFi, large, "application/json"));
        Answer devices = await server.Client.CommandAsync("/devices/views/all/devices.json", """{"fields":["kismet.device.base.key"]}""");
        Assert.Equal(80_000, devices.Ok().List.Length);
        byte[] larger = [.. large, (byte)' '];
        Refused(await PostAsync(server, WiFi, Compress(larger, "gzip"), "application/json", "gzip"), 413, "body: more than 10485760 bytes");
        Refused(await PostAsync(server, WiFi, larger, "application/json"), 413, "body: more than 10485760 bytes");
        // A bomb: a thousand times what it was.
        Refused(await PostAsync(server, WiFi, Compress(new byte[100 * 1024 * 1024], "br"), "application/json", "br"), 413, "body: more than 10485760 bytes");
    }

    [Fact]
    public async Task Encodings_that_are_not_what_they_say_are_refused()
    {
        await using TestServer server = await TestServer.StartAsync();
        byte[] json = Encoding.UTF8.GetBytes(Envelope(Report));
        Refused(await PostAsync(server, WiFi, json, "application/json", "gzip"), 400, "body: not valid gzip");
        Refused(await PostAsync(server, WiFi, json, "application/json", "zstd"), 415, "body: Content-Encoding is not gzip, deflate or br");
        byte[] cut = Compress(json, "gzip")[..40];
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync(server, WiFi, cut, "application/json", "gzip")).Status);
    }

    [Fact]
    public async Task Get_is_not_allowed()
    {
        await using TestServer server = await TestServer.StartAsync();
        (await server.Client.AskAsync(WiFi)).Page(HttpStatusCode.MethodNotAllowed, "405 Method Not Allowed");
    }

    [Fact]
    public async Task With_keys_in_the_settings_a_key_is_needed()
    {
        await using TestServer server = await TestServer.StartAsync("--Ingest:Keys:0:Name", "phone", "--Ingest:Keys:0:Key", "s3cret-of-a-phone", "--Ingest:Keys:0:Rate", "1");
        Answer answer = await server.Anonymous.CommandAsync(WiFi, Envelope(Report));
        Refused(answer, 401, "a key is needed");
        Assert.Equal("Basic realm=\"Kismet\"", answer.Message.Headers.WwwAuthenticate.ToString());
        Accepted(await server.Client.CommandAsync(WiFi + "?KISMET=s3cret-of-a-phone", Envelope([.. Enumerable.Repeat(Report, 100)])));
        Answer late = await server.Client.CommandAsync(WiFi + "?KISMET=s3cret-of-a-phone", Envelope(Report));
        Refused(late, 429, "too many reports of phone");
        Assert.InRange(late.Message.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 60, 91);
    }

    private static void Accepted(Answer answer)
    {
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Body);
        Assert.Equal("{\"status\": \"Scan report accepted\", \"success\": true}\n", answer.Body);
        Assert.Equal("application/json", answer.ContentType);
    }

    private static void Refused(Answer answer, int status, string message)
    {
        Assert.Equal("application/json", answer.ContentType);
        Assert.Equal(((HttpStatusCode)status, message, JsonValueKind.False), (answer.Status, answer.Json.Text("status"), answer.Json.GetProperty("success").ValueKind));
    }

    // A cluster's servers hear of each other's sources within a second.
    private static async Task<JsonElement> CountedAsync(TestServer server, long packets)
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(10));
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(20));
        while (true)
        {
            JsonElement source = (await server.Client.AskAsync($"/datasource/by-uuid/{Uuid}/source.json")).Ok().Json;
            if (source.Number("kismet.datasource.num_packets") == packets)
            {
                return source;
            }
            _ = await timer.WaitForNextTickAsync(patience.Token);
        }
    }

    private static Task<Answer> PostAsync(TestServer server, string path, byte[] body, string type, string? encoding = null)
    {
        ByteArrayContent content = new(body);
        content.Headers.ContentType = new(type);
        if (encoding is not null)
        {
            content.Headers.ContentEncoding.Add(encoding);
        }
        return server.Client.SendAsync(HttpMethod.Post, path, content);
    }

    private static byte[] Compress(byte[] bytes, string encoding)
    {
        MemoryStream to = new();
        using (Stream stream = encoding switch
        {
            "gzip" => new GZipStream(to, CompressionLevel.Fastest),
            "deflate" => new ZLibStream(to, CompressionLevel.Fastest),
            _ => new BrotliStream(to, CompressionLevel.Fastest),
        })
        {
            stream.Write(bytes);
        }
        return to.ToArray();
    }

    private static string Envelope(params string[] reports) =>
        $$"""{"source_uuid":"{{Uuid}}","source_name":"lobby","reports":[{{string.Join(",", reports)}}]}""";
}
