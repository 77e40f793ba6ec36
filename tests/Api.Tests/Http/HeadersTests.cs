using System.Net;

namespace KismetOrleans.Api.Tests.Http;

/// <summary>Headers of every answer, paths as Kismet reads them, and the pages of errors.</summary>
[Collection(CampusCollection.Name)]
public sealed class HeadersTests(Campus campus)
{
    private readonly HttpClient _client = campus.Client;

    [Theory]
    [InlineData("/system/status.json", 200)]
    [InlineData("/devices/all_devices.ekjson", 200)]
    [InlineData("/system/tracked_fields.html", 200)]
    [InlineData("/no/such/page.json", 404)]
    [InlineData("/devices/by-key/x/device.json", 500)]
    [InlineData("/devices/multimac/devices.json", 405)]
    public async Task Every_answer_is_kismets_and_not_to_be_kept(string path, int status)
    {
        Answer answer = await _client.AskAsync(path);
        Assert.Equal(status, (int)answer.Status);
        HttpResponseMessage message = answer.Message;
        Assert.Equal("Kismet", message.Headers.Server.ToString());
        Assert.Equal("no-cache", message.Headers.CacheControl?.ToString());
        Assert.Equal("no-cache", message.Headers.Pragma.ToString());
        Assert.Equal(new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero), message.Content.Headers.Expires);
        TimeSpan age = DateTimeOffset.UtcNow - message.Content.Headers.LastModified!.Value;
        Assert.InRange(age, TimeSpan.FromSeconds(-1), TimeSpan.FromSeconds(5));
    }

    [Theory]
    [InlineData("//system/timestamp.json")]
    [InlineData("/system//timestamp.json")]
    [InlineData("///system////timestamp.json")]
    public async Task Slashes_collapse(string path)
    {
        Answer answer = await _client.AskAsync($"{_client.BaseAddress!.GetLeftPart(UriPartial.Authority)}{path}");
        Assert.True(answer.Ok().Json.TryGetProperty("kismet.system.timestamp.sec", out _));
        string list = "/devices//views///all/devices.json";
        Assert.Equal(campus.Devices.Count, (await _client.CommandAsync(list, """{"fields":["kismet.device.base.key"]}""")).Ok().List.Length);
    }

    [Theory]
    [InlineData("/no/such/page.json", "&#x2F;no&#x2F;such&#x2F;page.json")]
    [InlineData("/no", "&#x2F;no")]
    [InlineData("/%3Cscript%3Ealert(1)%3C/script%3E", "&#x2F;&lt;script&gt;alert(1)&lt;&#x2F;script&gt;")]
    [InlineData("/devices/views/%22%26'/devices.json", "&#x2F;devices&#x2F;views&#x2F;&quot;&amp;&#39;&#x2F;devices.json")]
    public async Task An_unknown_path_is_echoed_harmlessly(string path, string echo)
    {
        Answer answer = await _client.AskAsync(path);
        answer.NotFound();
        Assert.Equal($"<html><head><title>404 Not Found</title></head><body><h1>404 Not Found</h1><p><code>{echo}</code></p></body></html>", answer.Body);
        (await _client.CommandAsync(path, "{}")).NotFound();
    }

    [Fact]
    public async Task A_wrong_verb_is_told_which_ones_there_are()
    {
        Answer answer = await _client.SendAsync(HttpMethod.Put, "/system/status.json", null);
        answer.Page(HttpStatusCode.MethodNotAllowed, "405 Method Not Allowed");
        Assert.Equal(["GET", "POST"], answer.Message.Content.Headers.Allow.Order());
    }
}
