using System.Globalization;
using System.Net;
using System.Text.Json;

namespace KismetOrleans.Api.Tests.Control;

/// <summary>GPS of the server: what is listed, what clients post, which position counts, and where devices are then.</summary>
public sealed class GpsTests
{
    private const string Location = "/gps/location.json";
    private const string Update = "/gps/web/update.cmd";
    private const string Nowhere = """{"kismet.common.location.geopoint": [0.0,0.0]}""";

    [Fact]
    public async Task Without_a_gps_the_server_is_nowhere_and_knows_six_kinds()
    {
        await using TestServer server = await TestServer.StartAsync();
        HttpClient client = server.Client;
        Assert.Equal(Nowhere, (await client.AskAsync(Location)).Ok().Body);
        Assert.Equal("[]", (await client.AskAsync("/gps/all_gps.json")).Ok().Body);
        Assert.Equal("{}", (await client.AskAsync("/gps/all_locations.json")).Ok().Body);
        JsonElement[] kinds = (await client.AskAsync("/gps/drivers.prettyjson")).Ok().List;
        Assert.Equal(["serial", "tcp", "gpsd", "virtual", "web", "meta"], kinds.Select(static k => k.Text("kismet.gps.type.class")));
        Assert.Equal([-1000, -1000, -1000, 0, 0, 0], kinds.Select(static k => k.Number("kismet.gps.type.priority")));
        Assert.Equal([0, 0, 0, 1, 1, 0], kinds.Select(static k => k.Number("kismet.gps.type.singleton")));
        (await client.CommandAsync(Update, """{"lat": 1,"lon": 2}""")).QueryError("no web GPS is configured");
        (await client.AskAsync("/gps/by-uuid/x/location.json")).QueryError("unable to parse string value");
        (await client.AskAsync($"/gps/by-uuid/{Guid.Empty}/location.json")).QueryError("no such gps");
        (await client.AskAsync($"/gps/by-uuid/{Guid.Empty}/remove_gps.cmd")).QueryError("no such gps");
    }

    [Fact]
    public async Task A_browsers_position_is_the_servers_until_a_better_one_is_added_and_removed()
    {
        await using TestServer server = await TestServer.StartAsync("--Gps:0", "web:name=browser");
        HttpClient client = server.Client;
        Assert.Equal(Nowhere, (await client.AskAsync(Location)).Ok().Body);
        Text("Updated", await client.CommandAsync(Update, """{"lat": 52.5,"lon": 13.25,"alt": 35.5,"spd": 7.5}"""));
        JsonElement here = (await client.AskAsync(Location)).Ok().Json;
        Assert.Equal([13.25, 52.5], here.GetProperty("kismet.common.location.geopoint").EnumerateArray().Select(static n => n.GetDouble()));
        Assert.Equal((35.5, 3, 7.5), (
            here.GetProperty("kismet.common.location.alt").GetDouble(), here.Number("kismet.common.location.fix"),
            here.GetProperty("kismet.common.location.speed").GetDouble()));
        JsonElement gps = (await client.AskAsync("/gps/all_gps.json")).Ok().List.Single();
        Assert.Equal(("browser", "web:name=browser", 1), (gps.Text("kismet.gps.name"), gps.Text("kismet.gps.definition"), gps.Number("kismet.gps.connected")));
        Assert.Equal(here.Text("kismet.common.location.gps_uuid"), gps.Text("kismet.gps.uuid"));
        Assert.Equal(Nowhere, gps.GetProperty("kismet.gps.last_location").GetRawText());

        JsonElement added = (await client.CommandAsync("/gps/add_gps.cmd", """{"definition": "virtual:lat=-33.5,lon=151,priority=-1"}""")).Ok().Json;
        string uuid = added.Text("kismet.gps.uuid");
        Assert.Equal(-33.5, (await LatitudeAsync(client, Location)));
        Assert.Equal(-33.5, (await LatitudeAsync(client, $"/gps/by-uuid/{uuid}/location.json")));
        JsonElement all = (await client.AskAsync("/gps/all_locations.json")).Ok().Json;
        Assert.Equal(2, all.EnumerateObject().Count());
        Assert.Equal(2, all.GetProperty(uuid).Number("kismet.common.location.fix"));
        Text("GPS removed", await client.AskAsync($"/gps/by-uuid/{uuid}/remove_gps.cmd"));
        Assert.Equal(52.5, (await LatitudeAsync(client, Location)));
    }

