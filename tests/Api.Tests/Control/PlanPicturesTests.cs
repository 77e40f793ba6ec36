using System.Net;
using System.Text.Json;

namespace KismetOrleans.Api.Tests.Control;

/// <summary>Pictures of floors: sent, put on a floor, shown to who may read.</summary>
public sealed class PlanPicturesTests
{
    private const string Pictures = "/places/pictures";

    [Fact]
    public async Task A_picture_is_sent_put_on_a_floor_and_shown()
    {
        await using TestServer server = await TestServer.StartAsync();
        byte[] bytes = Png(800, 400, 1_500_000);
        JsonElement sent = (await PostAsync(server.Client, bytes)).Ok().Json;
        Assert.Equal((800, 400), (sent.Number("width"), sent.Number("height")));
        string id = sent.Text("picture");
        // Not before a floor has it.
        Assert.Equal(HttpStatusCode.NotFound, (await server.Client.AskAsync($"{Pictures}/{id}")).Status);
        (await PutAsync(server.Client, id)).Ok();
        JsonElement plan = (await server.Client.AskAsync("/places/all.json")).Ok().Json.GetProperty("buildings")[0].GetProperty("floors")[0].GetProperty("plan");
        Assert.Equal(0.05, plan.GetProperty("fit").Real("scale"));
        using HttpResponseMessage shown = await server.Client.GetAsync($"{Pictures}/{id}");
        Assert.Equal((HttpStatusCode.OK, "image/png"), (shown.StatusCode, shown.Content.Headers.ContentType!.ToString()));
        Assert.Equal(bytes, await shown.Content.ReadAsByteArrayAsync());
        Assert.Equal("nosniff", shown.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Contains("sandbox", shown.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.True(shown.Headers.CacheControl!.Private);
        using HttpRequestMessage again = new(HttpMethod.Get, $"{Pictures}/{id}");
        again.Headers.IfNoneMatch.Add(shown.Headers.ETag!);
        using HttpResponseMessage same = await server.Client.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);
    }

    [Fact]
    public async Task What_is_no_picture_or_not_there_is_refused()
    {
        await using TestServer server = await TestServer.StartAsync();
        (await PostAsync(server.Client, "<svg xmlns='http://www.w3.org/2000/svg'/>"u8.ToArray())).Refused("body: expected a PNG or JPEG picture; make one of a plan that is SVG or PDF");
        (await PostAsync(server.Client, Png(9000, 10, 100))).Refused("body: the picture is 9000 by 10 pixels, 8192 a side are the most");
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await PostAsync(server.Client, Png(10, 10, (4 * 1024 * 1024) + 1))).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await PostAsync(server.Anonymous, Png(10, 10, 100))).Status);
        string id = new('a', 64);
        (await PutAsync(server.Client, id)).Refused($"picture: there is no picture '{id}', or it was of no floor for a day; send it again");
        Assert.Equal(0, (await server.Client.AskAsync("/places/all.json")).Ok().Json.Number("version"));
    }

    internal static byte[] Png(uint width, uint height, int length)
    {
        byte[] bytes = new byte[length];
        Convert.FromHexString($"89504E470D0A1A0A0000000D49484452{width:X8}{height:X8}0802000000").CopyTo(bytes, 0);
        return bytes;
    }

    internal static Task<Answer> PostAsync(HttpClient client, byte[] bytes) => client.SendAsync(HttpMethod.Post, Pictures, new ByteArrayContent(bytes));

    internal static Task<Answer> PutAsync(HttpClient client, string id) => client.SendAsync(HttpMethod.Put, "/places/all.json", new StringContent($$$"""
        {"buildings": [{"name": "B", "lat": 1, "lon": 2, "floors": [{"floor": 0, "plan": {"picture": "{{{id}}}", "width": 800, "height": 400,
          "points": [{"px": 0, "py": 400, "x": 0, "y": 0}, {"px": 800, "py": 400, "x": 40, "y": 0}]}}]}]}
        """));
}
