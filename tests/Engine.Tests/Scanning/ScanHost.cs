using System.Collections.Concurrent;
using System.Text.Json;
using KismetOrleans.Engine.Datasources;
using KismetOrleans.Engine.Observations;
using KismetOrleans.Engine.Partitions;
using KismetOrleans.Engine.Persistence;
using KismetOrleans.Engine.Scanning;
using KismetOrleans.Engine.Tests.Partitions;
using KismetOrleans.Engine.Tests.Persistence;
using KismetOrleans.Packets;
using KismetOrleans.Records.Datasources;
using KismetOrleans.Records.Json;

namespace KismetOrleans.Engine.Tests.Scanning;

/// <summary>Partitions on a disk in memory, which can crash, with a registry and a journal: what an intake stands in.</summary>
internal sealed class ScanHost : ISourceRegistry, IDatasourceObserver
{
    private const int PartitionCount = 3;
    private readonly ConcurrentDictionary<Guid, (ushort Number, string Name, VirtualKind Kind)> _sources = new();

    public ScanHost() => Partitions = [.. Enumerable.Range(0, PartitionCount).Select(i => new CrashingPartition(i, PartitionCount, Clock))];

    public FakeClock Clock { get; } = new();

    public CrashingPartition[] Partitions { get; }

    public FakeJournal Journal { get; } = new();

    /// <summary>Short times, so that tests do not wait.</summary>
    public ScanIntakeOptions Options { get; set; } = new()
    {
        CheckpointEvery = TimeSpan.FromMilliseconds(5),
        VisibleWithin = TimeSpan.FromSeconds(20),
        RetryAfter = TimeSpan.FromMilliseconds(1),
    };

    public ConcurrentDictionary<ushort, int> Counts { get; } = new();

    public ConcurrentQueue<string> Names { get; } = new();

    public int Packets { get; private set; }

    public PatientIntake NewIntake(bool journal = true) => new(new(Partitions, this, journal ? Journal : null, this, Options, Clock, Faults));

    /// <summary>What went wrong.</summary>
    public FaultReport Faults { get; } = new(TimeProvider.System, static (_, _) => { });

    /// <summary>Packets of each device, by address.</summary>
    public SortedDictionary<string, long> Devices()
    {
        SortedDictionary<string, long> devices = new(StringComparer.Ordinal);
        foreach (JsonElement device in Partitions.SelectMany(static p => p.ReadAll()))
        {
            devices.Add(device.GetProperty("kismet.device.base.macaddr").GetString()!, device.GetProperty("kismet.device.base.packets.total").GetInt64());
        }
        return devices;
    }

    public ValueTask<ushort> VirtualAsync(Guid uuid, string name, VirtualKind kind, string owner)
    {
        // As the registry of a server: a name that is known is no news.
        if (!_sources.TryGetValue(uuid, out (ushort Number, string Name, VirtualKind Kind) known) || known.Name != name)
        {
            Names.Enqueue(name);
        }
        return new(_sources.AddOrUpdate(uuid, _ => ((ushort)(_sources.Count + 1), name, kind), (_, old) => (old.Number, name, kind)).Number);
    }

    public ValueTask<string?> RemoveAsync(DatasourceRecord source) => throw new NotSupportedException();

    public ValueTask CountAsync(IReadOnlyList<KeyValuePair<ushort, int>> reports)
    {
        foreach ((ushort number, int count) in reports)
        {
            _ = Counts.AddOrUpdate(number, count, (_, before) => before + count);
        }
        return default;
    }

    public void BatchAccepted(in BatchSummary batch) => Packets += batch.Packets;

    public void BatchApplied(BatchOutcome outcome)
    {
    }

    public ValueTask<IDatasource> RemoteAsync(Guid uuid) => throw new NotSupportedException();

    public ValueTask<IDatasource?> FindRemoteAsync(Guid uuid) => throw new NotSupportedException();

    public IReadOnlyList<DatasourceRecord> All => [];

    public DatasourceRecord? Find(ushort number) => Slices.Source(number);

    internal sealed class CrashingPartition(int number, int count, FakeClock clock) : UnaskedPartition
    {
        private readonly Lock _lock = new();
        private readonly MemoryStore _store = new();
        private PartitionSaver? _saver;
        private DevicePartition? _partition;

        /// <summary>Nothing is applied until this completes; null for at once.</summary>
        public TaskCompletionSource? Gate { get; set; }

        /// <summary>What a batch meets before it is applied.</summary>
        public Action? BeforeApply { get; set; }

        /// <summary>Forgets what was not saved.</summary>
        public void Crash()
        {
            lock (_lock)
            {
                _partition = null;
            }
        }

        public override async ValueTask<BatchOutcome> ApplyAsync(ObservationBatch batch)
        {
            if (Gate is { } gate)
            {
                await gate.Task;
            }
            lock (_lock)
            {
                BeforeApply?.Invoke();
                return Loaded().Apply(batch);
            }
        }

        public override async ValueTask<bool> FlushAsync(ulong feed, ulong bootId, ulong sequence)
        {
            PartitionSaver saver;
            lock (_lock)
            {
                _ = Loaded();
                saver = _saver!;
            }
            await saver.SaveAsync();
            lock (_lock)
            {
                return Loaded().Covers(feed, bootId, sequence);
            }
        }

        public List<JsonElement> ReadAll()
        {
            lock (_lock)
            {
                return Slices.ReadAll(Loaded());
            }
        }

        private DevicePartition Loaded()
        {
            if (_partition is { } running)
            {
                return running;
            }
            PartitionImage image = _store.LoadAsync(number).AsTask().GetAwaiter().GetResult();
            DevicePartition loaded = new(number, new(count, new(), new FakeManufacturers(), new Directory(), Guid.Empty, clock), durable: true);
            loaded.Restore(image);
            _saver = new(loaded, number, image.Epoch, _store, TimeSpan.Zero, clock, call =>
            {
                lock (_lock)
                {
                    // A partition that has crashed has no turns any more.
                    if (ReferenceEquals(_partition, loaded))
                    {
                        call();
                    }
                }
                return Task.CompletedTask;
            });
            return _partition = loaded;
        }

        private sealed class Directory : ISourceDirectory
        {
            public IReadOnlyList<DatasourceRecord> All => [];

            public DatasourceRecord? Find(ushort number) => Slices.Source(number);
        }
    }
}
