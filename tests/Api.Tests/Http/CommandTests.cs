using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace KismetOrleans.Api.Tests.Http;

/// <summary>Commands in every encoding that clients use, and the refusal of those that are malformed.</summary>
[Collection(CampusCollection.Name)]
public sealed class CommandTests(Campus campus)
{
    private const string Path = "/devices/views/all/devices.json";
    private const string Mac = """{"fields":["kismet.device.base.macaddr"]}""";
    private readonly HttpClient _client = campus.Client;

    [Theory]
    [InlineData("application/json", Mac)]
    [InlineData("application/json; charset=utf-8", " \r\n" + Mac)]
    [InlineData("application/x-www-form-urlencoded", Mac)]
    [InlineData("application/x-www-form-urlencoded; charset=UTF-8", Mac)]
    [InlineData("text/plain", Mac)]
    [InlineData("application/x-www-form-urlencoded", "json=" + Mac)]
    [InlineData("application/x-www-form-urlencoded; charset=UTF-8", "start=0&json=" + Mac + "&length=5")]
    [InlineData(null, "json=" + Mac)]
    [InlineData("application/json", "\uFEFF" + Mac)]
    [InlineData("application/x-www-form-urlencoded", "\uFEFF" + Mac)]
    [InlineData("application/x-www-form-urlencoded", "json=%EF%BB%BF" + Mac)]
    [InlineData("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"json\"\r\n\r\n" + Mac + "\r\n--x--\r\n")]
    [InlineData("multipart/form-data; boundary=\"x y\"", "--x y\r\ncontent-disposition: form-data; name=json\r\nContent-Type: application/json\r\n\r\n\uFEFF" + Mac + "\r\n--x y--")]
    [InlineData("multipart/form-data; boundary=x", Mac)]
    public async Task Every_encoding_is_understood(string? type, string body)
    {
        JsonElement[] devices = (await PostAsync(body, type)).Ok().List;
        Assert.Equal(campus.Devices.Count, devices.Length);
        Assert.All(devices, static d => Assert.Equal("kismet.device.base.macaddr", Assert.Single(d.EnumerateObject()).Name));
    }

    [Theory]
    [InlineData("a&b=c")]
    [InlineData("1+1=2")]
    [InlineData("100% %41 ; # ? /")]
    [InlineData("json=&json={}")]
    [InlineData("Füße 漢字 \U0001F4F6")]
    public async Task What_is_encoded_in_a_form_arrives_as_it_was(string name)
    {
        string command = $$"""{"fields":[["kismet.device.base.macaddr",{{JsonSerializer.Serialize(name)}}]]}""";
        Answer answer = (await _client.CommandAsync(Path, command)).Ok();
        Assert.All(answer.List, d => Assert.Equal(name, Assert.Single(d.EnumerateObject()).Name));
    }

