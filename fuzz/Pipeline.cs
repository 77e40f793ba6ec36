using System.Text.Json;
using KismetOrleans.Engine.Datasources;
using KismetOrleans.Engine.Observations;
using KismetOrleans.Engine.Partitions;
using KismetOrleans.Engine.Tracking;
using KismetOrleans.Packets;
using KismetOrleans.Packets.Files;
using KismetOrleans.Records.Datasources;
using KismetOrleans.Records.Json;
using KismetOrleans.Storage.Manufacturers;

namespace KismetOrleans.Fuzz;

/// <summary>An input that broke a promise.</summary>
internal sealed class BrokenPromiseException(string message) : Exception(message);

/// <summary>What one input came to.</summary>
/// <param name="Packets">Packets read.</param>
/// <param name="Devices">Devices tracked.</param>
/// <param name="IsRefused">The file was no capture.</param>
/// <param name="Allocated">Bytes allocated on the way.</param>
internal readonly record struct Outcome(int Packets, int Devices, bool IsRefused, long Allocated);

/// <summary>The whole way of a packet, on one thread: file, link header, frame, elements, observations, devices, JSON.</summary>
internal sealed class Pipeline
{
    /// <summary>Bytes that any input may cost: partition, duplicate filter, file streams. Measured with
    /// a capture without packets: 171 KB.</summary>
    private const long FixedAllocation = 1_000_000;

    /// <summary>
    /// Bytes that an byte of the capture may cost: a record of 50 bytes can bring three devices of a kilobyte. Measured as the worst of
    /// 100,000 inputs: 3.
    /// </summary>
    private const long AllocationPerByte = 64;

    private static readonly Guid Source = new("5FE308BD-0000-0000-0000-000000000001");
    private static readonly RecordFormat[] Formats = [RecordFormat.Json, RecordFormat.PrettyJson];

    private readonly PacketBatch _batch = new(bytes: 1 << 20, packets: 4096);
    private readonly ObservationBatch[] _observations = [new()];
    private readonly PartitionEnvironment _environment = new(
        1, new TrackingOptions { DuplicateCapacity = 4096 }, new ManufacturerRegistry(), new OneSource(), Guid.Empty, TimeProvider.System);

    /// <summary>Runs one capture file.</summary>
    /// <exception cref="BrokenPromiseException">It allocated out of proportion, or what was printed is no JSON.</exception>
    public Outcome Run(string path)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        CaptureFileReader reader;
        try
        {
            reader = CaptureFileReader.Open(path);
        }
        catch (CaptureFormatException)
        {
            return new(0, 0, true, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        using (reader)
        {
            FrameDissector dissector = new();
            DevicePartition partition = new(0, _environment);
            int packets = 0;
            uint clock = 1_700_000_000;
            while (reader.TryRead(_batch))
            {
                packets += _batch.Count;
                ParseAll();
                _observations[0].Reset(1, clock++);
                dissector.Dissect(_batch, _observations);
                partition.Apply(_observations[0]);
            }
            partition.Maintain();
            int devices = 0;
            foreach (RecordFormat format in Formats)
            {
                devices = Print(partition, format);
            }
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            long allowed = FixedAllocation + AllocationPerByte * reader.Position;
            return allocated <= allowed || !IsWarm
                ? new(packets, devices, false, allocated)
                : throw new BrokenPromiseException($"{allocated} bytes allocated for {reader.Position} bytes of capture, {packets} packets, {devices} devices");
        }
    }

    private void ParseAll()
    {
        long allocated = Measure();
        // A collection that another thread causes in between counts the rest of this thread's allocation buffer as used, up to 8 KB. What
        // the parsers allocate, they allocate each time.
        for (int again = 0; allocated > 0 && IsWarm && again < 3; again++)
        {
            allocated = Math.Min(allocated, Measure());
        }
        if (allocated > 0 && IsWarm)
        {
            throw new BrokenPromiseException($"the parsers allocated {allocated} bytes in {_batch.Count} packets");
        }
    }

    private long Measure()
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < _batch.Count; i++)
        {
            Parsers.Parse(_batch.Packets[i], _batch.Span(i));
        }
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    /// <summary>Whether everything has run before, so that no table is made and no registry read for the first time.</summary>
    public bool IsWarm { get; set; }

    private static int Print(DevicePartition partition, RecordFormat format)
    {
        int devices = 0;
        for (int cursor = 0; cursor >= 0;)
        {
            using DeviceChunk chunk = partition.Queries.Read(new(), new(format, null), cursor);
            CheckJson(chunk.Body.WrittenSpan);
            devices += chunk.Count;
            cursor = chunk.Next;
        }
        return devices;
    }

    /// <summary>A chunk is objects with commas between them: each must be JSON by itself.</summary>
    private static void CheckJson(ReadOnlySpan<byte> chunk)
    {
        while (true)
        {
            chunk = chunk.TrimStart(" \r\n\t,"u8);
            if (chunk.IsEmpty)
            {
                return;
            }
            Utf8JsonReader reader = new(chunk);
            try
            {
                reader.Read();
                reader.Skip();
            }
            catch (JsonException e)
            {
                throw new BrokenPromiseException($"what is printed is no JSON: {e.Message}");
            }
            // A strict reader takes any bytes between quotes for text; a client does not.
            if (!System.Text.Unicode.Utf8.IsValid(chunk[..(int)reader.BytesConsumed]))
            {
                throw new BrokenPromiseException("what is printed is no UTF-8");
            }
            chunk = chunk[(int)reader.BytesConsumed..];
        }
    }

    private sealed class OneSource : ISourceDirectory
    {
        private readonly DatasourceRecord _record = new()
        {
            Number = 1,
            Uuid = Source,
            Name = "fuzz",
            Definition = "fuzz",
            Interface = "fuzz",
            Driver = new("pcapfile", "", true, false, false, false, true, false, false, true, false, false),
            PacketsRrd = new(),
            DataRrd = new(),
        };

        public IReadOnlyList<DatasourceRecord> All => [_record];

        public DatasourceRecord? Find(ushort number) => number == 1 ? _record : null;
    }
}
