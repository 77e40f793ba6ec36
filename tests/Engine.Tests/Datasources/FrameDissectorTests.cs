using KismetOrleans.Engine.Channels;
using KismetOrleans.Engine.Datasources;
using KismetOrleans.Engine.Observations;
using KismetOrleans.Packets;
using KismetOrleans.SampleGenerator;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Dot11;
using static KismetOrleans.Engine.Tests.Frames;

namespace KismetOrleans.Engine.Tests.Datasources;

/// <summary>Packets become observations or counts, each once.</summary>
public sealed class FrameDissectorTests
{
    private const int WithFcs = 0x10;
    private const int BadFcs = 0x40;
    private static readonly byte[] s_beacon = Beacon(Ap, "Campus");
    private readonly FrameDissector _dissector = new();
    private readonly ObservationBatch _batch = new();

    [Fact]
    public void An_observation_has_the_frame_and_how_it_was_heard()
    {
        Dissect(Heard(s_beacon, -47, new Channel(Band.Ghz5, 44), noise: -91, rate: 12), LinkType.Radiotap, at: 2.5);
        Observation o = _batch.Items[0];
        Assert.Equal((Packets.TimeOf(2.5), 5_220_000u, -47, -91, 60), (o.TimeNs, o.FrequencyKhz, (int)o.Signal, (int)o.Noise, (int)o.Rate100Kbps));
        Assert.Equal((ObservationKind.Dot11, true, -1), (o.Kind, o.HasRadio, (int)o.Location));
        Assert.Equal(s_beacon, _batch.Bytes(o).ToArray());
        Assert.Equal((FrameKind.Beacon, Ap), (o.Frame.Kind, o.Frame.Source));
        Assert.Equal((0L, s_beacon.Length), (_dissector.ErrorPackets, _dissector.Bytes));
    }

    [Fact]
    public void The_hash_is_that_of_the_frame_and_not_of_its_header()
    {
        Dissect(Heard(s_beacon, -47), LinkType.Radiotap);
        ulong hash = _batch.Items[0].Hash;
        Dissect(WithCheckSequence(s_beacon, good: true), LinkType.Radiotap);
        Assert.Equal(hash, _batch.Items[0].Hash);
        Dissect(s_beacon, LinkType.Ieee80211);
        Assert.Equal(hash, _batch.Items[0].Hash);
        Dissect(Beacon(Ap, "Campus", 1), LinkType.Ieee80211);
        Assert.NotEqual(hash, _batch.Items[0].Hash);
    }

    [Fact]
    public void A_good_check_sequence_is_taken_off()
    {
        Dissect(WithCheckSequence(s_beacon, good: true), LinkType.Radiotap);
        Assert.Equal(s_beacon, _batch.Bytes(_batch.Items[0]).ToArray());
        Assert.Equal((0L, 0L, s_beacon.Length), (_dissector.ErrorPackets, _dissector.Anomalies[Anomalies.FcsBad], _dissector.Bytes));
    }

    [Fact]
    public void A_bad_check_sequence_is_an_error_that_tracks_nothing()
    {
        Dissect(WithCheckSequence(s_beacon, good: false), LinkType.Radiotap);
        Assert.Equal((0, 1L, 1L), (_batch.Count, _dissector.ErrorPackets, _dissector.Anomalies[Anomalies.FcsBad]));
    }

    [Fact]
    public void A_bad_check_sequence_that_the_receiver_reports_is_counted_once()
    {
        byte[] packet = WithCheckSequence(s_beacon, good: false);
        packet[8] |= BadFcs;
        Dissect(packet, LinkType.Radiotap);
        Assert.Equal((0, 1L, 1L), (_batch.Count, _dissector.ErrorPackets, _dissector.Anomalies[Anomalies.FcsBad]));
    }

    [Fact]
    public void Of_a_cut_frame_there_is_no_check_sequence_to_look_at()
    {
        byte[] packet = WithCheckSequence(s_beacon, good: true);
        for (int cut = 1; cut <= 10; cut++)
        {
            Dissect(packet[..^cut], LinkType.Radiotap, cutOff: cut);
            Assert.Equal(1, _batch.Count);
            Assert.Equal((FrameKind.Beacon, true), (_batch.Items[0].Frame.Kind, _batch.Items[0].Frame.IsCut));
        }
        Assert.Equal((0L, 0L), (_dissector.ErrorPackets, _dissector.Anomalies[Anomalies.FcsBad]));
    }

    [Fact]
    public void A_link_type_without_decoder_is_an_error()
    {
        Dissect(s_beacon, (LinkType)1);
        Assert.Equal((0, 1L, 1L), (_batch.Count, _dissector.ErrorPackets, _dissector.Anomalies[Anomalies.LinkTypeUnsupported]));
    }

    [Fact]
    public void PPI_around_a_link_type_without_decoder_is_an_error_too()
    {
        byte[] packet = At(s_beacon, 50, 8, null);
        packet[4] = 1;
        Dissect(packet, LinkType.Ppi);
        Assert.Equal((0, 1L, 1L), (_batch.Count, _dissector.ErrorPackets, _dissector.Anomalies[Anomalies.LinkTypeUnsupported]));
    }

