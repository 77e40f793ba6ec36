using BenchmarkDotNet.Attributes;
using KismetOrleans.Packets;
using KismetOrleans.Packets.Files;
using KismetOrleans.SampleGenerator;

namespace KismetOrleans.Micro;

/// <summary>Reading a capture file from the page cache, a packet an operation.</summary>
public class FileBenchmarks
{
    private const int Packets = 100_000;
    private readonly PacketBatch _batch = new();
    private string _path = "";

    [GlobalSetup]
    public void Write()
    {
        _path = Path.GetTempFileName();
        using FileStream file = File.Create(_path);
        CaptureFiles.WritePcap(file, BeaconFlood.Build(1_000, Packets / 1_000));
    }

    [GlobalCleanup]
    public void Delete() => File.Delete(_path);

    [Benchmark(OperationsPerInvoke = Packets)]
    public long Read()
    {
        using CaptureFileReader reader = CaptureFileReader.Open(_path);
        while (reader.TryRead(_batch))
        {
        }
        return reader.PacketsRead;
    }
}
