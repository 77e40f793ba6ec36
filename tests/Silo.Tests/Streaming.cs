using KismetOrleans.Engine.Datasources;
using KismetOrleans.Engine.Observations;
using KismetOrleans.Engine.Streams;
using KismetOrleans.Grains.Datasources;
using KismetOrleans.Grains.Sources;
using KismetOrleans.Grains.Streams;
using KismetOrleans.Packets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.TestingHost;

namespace KismetOrleans.Silo.Tests;

/// <summary>An entry of a stream: a packet, or packets that were lost.</summary>
internal sealed record Streamed(ushort Source, long TimeNs, string Hex, long Lost = 0);

/// <summary>The streams of an API server of the cluster.</summary>
internal sealed class ApiServer : IDisposable
{
    private readonly SourceCache _sources;

    public ApiServer(TwoSilos silos, StreamOptions? options = null)
    {
        _sources = new(silos.Client, TimeProvider.System, NullLogger<SourceCache>.Instance);
        Streams = new(silos.Client, _sources, options ?? new(), TimeProvider.System, NullLogger<ClusterStreams>.Instance);
    }

    public ClusterStreams Streams { get; }

    public void Dispose()
    {
        Streams.Dispose();
        _sources.Dispose();
    }
}

/// <summary>A sensor that sends the sample capture.</summary>
internal sealed class Sensor(Guid uuid, ulong bootId)
{
    // Some fit into the smallest queue of a stream.
    private const int PacketsInBatch = 200;
    private IDatasource _source = null!;
    private SensorWelcome _welcome = null!;
    private ulong _sequence;

    public Guid Uuid => uuid;

    public ushort Number => _welcome.Number;

    public async Task OpenAsync(TwoSilos silos)
    {
        _source = new GrainDatasource(silos.Client.GetGrain<IDatasourceGrain>(uuid));
        _welcome = await _source.OpenAsync(new() { Uuid = uuid, Name = uuid.ToString()[..4], Driver = "linuxwifi", Interface = "wlan0", BootId = bootId });
    }

    /// <summary>Sends the capture.</summary>
    /// <param name="after">Called after each batch, with its number of packets.</param>
    public async Task SendAsync(Func<int, Task>? after = null)
    {
        foreach (PacketBatch batch in Parts())
        {
            (batch.BootId, batch.Sequence) = (bootId, ++_sequence);
            Assert.Equal(AcceptOutcome.Accepted, await _source.AcceptAsync(_welcome.Connection, Campus.Pack(batch)));
            if (after is not null)
            {
                await after(batch.Count);
            }
        }
    }

    /// <summary>What a stream of this sensor's packets holds when the capture is sent once.</summary>
    public async Task<List<Streamed>> ExpectedAsync(PacketFilter filter)
    {
        PacketTaps taps = new(new());
        PacketTap tap = taps.Add(filter);
        FrameDissector dissector = new() { Taps = new(taps, Number) };
        ObservationBatch scratch = new();
        foreach (PacketBatch batch in Parts())
        {
            scratch.Reset(Number, 1);
            dissector.Dissect(batch, [scratch]);
        }
        tap.End();
        List<Streamed> all = [];
        while (await tap.ReadAsync(default) is { } block)
        {
            Streaming.Read(block, all);
        }
        return all;
    }

    private static IEnumerable<PacketBatch> Parts()
    {
        foreach (PacketBatch whole in Campus.Batches(bootId: 1))
        {
            for (int i = 0; i < whole.Count; i += PacketsInBatch)
            {
                CapturedPacket[] packets = whole.Packets[i..Math.Min(i + PacketsInBatch, whole.Count)];
                yield return new(0, 0) { Bytes = whole.Bytes, Packets = packets, Count = packets.Length };
            }
        }
    }
}

/// <summary>Reads streams, and makes silos know what is open.</summary>
internal static class Streaming
{
    /// <summary>Makes all silos ask for the open streams.</summary>
    /// <returns>Streams that the first and the last have open.</returns>
    public static async Task<(int First, int Last)> RefreshAsync(TwoSilos silos)
    {
        List<int> counts = [];
        foreach (InProcessSiloHandle silo in silos.Cluster.Silos)
        {
            StreamHost host = silo.ServiceProvider.GetRequiredService<StreamHost>();
            await host.RefreshAsync();
            counts.Add(host.Count);
        }
        return (counts[0], counts[^1]);
    }

    /// <summary>Reads so many packets.</summary>
    public static async Task<List<Streamed>> ReadAsync(IPacketStream stream, int packets)
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(30));
        List<Streamed> all = [];
        while (all.Count(static entry => entry.Lost == 0) < packets)
        {
            Read(await stream.ReadAsync(patience.Token) ?? throw new InvalidOperationException("The stream has ended."), all);
        }
        return all;
    }

    /// <summary>Reads until the stream ends.</summary>
    public static async Task<List<Streamed>> DrainAsync(IPacketStream stream)
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(30));
        List<Streamed> all = [];
        while (await stream.ReadAsync(patience.Token) is { } block)
        {
            Read(block, all);
        }
        return all;
    }

    public static void Read(TappedPackets block, List<Streamed> to)
    {
        using (block)
        {
            int position = 0;
            while (block.TryRead(ref position, out TappedPacket packet))
            {
                to.Add(packet.IsLoss
                    ? new(packet.Source, packet.TimeNs, "", packet.Lost)
                    : new(packet.Source, packet.TimeNs, Convert.ToHexString(packet.Bytes)));
            }
        }
    }
}
