using System.Net;
using System.Text;
using System.Text.Json;
using KismetOrleans.Api.Tests.Sensors;

namespace KismetOrleans.Api.Tests.Control;

/// <summary>Sites, buildings, floors and zones: read and replaced as a whole; sources stand by them.</summary>
public sealed class PlacesTests
{
    private const string Json = "/places/all.json", Geo = "/places/all.geojson";
    private const string Empty = """{"version":0,"sites":[],"buildings":[],"sensors":[]}""";

    [Fact]
    public async Task The_document_is_replaced_by_who_knows_the_one_before()
    {
        await using TestServer server = await TestServer.StartAsync();
        Assert.Equal(Empty, (await server.Client.AskAsync(Json)).Ok().Body);
        long first = (await PutAsync(server.Client, Json, Building(52.5))).Ok().Json.Number("version");
        Assert.InRange(first, DateTimeOffset.UtcNow.AddHours(-1).ToUnixTimeMilliseconds(), DateTimeOffset.UtcNow.AddHours(1).ToUnixTimeMilliseconds());
        string read = (await server.Client.AskAsync(Json)).Ok().Body;
        Assert.Equal(first, JsonDocument.Parse(read).RootElement.Number("version"));
        // It names version 0 still.
        (await PutAsync(server.Client, Json, Building(53))).Error(HttpStatusCode.Conflict, $"ERROR: version: the places have been changed, they are of version {first} now");
        Assert.Equal(read, (await server.Client.AskAsync(Json)).Ok().Body);

        Answer geo = await server.Client.AskAsync(Geo);
        Assert.Equal((HttpStatusCode.OK, "application/geo+json"), (geo.Status, geo.ContentType));
        long second = (await PutAsync(server.Client, Geo, geo.Body)).Ok().Json.Number("version");
        Assert.True(second > first);
        Assert.Equal(read.Replace($"{first}", $"{second}", StringComparison.Ordinal), (await server.Client.AskAsync(Json)).Ok().Body);
        // As another program writes it, which knows no versions.
        long third = (await PutAsync(server.Client, $"{Geo}?version={second}", """{"type":"FeatureCollection","features":[]}""")).Ok().Json.Number("version");
        Assert.Equal(Empty.Replace("\"version\":0", $"\"version\":{third}", StringComparison.Ordinal), (await server.Client.AskAsync(Json)).Ok().Body);
        Assert.Contains((await server.Client.AskAsync("/messagebus/last-time/0/messages.json")).Ok().Json.GetProperty("kismet.messagebus.list").EnumerateArray(), message =>
            message.Text("kismet.messagebus.message_string") == $"Places: changed by 'administrator' to version {first} (1 sites, 1 buildings, 1 zones, 0 sensors)");
    }

    [Fact]
    public async Task What_is_of_no_use_is_refused_and_who_may_not_is_too()
    {
        await using TestServer server = await TestServer.StartAsync();
        (await PutAsync(server.Client, Json, """{"sites":[{"name":""}]}""")).Refused("sites[0].name: expected 1 to 100 characters, without blanks around them");
        (await PutAsync(server.Client, Json + "?version=x", "{}")).Refused("version: expected a whole number");
        (await PutAsync(server.Client, Geo, "{}")).Refused("json: expected a FeatureCollection");
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await PutAsync(server.Client, Json, new string(' ', 1024 * 1024) + "{}")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await PutAsync(server.Anonymous, Json, "{}")).Status);
        string key = (await server.Client.CommandAsync("/auth/apikey/generate.cmd", """{"name": "viewer", "role": "readonly", "duration": 0}""")).Body;
        using HttpClient viewer = Requests.NewClient(server.Address, TimeSpan.FromSeconds(30));
        viewer.DefaultRequestHeaders.Authorization = new("Bearer", key);
        Assert.Equal(Empty, (await viewer.AskAsync(Json)).Ok().Body);
        Assert.Equal(HttpStatusCode.Forbidden, (await PutAsync(viewer, Json, "{}")).Status);
    }

    [Fact]
    public async Task Sources_stand_where_the_places_say_and_move_with_them()
    {
        await using TestServer server = await TestServer.StartAsync("--Buildings:B", "60,10,30");
        await using RawSensor hall = await ConnectAsync(server, "wlan0:place=B:2:0,1113.2,7");
        await using RawSensor put = await ConnectAsync(server, "wlan0:place=1,1");
        await PlacedAsync(server, hall, "10 60.01");
        await PlacedAsync(server, put, "1 1");
        long version = (await PutAsync(server.Client, Json, Building(52.5))).Ok().Json.Number("version");
        await PlacedAsync(server, hall, "13.25 52.51");
        await PlacedAsync(server, put, "1 1");
        version = (await PutAsync(server.Client, Json, Building(53, $$"""{"uuid":"{{put.Uuid}}","building":"B","floor":2,"x":0,"y":2226.4}""", version))).Ok().Json.Number("version");
        await PlacedAsync(server, hall, "13.25 53.01");
        JsonElement source = await PlacedAsync(server, put, "13.25 53.02");
        Assert.Equal(("B", 2), (source.Text("kismet.datasource.place.building"), source.Number("kismet.datasource.place.floor")));
        // What it hears is there, too.
        await put.SendRadioAsync("00000D0028000000" + "6C090000CE" + "80000000FFFFFFFFFFFF02000000300102000000300100000000000000000000640001000002686F010402040B16");
        await put.SavedAsync();
        JsonElement device = Assert.Single((await server.Client.AskAsync("/devices/views/all/devices.json")).Ok().List);
        Assert.Equal("13.25 53.02", PlaceOf(device.GetProperty("kismet.device.base.location").GetProperty("kismet.common.location.last")));
    }

    private static string Building(double latitude, string sensors = "", long version = 0) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $$"""
        {"version":{{version}},"sites":[{"name":"Campus"}],"buildings":[{"name":"B","site":"Campus","lat":{{latitude}},"lon":13.25,"floors":[
          {"floor":2,"height":7,"zones":[{"name":"Lab","polygon":[[0,0],[10,0],[10,10.5],[0,10]]}]}]}],"sensors":[{{sensors}}]}
        """);

    private static Task<RawSensor> ConnectAsync(TestServer server, string definition) =>
        RawSensor.ConnectAsync(server.Address, null, RawSensor.Hello(Guid.NewGuid(), RawSensor.Now()) with { Definition = definition });

    private static Task<Answer> PutAsync(HttpClient client, string path, string body) => client.SendAsync(HttpMethod.Put, path, new StringContent(body, Encoding.UTF8, "application/json"));

    private static async Task<JsonElement> PlacedAsync(TestServer server, RawSensor sensor, string place)
    {
        using CancellationTokenSource timeout = new(TimeSpan.FromSeconds(20));
        string found = "";
        while (true)
        {
            JsonElement source = (await RawSensor.KnownAsync(server, sensor.Uuid)).Single();
            if (source.TryGetProperty("kismet.datasource.place.location", out JsonElement location) && (found = PlaceOf(location)) == place)
            {
                return source;
            }
            try
            {
                await Task.Delay(50, timeout.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"it is at {found}, not at {place}");
            }
        }
    }

    // Degrees east and north.
    private static string PlaceOf(JsonElement location) => string.Join(' ', location.GetProperty("kismet.common.location.geopoint").EnumerateArray()
        .Select(static n => Math.Round(n.GetDouble(), 6).ToString(System.Globalization.CultureInfo.InvariantCulture)));
}
