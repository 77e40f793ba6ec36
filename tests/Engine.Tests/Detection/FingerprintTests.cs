using KismetOrleans.Engine.Alerts;
using KismetOrleans.Engine.Fingerprints;
using KismetOrleans.Records.Dot11;
using KismetOrleans.SampleGenerator;
using static KismetOrleans.Engine.Tests.Frames;

namespace KismetOrleans.Engine.Tests.Detection;

/// <summary>Devices that look otherwise than listed, and access points that are not listed where all should be.</summary>
public sealed class FingerprintTests
{
    private static readonly byte[] s_usual = Elements.Of(45, new byte[26]);
    private static readonly byte[] s_other = Elements.Of(45, [1, .. new byte[25]]);
    private readonly FingerprintBook _book = new(FingerprintList.Empty, static _ => Task.CompletedTask);
    private ushort _sequence;

    [Fact]
    public async Task Another_beacon_at_a_listed_address_is_told_each_time_it_comes_in_place_of_the_usual_one()
    {
        AlertRig rig = NewRig();
        await ListAsync(beacon: HashOf(static d => d.BeaconFingerprint, Announce(s_usual)));
        rig.Hear(Announce(s_usual)).Hear(Announce(s_usual));
        Assert.Empty(rig.Alerts);
        Assert.Equal(["FINGERPRINT"], rig.Hear(Announce(s_other)).Names);
        Assert.Equal((Ap, new(Records.Devices.Phy.Dot11, Ap)), (rig.Alerts[0].Source, rig.Alerts[0].Device!.Value));
        // The same once more is nothing new; the usual one is as it should be; another one after that is told again.
        Assert.Single(rig.Hear(Announce(s_other)).Alerts);
        Assert.Single(rig.Hear(Announce(s_usual)).Alerts);
        Assert.Equal(2, rig.Hear(Announce(s_other)).Alerts.Count);
    }

    [Fact]
    public async Task Probe_requests_and_responses_are_looked_at_too()
    {
        AlertRig rig = NewRig();
        _ = await _book.InsertAsync([new(Client, 0, 1, 0, false), new(Ap, 0, 0, 1, false)]);
        Assert.Equal("probe requests", Words(rig.Hear(ProbeRequest(Client, "campus", 1)), 0));
        Assert.Equal("probe responses", Words(rig.Hear(ProbeResponse(Ap, Client, "campus", 2)), 1));
        Assert.Equal(2, rig.Alerts.Count);

        static string Words(AlertRig rig, int alert) => string.Join(' ', rig.Alerts[alert].Text.Split(' ')[..2]);
    }

    [Theory]
    [InlineData(1u, true, 0)]
    [InlineData(0u, false, 0)]
    [InlineData(1u, false, 1)]
    public async Task Who_is_allowed_or_has_no_hash_listed_may_look_as_it_likes(uint beacon, bool allowed, int alerts)
    {
        AlertRig rig = NewRig();
        await ListAsync(beacon, allowed);
        Assert.Equal(alerts, rig.Hear(Announce(s_usual)).Alerts.Count);
    }

    [Fact]
    public async Task A_change_of_the_list_is_enough()
    {
        AlertRig rig = NewRig();
        uint hash = HashOf(static d => d.BeaconFingerprint, Announce(s_usual));
        rig.Hear(Announce(s_usual));
        await ListAsync(hash);
        Assert.Empty(rig.Hear(Announce(s_usual)).Alerts);
        _ = await _book.UpdateAsync(new(Ap, hash + 1, null, null, null));
        Assert.Single(rig.Hear(Announce(s_usual)).Alerts);
        // Of what was told once, and has not changed since, nothing is told again.
        _ = await _book.InsertAsync([new(OtherAp, 1, 0, 0, false)]);
        Assert.Single(rig.Hear(Announce(s_usual)).Alerts);
        _ = await _book.UpdateAsync(new(Ap, hash, null, null, null));
        Assert.Single(rig.Hear(Announce(s_usual)).Alerts);
    }

    [Fact]
    public async Task Access_points_that_are_not_listed_are_told_of_once_where_that_is_asked_for()
    {
        foreach (bool wanted in (bool[])[false, true])
        {
            AlertRig rig = new(2, new AlertOptions { UnlistedAccessPoints = wanted }, _book);
            // An empty list means nobody.
            Assert.Empty(rig.Hear(Announce(s_usual)).Alerts);
            _ = await _book.InsertAsync([new(OtherAp, 0, 0, 0, false)]);
            rig.Hear(Beacon(OtherAp, "campus", _sequence++)).Hear(Beacon(new(0x0011_2233_4477), "campus", _sequence++))
                .Hear(ProbeResponse(new(0x0011_2233_4477), Client, "campus", _sequence++)).Hear(ProbeRequest(Client, "campus", _sequence++));
            Assert.Equal(wanted ? ["UNLISTEDAP"] : [], rig.Alerts.Select(static alert => alert.Header));
            _ = await _book.DeleteAsync([OtherAp]);
        }
    }

    private AlertRig NewRig() => new(2, fingerprints: _book);

    private async Task ListAsync(uint beacon, bool allowed = false) => Assert.Null(await _book.InsertAsync([new(Ap, beacon, 0, 0, allowed)]));

    private byte[] Announce(byte[] element) => Beacon(Ap, "campus", _sequence++, Ess, 1, element);

    private static uint HashOf(Func<Dot11Device, uint> hash, byte[] frame) => hash(new Rig().Hear(frame).Dot11(Ap));
}