    [Theory]
    [InlineData("""{"lat":"north","lon":13.25}""", 500, "ERROR: lat: expected a number")]
    [InlineData("""{"lat":"NaN","lon":"13.25"}""", 400, "Invalid request: lat: expected a number from -90 to 90")]
    [InlineData("""{"lat": 1e999,"lon": 13.25}""", 400, "Invalid request: lat: expected a number from -90 to 90")]
    [InlineData("""{"lat": 5,"lon": 13.25,"alt": 1e999}""", 400, "Invalid request: alt: expected a number from -1000000 to 1000000")]
    [InlineData("""{"lat":true,"lon":13.25}""", 500, "ERROR: lat: expected a number")]
    [InlineData("""{"lat": 52.5}""", 500, "ERROR: lat, lon: expected numbers")]
    [InlineData("""{"lat": 90.5,"lon": 13.25}""", 400, "Invalid request: lat: expected a number from -90 to 90")]
    [InlineData("""{"lat": 5,"lon": 13.25,"spd": -1}""", 400, "Invalid request: spd: expected a number from 0 to 5000")]
    [InlineData("""{"lat": 5,"lon": 13.25,"alt": "high"}""", 500, "ERROR: alt: expected a number")]
    public async Task What_is_no_position_is_refused(string command, int status, string text)
    {
        await using TestServer server = await TestServer.StartAsync("--Gps:0", "web");
        (await server.Client.CommandAsync(Update, command)).Error((HttpStatusCode)status, text);
        Assert.Equal(Nowhere, (await server.Client.AskAsync(Location)).Ok().Body);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await server.Client.AskAsync(Update)).Status);
    }

    [Fact]
    public async Task Numbers_of_a_position_may_be_texts()
    {
        await using TestServer server = await TestServer.StartAsync("--Gps:0", "web");
        Text("Updated", await server.Client.CommandAsync(Update, """{"lat":"52.5","lon":" 13.25","alt":"-3.5e1"}"""));
        JsonElement here = (await server.Client.AskAsync(Location)).Ok().Json;
        Assert.Equal([13.25, 52.5], here.GetProperty("kismet.common.location.geopoint").EnumerateArray().Select(static n => n.GetDouble()));
        Assert.Equal(-35, here.GetProperty("kismet.common.location.alt").GetDouble());
    }

    [Fact]
    public async Task A_definition_of_no_use_is_told_and_names_of_sensors_are_kept_apart()
    {
        await using TestServer server = await TestServer.StartAsync();
        HttpClient client = server.Client;
        (await client.CommandAsync("/gps/add_gps.cmd", "{}")).QueryError("definition: expected a string");
        (await client.CommandAsync("/gps/add_gps.cmd", """{"definition": "virtual:lat=1"}""")).QueryError("gps 'virtual:lat=1': option lon is missing");
        _ = (await client.CommandAsync("/gps/add_gps.cmd", """{"definition": "meta:name=car"}""")).Ok();
        Text("Updated", await client.CommandAsync("/gps/meta/car/update.cmd", """{"lat": 1,"lon": 2}"""));
        (await client.CommandAsync("/gps/meta/bus/update.cmd", """{"lat": 1,"lon": 2}""")).QueryError("no meta GPS is called 'bus'");
        // Where a sensor is says nothing of the server.
        Assert.Equal(Nowhere, (await client.AskAsync(Location)).Ok().Body);
    }

    [Fact]
    public async Task Devices_are_where_the_server_heard_them()
    {
        await using TestServer server = await TestServer.StartAsync("--Gps:0", "virtual:lat=52.5,lon=13.25,alt=35", "-c", Repository.Campus);
        await server.WaitForSourcesAsync(1);
        // What no radio heard, as a wired host behind an access point, is nowhere.
        JsonElement[] heard = [.. (await server.Client.AskAsync("/devices/all_devices.itjson")).Ok().Lines
            .Where(static d => d.TryGetProperty("kismet.device.base.signal", out _))];
        Assert.NotEmpty(heard);
        foreach (JsonElement device in heard)
        {
            JsonElement location = device.GetProperty("kismet.device.base.location");
            Assert.Equal(3, location.Number("kismet.common.location.loc_fix"));
            foreach (string part in (string[])["min_loc", "max_loc", "avg_loc", "last"])
            {
                JsonElement point = location.GetProperty("kismet.common.location." + part);
                JsonElement[] place = [.. point.GetProperty("kismet.common.location.geopoint").EnumerateArray()];
                Assert.Equal((13.25, 52.5), (Math.Round(place[0].GetDouble(), 6), Math.Round(place[1].GetDouble(), 6)));
                Assert.Equal("35", point.GetProperty("kismet.common.location.alt").GetDouble().ToString(CultureInfo.InvariantCulture));
            }
        }
    }

    private static async Task<double> LatitudeAsync(HttpClient client, string path) =>
        (await client.AskAsync(path)).Ok().Json.GetProperty("kismet.common.location.geopoint")[1].GetDouble();

    private static void Text(string expected, Answer answer)
    {
        Assert.Equal(expected, answer.Body);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
    }
}
