using KismetOrleans.Records.Devices;
using KismetOrleans.Wire;
using static KismetOrleans.Engine.Tests.Frames;

namespace KismetOrleans.Engine.Tests.Tracking;

/// <summary>The receiver's position (PPI geolocation tag) goes to the devices that it heard itself, their networks and their SSIDs.</summary>
public sealed class LocationTests
{
    private readonly Rig _rig = new();

    [Fact]
    public void A_beacon_gives_its_access_point_and_its_SSID_a_place()
    {
        _rig.HearPacket(At(Beacon(Ap, "Campus", 1), 50.5, 8.25, 210), LinkType.Ppi);
        _rig.HearPacket(At(Beacon(Ap, "Campus", 2), 50.7, 8.05, 230), LinkType.Ppi, 1);
        foreach (Location location in (Location[])[_rig[Ap].Location!, _rig.Dot11(Ap).Advertised![0].Location!])
        {
            Assert.Equal(3, location.Fix);
            Assert.Equal((50.5, 8.05), (location.Min!.Latitude, location.Min.Longitude));
            Assert.Equal((50.7, 8.25), (location.Max!.Latitude, location.Max.Longitude));
            Assert.Equal((210f, 230f), (location.Min.Altitude, location.Max.Altitude));
            Assert.Equal((50.7, 8.05, 230f), (location.Last!.Latitude, location.Last.Longitude, location.Last.Altitude));
            Assert.Equal(Packets.Start + 1, location.Last.Seconds);
            Assert.Equal(50.6, location.Average!.Latitude, 3);
            Assert.Equal(8.15, location.Average.Longitude, 3);
        }
    }

    [Fact]
    public void Who_moves_has_a_track()
    {
        _rig.HearPacket(At(Beacon(Ap, "Campus", 1), 50.5, 8.25, 210), LinkType.Ppi);
        _rig.HearPacket(At(Beacon(Ap, "Campus", 2), 50.7, 8.05, 230), LinkType.Ppi, 5);
        Track track = _rig[Ap].Track!;
        Assert.Equal(
            [(50.5, 8.25, Packets.Start), (50.7, 8.05, Packets.Start + 5)], track.Points.Select(static p => (p.At.Latitude, p.At.Longitude, p.At.Seconds)));
        Assert.Equal(Packets.Start + 5, track.LastTime);
    }

    [Fact]
    public void A_position_without_height_has_a_fix_of_two()
    {
        _rig.HearPacket(At(ProbeRequest(Client, "Home"), -33.25, -70.5, null), LinkType.Ppi);
        Location location = _rig[Client].Location!;
        Assert.Equal(2, location.Fix);
        Assert.Equal((-33.25, -70.5), (location.Last!.Latitude, location.Last.Longitude));
        Assert.Same(location.Last, _rig.Dot11(Client).Probed![0].Location!.Last);
    }

    [Fact]
    public void Who_was_not_heard_itself_gets_no_place_but_its_part_in_the_network_does()
    {
        _rig.HearPacket(At(FromDs(Ap, Wired, Client, new byte[20]), 50, 8, 100), LinkType.Ppi);
        Assert.Null(_rig[Wired].Location);
        Assert.Null(_rig[Client].Location);
        Assert.Null(_rig[Ap].Location);
        Assert.True(_rig.Dot11(Wired).Clients!.TryGet(Ap, out var client));
        Assert.Equal(50, client.Location!.Last!.Latitude);
    }

    [Fact]
    public void Without_position_there_is_no_location()
    {
        _rig.Hear(Beacon(Ap, "Campus"));
        Assert.Null(_rig[Ap].Location);
        Assert.Null(_rig.Dot11(Ap).Advertised![0].Location);
    }
}
