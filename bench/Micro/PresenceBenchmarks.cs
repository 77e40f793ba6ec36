using System.Buffers.Binary;
using BenchmarkDotNet.Attributes;
using KismetOrleans.Engine.Datasources;
using KismetOrleans.Engine.Observations;
using KismetOrleans.Engine.Partitions;
using KismetOrleans.Engine.Persistence;
using KismetOrleans.Packets;
using KismetOrleans.Storage.Postgres;
using KismetOrleans.Storage.Sqlite;
using KismetOrleans.Wire;

namespace KismetOrleans.Micro;

/// <summary>
/// What it costs to save devices with and without who was where, at its dearest: every device is heard in each five minutes by three sensors, once, and saved then; one device an operation. In /dev/shm,
/// so that no disk is measured. PostgreSQL is that of KISMETORLEANS_POSTGRES, a connection string of an empty database.
/// </summary>
public class PresenceBenchmarks
{
    private const int Devices = 40_000;
    private const int Sensors = 3;
    private const int Partitions = 8;
    private const long SlotNs = 300L * 1_000_000_000;
    private readonly FrameDissector _dissector = new();
    private readonly ObservationBatch[] _observations = [.. Enumerable.Range(0, Partitions).Select(static _ => new ObservationBatch())];
    private readonly PacketBatch _batch = new(Devices * 64, Devices);
    private string _folder = "";
    private IAsyncDisposable? _storage;
    private DevicePartition[] _partitions = [];
    private PartitionSaver[] _savers = [];
    private uint _clock = 1_700_000_000;

    [Params(false, true)]
    public bool Presence { get; set; }

    [ParamsSource(nameof(Stores))]
    public string Store { get; set; } = "";

    public static IEnumerable<string> Stores => Environment.GetEnvironmentVariable("KISMETORLEANS_POSTGRES") is null ? ["SQLite"] : ["SQLite", "PostgreSQL"];

    [GlobalSetup]
    public async Task BeginAsync()
    {
        _folder = Directory.CreateDirectory($"/dev/shm/ko-presence-{Guid.NewGuid():N}").FullName;
        IDeviceStore store;
        if (Store == "SQLite")
        {
            SqliteStorage sqlite = SqliteStorage.Open(Path.Combine(_folder, "server.db"), Partitions);
            (_storage, store) = (sqlite, sqlite.Devices);
        }
        else
        {
            string database = Environment.GetEnvironmentVariable("KISMETORLEANS_POSTGRES")!;
            _ = await PostgresSchema.ApplyAsync(database, Partitions);
            PostgresStorage postgres = await PostgresStorage.OpenAsync(database);
            (_storage, store) = (postgres, postgres.Devices);
        }
        _partitions = [.. Enumerable.Range(0, Partitions).Select(number => Partition.New(number, Partitions, new() { PresenceFor = Presence ? TimeSpan.FromDays(31) : TimeSpan.Zero }, durable: true))];
        _savers = new PartitionSaver[Partitions];
        for (int i = 0; i < Partitions; i++)
        {
            PartitionImage image = await store.LoadAsync(i);
            _savers[i] = new(_partitions[i], i, image.Epoch, store, TimeSpan.Zero, TimeProvider.System, static change =>
            {
                change();
                return Task.CompletedTask;
            });
        }
        for (int i = 0; i < Devices; i++)
        {
            // Radiotap with frequency and signal; a probe request.
            byte[] frame = Convert.FromHexString("00000D0028000000" + "6C09A000C4" + "40000000FFFFFFFFFFFF020000000000FFFFFFFFFFFF0000" + "0000" + "010402040B16");
            BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(13 + 14), (ushort)i);
            int offset = i * frame.Length;
            frame.CopyTo(_batch.Bytes, offset);
            _batch.Packets[_batch.Count++] = new()
            {
                TimeNs = _clock * 1_000_000_000L,
                LinkType = LinkType.Radiotap,
                Offset = offset,
                Length = frame.Length,
                OriginalLength = frame.Length,
            };
        }
        await SlotAsync();
    }

    [GlobalCleanup]
    public async Task EndAsync()
    {
        await _storage!.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Benchmark(OperationsPerInvoke = Devices)]
    public async Task SlotAsync()
    {
        _clock += 300;
        for (int i = 0; i < _batch.Count; i++)
        {
            _batch.Packets[i].TimeNs += SlotNs;
        }
        for (ushort sensor = 1; sensor <= Sensors; sensor++)
        {
            foreach (ObservationBatch observations in _observations)
            {
                observations.Reset(sensor, _clock);
            }
            _dissector.Dissect(_batch, _observations);
            for (int i = 0; i < Partitions; i++)
            {
                _ = _partitions[i].Apply(_observations[i]);
            }
        }
        await Task.WhenAll(_savers.Select(static saver => saver.SaveAsync(atOnce: true)));
    }
}
