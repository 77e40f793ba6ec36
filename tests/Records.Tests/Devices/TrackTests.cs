using System.Text.Json;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Json;

namespace KismetOrleans.Records.Tests.Devices;

/// <summary>A track has a device's whole way in a bounded number of points.</summary>
public sealed class TrackTests
{
    private const uint Start = 1_700_000_000;

    // A hundredth of a degree north is 1,113 m.
    private static GeoPoint At(uint second, double latitude, byte fix = 2) => new() { Latitude = latitude, Longitude = 8, Fix = fix, Seconds = Start + second };

    [Fact]
    public void Who_stays_is_one_point()
    {
        Track track = new();
        for (uint i = 0; i < 1000; i++)
        {
            track.Add(At(i, 47 + (i % 3 * 0.00003)), -50, 2_412_000);
        }
        Assert.Equal(new TrackPoint(track.Points[0].At, -50, 2_412_000), Assert.Single(track.Points));
        Assert.Equal(Start, track.LastTime);
    }

    [Fact]
    public void Points_are_a_second_and_ten_metres_apart_at_least()
    {
        Track track = new();
        foreach (GeoPoint at in (GeoPoint[])[At(5, 47), At(5, 48), At(4, 49), At(6, 47.00008), At(7, 47.0001), At(8, 50, fix: 1)])
        {
            track.Add(at, 0, 0);
        }
        Assert.Equal([Start + 5, Start + 7], track.Points.Select(static p => p.At.Seconds));
    }

    [Theory]
    [InlineData(64, 64, 1)]
    [InlineData(65, 33, 2)]
    [InlineData(1_000, 63, 16)]
    [InlineData(100_000, 49, 2048)]
    public void A_long_way_has_points_further_apart(int seconds, int count, uint apart)
    {
        Track track = new();
        for (uint i = 0; i < seconds; i++)
        {
            track.Add(At(i, i * 0.0005), -60, 0);
        }
        Assert.Equal(count, track.Points.Count);
        Assert.Equal(Enumerable.Range(0, count).Select(i => Start + ((uint)i * apart)), track.Points.Select(static p => p.At.Seconds));
    }

    [Fact]
    public void It_is_told_to_who_names_it()
    {
        Device device = Samples.Bare();
        device.Track = new();
        device.Track.Add(At(1, 47.5), -61, 2_437_000);
        Assert.DoesNotContain("kismet.device.base.location_cloud", Samples.Names(Samples.Json(device)));
        string printed = Samples.Print(json => Assert.True(DeviceTable.Table.TryWritePath(device, "kismet.device.base.location_cloud", json, RecordFormat.Json)));
        JsonElement point = Assert.Single(Samples.Parse(printed).GetProperty("kis.gps.rrd.samples_100").EnumerateArray());
        Assert.Equal([8, 47.5], point.GetProperty("kismet.historic.location.geopoint").EnumerateArray().Select(static x => x.GetDouble()));
        Assert.Equal(-61, point.GetProperty("kismet.historic.location.signal").GetInt32());
    }
}
