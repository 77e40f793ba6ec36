using System.Diagnostics;
using System.Text.Json;
using KismetOrleans.Engine.Datasources;
using KismetOrleans.Engine.Observations;
using KismetOrleans.Engine.Partitions;
using KismetOrleans.Engine.Tests.Partitions;
using KismetOrleans.Packets;
using KismetOrleans.Records.Datasources;
using KismetOrleans.Records.Json;
using static KismetOrleans.Engine.Tests.Frames;

namespace KismetOrleans.Engine.Tests.Persistence;

/// <summary>Partitions lose what they have not saved, sensors send it again: in the end every packet counts once.</summary>
public sealed class CrashTests
{
    private const int PartitionCount = 3;
    private const int Batches = 40;
    private static readonly TimeSpan s_atMost = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public async Task What_was_lost_comes_again_and_counts_once(int seed)
    {
        FakeClock clock = new();
        Random random = new(seed);
        Host[] partitions = [.. Enumerable.Range(0, PartitionCount).Select(i => new Host(i, clock, new MemoryStore()))];
        // Two sensors hear the same frames: what one sends again must not count for the other either.
        Sensor[] sensors = [new(1, partitions, clock), new(2, partitions, clock)];
        int crashes = 0;
        int restarts = 0;
        Stopwatch elapsed = Stopwatch.StartNew();
        for (int step = 0; elapsed.Elapsed < s_atMost && !sensors.All(static s => s.IsDone); step++)
        {
            if (step % 1000 == 999)
            {
                // A save is under way for as long as other threads have no turn.
                await Task.Delay(1);
            }
            clock.Second++;
            await sensors[random.Next(2)].StepAsync(random);
            if (random.Next(12) == 0 && crashes < 20)
            {
                partitions[random.Next(PartitionCount)].Crash();
                crashes++;
            }
            if (random.Next(40) == 0 && restarts < 5)
            {
                sensors[random.Next(2)].RestartDatasource();
                restarts++;
            }
        }
        Assert.All(sensors, static sensor => Assert.True(sensor.IsDone));
        Assert.True(crashes > 5);
        Slices expected = new(PartitionCount);
        for (ulong i = 1; i <= Batches; i++)
        {
            expected.Hear(Frames(i), 1);
            expected.Hear(Frames(i), 2);
        }
        Assert.Equal(Counts(expected.All), Counts([.. partitions.Select(static p => p.Partition)]));
        Assert.All(sensors, static sensor => Assert.Equal((ulong)Batches * 3, sensor.Counted));
    }

    private static SortedDictionary<string, string> Counts(DevicePartition[] partitions)
    {
        SortedDictionary<string, string> counts = new(StringComparer.Ordinal);
        foreach (JsonElement device in partitions.SelectMany(static p => Slices.ReadAll(p)))
        {
            counts.Add(
                device.GetProperty("kismet.device.base.macaddr").GetString()!,
                $"{device.GetProperty("kismet.device.base.packets.total")} {device.GetProperty("kismet.device.base.packets.data")} "
                + string.Join(",", device.GetProperty("kismet.device.base.seenby").EnumerateArray()
                    .Select(static s => $"{s.GetProperty("kismet.common.seenby.num_packets")}").Order()));
        }
        return counts;
    }

    // Every frame differs from all others, so that none is a duplicate of another but of its own copy.
    private static PacketBatch Frames(ulong sequence)
    {
        Packets packets = new();
        for (int i = 0; i < 3; i++)
        {
            byte[] frame = Beacon(Ap, "Campus");
            frame[10 + 5] = frame[16 + 5] = (byte)((sequence + (ulong)i) % 11);
            frame[24] = (byte)sequence;
            frame[25] = (byte)i;
            packets.Add(frame, at: sequence * 10);
        }
        return packets.ToBatch(bootId: 1, sequence: sequence);
    }

    /// <summary>A partition that can die: calls go to its newest life, one at a time; a save of the life before may still be under way.</summary>
    private sealed class Host(int number, FakeClock clock, MemoryStore store) : UnaskedPartition
    {
        private readonly Lock _turn = new();
        private readonly PartitionEnvironment _environment =
            new(PartitionCount, new(), new FakeManufacturers(), new Directory(), Guid.Empty, clock);

        private Engine.Persistence.PartitionSaver? _saver;
        private DevicePartition? _partition;

