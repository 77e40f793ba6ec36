using BenchmarkDotNet.Attributes;
using KismetOrleans.Engine.Datasources;
using KismetOrleans.Engine.Observations;
using KismetOrleans.Engine.Partitions;
using KismetOrleans.Packets;
using KismetOrleans.Records.Json;

namespace KismetOrleans.Micro;

/// <summary>Printing the devices of the campus: an operation is the whole list, whose size is said at the start.</summary>
public class JsonBenchmarks
{
    private readonly DevicePartition _partition = Partition.New();
    private readonly DeviceShape _full = new(RecordFormat.Json, null);
    private readonly DeviceShape _pretty = new(RecordFormat.PrettyJson, null);
    private readonly DeviceShape _four = new(RecordFormat.Json, new(
    [
        new("kismet.device.base.macaddr", null), new("kismet.device.base.commonname", null), new("kismet.device.base.last_time", null),
        new("kismet.device.base.signal/kismet.common.signal.last_signal", "signal"),
    ]));

    [GlobalSetup]
    public void Track()
    {
        PacketBatch batch = Frames.Batch();
        ObservationBatch[] observations = [new()];
        observations[0].Reset(1, 1_700_000_000);
        new FrameDissector().Dissect(batch, observations);
        _partition.Apply(observations[0]);
        Console.WriteLine($"// full {Full()}, pretty {Pretty()}, four fields {FourFieldsOfAll()} bytes");
    }

    [Benchmark]
    public long Full() => Write(_full);

    [Benchmark]
    public long Pretty() => Write(_pretty);

    [Benchmark]
    public long FourFieldsOfAll() => Write(_four);

    [Benchmark]
    public int Window() =>
        _partition.Queries.Select(new(), _four, new("kismet.device.base.macaddr", Descending: true), 50).First.Count;

    private long Write(DeviceShape shape)
    {
        long bytes = 0;
        for (int cursor = 0; cursor >= 0;)
        {
            using DeviceChunk chunk = _partition.Queries.Read(new(), shape, cursor);
            bytes += chunk.Body.Length;
            cursor = chunk.Next;
        }
        return bytes;
    }
}
