using KismetOrleans.Engine.Locating;
using KismetOrleans.Packets;
using KismetOrleans.Packets.Sources;

namespace KismetOrleans.Engine.Tests.Locating;

/// <summary>A place in a building is a place on Earth, whichever way the building is turned.</summary>
public sealed class BuildingsTests
{
    private const double MetresPerDegree = 111_320;

    [Theory]
    [InlineData("60,10,30", "hq:2:10,20,7", 20, 10, 37d)]
    [InlineData("60,10,30,90", "HQ:2:10,20,7", -10, 20, 37d)]
    [InlineData("60,10,30,180", "hq:2:10,20", -20, -10, null)]
    [InlineData("60,10", "hq:2:-10,0,3", 0, -10, null)]
    public void Metres_become_degrees(string corner, string place, double north, double east, double? altitude)
    {
        Buildings buildings = new([new("hq", corner)]);
        Assert.True(SourcePlace.TryParse(place, out SourcePlace? parsed, out _));
        PacketPosition at = buildings.Find(parsed)!.Value;
        Assert.Equal(60 + (north / MetresPerDegree), at.Latitude, 9);
        // A degree of longitude is half as long there.
        Assert.Equal(10 + (east / MetresPerDegree * 2), at.Longitude, 9);
        Assert.Equal((altitude ?? 0, altitude is null ? 2 : 3), (at.Altitude, at.Fix));
        Assert.True(at.IsValid);
    }

    [Fact]
    public void Degrees_need_no_building_and_one_that_is_not_known_is_no_place()
    {
        Assert.True(SourcePlace.TryParse("1,2,3", out SourcePlace? degrees, out _));
        Assert.Equal(new PacketPosition(1, 2, 3, 3), Buildings.None.Find(degrees));
        Assert.True(SourcePlace.TryParse("annex:0:1,2,3", out SourcePlace? annex, out _));
        Assert.Null(Buildings.None.Find(annex));
    }

    [Theory]
    [InlineData("")]
    [InlineData("60")]
    [InlineData("60,10,30,north")]
    [InlineData("60,10,30,361")]
    [InlineData("91,10")]
    [InlineData("hq:1:2,3")]
    public void A_corner_of_no_use_is_refused(string corner) =>
        Assert.Contains($"Buildings:hq: '{corner}' is not lat,lon[,alt[,bearing]]", Assert.Throws<ArgumentException>(() => new Buildings([new("hq", corner)])).Message, StringComparison.Ordinal);
}