        public DevicePartition Partition
        {
            get
            {
                lock (_turn)
                {
                    return _partition ?? Load();
                }
            }
        }

        public void Crash()
        {
            lock (_turn)
            {
                _partition = null;
            }
        }

        public override ValueTask<BatchOutcome> ApplyAsync(ObservationBatch batch)
        {
            lock (_turn)
            {
                return new(Partition.Apply(batch));
            }
        }

        public override async ValueTask<bool> FlushAsync(ulong feed, ulong bootId, ulong sequence)
        {
            DevicePartition partition;
            Task saved;
            lock (_turn)
            {
                partition = Partition;
                saved = _saver!.SaveAsync();
            }
            await saved;
            lock (_turn)
            {
                return partition.Covers(feed, bootId, sequence);
            }
        }

        private DevicePartition Load()
        {
            Engine.Persistence.PartitionImage image = store.LoadAsync(number).AsTask().GetAwaiter().GetResult();
            DevicePartition partition = _partition = new(number, _environment, durable: true);
            partition.Restore(image);
            _saver = new(partition, number, image.Epoch, store, TimeSpan.Zero, clock, call =>
            {
                lock (_turn)
                {
                    call();
                }
                return Task.CompletedTask;
            });
            return partition;
        }

        private sealed class Directory : ISourceDirectory
        {
            public IReadOnlyList<DatasourceRecord> All => [];

            public DatasourceRecord? Find(ushort number) => Slices.Source(number);
        }
    }

    /// <summary>A sensor with its spool: sends, is told what is saved, sends again.</summary>
    private sealed class Sensor : IDatasourceObserver
    {
        private readonly Host[] _partitions;
        private readonly FakeClock _clock;
        private RemoteDatasource _source;
        private (DatasourceRecord Record, Watermark Saved) _kept;
        private SensorWelcome? _welcome;
        private ulong _next;
        private ulong _acknowledged;

        public Sensor(ushort number, Host[] partitions, FakeClock clock)
        {
            _partitions = partitions;
            _clock = clock;
            _kept = (Slices.Source(number), default);
            _source = New();
        }

        public bool IsDone => _acknowledged == Batches;

        public ulong Counted => _kept.Record.Packets;

        public async Task StepAsync(Random random)
        {
            if (_welcome is null)
            {
                SensorHello hello = new()
                {
                    Uuid = Guid.Empty,
                    Name = "s",
                    Driver = "linuxwifi",
                    Interface = "wlan0",
                    BootId = 1,
                    FirstSequence = _acknowledged + 1,
                };
                _welcome = await _source.OpenAsync(hello, _source.Record.Driver);
                Acknowledge(_welcome.Saved);
                _next = _acknowledged + 1;
            }
            if (_next <= Batches && random.Next(3) > 0)
            {
                AcceptOutcome outcome = await _source.AcceptAsync(_welcome.Connection, Frames(_next));
                _next = outcome == AcceptOutcome.Rewind ? _acknowledged + 1 : _next + 1;
                return;
            }
            SensorOrders orders = await _source.TendAsync(_welcome.Connection, new() { Running = true });
            Acknowledge(orders.Saved);
            if (orders.Outcome == AcceptOutcome.Rewind)
            {
                _next = _acknowledged + 1;
            }
        }

        public void RestartDatasource()
        {
            _source = New();
            _welcome = null;
        }

        public void BatchAccepted(in BatchSummary batch)
        {
        }

        public void BatchApplied(BatchOutcome outcome)
        {
        }

        private void Acknowledge(Watermark saved)
        {
            Assert.True(saved.Sequence >= _acknowledged, "an acknowledgement was taken back");
            _acknowledged = saved.Sequence;
        }

        private RemoteDatasource New() => new(
            new(_kept.Record, _kept.Saved, _partitions, this, _clock),
            (record, checkpoint) =>
            {
                if (checkpoint is not null)
                {
                    _kept = (_kept.Record with { Packets = checkpoint.Packets }, checkpoint.Newest);
                }
                return Task.CompletedTask;
            },
            static (_, _) => Task.CompletedTask,
            new FastClock(_clock),
            new(_clock, static (_, _) => { }));
    }

    // Timestamps move with every look, so that a checkpoint is always due.
    private sealed class FastClock(FakeClock clock) : TimeProvider
    {
        private long _timestamp;

        public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();

        public override long GetTimestamp() => _timestamp += TimestampFrequency * 2;
    }
}