    [Theory]
    [InlineData("00 00 FF 00 00000000", 0, Anomalies.LinkHeaderMalformed, 1)]
    [InlineData("00 00 FF 00 00000000", 300, Anomalies.LinkHeaderTruncated, 1)]
    [InlineData("00 00 08 00 00000000 80 00 00 00 FFFF", 0, Anomalies.FrameMalformed, 0)]
    [InlineData("00 00 08 00 00000000 80 00 00 00 FFFF", 300, Anomalies.FrameTruncated, 0)]
    [InlineData("00 00 08 00 00000000 81 00 00 00 FFFFFFFFFFFF", 0, Anomalies.FrameVersionUnknown, 0)]
    public void What_is_wrong_is_counted_by_its_name(string hex, int cutOff, Anomalies anomaly, int errors)
    {
        Dissect(Convert.FromHexString(hex.Replace(" ", "")), LinkType.Radiotap, cutOff: cutOff);
        Assert.Equal((0, 1L, (long)errors), (_batch.Count, _dissector.Anomalies[anomaly], _dissector.ErrorPackets));
        Assert.All(
            Enum.GetValues<Anomalies>().Where(other => other != Anomalies.None && other != anomaly), other => Assert.Equal(0, _dissector.Anomalies[other]));
    }

    [Fact]
    public void A_time_out_of_range_is_counted_and_the_packet_used()
    {
        PacketBatch packets = new Packets().Add(s_beacon).ToBatch();
        packets.Packets[0].TimeOutOfRange = true;
        _batch.Reset(1, 1);
        _dissector.Dissect(packets, [_batch]);
        Assert.Equal((1, 1L, 0L), (_batch.Count, _dissector.Anomalies[Anomalies.TimeOutOfRange], _dissector.ErrorPackets));
    }

    [Fact]
    public void Bytes_go_along_only_where_they_are_needed()
    {
        Dissect(ToDs(Client, Ap, Wired, new byte[500]), LinkType.Ieee80211);
        Assert.Equal(0, _batch.Items[0].Length);
        byte[] arp = ToDs(Client, Ap, Wired, NetworkPackets.Arp(1, Client, 1, Wired, 2));
        Dissect(arp, LinkType.Ieee80211);
        Assert.Equal(arp, _batch.Bytes(_batch.Items[0]).ToArray());
    }

    [Fact]
    public void Control_frames_count_as_packets_of_their_frequency_only()
    {
        Dissect(Heard(ControlFrames.Ack(Client), -50), LinkType.Radiotap);
        Assert.Equal((0, 1L), (_batch.Count, _dissector.PacketsByPhy[Phy.Dot11.Id]));
        FrequencyUse use = Assert.Single(_dissector.Frequencies.Take());
        Assert.Equal((2_437_000u, 1, 0L), (use.Khz, use.Packets, use.DataBytes));
    }

    [Fact]
    public void A_batch_grows_with_what_it_gets()
    {
        Packets packets = new();
        byte[][] frames = [.. Enumerable.Range(0, 2000).Select(i => Beacon(Ap, $"network number {i}", (ushort)i))];
        foreach (byte[] frame in frames)
        {
            packets.Add(frame);
        }
        _batch.Reset(1, 1);
        _dissector.Dissect(packets.ToBatch(), [_batch]);
        Assert.Equal(2000, _batch.Count);
        for (int i = 0; i < frames.Length; i++)
        {
            Assert.Equal(frames[i], _batch.Bytes(_batch.Items[i]).ToArray());
        }
        _batch.Reset(2, 5);
        Assert.Equal((0, 2, 5u), (_batch.Count, _batch.SourceNumber, _batch.Clock));
    }

    [Fact]
    public void Positions_are_the_batchs_own()
    {
        ObservationBatch[] batches = [new(), new(), new()];
        Packets packets = new();
        packets.Add(At(s_beacon, 1, 2, null), LinkType.Ppi).Add(s_beacon).Add(At(s_beacon, 3, 4, 5), LinkType.Ppi);
        _dissector.Dissect(packets.ToBatch(), batches);
        ObservationBatch owner = Assert.Single(batches, batch => batch.Count > 0);
        Assert.Equal([0, -1, 1], owner.Items.ToArray().Select(o => (int)o.Location));
        Assert.Equal((3, 4, (byte)3), ((int)owner.Locations[1].Latitude, (int)owner.Locations[1].Longitude, owner.Locations[1].Fix));
    }

    private void Dissect(byte[] packet, LinkType type, double at = 0, int cutOff = 0)
    {
        _batch.Reset(1, 1);
        _dissector.Dissect(new Packets().Add(packet, type, at, cutOff).ToBatch(), [_batch]);
    }

    // Radiotap with nothing but flags: a check sequence follows.
    private static byte[] WithCheckSequence(byte[] frame, bool good) =>
        [0, 0, 9, 0, 2, 0, 0, 0, WithFcs, .. new FrameBuilder().Raw(frame).ToArrayWithFcs(good)];

    [Fact]
    public void A_source_that_has_sent_nothing_costs_little()
    {
        const int sources = 100;
        FrameDissector[] kept = new FrameDissector[sources];
        _ = new FrameDissector();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < sources; i++)
        {
            kept[i] = new();
        }
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / sources, 1, 8192);
        GC.KeepAlive(kept);
    }
}
