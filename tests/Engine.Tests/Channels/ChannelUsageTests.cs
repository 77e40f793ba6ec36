using KismetOrleans.Engine.Channels;
using KismetOrleans.Engine.Observations;
using KismetOrleans.Records.Server;
using KismetOrleans.Wire.Link;

namespace KismetOrleans.Engine.Tests.Channels;

/// <summary>Use of frequencies adds up within a batch and over batches.</summary>
public sealed class ChannelUsageTests
{
    private const uint Now = 1_750_000_000;

    [Fact]
    public void A_tally_adds_up_by_frequency_and_begins_anew_when_taken()
    {
        FrequencyTally tally = new();
        tally.Count(Heard(2_412_000, -50, -95), 10);
        tally.Count(Heard(5_180_000, -70, 0), 0);
        tally.Count(Heard(2_412_000, -60, -90), 5);
        tally.Count(Heard(2_412_000, 0, 0), 1);
        tally.Count(Heard(0, -10, -10), 99);
        Assert.Equal(
            [
                new FrequencyUse(2_412_000) { Packets = 3, DataBytes = 16, Last = -60, Min = -60, Max = -50, LastNoise = -90, MinNoise = -95, MaxNoise = -90, Kind = SignalKind.Dbm },
                new FrequencyUse(5_180_000) { Packets = 1, Last = -70, Min = -70, Max = -70, Kind = SignalKind.Dbm },
            ],
            tally.Take());
        Assert.Empty(tally.Take());
        // The frequency counted last before is not remembered by its place.
        tally.Count(Heard(2_412_000, -40, 0), 2);
        Assert.Equal(new FrequencyUse(2_412_000) { Packets = 1, DataBytes = 2, Last = -40, Min = -40, Max = -40, Kind = SignalKind.Dbm }, Assert.Single(tally.Take()));
    }

    [Fact]
    public void Batches_add_up_by_second_and_their_signals_widen()
    {
        ChannelUsage usage = new();
        usage.Add([new(2_437_000) { Packets = 3, DataBytes = 100, Last = -60, Min = -70, Max = -50, LastNoise = -95, MinNoise = -96, MaxNoise = -94, Kind = SignalKind.Dbm }], Now);
        usage.Add([new(2_437_000) { Packets = 4, DataBytes = 50, Last = -40, Min = -40, Max = -40, Kind = SignalKind.Dbm }], Now);
        ChannelRecord record = Assert.Single(usage.Read().Frequencies);
        Assert.Equal((2_437_000u, 7.0, 150.0), (record.FrequencyKhz, record.PacketsRrd.LastValue, record.DataRrd.LastValue));
        Assert.Equal((-40, -70, -40), ((int)record.Signal!.Last, (int)record.Signal.Min, (int)record.Signal.Max));
        Assert.Equal((-95, -96, -94), ((int)record.Signal.LastNoise, (int)record.Signal.MinNoise, (int)record.Signal.MaxNoise));
        Assert.Equal(SignalKind.Dbm, record.Signal.Kind);
    }

    [Fact]
    public void Frequencies_are_read_in_order_and_as_copies()
    {
        ChannelUsage usage = new();
        usage.Add([new(5_180_000) { Packets = 1 }, new(2_412_000) { Packets = 1 }], Now);
        ChannelMap read = usage.Read();
        Assert.Equal([2_412_000u, 5_180_000u], read.Frequencies.Select(record => record.FrequencyKhz));
        usage.Add([new(2_412_000) { Packets = 5, Last = -10, Min = -10, Max = -10 }], Now);
        Assert.Equal((1.0, 0), (read.Frequencies[0].PacketsRrd.LastValue, (int)read.Frequencies[0].Signal!.Last));
        Assert.Equal(6.0, usage.Read().Frequencies[0].PacketsRrd.LastValue);
    }

    [Fact]
    public void Invented_frequencies_do_not_fill_the_memory_and_known_ones_go_on()
    {
        ChannelUsage usage = new();
        usage.Add([.. Enumerable.Range(1, 5000).Select(i => new FrequencyUse((uint)i) { Packets = 1 })], Now);
        usage.Add([new(1) { Packets = 1 }, new(4999) { Packets = 1 }], Now);
        ChannelMap read = usage.Read();
        Assert.Equal(4096, read.Frequencies.Count);
        Assert.Equal(2.0, read.Frequencies[0].PacketsRrd.LastValue);
        Assert.Equal(4096u, read.Frequencies[^1].FrequencyKhz);
    }

    private static Observation Heard(uint khz, short signal, short noise) =>
        new() { FrequencyKhz = khz, Signal = signal, Noise = noise, SignalKind = signal == 0 ? SignalKind.None : SignalKind.Dbm };
}
