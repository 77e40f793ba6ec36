using System.Text.Json;

namespace KismetOrleans.Api.Tests.Events;

/// <summary>Positions by websocket, each answered; and the echo.</summary>
public sealed class PositionSocketTests
{
    private const string Ok = """{"update": "ok"}""";
    private const string Error = """{"update": "error"}""";

    [Fact]
    public async Task Positions_count_and_what_is_none_is_an_error()
    {
        await using TestServer server = await TestServer.StartAsync("--Gps:0", "web:name=browser", "--Gps:1", "meta:name=car");
        using SocketClient web = await SocketClient.OpenAsync(server, "/gps/web/update.ws");
        foreach (string wrong in (string[])["nonsense", "{}", """{"lat":52.5}""", """{"lat":"north","lon":1}""", """{"lat":91,"lon":1}"""])
        {
            Assert.Equal(Error, await AskAsync(web, wrong));
        }
        Assert.Equal(Ok, await AskAsync(web, """{"lat":52.5,"lon":13.25}"""));
        Assert.Equal(Ok, await AskAsync(web, """{"lat":52.75,"lon":13.25,"alt":30,"spd":4}"""));
        JsonElement here = (await server.Client.AskAsync("/gps/location.json")).Ok().Json;
        Assert.Equal([13.25, 52.75], here.GetProperty("kismet.common.location.geopoint").EnumerateArray().Select(static n => n.GetDouble()));
        using SocketClient car = await SocketClient.OpenAsync(server, "/gps/meta/car/update.ws");
        Assert.Equal(Ok, await AskAsync(car, """{"lat":1,"lon":2}"""));
        using SocketClient bus = await SocketClient.OpenAsync(server, "/gps/meta/bus/update.ws");
        Assert.Equal(Error, await AskAsync(bus, """{"lat":1,"lon":2}"""));
    }

    [Fact]
    public async Task Without_a_web_gps_a_position_is_an_error()
    {
        await using TestServer server = await TestServer.StartAsync();
        using SocketClient web = await SocketClient.OpenAsync(server, "/gps/web/update.ws");
        Assert.Equal(Error, await AskAsync(web, """{"lat":52.5,"lon":13.25}"""));
    }

    [Fact]
    public async Task The_echo_says_what_it_hears()
    {
        await using TestServer server = await TestServer.StartAsync();
        using SocketClient echo = await SocketClient.OpenAsync(server, "/debug/echo.ws");
        foreach (string text in (string[])["hello", "", "Grüße, 世界", new string('x', 60_000)])
        {
            Assert.Equal(text, await AskAsync(echo, text));
        }
    }

    private static async Task<string?> AskAsync(SocketClient client, string text)
    {
        await client.SendAsync(text);
        return await client.ReceiveAsync();
    }
}
