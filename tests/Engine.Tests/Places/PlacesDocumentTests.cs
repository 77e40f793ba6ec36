using System.Text;
using System.Text.Json;
using KismetOrleans.Engine.Places;
using KismetOrleans.Records.Fields;

namespace KismetOrleans.Engine.Tests.Places;

/// <summary>Places as JSON and as GeoJSON: read, checked, written, and what cannot be refused with its place.</summary>
public sealed class PlacesDocumentTests
{
    private const string Campus = """
        {
          "version": 7,
          "sites": [{"name": "Campus"}],
          "buildings": [
            {"name": "B", "site": "campus", "lat": 52.5, "lon": 13.25, "alt": 35, "bearing": 30, "outline": [[0, 0], [40, 0], [40, 20], [0, 20], [0, 0]], "floors": [
              {"floor": 0, "zones": [{"name": "Lobby", "polygon": [[0, 0], [0, 10], [12.3456, 10], [12.3456, 0]]}]},
              {"floor": 1, "name": "Offices", "height": 3.5, "outline": [[0, 0], [40, 0], [0, 20]], "plan": {
                "picture": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", "width": 800, "height": 400,
                "points": [{"px": 0, "py": 400, "x": 0, "y": 0}, {"px": 800, "py": 400, "x": 40, "y": 0}]}}]},
            {"name": "Shed", "lat": -33, "lon": 179.99999, "floors": []}],
          "sensors": [{"uuid": "11111111-2222-3333-4444-555555555555", "building": "b", "floor": 1, "x": 3, "y": 4, "z": 6.5}]
        }
        """;

    [Fact]
    public void What_is_written_is_what_was_read_in_both_forms()
    {
        PlacesDocument read = Parse(Campus);
        Building building = read.Buildings[0];
        // Without the corner that closes it; against the clock, from the corner that was first; in millimetres.
        Assert.Equal(4, building.Outline!.Count);
        Assert.Equal([[0, 0], [12.346, 0], [12.346, 10], [0, 10]], building.Floors[0].Zones[0].Polygon);
        Assert.Equal(("B", 1, 6.5), (read.Sensors[0].Building, read.Sensors[0].Floor, read.Sensors[0].Z));
        Assert.Equal((0.05, 0), (building.Floors[1].Plan!.Fit!.Scale, building.Floors[1].Plan!.Fit!.Error));
        string json = Encoding.UTF8.GetString(read.ToBytes());
        Assert.Equal(json, Encoding.UTF8.GetString(PlacesDocument.Parse(read.ToBytes()).ToBytes()));
        Assert.Equal(json, Encoding.UTF8.GetString(PlacesGeoJson.Parse(PlacesGeoJson.Write(read)).ToBytes()));
    }

    [Fact]
    public void GeoJson_has_a_feature_for_each_with_its_place_on_Earth()
    {
        using JsonDocument json = JsonDocument.Parse(PlacesGeoJson.Write(Parse(Campus)));
        JsonElement[] features = [.. json.RootElement.GetProperty("features").EnumerateArray()];
        Assert.Equal(
            ["site", "building", "floor", "zone", "floor", "building", "sensor"], features.Select(static one => one.GetProperty("properties").GetProperty("kind").GetString()));
        Assert.Equal(JsonValueKind.Null, features[0].GetProperty("geometry").ValueKind);
        JsonElement ring = features[3].GetProperty("geometry").GetProperty("coordinates")[0];
        Assert.Equal(5, ring.GetArrayLength());
        Assert.Equal(ring[0].GetRawText(), ring[4].GetRawText());
        // 10 m along y, which points 30° east of north: 5 m east and 8.66 m north.
        Assert.Equal(52.5 + (8.660254 / 111_320), ring[3][1].GetDouble(), 8);
        Assert.Equal(13.25 + (5 / (111_320 * Math.Cos(52.5 * Math.PI / 180))), ring[3][0].GetDouble(), 8);
        Assert.Equal("Point", features[6].GetProperty("geometry").GetProperty("type").GetString());
    }

