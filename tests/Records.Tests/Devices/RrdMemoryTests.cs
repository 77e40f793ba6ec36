using KismetOrleans.Records.Devices;

namespace KismetOrleans.Records.Tests.Devices;

/// <summary>Idle histories cost next to nothing. Measures the whole heap, so it runs while no other test does.</summary>
[Collection(nameof(MeasuresTheHeap))]
public class RrdMemoryTests
{
    private const uint Now = Samples.Now;

    [Fact]
    public void Compacting_gives_memory_back()
    {
        Rrd[] rrds = [.. Enumerable.Range(0, 2000).Select(static _ => Busy())];
        long before = GC.GetTotalMemory(forceFullCollection: true);
        foreach (Rrd rrd in rrds)
        {
            rrd.Compact(Now + 2 * 24 * 3600);
            // The first compaction leaves the hour of the silence's beginning.
            rrd.Compact(Now + 4 * 24 * 3600);
        }
        long freed = before - GC.GetTotalMemory(forceFullCollection: true);
        GC.KeepAlive(rrds);
        // Sixty seconds of twelve bytes each, at least.
        Assert.True(freed > rrds.Length * 700, $"freed {freed}");

        static Rrd Busy()
        {
            Rrd rrd = new();
            for (uint s = 0; s < 60; s++)
            {
                rrd.Add(Now - 60 + s, 1);
            }
            return rrd;
        }
    }
}

/// <summary>Tests that must be alone.</summary>
[CollectionDefinition(nameof(MeasuresTheHeap), DisableParallelization = true)]
public class MeasuresTheHeap;
