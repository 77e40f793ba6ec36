using KismetOrleans.Engine.Datasources;
using KismetOrleans.Engine.Observations;
using KismetOrleans.Engine.Partitions;
using KismetOrleans.Engine.Persistence;
using KismetOrleans.Engine.Tests.Partitions;
using KismetOrleans.Packets;
using KismetOrleans.Packets.Files;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Json;

namespace KismetOrleans.Engine.Tests.Persistence;

/// <summary>What the API says of the devices of a capture is the same, byte by byte, when they come back from their rows.</summary>
public sealed class DeviceCodecCaptureTests
{
    [Fact]
    public void The_campus_comes_back() => Assert.True(Check(Path.Combine(AppContext.BaseDirectory, "campus.pcapng")) > 100);

    [SharedFact]
    public void Shared_captures_come_back()
    {
        int devices = 0;
        foreach (string path in Directory.EnumerateFiles(Path.Combine(SharedMaterial.Root!, "captures"), "*.pcap*", SearchOption.AllDirectories))
        {
            devices += Check(path);
        }
        Assert.NotEqual(0, devices);
    }

    private static int Check(string path)
    {
        FakeClock clock = new();
        PartitionEnvironment environment = new(1, new(), new FakeManufacturers(), new NoSources(), Guid.Empty, clock);
        DevicePartition partition = new(0, environment, durable: true);
        try
        {
            Hear(path, partition, clock);
        }
        catch (CaptureFormatException)
        {
            return 0;
        }
        PartitionChanges changes = new(0);
        partition.TakeChanges(changes);
        List<Device> devices = [.. Enumerable.Range(0, changes.Changed.Count).Select(i => DeviceCodec.Read(changes.StateOf(i).Span))];
        DevicePartition restored = new(0, environment, durable: true);
        restored.Restore(new(1, devices, changes.Watermarks.ToDictionary(), [changes.Seen]));
        Assert.Equal(ToJson(partition), ToJson(restored));
        // And what goes on from there: histories, averages, the hashes of what was seen.
        uint later = clock.Second += 70;
        Hear(path, partition, clock);
        clock.Second = later;
        Hear(path, restored, clock);
        Assert.Equal(ToJson(partition), ToJson(restored));
        return devices.Count;
    }

    private static void Hear(string path, DevicePartition partition, FakeClock clock)
    {
        FrameDissector dissector = new();
        ObservationBatch batch = new();
        using CaptureFileReader reader = CaptureFileReader.Open(path);
        PacketBatch packets = new(256 * 1024, 200);
        while (reader.TryRead(packets))
        {
            batch.Reset(1, clock.Second);
            dissector.Dissect(packets, [batch]);
            partition.Apply(batch);
            clock.Second++;
        }
    }

    private static SortedDictionary<string, string> ToJson(DevicePartition partition)
    {
        SortedDictionary<string, string> devices = new(StringComparer.Ordinal);
        foreach (System.Text.Json.JsonElement device in Slices.ReadAll(partition, shape: new(RecordFormat.Json, null)))
        {
            devices.Add(device.GetProperty("kismet.device.base.key").GetString()!, device.GetRawText());
        }
        return devices;
    }

    private sealed class NoSources : ISourceDirectory
    {
        public IReadOnlyList<Records.Datasources.DatasourceRecord> All => [];

        public Records.Datasources.DatasourceRecord? Find(ushort number) => null;
    }
}
