using System.Text.Json;

namespace KismetOrleans.Api.Tests.Http;

/// <summary>Who was in a site, building, floor or zone: by the sensor that heard a device best, of those that stand somewhere.</summary>
public sealed class PresencePlacesTests : IAsyncLifetime, IDisposable
{
    // As those files begin.
    private const long Begin = 1_700_000_100;
    private const long Slot = 300;
    private const string P = "kismet.presence.";

    // B has a lab, in which the first sensor stands, and a corridor with the second one; C stands 11 m north of B's corner, and has one floor.
    private const string Places = """
        {"sites": [{"name": "Campus"}, {"name": "Empty"}], "buildings": [
          {"name": "B", "site": "Campus", "lat": 52.5, "lon": 13.25, "floors": [
            {"floor": 1, "zones": [{"name": "Lab", "polygon": [[0, 0], [10, 0], [10, 10], [0, 10]]}, {"name": "Corridor", "polygon": [[10, 0], [40, 0], [40, 10], [10, 10]]}]}, {"floor": 2}]},
          {"name": "C", "lat": 52.5001, "lon": 13.25, "outline": [[-5, -5], [5, -5], [5, 5], [-5, 5]], "floors": [{"floor": 0, "zones": [{"name": "Lab", "polygon": [[-5, -5], [5, -5], [5, 5], [-5, 5]]}]}]}]}
        """;

    // Of each sensor: a slot, the last byte of the sender and the signal.
    private static readonly (string Name, string Place, (long Slot, byte Device, sbyte Signal)[] Heard)[] s_sensors =
    [
        ("lab", ",place=\"B:1:2,2\"", [(0, 1, -40), (0, 2, -70), (0, 3, -60), (0, 4, -90), (1, 5, -50), (0, 7, -50), (288, 1, -40)]),
        ("corridor", ",place=\"b:1:30,2\"", [(0, 1, -60), (0, 3, -50)]),
        ("annex", ",place=\"52.5001,13.25\"", [(0, 1, -80), (0, 2, -50), (0, 5, -50), (0, 7, -50), (288, 1, -30)]),
        ("phone", "", [(0, 4, -30), (0, 6, -30)]),
    ];

    private readonly ProbeFile[] _files = [.. s_sensors.Select(static sensor => PresenceTests.File([.. sensor.Heard.Select(static one => (one.Slot, one.Device, one.Signal, ""))]))];
    private TestServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await TestServer.ReplayAsync([.. s_sensors.Select((sensor, i) => $"{_files[i].Path}:name={sensor.Name}{sensor.Place}")]);
        (await _server.Client.SendAsync(HttpMethod.Put, "/places/all.json", new StringContent(Places))).Ok();
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public void Dispose() => Array.ForEach(_files, static file => file.Dispose());

    [Theory]
    [InlineData("building=B", new[] { 1, 3, 4, 5, 7 })]
    [InlineData("building=b&zone=lab", new[] { 1, 4, 5, 7 })]
    [InlineData("zone=Corridor", new[] { 3 })]
    [InlineData("zone=Lab", new[] { 1, 2, 4, 5, 7 })]
    [InlineData("building=C", new[] { 2, 5, 7 })]
    [InlineData("building=C&floor=0", new[] { 2, 5, 7 })]
    [InlineData("floor=1", new[] { 1, 3, 4, 5, 7 })]
    [InlineData("building=B&floor=2", new int[0])]
    [InlineData("site=campus", new[] { 1, 3, 4, 5, 7 })]
    [InlineData("site=Empty", new int[0])]
    [InlineData("site=", new[] { 1, 2, 3, 4, 5, 6, 7 })]
    public async Task Who_was_in_a_place(string place, int[] devices) => Assert.Equal(devices, await DevicesAsync(place, 0, 12));

    [Fact]
    public async Task A_device_is_where_it_is_heard_best_in_each_five_minutes()
    {
        Assert.Equal((int[])[2, 5, 7], await DevicesAsync("building=C", 0, 1));
        Assert.Equal((int[])[5], await DevicesAsync("building=B", 1, 2));
        Assert.Empty(await DevicesAsync("building=C", 1, 2));
        // A day later it is heard better in C.
        Assert.Equal((int[])[1], await DevicesAsync("building=C", 288, 289));
        Assert.Empty(await DevicesAsync("building=B", 288, 289));
        Assert.Equal((int[])[1, 3, 4, 5, 7], await DevicesAsync("building=B", 0, 300));
    }

