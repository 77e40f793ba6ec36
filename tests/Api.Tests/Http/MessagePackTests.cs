using System.Globalization;
using System.Net;
using System.Text.Json;
using MessagePack;

namespace KismetOrleans.Api.Tests.Http;

/// <summary>Records as MessagePack: what JSON says, in the other form.</summary>
[Collection(CampusCollection.Name)]
public sealed class MessagePackTests(Campus campus)
{
    [Theory]
    [MemberData(nameof(FormatTests.Paths), MemberType = typeof(FormatTests))]
    public async Task Every_record_is_there(string path, bool list)
    {
        (HttpStatusCode status, string? type, byte[] body) = await AskAsync(HttpMethod.Get, campus.Fill(path), null);
        Assert.Equal((HttpStatusCode.OK, "application/msgpack"), (status, type));
        Assert.Equal(list ? MessagePackType.Array : MessagePackType.Map, new MessagePackReader(body).NextMessagePackType);
        Assert.NotNull(MessagePackSerializer.Deserialize<object?>(body));
    }

    [Theory]
    [InlineData("/datasource/types", null)]
    [InlineData("/datasource/defaults", null)]
    [InlineData("/devices/views/all_views", null)]
    [InlineData("/devices/views/all/devices", """{"fields":["kismet.device.base.macaddr","kismet.device.base.frequency","kismet.device.base.packets.total","kismet.device.base.commonname"]}""")]
    public async Task It_says_what_json_says(string path, string? command)
    {
        FormUrlEncodedContent? form = command is null ? null : new([KeyValuePair.Create("json", command)]);
        (_, _, byte[] body) = await AskAsync(command is null ? HttpMethod.Get : HttpMethod.Post, path, form);
        JsonElement json = command is null ? (await campus.Client.AskAsync(path + ".json")).Ok().Json : (await campus.Client.CommandAsync(path + ".json", command)).Ok().Json;
        AssertSame(json, MessagePackSerializer.Deserialize<object?>(body));
    }

    private static void AssertSame(JsonElement json, object? formed)
    {
        switch (formed)
        {
            case Dictionary<object, object?> map:
                Assert.Equal(json.EnumerateObject().Select(static field => field.Name), map.Keys.Cast<string>());
                Assert.All(json.EnumerateObject(), field => AssertSame(field.Value, map[field.Name]));
                break;
            case object?[] list:
                Assert.Equal(json.GetArrayLength(), list.Length);
                Assert.All(json.EnumerateArray().Zip(list), static pair => AssertSame(pair.First, pair.Second));
                break;
            case string text:
                Assert.Equal(json.GetString(), text);
                break;
            default:
                Assert.Equal(json.GetDouble(), Convert.ToDouble(formed, CultureInfo.InvariantCulture));
                break;
        }
    }

    [Theory]
    [InlineData("/devices/views/nothing/devices", 404, "text/html")]
    [InlineData("/devices/by-key/nonsense/device", 500, "application/json")]
    [InlineData("/nothing", 404, "text/html")]
    public async Task What_is_no_record_is_answered_as_ever(string path, int status, string type)
    {
        (HttpStatusCode answered, string? contentType, byte[] body) = await AskAsync(HttpMethod.Get, path, null);
        Answer json = await campus.Client.AskAsync(path + ".json");
        Assert.Equal((status, type), ((int)answered, contentType));
        Assert.Equal((json.Status, json.ContentType), (answered, contentType));
        Assert.NotEmpty(body);
    }

    [Fact]
    public async Task More_than_its_bound_is_refused_with_the_way_to_go()
    {
        await using TestServer server = await TestServer.StartAsync();
        const int Posts = 12;
        for (int post = 0; post < Posts; post++)
        {
            string reports = string.Join(",", Enumerable.Range(post * 1000, 1000).Select(
                static i => $$"""{"bssid":"02:AA:00:00:{{i >> 8:X2}}:{{i & 255:X2}}","ssid":"phone","capabilities":"[ESS]","freqkhz":2437000,"signal":-60}"""));
            using StringContent body = new(
                $$"""{"source_uuid":"00000000-0000-0000-0000-AABBCCDD0001","source_name":"phone","reports":[{{reports}}]}""", null, "application/json");
            using HttpResponseMessage posted = await server.Client.PostAsync("/phy/phy80211/scan/scan_report.cmd", body);
            Assert.True(posted.IsSuccessStatusCode);
        }
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(60));
        while ((await server.Client.CommandAsync("/devices/views/all/devices.json", """{"fields":["kismet.device.base.key"]}""")).List.Length < Posts * 1000)
        {
            await Task.Delay(50, patience.Token);
        }
        Answer answer = await server.Client.AskAsync("/devices/views/all/devices.msgpack");
        answer.QueryError("more than 16 MB; ask for a window of the list, or for fewer fields");
        Assert.Equal("application/msgpack", (await server.Client.CommandAsync("/devices/views/all/devices.msgpack", """{"fields":["kismet.device.base.key"]}""")).ContentType);
    }

    private async Task<(HttpStatusCode Status, string? Type, byte[] Body)> AskAsync(HttpMethod method, string path, HttpContent? content)
    {
        using HttpRequestMessage request = new(method, path + ".msgpack") { Content = content };
        using HttpResponseMessage answer = await campus.Client.SendAsync(request);
        return (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType, await answer.Content.ReadAsByteArrayAsync());
    }
}
