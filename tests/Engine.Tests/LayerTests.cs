using KismetOrleans.Engine.Partitions;
using KismetOrleans.Records.Devices;

namespace KismetOrleans.Engine.Tests;

/// <summary>What Engine and Records may know (docs/architecture.md, Layers).</summary>
public sealed class LayerTests
{
    [Fact]
    public void Engine_and_Records_know_Orleans_serialiser_but_neither_its_runtime_nor_ASP_NET()
    {
        string[] known = [.. new[] { typeof(DevicePartition), typeof(Device) }
            .SelectMany(static type => type.Assembly.GetReferencedAssemblies()).Select(static assembly => assembly.Name!)];

        Assert.Contains("Orleans.Serialization.Abstractions", known);
        Assert.DoesNotContain(known, static name => name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal)
            || (name.StartsWith("Orleans", StringComparison.Ordinal) && !name.StartsWith("Orleans.Serialization", StringComparison.Ordinal)));
    }
}
