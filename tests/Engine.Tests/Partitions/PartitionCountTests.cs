using FsCheck;
using FsCheck.Fluent;
using KismetOrleans.Packets;
using KismetOrleans.Packets.Files;
using KismetOrleans.SampleGenerator;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Dot11;

namespace KismetOrleans.Engine.Tests.Partitions;

/// <summary>However many partitions there are, together they say the same.</summary>
public sealed class PartitionCountTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public void A_capture_gives_the_same_devices(int count)
    {
        SortedDictionary<string, string> one = Replay(1).ToJson();
        SortedDictionary<string, string> many = Replay(count).ToJson();
        Assert.True(one.Count > 100, $"{one.Count} devices");
        Assert.Equal(one.Keys, many.Keys);
        foreach ((string key, string device) in one)
        {
            Assert.True(device == many[key], $"{key}\n{device}\n{many[key]}");
        }
    }

    [Fact]
    public void Counts_of_a_capture_add_up()
    {
        Slices one = Replay(1);
        Slices many = Replay(5);
        Assert.Equal(one.All[0].Count().Devices, many.All.Sum(partition => partition.Count().Devices));
        Assert.Equal(one.All[0].Count().AccessPoints, many.All.Sum(partition => partition.Count().AccessPoints));
        Assert.Equal(one.All[0].Count().Duplicates, many.All.Sum(partition => partition.Count().Duplicates));
        Assert.True(one.All[0].Count().Duplicates > 0);
        for (ushort source = 1; source <= 2; source++)
        {
            Assert.Equal(one.All[0].Count().BySource[source], many.All.Sum(partition => partition.Count().BySource.GetValueOrDefault(source)));
        }
        // Every partition has a share of the work.
        Assert.All(many.All, partition => Assert.InRange(partition.Count().Devices, one.All[0].Count().Devices / 10, one.All[0].Count().Devices / 3));
    }

    // Any frames of a small world in which every address meets every other in every role, groups and the zero address among them.
    [Fact]
    public void Random_frames_give_the_same_devices() => Prop.ForAll(
        Gen.Choose(0, int.MaxValue).ToArbitrary(),
        Gen.Choose(2, 16).ToArbitrary(),
        static (seed, count) =>
        {
            PacketBatch batch = RandomFrames(seed).ToBatch();
            Slices one = new Slices(1).Hear(batch);
            Slices many = new Slices(count).Hear(batch);
            return one.ToJson().SequenceEqual(many.ToJson());
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(60));

    [Fact]
    public void An_owner_gets_a_frame_once_however_many_of_its_addresses_it_owns()
    {
        for (int count = 1; count <= 16; count++)
        {
            Random random = new(count);
            for (int i = 0; i < 200; i++)
            {
                MacAddress[] addresses = [.. Enumerable.Range(0, 4).Select(_ => new MacAddress((ulong)random.NextInt64(1L << 48)))];
                byte[] frame = DataFrames.Build(new(default, addresses[0], addresses[1])
                {
                    Kind = FrameKind.Data,
                    Flags = FrameFlags.ToDs | FrameFlags.FromDs,
                    Transmitter = addresses[2],
                    Receiver = addresses[3],
                }, new byte[10]);
                Slices slices = new Slices(count).Hear(frame);
                int owners = addresses.Where(address => !address.IsGroup).Select(address => Engine.Partitions.Partitioning.OfDot11(address, count)).Distinct().Count();
                Assert.Equal(count == 1 ? 1 : owners, slices.Observations);
            }
        }
    }

    private static Packets RandomFrames(int seed)
    {
        Random random = new(seed);
        MacAddress Any() => random.Next(12) switch
        {
            0 => MacAddress.Broadcast,
            1 => MacAddress.Zero,
            2 => Frames.Multicast,
            int n => new(0x0E00_0000_0000UL + (ulong)(n * 7919)),
        };
        FrameKind[] management = [FrameKind.Beacon, FrameKind.ProbeRequest, FrameKind.ProbeResponse, FrameKind.AssociationRequest,
            FrameKind.Authentication, FrameKind.Deauthentication, FrameKind.Action];
        Packets packets = new();
        for (ushort i = 0; i < 100; i++)
        {
            byte[] frame;
            if (random.Next(2) == 0)
            {
                FrameKind kind = management[random.Next(management.Length)];
                FrameBuilder builder = FrameBuilder.Management(kind, Any(), Any(), Any(), i);
                _ = kind switch
                {
                    FrameKind.Beacon or FrameKind.ProbeResponse => builder.U64(i).U16(100).U16((ushort)random.Next(4)),
                    FrameKind.AssociationRequest => builder.U16(1).U16(10),
                    FrameKind.Authentication => builder.U16(0).U16(1).U16(0),
                    FrameKind.Deauthentication or FrameKind.Action => builder.U16(3),
                    _ => builder,
                };
                frame = builder.All(Elements.Ssid($"n{random.Next(3)}"), Elements.Rates(Band.Ghz2)).ToArray();
            }
            else
            {
                byte[] body = random.Next(3) switch
                {
                    0 => Eapol.Key(0x008A, i, new byte[32], []),
                    1 => NetworkPackets.Arp(1, Any(), i, Any(), 1),
                    _ => new byte[random.Next(50)],
                };
                frame = DataFrames.Build(new(Any(), Any(), Any())
                {
                    Kind = random.Next(4) == 0 ? FrameKind.Null : FrameKind.Data,
                    Flags = (FrameFlags)random.Next(4) | (random.Next(5) == 0 ? FrameFlags.Retry : 0),
                    Sequence = i,
                    Transmitter = Any(),
                    Receiver = Any(),
                }, body);
            }
            packets.Add(Frames.Heard(frame, (sbyte)-random.Next(30, 90)), LinkType.Radiotap, i * 0.05);
        }
        return packets;
    }

    // Twice, by two sources, so that duplicates are among it; in small batches, as they come.
    private static Slices Replay(int count)
    {
        Slices slices = new(count);
        using CaptureFileReader first = CaptureFileReader.Open(Path.Combine(AppContext.BaseDirectory, "campus.pcapng"));
        using CaptureFileReader second = CaptureFileReader.Open(Path.Combine(AppContext.BaseDirectory, "campus.pcapng"));
        PacketBatch batch = new(64 * 1024, 200);
        bool more = true;
        while (more)
        {
            more = false;
            foreach ((CaptureFileReader reader, ushort source) in ((CaptureFileReader, ushort)[])[(first, 1), (second, 2)])
            {
                if (reader.TryRead(batch))
                {
                    slices.Hear(batch, source);
                    more = true;
                }
            }
            slices.Clock.Second++;
        }
        return slices;
    }
}
