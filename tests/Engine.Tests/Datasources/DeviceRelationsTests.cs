using System.Buffers.Binary;
using KismetOrleans.Engine.Datasources;
using KismetOrleans.Engine.Observations;
using KismetOrleans.Records.Dot11;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Dot11;

namespace KismetOrleans.Engine.Tests.Datasources;

/// <summary>Which devices are found to be the same hardware.</summary>
public sealed class DeviceRelationsTests
{
    private const string Identity = "DD18 0050F204 10470010 00112233445566778899AABBCCDDEEFF";

    [Fact]
    public void Access_points_whose_timers_began_together_are_related()
    {
        // Heard 100 s after its timer began, and 160 s: at one moment. The third began a minute later, the fourth is of an ad-hoc network.
        Rig rig = new Rig()
            .Hear(Beacon(1, 100_000_000), at: 0).Hear(Beacon(2, 160_500_000), at: 60).Hear(Beacon(3, 100_000_000), at: 60).Hear(Beacon(4, 160_000_000, capabilities: 0x0002), at: 60)
            .Hear(Beacon(1, 170_000_000), at: 70).Hear(Beacon(2, 170_500_000), at: 70);
        Assert.Equal([Address(2)], rig.Dot11(Address(1)).LikeByClock);
        Assert.Equal([Address(1)], rig.Dot11(Address(2)).LikeByClock);
        Assert.Null(rig.Dot11(Address(3)).LikeByClock);
        Assert.Null(rig.Dot11(Address(4)).LikeByClock);
    }

    [Fact]
    public void Of_very_many_that_began_together_no_more_are_kept_than_one_device_has()
    {
        Rig rig = new();
        for (int i = 1; i <= 200; i++)
        {
            rig.Hear(Beacon((byte)i, 1_000_000 + (ulong)i), at: i / 1000.0);
        }
        Assert.All(rig.Devices.All.ToArray(), static device => Assert.InRange(device.Dot11!.LikeByClock?.Count ?? 0, 0, Related.Most));
    }

    [Fact]
    public void A_timer_that_jumps_with_each_beacon_fills_no_memory()
    {
        DeviceRelations relations = new();
        ObservationBatch[] batches = [new()];
        for (uint i = 1; i <= 20_000; i++)
        {
            // Forty by turns, more than a place has room for.
            Observation o = new() { TimeNs = 0, Frame = new() { Kind = FrameKind.Beacon, Bssid = Address((byte)(i % 40)), Timestamp = i / 40 * 60_000_000UL + 1 } };
            relations.Look([], o, batches);
        }
        Assert.InRange(relations.Starts, 1, 40);
    }

    [Fact]
    public void When_there_are_too_many_it_begins_anew()
    {
        DeviceRelations relations = new();
        ObservationBatch[] batches = [new()];
        Look(1, 0);
        for (ulong i = 1; i <= 5000; i++)
        {
            // Addresses that share few places, so that the first one keeps its own.
            Look(((i % 1024) << 30) | (8 + (i / 1024)), i * 60_000_000);
        }
        Assert.Equal(0, batches[0].Count);
        Look(1, 0);
        Look(2, 0);
        Assert.Equal(1, batches[0].Count);

        void Look(ulong address, ulong start)
        {
            Observation o = new() { TimeNs = 0, Frame = new() { Kind = FrameKind.Beacon, Bssid = new(0x0200_0000_0000UL | address), Timestamp = start + 1 } };
            relations.Look([], o, batches);
        }
    }

    [Fact]
    public void Addresses_that_give_one_WPS_identity_are_related()
    {
        Rig rig = new Rig().Hear(Probe(1, Identity)).Hear(Probe(2, Identity)).Hear(Probe(3, Identity.Replace("EEFF", "EEFE", StringComparison.Ordinal)))
            .Hear(Probe(4, Identity.Replace("00112233445566778899AABBCCDDEEFF", new string('0', 32), StringComparison.Ordinal)))
            .Hear(Probe(5, Identity.Replace("00112233445566778899AABBCCDDEEFF", new string('0', 32), StringComparison.Ordinal)));
        Assert.Equal([Address(2)], rig.Dot11(Address(1)).LikeByIdentity);
        Assert.Equal([Address(1)], rig.Dot11(Address(2)).LikeByIdentity);
        Assert.All([3, 4, 5], other => Assert.Null(rig.Dot11(Address((byte)other)).LikeByIdentity));
    }

    private static MacAddress Address(byte last) => new(0x0200_0000_0000UL | last);

    private static byte[] Beacon(byte last, ulong timer, ushort capabilities = 0x0001)
    {
        byte[] frame = Convert.FromHexString($"80000000FFFFFFFFFFFF0200000000{last:X2}0200000000{last:X2}0000" + "0000000000000000" + "6400" + "0000" + "000161" + "010482848B96");
        BinaryPrimitives.WriteUInt64LittleEndian(frame.AsSpan(24), timer);
        BinaryPrimitives.WriteUInt16LittleEndian(frame.AsSpan(34), capabilities);
        return frame;
    }

    private static byte[] Probe(byte last, string elements) =>
        Convert.FromHexString($"40000000FFFFFFFFFFFF0200000000{last:X2}FFFFFFFFFFFF0000" + "0000" + "010402040B16" + elements.Replace(" ", "", StringComparison.Ordinal));
}
