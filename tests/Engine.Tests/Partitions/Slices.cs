using System.Text;
using System.Text.Json;
using KismetOrleans.Engine.Datasources;
using KismetOrleans.Engine.Events;
using KismetOrleans.Engine.Observations;
using KismetOrleans.Engine.Partitions;
using KismetOrleans.Engine.Tracking;
using KismetOrleans.Packets;
using KismetOrleans.Records.Datasources;
using KismetOrleans.Records.Fields;
using KismetOrleans.Records.Json;

namespace KismetOrleans.Engine.Tests.Partitions;

/// <summary>All partitions of a server, fed by one dissector per source, without queues.</summary>
internal sealed class Slices
{
    private readonly Dictionary<ushort, FrameDissector> _dissectors = [];
    private readonly ObservationBatch[] _batches;

    public Slices(int count, TrackingOptions? options = null, IEvents? events = null)
    {
        PartitionEnvironment environment = new(count, options ?? new(), new FakeManufacturers(), new Directory(), Guid.Empty, Clock) { Events = events };
        All = [.. Enumerable.Range(0, count).Select(i => new DevicePartition(i, environment))];
        _batches = [.. All.Select(_ => new ObservationBatch())];
    }

    public FakeClock Clock { get; } = new();

    public DevicePartition[] All { get; }

    /// <summary>Observations handed out so far, each once per partition.</summary>
    public long Observations { get; private set; }

    public FrameDissector Dissector(ushort source) =>
        _dissectors.TryGetValue(source, out FrameDissector? known) ? known : _dissectors[source] = new();

    public Slices Hear(PacketBatch packets, ushort source = 1)
    {
        _ = Outcomes(packets, source);
        return this;
    }

    public BatchOutcome[] Outcomes(params byte[][] frames)
    {
        Packets packets = new();
        foreach (byte[] frame in frames)
        {
            packets.Add(frame);
        }
        return Outcomes(packets.ToBatch(), 1);
    }

    private BatchOutcome[] Outcomes(PacketBatch packets, ushort source)
    {
        foreach (ObservationBatch batch in _batches)
        {
            batch.Reset(source, Clock.Second);
        }
        Dissector(source).Dissect(packets, _batches);
        BatchOutcome[] outcomes = new BatchOutcome[All.Length];
        for (int i = 0; i < All.Length; i++)
        {
            Observations += _batches[i].Count;
            outcomes[i] = All[i].Apply(_batches[i]);
        }
        return outcomes;
    }

    public Slices Hear(params byte[][] frames)
    {
        Packets packets = new();
        foreach (byte[] frame in frames)
        {
            packets.Add(frame);
        }
        return Hear(packets.ToBatch());
    }

    /// <summary>Everything that the API shows of every device, sorted by key.</summary>
    public SortedDictionary<string, string> ToJson()
    {
        SortedDictionary<string, string> devices = new(StringComparer.Ordinal);
        foreach (DevicePartition partition in All)
        {
            foreach (JsonElement device in ReadAll(partition))
            {
                devices.Add(device.GetProperty("kismet.device.base.key").GetString()!, device.GetRawText());
            }
        }
        return devices;
    }

    /// <summary>All devices of a partition, read chunk by chunk.</summary>
    public static List<JsonElement> ReadAll(DevicePartition partition, DeviceFilter? filter = null, DeviceShape? shape = null)
    {
        List<JsonElement> devices = [];
        int cursor = 0;
        do
        {
            using DeviceChunk chunk = partition.Queries.Read(filter ?? new(), shape ?? new(RecordFormat.Json, null), cursor);
            using JsonDocument document = JsonDocument.Parse($"[{Encoding.UTF8.GetString(chunk.Body.WrittenSpan)}]");
            devices.AddRange(document.RootElement.EnumerateArray().Select(element => element.Clone()));
            Assert.Equal(chunk.Count, document.RootElement.GetArrayLength());
            Assert.True(chunk.Next < 0 || chunk.Next > cursor);
            cursor = chunk.Next;
        }
        while (cursor >= 0);
        return devices;
    }

    public static FieldSelection Fields(params string[] paths) => new([.. paths.Select(path => new SelectedField(path, null))]);

    private sealed class Directory : ISourceDirectory
    {
        public IReadOnlyList<DatasourceRecord> All => [.. new ushort[] { 1, 2, 3 }.Select(number => Find(number)!)];

        public DatasourceRecord? Find(ushort number) => Source(number);
    }

    public static DatasourceRecord Source(ushort number) => new()
    {
        Number = number,
        Uuid = new(number, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1),
        Name = $"s{number}",
        Definition = $"s{number}.pcap",
        Interface = $"s{number}.pcap",
        Driver = new("pcapfile", "", true, false, false, false, true, false, false, true, false, false),
        PacketsRrd = new(),
        DataRrd = new(),
    };
}
