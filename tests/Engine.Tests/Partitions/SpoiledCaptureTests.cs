using KismetOrleans.Engine.Partitions;
using KismetOrleans.Packets;
using KismetOrleans.Packets.Files;
using KismetOrleans.Records.Json;

namespace KismetOrleans.Engine.Tests.Partitions;

/// <summary>A capture with flipped bits and cut frames is counted and survived; what comes of it can be shown.</summary>
[Collection(nameof(SpoiledCaptureTests))]
public sealed class SpoiledCaptureTests
{
    private const int Seeds = 6;

    // Flipped addresses are new devices; nothing else may grow beyond what a device is worth.
    private const long BytesPerDevice = 32 * 1024;

    [Fact]
    public void Spoiled_packets_neither_throw_nor_fill_the_memory()
    {
        List<(PacketBatch Batch, int[] Lengths)> capture = ReadAll();
        Slices slices = new(3);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        for (int seed = 0; seed < Seeds; seed++)
        {
            Random random = new(seed);
            foreach ((PacketBatch original, int[] lengths) in capture)
            {
                slices.Hear(Spoil(original, lengths, random), (ushort)(1 + (seed % 2)));
                slices.Clock.Second++;
            }
            slices.All[0].Maintain();
        }
        int devices = slices.All.Sum(partition => partition.Count().Devices);
        long grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.True(devices > 1000, $"{devices} devices");
        Assert.InRange(grown, 1, devices * BytesPerDevice);
        // Every record can be printed, and is JSON.
        foreach (DevicePartition partition in slices.All)
        {
            Assert.Equal(partition.Count().Devices, Slices.ReadAll(partition, shape: new(RecordFormat.Json, null)).Count);
            Assert.Equal(partition.Count().AccessPoints, partition.Queries.Select(new() { View = new Engine.Tracking.AccessPointView() }, new(RecordFormat.Json, null), null, 0).Total);
        }
    }

    private static PacketBatch Spoil(PacketBatch original, int[] lengths, Random random)
    {
        PacketBatch batch = new(0, 0)
        {
            Bytes = [.. original.Bytes],
            Packets = [.. original.Packets],
            Count = original.Count,
        };
        for (int i = 0; i < batch.Count; i++)
        {
            ref CapturedPacket packet = ref batch.Packets[i];
            int flips = random.Next(4);
            for (int flip = 0; flip < flips && packet.Length > 0; flip++)
            {
                batch.Bytes[packet.Offset + random.Next(packet.Length)] ^= (byte)(1 << random.Next(8));
            }
            switch (random.Next(6))
            {
                case 0: // cut by a snap length
                    packet.Length = random.Next(lengths[i] + 1);
                    break;
                case 1: // shorter than it was sent, and nobody says so
                    packet.Length = packet.OriginalLength = random.Next(lengths[i] + 1);
                    break;
                case 2: // lengths that contradict each other
                    packet.OriginalLength = random.Next(lengths[i] + 1);
                    break;
            }
        }
        return batch;
    }

    private static List<(PacketBatch Batch, int[] Lengths)> ReadAll()
    {
        List<(PacketBatch, int[])> all = [];
        using CaptureFileReader reader = CaptureFileReader.Open(Path.Combine(AppContext.BaseDirectory, "campus.pcapng"));
        PacketBatch batch = new(256 * 1024, 1000);
        while (reader.TryRead(batch))
        {
            PacketBatch copy = new(0, 0) { Bytes = [.. batch.Bytes], Packets = [.. batch.Packets], Count = batch.Count };
            all.Add((copy, [.. copy.Packets.Take(copy.Count).Select(packet => packet.Length)]));
        }
        return all;
    }
}

/// <summary>Runs by itself, since it looks at the memory of the process.</summary>
[CollectionDefinition(nameof(SpoiledCaptureTests), DisableParallelization = true)]
public sealed class SpoiledCaptureAlone;