    [Fact]
    public async Task All_that_the_sensors_of_a_place_saw_then_counts_and_no_more()
    {
        JsonElement[] devices = (await _server.Client.AskAsync(Path("/presence/devices", "building=B", 0, 12))).Ok().List;
        JsonElement one = devices.Single(static device => device.Text(P + "macaddr").EndsWith('1'));
        Assert.Equal(["corridor", "lab"], one.GetProperty(P + "sources").EnumerateArray().Select(static source => source.Text(P + "source.name")).Order());
        Assert.Equal((2, -40), (one.Number(P + "packets"), one.Number(P + "signal")));
        // The loudest one is in the lab: what the other sensor heard of it was not in the corridor, and not asked for here.
        string lab = (await _server.Client.AskAsync("/datasource/all_sources.json")).Ok().List.Single(static source => source.Text("kismet.datasource.name") == "corridor").Text("kismet.datasource.uuid");
        Assert.Equal((int[])[1, 3], await DevicesAsync($"building=B&source={lab}", 0, 12));
        Assert.Empty(await DevicesAsync($"zone=Lab&source={lab}", 0, 12));
    }

    [Fact]
    public async Task All_questions_take_a_place()
    {
        string key = (await _server.Client.AskAsync("/devices/views/all/devices.json")).Ok().List.Single(static device => device.Text("kismet.device.base.macaddr").EndsWith('1')).Text("kismet.device.base.key");
        JsonElement slot = Assert.Single((await _server.Client.AskAsync(Path($"/presence/by-key/{key}/slots", "zone=Lab&building=B", 0, 300))).Ok().List);
        Assert.Equal(("lab", "B", 1, "Lab"), (slot.Text(P + "source.name"), slot.Text(P + "source.building"), (int)slot.Number(P + "source.floor"), slot.GetProperty(P + "source.zones")[0].GetString()));
        Assert.Equal([(Begin, "corridor"), (Begin, "lab")], (await _server.Client.AskAsync(Path($"/presence/by-key/{key}/slots", "building=B", 0, 300))).Ok().List
            .Select(static one => (one.Number(P + "time"), one.Text(P + "source.name"))).Order());
        JsonElement visit = Assert.Single((await _server.Client.AskAsync(Path($"/presence/by-key/{key}/visits", "building=C", 0, 300))).Ok().List);
        Assert.Equal(Begin + (288 * Slot), visit.Number(P + "first_time"));
        Assert.Equal("C", visit.GetProperty(P + "sources")[0].Text(P + "source.building"));
        Assert.Equal((int[])[4, 1], (await _server.Client.AskAsync(Path("/presence/counts", "building=B", 0, 2) + "&step=300")).Ok().List.Select(static count => (int)count.Number(P + "devices")));
        Assert.Equal(
            ["appeared 02:00:00:00:00:05", "gone 02:00:00:00:00:01", "gone 02:00:00:00:00:03", "gone 02:00:00:00:00:04", "gone 02:00:00:00:00:07"],
            (await _server.Client.AskAsync(Path("/presence/changes", "building=B", 1, 2))).Ok().List.Select(static change => $"{change.Text(P + "change")} {change.Text(P + "macaddr")}").Order());
        Assert.Equal(5, (await _server.Client.CommandAsync("/presence/visits.json", $$"""{"building": "B", "from": {{Begin}}, "until": {{Begin + (12 * Slot)}}, "floor": 1}""")).Ok().List.Length);
        // What moves stands nowhere, and says so.
        JsonElement phone = (await _server.Client.AskAsync(Path("/presence/devices", "", 0, 12))).Ok().List.Single(static device => device.Text(P + "macaddr").EndsWith('6')).GetProperty(P + "sources")[0];
        Assert.False(phone.TryGetProperty(P + "source.building", out _));
    }

    [Theory]
    [InlineData("site=x", "site: there is no site 'x'")]
    [InlineData("building=x", "building: there is no building 'x'")]
    [InlineData("building=B&floor=0", "floor: there is no floor 0 of building 'B'")]
    [InlineData("floor=9", "floor: there is no floor 9")]
    [InlineData("floor=x", "floor: expected a number, got 'x'")]
    [InlineData("floor=1.5", "floor: expected a whole number from -100 to 1000")]
    [InlineData("building=C&zone=Corridor", "zone: there is no zone 'Corridor' there")]
    [InlineData("building=B&floor=2&zone=Lab", "zone: there is no zone 'Lab' there")]
    public async Task A_place_that_is_not_known_is_refused(string place, string message) => (await _server.Client.AskAsync(Path("/presence/devices", place, 0, 12))).Refused(message);

    private static string Path(string path, string place, long from, long until) => $"{path}.json?from={Begin + (from * Slot)}&until={Begin + (until * Slot)}&{place}";

    private async Task<int[]> DevicesAsync(string place, long from, long until) =>
        [.. (await _server.Client.AskAsync(Path("/presence/devices", place, from, until))).Ok().List.Select(static device => int.Parse(device.Text(P + "macaddr")[^2..], null)).Order()];
}
