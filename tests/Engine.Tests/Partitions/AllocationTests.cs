using KismetOrleans.Engine.Datasources;
using KismetOrleans.Engine.Events;
using KismetOrleans.Engine.Observations;
using KismetOrleans.Engine.Partitions;
using KismetOrleans.Packets;
using KismetOrleans.SampleGenerator;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Dot11;
using static KismetOrleans.Engine.Tests.Frames;

namespace KismetOrleans.Engine.Tests.Partitions;

/// <summary>Packets of devices that are known allocate nothing (a batch one small object), from the link header to the record.</summary>
public sealed class AllocationTests
{
    private const int Rounds = 50;
    private static readonly MacAddress s_openAp = new(0x0011_2233_4477);

    // A call's outcome is an object, whatever the number of packets: header, clock, four lists, duplicates.
    private const int OutcomeBytes = 64;

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void A_steady_batch_allocates_nothing(int count)
    {
        Slices slices = Measure(count, Round);
        // A beacon and an answer a round.
        Assert.Equal(4UL * Rounds, Slices.ReadAll(slices.All[Partitioning.OfDot11(Ap, count)], new() { Addresses = [new(Ap, ulong.MaxValue)] })[0]
            .GetProperty("kismet.device.base.packets.total").GetUInt64());
        // Who was where is taken note of with each of them.
        Assert.NotEmpty(slices.All.SelectMany(static slice => slice.Queries.Presence(new(0, uint.MaxValue)).Blocks));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Other_radios_allocate_nothing_either(int count)
    {
        Slices slices = Measure(count, OtherRound);
        // Advertiser and scanner; two that the controller tells of; two of 802.15.4.
        Assert.Equal(6, slices.All.Sum(static slice => slice.Devices));
    }

    [Fact]
    public void Networks_that_a_beacon_tells_of_besides_its_own_allocate_nothing()
    {
        Slices slices = Measure(1, ManyNetworks);
        Assert.Equal(4, slices.All.Sum(static slice => slice.Devices));
    }

    [Fact]
    public void They_are_taken_once_a_second_while_they_are_the_same()
    {
        FrameDissector dissector = new();
        Assert.Equal(13, Observations(ManyNetworks(0)));
        Assert.Equal(13, Observations(ManyNetworks(1)));
        // Two forms of the beacon within a second, each new to what was seen before it.
        Packets changing = new();
        changing.Add(Networks(1, 3), at: 20).Add(Networks(2, 2), at: 20.1).Add(Networks(3, 2), at: 20.2);
        Assert.Equal(3 + 3 + 2, Observations(changing.ToBatch()));

        int Observations(PacketBatch packets)
        {
            ObservationBatch batch = new();
            batch.Reset(1, 0);
            dissector.Dissect(packets, [batch]);
            return batch.Items.ToArray().Count(static o => o.Kind != ObservationKind.Related);
        }
    }

    private static Slices Measure(int count, Func<int, PacketBatch> make)
    {
        // So few that the duplicate filter has its full size before it is measured.
        Slices slices = new(count, new() { DuplicateCapacity = 64 * count }, new ListenersToOthers());
        FrameDissector dissector = new();
        ObservationBatch[] batches = [.. slices.All.Select(_ => new ObservationBatch())];
        // Each round is a second of capture time later than the one before, so that nothing in it is a duplicate.
        PacketBatch[] rounds = [.. Enumerable.Range(0, 2 * Rounds).Select(make)];
        uint clock = slices.Clock.Second;
        for (int i = 0; i < Rounds; i++)
        {
            Apply(rounds[i]);
        }
        int collections = GC.CollectionCount(0);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = Rounds; i < 2 * Rounds; i++)
        {
            Apply(rounds[i]);
        }
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        collections = GC.CollectionCount(0) - collections + 1;
        // Within one second of the server's clock; histories double their arrays as seconds go by.
        // Each collection that another test causes can charge this thread with what was left of its allocation context, 8 KiB.
        Assert.True(allocated <= (Rounds * count * OutcomeBytes) + (collections * 8192), $"{allocated} bytes");
        return slices;

        void Apply(PacketBatch round)
        {
            foreach (ObservationBatch batch in batches)
            {
                batch.Reset(1, clock);
            }
            dissector.Dissect(round, batches);
            for (int i = 0; i < batches.Length; i++)
            {
                slices.All[i].Apply(batches[i]);
            }
        }
    }

