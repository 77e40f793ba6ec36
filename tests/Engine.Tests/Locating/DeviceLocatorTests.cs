using KismetOrleans.Engine.Locating;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Json;
using KismetOrleans.Wire;
using static KismetOrleans.Engine.Tests.Frames;

namespace KismetOrleans.Engine.Tests.Locating;

/// <summary>What a device's record says of its place.</summary>
public sealed class DeviceLocatorTests
{
    private readonly Rig _rig = new();

    [Fact]
    public void A_device_that_no_sensor_of_a_known_place_heard_has_no_estimate()
    {
        _rig.HearAt(ProbeRequest(Client, "Home"), -60);
        Assert.Null(Find(Client));
    }

    [Fact]
    public void A_source_with_a_place_is_kept_with_what_it_heard()
    {
        _rig.HearPacket(At(Beacon(Ap, "Campus", 1), 50.5, 8.25, 210), LinkType.Ppi);
        Assert.Equal(50.5, _rig[Ap].SeenBy[0].SensorPlace!.Latitude);
        Assert.Equal(8.25, _rig.Devices.SensorPlaces[1].Place.Longitude);
    }

    [Theory]
    [InlineData(1, "near")]
    [InlineData(2, "area")]
    [InlineData(3, "point")]
    public void Signals_of_sensors_with_places_make_an_estimate(int sensors, string kind)
    {
        Device device = Heard(sensors);
        LocationEstimate estimate = Find(device)!;
        Assert.Equal(kind, estimate.Kind);
        Assert.InRange(estimate.Point.Latitude, 50.49995, 50.5003);
        Assert.InRange(estimate.Point.Longitude, 8.24995, 8.2504);
        Assert.Equal(1_000u, estimate.Point.Seconds);
        Assert.Null(estimate.Floor);
        Assert.True(estimate.Within68.Major < estimate.Within95.Major);
    }

    [Fact]
    public void What_was_heard_longer_ago_does_not_count_but_for_what_stands()
    {
        Device device = Heard(3);
        device.SeenBy[1].LastTime = device.SeenBy[2].LastTime = 900;
        Assert.Equal("near", Find(device)!.Kind);
        device.ModTime++;
        device.BasicTypeSet = 1;
        Assert.Equal("point", Find(device)!.Kind);
    }

    private static Device Heard(int sensors)
    {
        (double Latitude, double Longitude)[] places = [(50.5, 8.25), (50.5002, 8.25), (50.5, 8.2503)];
        return new(new(Phy.Dot11, Client))
        {
            LastTime = 1_000,
            SeenBy = [.. places.Take(sensors).Select((place, i) => new SeenBy
            {
                SourceNumber = (ushort)(i + 1),
                LastTime = 1_000,
                SensorPlace = new() { Latitude = place.Latitude, Longitude = place.Longitude, Fix = 2 },
                Signal = new() { Kind = Wire.Link.SignalKind.Dbm, Last = (short)(-50 - (5 * i)) },
            })],
        };
    }

    private LocationEstimate? Find(MacAddress address) => Find(_rig[address]);

    private LocationEstimate? Find(Device device) => _locator.Find(device, _context);

    private readonly RecordContext _context = new();
    private readonly DeviceLocator _locator = new(new Dictionary<ushort, (GeoPoint, uint)>(), new());
}
