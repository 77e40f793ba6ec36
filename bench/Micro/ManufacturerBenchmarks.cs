using BenchmarkDotNet.Attributes;
using KismetOrleans.Storage.Manufacturers;

namespace KismetOrleans.Micro;

/// <summary>The registry of manufacturers: reading it, and one question.</summary>
public class ManufacturerBenchmarks
{
    private readonly ManufacturerRegistry _registry = new();
    private ulong _address = 1;

    [Benchmark]
    public int Load() => new ManufacturerRegistry().Count;

    [Benchmark]
    public string? Find()
    {
        _address = _address * 6364136223846793005 + 1442695040888963407;
        return _registry.Find(new(_address >> 16));
    }
}
