using KismetOrleans.Engine.Tracking;
using KismetOrleans.Records.Devices;
using KismetOrleans.SampleGenerator;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Link;
using static KismetOrleans.Engine.Tests.Frames;

namespace KismetOrleans.Engine.Tests.Tracking;

/// <summary>One frame counts once, however many sources hear it; each source adds how well it heard it, and where.</summary>
public sealed class HearingTests
{
    private readonly Rig _rig = new();

    [Fact]
    public void A_second_source_adds_its_signal_and_seen_by_and_no_packet()
    {
        byte[] beacon = Beacon(Ap, "Campus");
        _rig.HearAt(beacon, -40).HearAt(beacon, -70, 0.01, source: 2);
        Device ap = _rig[Ap];
        Assert.Equal((1UL, 1UL), (ap.Packets, ap.LlcPackets));
        Assert.Equal([1, 2], ap.SeenBy.Select(seen => (int)seen.SourceNumber));
        Assert.Equal([1u, 1u], ap.SeenBy.Select(seen => seen.Packets));
        Assert.Equal([-40, -70], ap.SeenBy.Select(seen => (int)seen.Signal!.Last));
        Assert.Equal([2_437_000u, 2_437_000u], ap.SeenBy.Select(seen => seen.Frequencies[0].Khz));
        Assert.Equal((-70, -70, -40), ((int)ap.Signal!.Last, (int)ap.Signal.Min, (int)ap.Signal.Max));
        Assert.Equal(1u, ap.Frequencies[0].Packets);
        Assert.Equal(1u, Assert.Single(ap.Dot11!.Advertised!).BeaconsSecond);
    }

    [Fact]
    public void A_device_names_the_sources_that_heard_it_last_and_counts_those_that_had_to_go()
    {
        byte[] beacon = Beacon(Ap, "Campus");
        for (ushort source = 1; source <= SeenBy.Most; source++)
        {
            _rig.HearAt(beacon, -50, source * 3, source);
        }
        Device ap = _rig[Ap];
        Assert.Equal((SeenBy.Most, 0u), (ap.SeenBy.Length, ap.SeenByLeftOut));
        // The first is heard of once more, so the second goes.
        const int after = (SeenBy.Most + 1) * 3;
        _rig.HearAt(beacon, -50, after, 1).HearAt(beacon, -40, after + 3, 1000);
        Assert.Equal((SeenBy.Most, 1u), (ap.SeenBy.Length, ap.SeenByLeftOut));
        Assert.Equal([1, 1000, .. Enumerable.Range(3, SeenBy.Most - 2)], ap.SeenBy.Select(static seen => (int)seen.SourceNumber).OrderBy(number => number switch { 1 => 0, 1000 => 1, _ => number }));
        Assert.Equal((2u, 1u), (ap.SeenBy.Single(static seen => seen.SourceNumber == 1).Packets, ap.SeenBy.Single(static seen => seen.SourceNumber == 1000).Packets));
        Assert.Equal((0, 1, 1), (_rig.Devices.CountsBySource[2], _rig.Devices.CountsBySource[1000], _rig.Devices.CountsBySource[1]));
    }

    [Fact]
    public void Data_of_a_second_source_likewise()
    {
        byte[] data = ToDs(Client, Ap, Wired, new byte[60]);
        _rig.HearAt(data, -50).HearAt(data, -80, 0.01, source: 2);
        Device station = _rig[Client];
        Assert.Equal((1UL, 60UL, 60UL), (station.Packets, station.DataSize, station.Dot11!.DataSize));
        Assert.Equal([-50, -80], station.SeenBy.Select(seen => (int)seen.Signal!.Last));
        // A receiver has no signal from it, but both sources have heard of it.
        Assert.Equal(2, _rig[Wired].SeenBy.Length);
        Assert.All(_rig[Wired].SeenBy, seen => Assert.Null(seen.Signal));
        Assert.Equal(1UL, _rig[Wired].Packets);
    }

    [Fact]
    public void The_same_source_again_adds_nothing_by_data()
    {
        byte[] data = ToDs(Client, Ap, Wired, new byte[60]);
        _rig.HearAt(data, -50).HearAt(data, -80, 0.01);
        Assert.Equal(1u, Assert.Single(_rig[Client].SeenBy).Packets);
        Assert.Equal(-50, _rig[Client].Signal!.Min);
        Assert.Equal(1UL, _rig[Client].Packets);
    }

    [Fact]
    public void The_same_source_again_adds_signal_and_seen_by_by_management()
    {
        byte[] beacon = Beacon(Ap, "Campus");
        _rig.HearAt(beacon, -50).HearAt(beacon, -80, 0.01);
        Assert.Equal(2u, Assert.Single(_rig[Ap].SeenBy).Packets);
        Assert.Equal(-80, _rig[Ap].Signal!.Min);
        Assert.Equal(1UL, _rig[Ap].Packets);
    }

    [Fact]
    public void After_the_window_the_same_bytes_count_again()
    {
        byte[] beacon = Beacon(Ap, "Campus");
        _rig.Hear(beacon).Hear(beacon, 2.5);
        Assert.Equal(2UL, _rig[Ap].Packets);
    }

