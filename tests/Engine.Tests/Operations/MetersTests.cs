using System.Diagnostics.Metrics;
using KismetOrleans.Engine.Operations;
using KismetOrleans.Wire;

namespace KismetOrleans.Engine.Tests.Operations;

/// <summary>What the process's meter tells a listener, name by name. Other tests feed the same meter, so only what cannot be theirs is exact.</summary>
public sealed class MetersTests
{
    // Far above what any other test counts, so that its own numbers stand out.
    private const long Mark = 1_000_000_000_000;

    [Fact]
    public void Packets_are_told_by_phy_and_phys_without_packets_are_not()
    {
        using Listener heard = new();
        long[] byPhy = new long[Phy.All.Count];
        byPhy[Phy.Dot11.Id] = Mark;
        byPhy[Phy.Btle.Id] = Mark + 1;
        Meters.Accepted(byPhy, Mark + 2);
        Assert.Equal(
            [("kismet.packets", "phy=IEEE802.11", Mark), ("kismet.packets", "phy=BTLE", Mark + 1), ("kismet.packets.errors", "", Mark + 2)],
            heard.Marked);
    }

    [Fact]
    public void Accepting_allocates_nothing_with_a_listener_nor_without()
    {
        long[] byPhy = [1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0];
        Assert.Equal(0, Allocated(() => Meters.Accepted(byPhy, 1)));
        using MeterListener silent = new();
        silent.SetMeasurementEventCallback<long>(static (_, _, _, _) => { });
        silent.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name == Meters.Name)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        silent.Start();
        Assert.Equal(0, Allocated(() => Meters.Accepted(byPhy, 1)));
    }

    [Fact]
    public void Anomalies_have_their_names_and_are_told_once()
    {
        using Listener heard = new();
        AnomalyCounts counts = new();
        AnomalyReport report = new();
        counts.Add([new(Anomalies.FcsBad, Mark), new(Anomalies.SsidTooLong, Mark + 1)]);
        report.Report(counts);
        report.Report(counts);
        counts.Add([new(Anomalies.FcsBad, Mark + 2)]);
        report.Report(counts);
        Assert.Equal(
            [
                ("kismet.anomalies", "anomaly=FcsBad", Mark), ("kismet.anomalies", "anomaly=SsidTooLong", Mark + 1),
                ("kismet.anomalies", "anomaly=FcsBad", Mark + 2),
            ],
            heard.Marked);
    }

    [Theory]
    [InlineData(DropReason.Os, "os")]
    [InlineData(DropReason.Spool, "spool")]
    [InlineData(DropReason.Stream, "stream")]
    [InlineData(DropReason.Queue, "queue")]
    public void Drops_say_where(DropReason reason, string name)
    {
        using Listener heard = new();
        Meters.Dropped(reason, 0);
        Meters.Dropped(reason, Mark);
        Assert.Equal([("kismet.drops", "reason=" + name, Mark)], heard.Marked);
    }

    [Theory]
    [InlineData(0UL, new[] { Mark, 5, Mark - 5, Mark })]
    [InlineData(null, new[] { 5, Mark - 5, Mark })]
    public void Totals_are_told_by_what_they_grow_and_anew_when_they_shrink(ulong? told, long[] expected)
    {
        using Listener heard = new() { All = true };
        DropReport report = new(DropReason.Spool, told);
        foreach (long total in (long[])[Mark, Mark, Mark + 5, 2 * Mark, Mark])
        {
            report.Report((ulong)total);
        }
        Assert.Equal(expected, heard.Marked.Where(static m => m.Name == "kismet.drops").Select(static m => m.Value));
    }

    [Fact]
    public void Values_of_one_name_are_summed_and_go_when_disposed()
    {
        using Listener heard = new();
        using IDisposable one = Meters.PartitionDevices.Add("here", static () => Mark);
        IDisposable other = Meters.PartitionDevices.Add("here", static () => 5);
        heard.Collect();
        other.Dispose();
        heard.Collect();
        one.Dispose();
        heard.Collect();
        Assert.Equal(
            [("kismet.partition.devices", "partition=here", Mark + 5), ("kismet.partition.devices", "partition=here", Mark)], heard.Marked);
    }

    private static long Allocated(Action act)
    {
        act();
        // The least of some: a collection that another test causes can be charged to this thread.
        return Math.Max(0, Enumerable.Range(0, 5).Min(_ =>
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            act();
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }));
    }

    /// <summary>Hears this thread's measurements of the meter.</summary>
    private sealed class Listener : IDisposable
    {
        private readonly MeterListener _listener = new();
        private readonly int _thread = Environment.CurrentManagedThreadId;

        public Listener()
        {
            _listener.InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Meter.Name == Meters.Name)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
            {
                if ((value >= Mark || All) && Environment.CurrentManagedThreadId == _thread)
                {
                    Marked.Add((instrument.Name, tags.Length == 0 ? "" : $"{tags[0].Key}={tags[0].Value}", value));
                }
            });
            _listener.Start();
        }

        /// <summary>Whether small values are heard, too.</summary>
        public bool All { get; init; }

        public List<(string Name, string Tag, long Value)> Marked { get; } = [];

        public void Collect() => _listener.RecordObservableInstruments();

        public void Dispose() => _listener.Dispose();
    }
}