    // What a network at work sounds like: beacon with TIM, probes and answers, data in both directions, null data, acknowledgements.
    private static PacketBatch Round(int round)
    {
        ushort n = (ushort)round;
        byte[] ciphertext = DataFrames.Encrypted(DataCipher.Ccmp, (ulong)round + 1, 200, new Dice((ulong)round));
        byte[][] frames =
        [
            BeaconOf(Ap, n, EssPrivacy, (ulong)round, Elements.Ssid("Campus"), Elements.Tim((byte)(round % 3), 3), Security.Wpa2Psk.Rsn),
            ProbeRequest(Client, "Campus", n),
            ProbeResponse(Ap, Client, "Campus", n),
            ToDs(Client, Ap, Wired, ciphertext, n, FrameFlags.Protected),
            FromDs(Ap, Wired, Client, ciphertext, n, FrameFlags.Protected),
            // In a network of its own: what is in clear in a protected one is an alert.
            ToDs(OtherClient, s_openAp, Wired, NetworkPackets.Arp(1, OtherClient, 7, Wired, 8), n),
            AdHoc(OtherAp, Client, OtherClient, new byte[30 + (round % 7)]),
            DataFrames.Build(new(Ap, Client, Ap) { Kind = FrameKind.Null, Flags = FrameFlags.ToDs, Sequence = n }, []),
            ControlFrames.Ack(Client),
        ];
        Packets packets = new();
        foreach (byte[] frame in frames)
        {
            packets.Add(Heard(frame, (sbyte)(-40 - (round % 30))), LinkType.Radiotap, round * 3);
        }
        return packets.ToBatch(sequence: n);
    }

    // Ten beacons within a second, of a network and three others.
    private static PacketBatch ManyNetworks(int round)
    {
        Packets packets = new();
        for (int i = 0; i < 10; i++)
        {
            packets.Add(Networks((ushort)((round * 10) + i), 3), LinkType.Ieee80211, (round * 3) + (i * 0.09));
        }
        return packets.ToBatch(sequence: (ulong)round + 1);
    }

    private static byte[] Networks(ushort sequence, int count)
    {
        byte[][] profiles = [.. Enumerable.Range(1, count).Select(static i => Convert.FromHexString($"0010 5302 0104 0005 4F74686572 55 01 {i:X2} 01 00".Replace(" ", "")))];
        byte[] profile = [3, .. profiles.SelectMany(static p => p)];
        return Beacon(Ap, "Campus", sequence, more: [[71, (byte)profile.Length, .. profile]]);
    }

    // Advertising with name, services, data that count and a maker, a scan request for it; inquiry and LE report; 802.15.4 data in both directions.
    private static PacketBatch OtherRound(int round)
    {
        byte n = (byte)round;
        Packets packets = new();
        Add($"D6BE898E 4024 0100000000C0 0409616263 05030F18AAFE 0516AAFE10{n:X2} 020AF4 04FF5900{n:X2} 04FF4C00{n:X2}", LinkType.BtleLinkLayer);
        Add("D6BE898E C30C 0200000000C0 0100000000C0", LinkType.BtleLinkLayer);
        Add($"04 22 0F 01 554433221100 01 00 0C025A {n:X2}34 C4", LinkType.BluetoothHciH4);
        Add($"04 3E 17 02 01 00 01 0300000000C0 0B 0409616263 0516AAFE10{n:X2} C0", LinkType.BluetoothHciH4);
        Add($"6188 {n:X2} 621A 0000 5C6F 4802", LinkType.Ieee802154NoFcs);
        Add($"6188 {n:X2} 621A 5C6F 0000 4802", LinkType.Ieee802154NoFcs);
        return packets.ToBatch(sequence: n);

        void Add(string hex, LinkType type) => packets.Add(Convert.FromHexString(hex.Replace(" ", "")), type, round * 3);
    }

    /// <summary>Listeners to everything but what happens to devices.</summary>
    private sealed class ListenersToOthers : IEvents
    {
        public EventTopics Wanted => EventTopics.All & ~EventTopics.OfDevices;

        public void Publish(ServerEvent happened) => Assert.Fail("nobody wants it");
    }
}