    [Fact]
    public void Views_of_sources_count_each_device_once_a_source()
    {
        _rig.Hear(Beacon(Ap, "a", 1)).Hear(Beacon(Ap, "a", 2)).Hear(Beacon(Ap, "a", 3), source: 2).Hear(Beacon(OtherAp, "b", 4), source: 2);
        Assert.Equal(1, _rig.Devices.CountsBySource[1]);
        Assert.Equal(2, _rig.Devices.CountsBySource[2]);
    }

    [Fact]
    public void Signal_statistics_leave_zeros_out()
    {
        _rig.HearAt(Beacon(Ap, "a", 1), -60).HearPacket(Heard(Beacon(Ap, "a", 2), 0, noise: 0, rate: 108), LinkType.Radiotap);
        Signal signal = _rig[Ap].Signal!;
        Assert.Equal(SignalKind.Dbm, signal.Kind);
        Assert.Equal((-60, -60, -60), ((int)signal.Last, (int)signal.Min, (int)signal.Max));
        Assert.Equal((-95, -95, -95), ((int)signal.LastNoise, (int)signal.MinNoise, (int)signal.MaxNoise));
        Assert.Equal(540, signal.MaxRate100Kbps);
        Assert.NotEqual(0, signal.EncodingSet);
        Assert.NotEqual(0, signal.CarrierSet);
    }

    [Fact]
    public void A_frame_without_radio_header_leaves_no_signal()
    {
        _rig.Hear(Beacon(Ap, "a"));
        Assert.Null(_rig[Ap].Signal);
        Assert.Null(Assert.Single(_rig[Ap].SeenBy).Signal);
        Assert.Equal(0, _rig[Ap].Frequencies.Count);
        Assert.Equal("", _rig[Ap].Channel);
    }

    [Fact]
    public void Frequencies_are_counted_one_by_one()
    {
        _rig.HearAt(Beacon(Ap, "a", 1), -60, channel: new(Band.Ghz2, 1)).HearAt(Beacon(Ap, "a", 2), -60, channel: new(Band.Ghz2, 6)).HearAt(Beacon(Ap, "a", 3), -60);
        FrequencyCounts counts = _rig[Ap].Frequencies;
        Assert.Equal([(2_412_000u, 1u), (2_437_000u, 2u)], [(counts[0].Khz, counts[0].Packets), (counts[1].Khz, counts[1].Packets)]);
        Assert.Equal(2_437_000u, _rig[Ap].FrequencyKhz);
    }

    [Fact]
    public void Statistics_of_sources_can_be_switched_off()
    {
        Rig rig = new(new TrackingOptions { PerSourceStats = false });
        rig.HearAt(Beacon(Ap, "a"), -60);
        SeenBy seen = Assert.Single(rig[Ap].SeenBy);
        Assert.Null(seen.Signal);
        Assert.Equal(0, seen.Frequencies.Count);
        Assert.Equal(1u, seen.Packets);
        Assert.Equal(-60, rig[Ap].Signal!.Last);
    }

    [Fact]
    public void Each_source_has_its_signal_over_time()
    {
        _rig.HearAt(Beacon(Ap, "a", 1), -60).HearAt(Beacon(Ap, "a", 2), -50).HearAt(Beacon(Ap, "a", 3), -80, 0.01, source: 2);
        double[] hour = new double[Rrd.Slots];
        double[] strongest = [.. _rig[Ap].SeenBy.Select(seen =>
        {
            seen.SignalHistory!.Read(seen.SignalHistory.LastTime, new double[Rrd.Slots], hour, new double[Rrd.DaySlots], out double last, out _);
            Assert.Equal(last, hour[seen.SignalHistory.LastTime / 60 % Rrd.Slots]);
            return last;
        })];
        Assert.Equal([-50, -80], strongest);
        Rig off = new(new TrackingOptions { DeviceRrds = false });
        Assert.Null(Assert.Single(off.HearAt(Beacon(Ap, "a"), -60)[Ap].SeenBy).SignalHistory);
    }

    [Fact]
    public void Histories_can_be_switched_off()
    {
        Rig on = new();
        Rig off = new(new TrackingOptions { DeviceRrds = false });
        foreach (Rig rig in (Rig[])[on, off])
        {
            rig.HearAt(ToDs(Client, Ap, Wired, new byte[60]), -60);
        }
        Assert.Equal([60, 1, 1, 0, -60], Newest(on[Client]));
        Assert.Equal([60, 1, 0, 1, 0], Newest(on[Wired]));
        Assert.Equal([0, 0, 0, 0, 0], Newest(off[Client]));
        Assert.Equal((1UL, 60UL), (off[Client].Packets, off[Client].DataSize));
    }

    private static double[] Newest(Device d) =>
        [.. ((Rrd?[])[d.DataRrd, d.PacketsRrd, d.TxRrd, d.RxRrd, d.Signal?.History]).Select(rrd => rrd?.LastValue ?? 0)];
}