    [Fact]
    public void A_building_that_another_program_drew_counts_from_its_south_western_corner()
    {
        PlacesDocument read = PlacesGeoJson.Parse(Encoding.UTF8.GetBytes("""
            {"type": "FeatureCollection", "features": [
              {"type": "Feature", "properties": {"kind": "zone", "name": "Desk", "building": "X", "floor": 2},
               "geometry": {"type": "Polygon", "coordinates": [[[10.0001, 0, 5], [10.0002, 0], [10.0002, 0.0001], [10.0001, 0]]]}},
              {"type": "Feature", "properties": {"kind": "floor", "building": "X", "floor": 2}, "geometry": null},
              {"type": "Feature", "properties": {"kind": "building", "name": "X"},
               "geometry": {"type": "Polygon", "coordinates": [[[10, 0], [10.001, 0], [10.001, 0.001], [10, 0]]]}}]}
            """));
        Building building = Assert.Single(read.Buildings);
        Assert.Equal((0, 10, 0), (building.Latitude, building.Longitude, building.Bearing));
        Assert.Equal([[0, 0], [111.32, 0], [111.32, 111.32]], building.Outline!);
        Assert.Equal([[11.132, 0], [22.264, 0], [22.264, 11.132]], Assert.Single(building.Floors[0].Zones).Polygon);
    }

