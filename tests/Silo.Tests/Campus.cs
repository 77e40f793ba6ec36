using KismetOrleans.Engine.Datasources;
using KismetOrleans.Engine.Partitions;
using KismetOrleans.Engine.Tests.Partitions;
using KismetOrleans.Engine.Tracking;
using KismetOrleans.Packets;
using KismetOrleans.Packets.Protocol;
using KismetOrleans.Packets.Sources;
using KismetOrleans.Records.Datasources;
using KismetOrleans.Records.Json;
using KismetOrleans.Storage.Manufacturers;

namespace KismetOrleans.Silo.Tests;

/// <summary>The sample capture, which consists of frames that our generator made, and its way into partitions.</summary>
internal static class Campus
{
    private static readonly string s_path = Path.Combine(Root, "samples", "campus.pcapng");

    /// <summary>Folder of the solution.</summary>
    public static string Root => FindRoot();

    /// <summary>Feeds the capture to partitions and waits until they have applied it.</summary>
    public static async Task ReplayAsync(IReadOnlyList<IDevicePartition> partitions, DatasourceRecord record, ulong bootId = 1)
    {
        Datasource source = new(record, partitions, new Nobody(), TimeProvider.System);
        foreach (PacketBatch batch in Batches(bootId))
        {
            await source.AcceptAsync(batch);
        }
        await source.DrainAsync();
    }

    /// <summary>The capture in batches; the batch is reused.</summary>
    public static IEnumerable<PacketBatch> Batches(ulong bootId)
    {
        using FilePacketSource file = new(s_path);
        PacketBatch batch = new();
        for (ulong sequence = 1; file.TryRead(batch, CancellationToken.None); sequence++)
        {
            (batch.BootId, batch.Sequence) = (bootId, sequence);
            yield return batch;
        }
    }

    /// <summary>A batch as a sensor sends it, without its frame's head.</summary>
    public static ReadOnlyMemory<byte> Pack(PacketBatch batch)
    {
        BatchBuilder builder = new();
        int next = 0;
        Assert.True(builder.Add(batch, ref next));
        return builder.Pack(batch.BootId, batch.Sequence, 0)[EdgeFrame.HeaderLength..].ToArray();
    }

    /// <summary>The capture in partitions of this process, as many as the cluster has.</summary>
    public static async Task<IReadOnlyList<IDevicePartition>> EmbeddedAsync(DatasourceRecord record, Guid server, int partitions = TwoSilos.Partitions)
    {
        PartitionEnvironment environment = new(
            partitions, new TrackingOptions(), new ManufacturerRegistry(ManufacturerRegistry.DefaultFolder), new OneSource(record), server,
            TimeProvider.System);
        IReadOnlyList<IDevicePartition> all =
            [.. Enumerable.Range(0, partitions).Select(i => new MemoryPartition(new DevicePartition(i, environment)))];
        await ReplayAsync(all, record);
        return all;
    }

    private static string FindRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "KismetOrleans.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }
        return folder ?? throw new DirectoryNotFoundException("no KismetOrleans.sln above the tests");
    }

    private sealed class Nobody : IDatasourceObserver
    {
        public void BatchAccepted(in BatchSummary batch)
        {
        }

        public void BatchApplied(BatchOutcome outcome)
        {
        }
    }

    private sealed class OneSource(DatasourceRecord record) : ISourceDirectory
    {
        public IReadOnlyList<DatasourceRecord> All => [record];

        public DatasourceRecord? Find(ushort number) => number == record.Number ? record : null;
    }
}
