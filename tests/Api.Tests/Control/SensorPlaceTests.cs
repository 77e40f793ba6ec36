using System.Globalization;
using System.Text.Json;
using KismetOrleans.Api.Tests.Sensors;
using KismetOrleans.Packets.Protocol;

namespace KismetOrleans.Api.Tests.Control;

/// <summary>Where sensors are, by each of the ways in which they can say it; what they hear is there, too.</summary>
public sealed class SensorPlaceTests
{
    // Radiotap with 2,412 MHz and a signal of -50 dBm; a beacon of an access point.
    private const string Beacon = "00000D0028000000" + "6C090000CE" + "80000000FFFFFFFFFFFF02000000300102000000300100000000000000000000640001000002686F010402040B16";

    [Fact]
    public async Task A_sensor_that_never_moves_stands_where_its_definition_says()
    {
        await using TestServer server = await TestServer.StartAsync("--Buildings:hq", "60,10,30");
        // Also against its own GPS, which walks about in a building.
        await using RawSensor roof = await ConnectAsync(server, "wlan0:place=52.5,13.25,35,floor=4");
        await using RawSensor hall = await ConnectAsync(server, "wlan0:place=hq:2:0,1113.2,7");
        await using RawSensor lost = await ConnectAsync(server, "wlan0:place=annex:2:0,0");
        roof.Position = new(1, 2, 3, 3);
        await roof.SendRadioAsync(Beacon);
        await roof.SavedAsync();

        JsonElement source = await UntilAsync(server, roof, static s => s.TryGetProperty("kismet.datasource.place.location", out _));
        Assert.Equal("13.25 52.5 35 3", PlaceOf(source.GetProperty("kismet.datasource.place.location")));
        Assert.Equal(4, source.Number("kismet.datasource.place.floor"));
        Assert.False(source.TryGetProperty("kismet.datasource.place.building", out _));
        Assert.Equal("13.25 52.5 35 3", await DevicePlaceAsync(server));
        JsonElement estimate = Assert.Single((await server.Client.CommandAsync("/devices/views/all/devices.json", """{"fields": ["kismet.device.base.location_estimate"]}""")).Ok().List)
            .GetProperty("kismet.device.base.location_estimate");
        Assert.Equal([13.25, 52.5], estimate.GetProperty("kismet.location_estimate.geopoint").EnumerateArray().Select(static n => Math.Round(n.GetDouble(), 6)));
        Assert.Equal(4, estimate.Number("kismet.location_estimate.floor"));

        // Before it hears anything.
        source = await UntilAsync(server, hall, static s => s.TryGetProperty("kismet.datasource.place.location", out _));
        Assert.Equal("10 60.01 37 3", PlaceOf(source.GetProperty("kismet.datasource.place.location")));
        Assert.Equal(("hq", 2), (source.Text("kismet.datasource.place.building"), source.Number("kismet.datasource.place.floor")));
        source = await UntilAsync(server, lost, static s => s.Text("kismet.datasource.warning").Length > 0);
        Assert.Equal("option place: the server knows no building 'annex' (Buildings:annex)", source.Text("kismet.datasource.warning"));
        Assert.False(source.TryGetProperty("kismet.datasource.place.location", out _));
    }

    [Fact]
    public async Task A_sensor_that_moves_is_where_its_own_GPS_says_also_while_it_hears_nothing()
    {
        await using TestServer server = await TestServer.StartAsync("--Gps:0", "virtual:lat=1,lon=2");
        await using RawSensor car = await ConnectAsync(server, "wlan0");
        car.Position = new(52.5, 13.25, 0, 2);
        await car.SendRadioAsync(Beacon);
        await car.SavedAsync();
        JsonElement source = await UntilAsync(server, car, static s => s.TryGetProperty("kismet.datasource.place.location", out _));
        Assert.Equal("13.25 52.5 0 2", PlaceOf(source.GetProperty("kismet.datasource.place.location")));
        Assert.Equal("13.25 52.5 0 2", await DevicePlaceAsync(server));

        await car.SendAsync(new Health { Running = true, Position = new(-33, 151, 12, 3) });
        source = await UntilAsync(server, car, static s => PlaceOf(s.GetProperty("kismet.datasource.place.location"))[0..3] == "151");
        Assert.Equal("151 -33 12 3", PlaceOf(source.GetProperty("kismet.datasource.place.location")));
    }

    [Fact]
    public async Task A_sensor_takes_its_place_from_a_GPS_of_the_server_that_it_names()
    {
        await using TestServer server = await TestServer.StartAsync("--Gps:0", "virtual:lat=1,lon=2");
        await using RawSensor bus = await ConnectAsync(server, "wlan0:metagps=bus");
        // It is there as soon as a source asks for it, as in Kismet.
        await UntilAsync(async () => (await server.Client.CommandAsync("/gps/meta/bus/update.cmd", """{"lat": 52.5, "lon": 13.25, "alt": 35}""")).Status == System.Net.HttpStatusCode.OK);
        JsonElement source = await UntilAsync(server, bus, static s => s.TryGetProperty("kismet.datasource.place.location", out _));
        Assert.Equal("13.25 52.5 35 3", PlaceOf(source.GetProperty("kismet.datasource.place.location")));
        await bus.SendRadioAsync(Beacon);
        await bus.SavedAsync();
        Assert.Equal("13.25 52.5 35 3", await DevicePlaceAsync(server));
        // The server itself is elsewhere.
        JsonElement here = (await server.Client.AskAsync("/gps/location.json")).Ok().Json;
        Assert.Equal("2 1 0 2", PlaceOf(here));
    }

    private static Task<RawSensor> ConnectAsync(TestServer server, string definition) =>
        RawSensor.ConnectAsync(server.Address, null, RawSensor.Hello(Guid.NewGuid(), RawSensor.Now()) with { Definition = definition });

    // Where the only device was seen last.
    private static async Task<string> DevicePlaceAsync(TestServer server) =>
        PlaceOf(Assert.Single((await server.Client.AskAsync("/devices/views/all/devices.json")).Ok().List).GetProperty("kismet.device.base.location").GetProperty("kismet.common.location.last"));

    private static async Task<JsonElement> UntilAsync(TestServer server, RawSensor sensor, Func<JsonElement, bool> there)
    {
        JsonElement source = default;
        await UntilAsync(async () =>
        {
            source = (await RawSensor.KnownAsync(server, sensor.Uuid)).Single();
            return there(source);
        });
        return source;
    }

    private static async Task UntilAsync(Func<Task<bool>> there)
    {
        using CancellationTokenSource timeout = new(TimeSpan.FromSeconds(20));
        while (!await there())
        {
            await Task.Delay(50, timeout.Token);
        }
    }

    // Degrees east and north, metres, fix.
    private static string PlaceOf(JsonElement location) => string.Create(
        CultureInfo.InvariantCulture,
        $"{string.Join(' ', location.GetProperty("kismet.common.location.geopoint").EnumerateArray().Select(static n => Math.Round(n.GetDouble(), 6).ToString(CultureInfo.InvariantCulture)))} {(location.TryGetProperty("kismet.common.location.alt", out JsonElement altitude) ? altitude.GetDouble() : 0)} {location.Number("kismet.common.location.fix")}");
}