    [Theory]
    [InlineData("""[]""", "json: line 1, byte ")]
    [InlineData("""{"sites": [{"name": "A", "nam": 1}]}""", "sites[0].nam: ")]
    [InlineData("""{"sites": [null]}""", "sites[0]: expected a dictionary")]
    [InlineData("""{"sites": [{}]}""", "sites[0].name: expected 1 to 100 characters")]
    [InlineData("""{"sites": [{"name": "A"}, {"name": "a"}]}""", "sites[1].name: 'a' is there twice")]
    [InlineData("""{"sites": [{"name": "\ud800"}]}""", "")]
    [InlineData("""{"buildings": [{"name": "B", "lat": "x"}]}""", "buildings[0].lat: ")]
    [InlineData("""{"buildings": [{"name": "B"}]}""", "buildings[0].lat: expected a number from -90 to 90")]
    [InlineData("""{"buildings": [{"name": "B", "lat": 91, "lon": 0}]}""", "buildings[0].lat: expected a number from -90 to 90")]
    [InlineData("""{"buildings": [{"name": "B", "lat": 1, "lon": 2, "site": "A"}]}""", "buildings[0].site: there is no site 'A'")]
    [InlineData("""{"buildings": [{"name": "B", "lat": 1, "lon": 2, "bearing": 1e300}]}""", "buildings[0].bearing: expected a number from -360 to 360")]
    [InlineData("""{"buildings": [{"name": "B", "lat": 1, "lon": 2, "outline": [[0, 0], [1, 0]]}]}""", "buildings[0].outline: expected 3 to 200 corners, got 2")]
    [InlineData("""{"buildings": [{"name": "B", "lat": 1, "lon": 2, "outline": [[0, 0], [1, 0], [2]]}]}""", "buildings[0].outline[2]: expected [x, y]")]
    [InlineData("""{"buildings": [{"name": "B", "lat": 1, "lon": 2, "outline": [[0, 0], [1, 0], null]}]}""", "buildings[0].outline[2]: expected [x, y]")]
    [InlineData("""{"buildings": [{"name": "B", "lat": 1, "lon": 2, "outline": [[0, 0], [2, 2], [2, 0], [0, 2]]}]}""", "buildings[0].outline: crosses itself: the edges behind corners 0 and 2 meet")]
    [InlineData("""{"buildings": [{"name": "B", "lat": 1, "lon": 2, "outline": [[0, 0], [2, 0], [1, 0], [1, 5]]}]}""", "buildings[0].outline: crosses itself: its edge goes back at corner 1")]
    [InlineData("""{"buildings": [{"name": "B", "lat": 1, "lon": 2, "outline": [[0, 0], [0, 0], [1, 0], [1, 5]]}]}""", "buildings[0].outline: corners 0 and 1 are the same")]
    [InlineData("""{"buildings": [{"name": "B", "lat": 1, "lon": 2, "floors": [{"floor": 1}, {"floor": 1}]}]}""", "buildings[0].floors[1].floor: there are two floors 1")]
    [InlineData("""{"buildings": [{"name": "B", "lat": 1, "lon": 2, "floors": [{}]}]}""", "buildings[0].floors[0].floor: expected a whole number from -100 to 1000")]
    [InlineData("""{"buildings": [{"name": "B", "lat": 1, "lon": 2, "floors": [{"floor": 1, "zones": [{"name": "Z", "polygon": [[0, 0], [1, 0], [20000, 1]]}]}]}]}""", "buildings[0].floors[0].zones[0].polygon[2]: expected a number from -10000 to 10000")]
    [InlineData("""{"buildings": [{"name": "B", "lat": 1, "lon": 2, "floors": [{"floor": 1, "plan": {"picture": "../x"}}]}]}""", "buildings[0].floors[0].plan.picture: expected the name of a picture")]
    [InlineData("""{"buildings": [{"name": "B", "lat": 1, "lon": 2, "floors": [{"floor": 1, "plan": {"picture": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", "width": 9, "height": 0}}]}]}""", "buildings[0].floors[0].plan: expected width and height")]
    [InlineData("""{"buildings": [{"name": "B", "lat": 1, "lon": 2, "floors": [{"floor": 1, "plan": {"picture": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", "width": 9, "height": 9}}]}]}""", "buildings[0].floors[0].plan.points: expected two or more")]
    [InlineData("""{"buildings": [{"name": "B", "lat": 1, "lon": 2, "floors": [{"floor": 1, "plan": {"picture": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", "width": 9, "height": 9, "points": [{"px": 10, "py": 0, "x": 0, "y": 0}]}}]}]}""", "buildings[0].floors[0].plan.points[0]: px and py are not within the picture")]
    [InlineData("""{"sensors": [{"uuid": "x"}]}""", "sensors[0].uuid: ")]
    [InlineData("""{"sensors": [{"uuid": "11111111-2222-3333-4444-555555555555", "building": "B", "floor": 1, "x": 0, "y": 0}]}""", "sensors[0].building: there is no building 'B'")]
    [InlineData("""{"buildings": [{"name": "B", "lat": 1, "lon": 2}], "sensors": [{"uuid": "11111111-2222-3333-4444-555555555555", "building": "B", "floor": 1, "x": 0, "y": 0}]}""", "sensors[0].floor: building 'B' has no floor 1")]
    public void What_cannot_be_is_refused_with_its_place(string json, string message) =>
        Assert.StartsWith(message, Assert.Throws<CommandException>(() => Parse(json)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"type": "Feature"}""", "json: expected a FeatureCollection")]
    [InlineData("""{"type": "FeatureCollection", "features": [{"type": "Feature"}]}""", "features[0]: expected a Feature with properties")]
    [InlineData("""{"type": "FeatureCollection", "features": [{"properties": {"kind": "tree"}}]}""", "features[0].properties.kind: expected site, building, floor, zone or sensor")]
    [InlineData("""{"type": "FeatureCollection", "features": [{"properties": {"kind": "building", "name": "B"}}]}""", "features[0]: a building without a Polygon needs lat and lon")]
    [InlineData("""{"type": "FeatureCollection", "features": [{"properties": {"kind": "floor", "building": "B", "floor": 1}}]}""", "features[0].properties.building: there is no building 'B'")]
    [InlineData("""{"type": "FeatureCollection", "features": [{"properties": {"kind": "building", "name": "B"}, "geometry": {"type": "Polygon", "coordinates": [[[0, 100]]]}}]}""", "features[0].geometry.coordinates[0][0]: expected degrees east")]
    [InlineData("""{"type": "FeatureCollection", "features": [{"properties": {"kind": "building", "name": "B"}, "geometry": {"type": "MultiPolygon", "coordinates": []}}]}""", "features[0].geometry: expected a Polygon without holes")]
    [InlineData("""{"type": "FeatureCollection", "features": [{"properties": {"kind": "building", "name": "B", "lat": 1, "lon": 2}}, {"properties": {"kind": "zone", "building": "B", "floor": 1}}]}""", "features[1].properties.floor: building 'B' has no floor 1")]
    [InlineData("{", "json: line 1, byte ")]
    public void GeoJson_that_cannot_be_is_refused_with_its_place(string json, string message) =>
        Assert.StartsWith(message, Assert.Throws<CommandException>(() => PlacesGeoJson.Parse(Encoding.UTF8.GetBytes(json))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(1, 1, true)]
    [InlineData(0, 2, true)]
    [InlineData(4, 4, false)]
    [InlineData(3, 3, false)]
    [InlineData(1, 3.9, true)]
    [InlineData(-0.01, 1, false)]
    [InlineData(5, 0, false)]
    public void A_point_is_in_a_polygon_or_not(double x, double y, bool isInside) =>
        // An L, whose inner corner is at 2, 2.
        Assert.Equal(isInside, Polygon.Contains([[0, 0], [4, 0], [4, 2], [2, 2], [2, 4], [0, 4]], x, y));

    private static PlacesDocument Parse(string json) => PlacesDocument.Parse(Encoding.UTF8.GetBytes(json));
}
