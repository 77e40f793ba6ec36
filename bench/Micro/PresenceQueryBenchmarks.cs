using System.Runtime.CompilerServices;
using BenchmarkDotNet.Attributes;
using KismetOrleans.Engine.Presence;

namespace KismetOrleans.Micro;

/// <summary>
/// What it costs to add up who was where in an hour, from blocks in memory: of all sources, of one, and of a place with a third of the sensors. 50,000 devices in each five minutes, each heard by three
/// sensors of thirty.
/// </summary>
[MemoryDiagnoser]
public class PresenceQueryBenchmarks
{
    private const int Devices = 50_000;
    private const int Sensors = 30;
    private const uint First = 5_000_000;
    private const uint Slots = 12;
    private readonly Guid[] _sensors = [.. Enumerable.Range(1, Sensors).Select(static n => new Guid(n, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]))];
    private readonly HashSet<Guid> _there = [];
    private PresenceReader _reader = null!;

    [GlobalSetup]
    public void Begin()
    {
        Random random = new(18);
        List<PresenceEntry> entries = [];
        for (uint device = 0; device < Devices; device++)
        {
            int sensor = random.Next(Sensors);
            for (uint slot = 0; slot < Slots; slot++)
            {
                for (int i = 0; i < 3; i++)
                {
                    entries.Add(new(0x0200_0000_0000UL + device, First + slot, _sensors[(sensor + i) % Sensors], 5, (sbyte)random.Next(-90, -30)));
                }
            }
        }
        _there.UnionWith(_sensors[..(Sensors / 3)]);
        _reader = new([], new Blocks(PresenceBlock.Pack(entries, out _)));
    }

    [Benchmark(Baseline = true)]
    public Task<int> AllAsync() => TallyAsync(new(First, First + Slots - 1));

    [Benchmark]
    public Task<int> SourceAsync() => TallyAsync(new(First, First + Slots - 1, Source: _sensors[0]));

    [Benchmark]
    public async Task<int> PlaceAsync()
    {
        PresenceTally tally = new(First, First + Slots - 1);
        await new PresenceByPlace(_reader, uuid => _there.Contains(uuid)).ReadAsync(new(First, First + Slots - 1), tally.Add, default);
        return tally.Count;
    }

    private async Task<int> TallyAsync(PresenceQuery query)
    {
        PresenceTally tally = new(First, First + Slots - 1);
        await _reader.ReadAsync(query, tally.Add, default);
        return tally.Count;
    }

    private sealed class Blocks(List<PresenceBlock> blocks) : IPresenceStore
    {
        public async IAsyncEnumerable<StoredPresence> ReadAsync(PresenceQuery query, int? partition, [EnumeratorCancellation] CancellationToken cancellation = default)
        {
            await Task.CompletedTask;
            foreach (PresenceBlock block in blocks)
            {
                yield return new(-1, 0, block.Bytes);
            }
        }
    }
}
