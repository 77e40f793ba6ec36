using System.Diagnostics.Metrics;
using KismetOrleans.Engine.Datasources;
using KismetOrleans.Engine.Observations;
using KismetOrleans.Engine.Operations;
using KismetOrleans.Engine.Partitions;
using KismetOrleans.Records.Datasources;
using KismetOrleans.Records.Json;
using KismetOrleans.Records.Server;
using KismetOrleans.Wire;
using static KismetOrleans.Engine.Tests.Frames;

namespace KismetOrleans.Engine.Tests.Partitions;

/// <summary>A frame that a fault of the program does not let be applied costs nothing but itself, and is told and kept.</summary>
public sealed class FaultTests
{
    private readonly FaultyManufacturers _registry = new();
    private readonly DevicePartition _partition;
    private readonly FrameDissector _dissector = new();
    private byte _number;

    public FaultTests() => _partition = new(0, new(1, new(), _registry, new NoSources(), Guid.Empty, new FakeClock()));

    [Fact]
    public void The_others_of_its_batch_are_applied()
    {
        BatchOutcome outcome = Apply(1, Other(0xA1), Faulty(1), Other(0xA2), Faulty(2), Other(0xA3));
        Assert.Equal(3, _partition.Devices);
        Assert.True(_partition.Covers(1, 1, 1));
        Assert.False(outcome.Gap);
        MessageRecord message = Assert.Single(outcome.Messages, static message => message.Flags == MessageFlags.Error);
        Assert.StartsWith("2 of 5 frames of a batch could not be applied to the devices of partition 0, by a fault of this program: ", message.Text, StringComparison.Ordinal);
        Assert.Contains("InvalidOperationException, the registry is broken", message.Text, StringComparison.Ordinal);
        // A device and its name each.
        Assert.Equal(6, outcome.Messages.Count(static message => message.Flags == MessageFlags.Info));
        // Not sent again, and nothing to tell of the next one.
        Assert.Empty(Apply(1, Other(0xA1)).Messages);
        Assert.DoesNotContain(Apply(2, Other(0xA1)).Messages, static message => message.Flags == MessageFlags.Error);
        Assert.Equal(3, _partition.Devices);
    }

    [Fact]
    public void A_device_that_failed_is_as_if_it_had_never_been_seen()
    {
        _ = Apply(1, Faulty(1));
        Assert.Equal(0, _partition.Devices);
        Assert.Equal(0, _partition.Count().Devices);
        _registry.IsBroken = false;
        BatchOutcome outcome = Apply(2, Faulty(1));
        Assert.Equal(1, _partition.Devices);
        Assert.Contains("Detected new", outcome.Messages[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_newest_frames_are_kept_with_their_bytes()
    {
        for (byte i = 0; i < 20; i++)
        {
            _ = Apply(i + 1UL, Faulty(i));
        }
        Assert.Equal(16, _partition.Failed.Count);
        Assert.Equal(Enumerable.Range(4, 16), _partition.Failed.Select(static failed => (int)(failed.Observation.Frame.Source.Value & 0xFF)));
        FailedObservation newest = _partition.Failed[^1];
        Assert.Equal("the registry is broken", newest.Fault.Message);
        Assert.Equal(1_700_000_000u, newest.Clock);
        byte[] expected = Faulty(19);
        expected[24] = _number;
        Assert.Equal(Convert.ToHexString(expected), Convert.ToHexString(newest.Bytes));
    }

    [Fact]
    public void They_are_counted()
    {
        long counted = 0;
        using MeterListener listener = new();
        listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name == Meters.Name && instrument.Name == "kismet.partition.observations.failed")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => Interlocked.Add(ref counted, value));
        listener.Start();
        _ = Apply(1, Faulty(1), Other(0xA1), Faulty(2));
        // No other test lets an observation fail but those of this class, which run one after the other.
        Assert.Equal(2, Interlocked.Read(ref counted));
    }

    private static byte[] Other(byte last) => Beacon(new(0x00AABBCCDD00UL | last), "campus");

    private static byte[] Faulty(byte last) => Beacon(new((FaultyManufacturers.Oui << 24) | last), "campus");

    private BatchOutcome Apply(ulong sequence, params byte[][] frames)
    {
        ObservationBatch batch = new();
        batch.Reset(1, 1_700_000_000);
        Packets packets = new();
        foreach (byte[] frame in frames)
        {
            // Its time stamp, so that none is another's duplicate.
            frame[24] = ++_number;
            packets.Add(frame);
        }
        _dissector.Dissect(packets.ToBatch(), [batch]);
        batch.Mark = new(1, 1, sequence, 0);
        return _partition.Apply(batch);
    }

    private sealed class FaultyManufacturers : IManufacturers
    {
        public const ulong Oui = 0xBADBAD;

        public bool IsBroken { get; set; } = true;

        public string? Find(MacAddress address) =>
            IsBroken && address.Oui == Oui ? throw new InvalidOperationException("the registry is broken") : null;

        public string? FindOui(uint oui) => null;
    }

    private sealed class NoSources : ISourceDirectory
    {
        public IReadOnlyList<DatasourceRecord> All => [];

        public DatasourceRecord? Find(ushort number) => null;
    }
}
