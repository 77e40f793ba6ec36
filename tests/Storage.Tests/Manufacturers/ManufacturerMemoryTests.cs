using KismetOrleans.Storage.Manufacturers;

namespace KismetOrleans.Storage.Tests.Manufacturers;

/// <summary>The whole registry needs little memory. Measures the whole heap, so it runs while no other test does.</summary>
[Collection(nameof(ManufacturerMemoryTests))]
public sealed class ManufacturerMemoryTests
{
    [Fact]
    public void Debians_registry_is_read_whole_and_stays_small()
    {
        if (!File.Exists(Path.Combine(ManufacturerRegistry.DefaultFolder, "oui.csv")))
        {
            return;
        }
        var registry = new ManufacturerRegistry();
        long before = GC.GetTotalMemory(forceFullCollection: true);
        Assert.Equal("Cisco Systems, Inc", registry.FindOui(0x00000C));
        Assert.True(registry.Count > 40_000, registry.Summary);
        Assert.False(registry.HasProblems, registry.Summary);
        long kept = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.True(kept < 3_000_000, $"{kept} bytes kept");
        GC.KeepAlive(registry);
    }
}

/// <summary>Tests that must be alone.</summary>
[CollectionDefinition(nameof(ManufacturerMemoryTests), DisableParallelization = true)]
public sealed class ManufacturerMemoryAlone;