    [Fact]
    public async Task Plus_is_a_space_in_a_form_and_itself_in_json()
    {
        string form = """json={"fields":[["kismet.device.base.macaddr","a+b"]]}""";
        Assert.Equal("a b", NameOfFirst(await PostAsync(form, "application/x-www-form-urlencoded")));
        Assert.Equal("a+b", NameOfFirst(await PostAsync(form["json=".Length..], "application/json")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("json=")]
    [InlineData("json=+")]
    [InlineData("other=1")]
    [InlineData("json={}")]
    [InlineData("""json={"unknown":{"deep":[1,2,{"x":null}]},"Fields":["a"]}""")]
    [InlineData("""json={"fields":null,"regex":null,"last_time":null}""")]
    [InlineData("""json={"fields":[],"regex":[]}""")]
    public async Task Nothing_asked_for_and_unknown_keys_are_no_error(string body)
    {
        JsonElement[] devices = (await PostAsync(body, "application/x-www-form-urlencoded")).Ok().List;
        Assert.Equal(campus.Devices.Count, devices.Length);
        Assert.True(devices[0].TryGetProperty("kismet.device.base.key", out _));
    }

    [Fact]
    public async Task A_form_of_javascript_brings_its_variables()
    {
        using MultipartFormDataContent form = new() { { new StringContent(Mac), "json" }, { new StringContent("0"), "page" }, { new StringContent("3"), "size" } };
        JsonElement page = (await _client.SendAsync(HttpMethod.Post, Path, form)).Ok().Json;
        Assert.Equal(3, page.GetProperty("data").GetArrayLength());
        Assert.All(page.GetProperty("data").EnumerateArray(), static d => Assert.Equal("kismet.device.base.macaddr", Assert.Single(d.EnumerateObject()).Name));
        using MultipartFormDataContent wrong = new() { { new StringContent("{not json"), "json" } };
        Answer refused = await _client.SendAsync(HttpMethod.Post, Path, wrong);
        Assert.StartsWith("Invalid request: json: line 1, byte 2: ", refused.Body, StringComparison.Ordinal);
        using MultipartFormDataContent nothing = new() { { new StringContent("1"), "other" } };
        Assert.Equal(campus.Devices.Count, (await _client.SendAsync(HttpMethod.Post, Path, nothing)).Ok().List.Length);
    }

    [Theory]
    [InlineData("multipart/form-data", "--x\r\n", "form: multipart/form-data without boundary")]
    [InlineData("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"json\"\r\n\r\n{}", "form: no valid multipart/form-data: ")]
    [InlineData("multipart/form-data; boundary=x", "json=%7B%7D", "form: no valid multipart/form-data: ")]
    [InlineData("multipart/form-data; boundary=x", "--x\r\nno header\r\n\r\n{}\r\n--x--", "form: no valid multipart/form-data: ")]
    public async Task A_form_that_is_none_is_refused(string type, string body, string message)
    {
        Answer answer = await PostAsync(body, type);
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.StartsWith("Invalid request: " + message, answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_body_of_a_get_is_ignored()
    {
        using StringContent body = new("{not json", Encoding.UTF8, "application/json");
        Answer answer = (await _client.SendAsync(HttpMethod.Get, Path, body)).Ok();
        Assert.True(answer.List[0].TryGetProperty("kismet.device.base.key", out _));
    }

    [Theory]
    [InlineData("{not json", "json: line 1, byte 2: ")]
    [InlineData("{\"fields\":\n [\"a\",]}", "json: line 2, byte 7: ")]
    [InlineData("""{"fields":["a"]} more""", "json: line 1, byte 18: ")]
    [InlineData("""{"fields":["a" """, "json: line 1, byte ")]
    [InlineData("[]", "json: expected a dictionary, got Array")]
    [InlineData("\"text\"", "json: expected a dictionary, got String")]
    [InlineData("5", "json: expected a dictionary, got Number")]
    [InlineData("null", "json: expected a dictionary, got Null")]
    [InlineData("""{"fields":"a"}""", "fields: expected an array")]
    [InlineData("""{"fields":{"a":1}}""", "fields: expected an array")]
    [InlineData("""{"fields":["a",5]}""", "fields[1]: expected a string or [path, name]")]
    [InlineData("""{"fields":[["a"]]}""", "fields[0]: expected a string or [path, name]")]
    [InlineData("""{"fields":[["a","b","c"]]}""", "fields[0]: expected a string or [path, name]")]
    [InlineData("""{"fields":[["a",null]]}""", "fields[0]: expected a string or [path, name]")]
    [InlineData("""{"fields":["a",""]}""", "fields[1]: empty path")]
    [InlineData("""{"fields":["//"]}""", "fields[0]: empty path")]
    [InlineData("""{"fields":["\udfff"]}""", "fields[0]: not valid Unicode")]
    [InlineData("""{"x":{"y":["\ud800"]}}""", "x.y[0]: not valid Unicode")]
    [InlineData("""{"\ud800":1}""", "json: not valid Unicode")]
    [InlineData("""{"last_time":"soon"}""", "last_time: expected a number of seconds")]
    [InlineData("""{"last_time":[1]}""", "last_time: expected a number of seconds")]
    [InlineData("""{"regex":"a"}""", "Invalid regex: expected an array")]
    [InlineData("""{"regex":["a"]}""", "Invalid regex: regex[0]: expected [field, pattern]")]
    [InlineData("""{"regex":[["a","b"],["a","("]]}""", "Invalid regex: regex[1]: ")]
    public async Task A_malformed_command_is_refused_with_the_place(string command, string place)
    {
        foreach (string path in (string[])[Path, "/devices/summary/devices.json", "/devices/by-phy/IEEE802.11/devices.ekjson"])
        {
            Answer answer = await _client.CommandAsync(path, command);
            Assert.Equal((HttpStatusCode.BadRequest, "application/json"), (answer.Status, answer.ContentType));
            Assert.StartsWith("Invalid request: " + place, answer.Body, StringComparison.Ordinal);
            Assert.EndsWith("\n", answer.Body, StringComparison.Ordinal);
            Assert.Equal(answer.Body, (await PostAsync(command, "application/json", path)).Body);
        }
    }

    [Fact]
    public async Task Depth_is_bounded()
    {
        (await _client.CommandAsync(Path, Nested(32))).Ok();
        Answer deeper = await _client.CommandAsync(Path, Nested(33));
        Assert.Equal(HttpStatusCode.BadRequest, deeper.Status);
        Answer deepest = await PostAsync("{\"a\":" + new string('[', 500_000), "application/json");
        Assert.Equal(HttpStatusCode.BadRequest, deepest.Status);
    }

    [Fact]
    public async Task The_number_of_fields_and_their_lengths_are_bounded()
    {
        (await _client.CommandAsync(Path, Fields(1000))).Ok();
        (await _client.CommandAsync(Path, Fields(10_000))).Refused("fields: more than 1000 fields");
        (await _client.CommandAsync(Path, $$"""{"fields":["{{new string('a', 1025)}}"]}""")).Refused("fields[0]: longer than 1024 characters");
        string deep = string.Join('/', Enumerable.Repeat("a", 17));
        (await _client.CommandAsync(Path, $$"""{"fields":["{{deep}}"]}""")).Refused("fields[0]: more than 16 names in a path");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_is_taken_up_to_one_mebibyte(bool chunked)
    {
        const int limit = 1024 * 1024;
        string largest = "{\"x\":\"" + new string('a', limit - 8) + "\"}";
        Assert.Equal(limit, largest.Length);
        (await PostAsync(largest, "application/json", chunked: chunked)).Ok();
        (await PostAsync(largest + " ", "application/json", chunked: chunked))
            .Page(HttpStatusCode.RequestEntityTooLarge, "413 Payload Too Large");
        // And the server goes on.
        (await _client.AskAsync("/system/timestamp.json")).Ok();
    }

    private static string NameOfFirst(Answer answer) => answer.Ok().List[0].EnumerateObject().Single().Name;

    private static string Fields(int count) =>
        $$"""{"fields":[{{string.Join(',', Enumerable.Range(0, count).Select(static i => $"[\"kismet.device.base.key\",\"k{i}\"]"))}}]}""";

    private static string Nested(int depth) => "{\"a\":" + new string('[', depth - 1) + new string(']', depth - 1) + "}";

    private Task<Answer> PostAsync(string body, string? type, string path = Path, bool chunked = false)
    {
        HttpContent content = chunked ? new StreamContent(new Unsized(Encoding.UTF8.GetBytes(body))) : new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.ContentType = type is null ? null : MediaTypeHeaderValue.Parse(type);
        return _client.SendAsync(HttpMethod.Post, path, content);
    }

    /// <summary>A stream that does not tell its length, so that it is sent in chunks.</summary>
    private sealed class Unsized(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
