using KismetOrleans.Engine.Alerts;
using KismetOrleans.Engine.Fingerprints;
using KismetOrleans.Engine.Partitions;
using KismetOrleans.Engine.Persistence;
using KismetOrleans.Engine.Tests.Persistence;
using KismetOrleans.Engine.Tracking;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Dot11;
using KismetOrleans.Wire;
using static KismetOrleans.Engine.Tests.Frames;

namespace KismetOrleans.Engine.Tests.Partitions;

/// <summary>There are never more devices than may be, and who goes is decided by what a device is to somebody, and by the server's clock.</summary>
public sealed class DeviceBoundTests
{
    [Theory]
    [InlineData(1, 100)]
    [InlineData(3, 100)]
    [InlineData(4, 1000)]
    [InlineData(8, 5)]
    public void The_bound_is_exact(int partitions, int most)
    {
        Slices slices = new(partitions, new() { MaxDevices = most });
        for (int i = 0; i < most * 20; i++)
        {
            slices.Hear(ProbeRequest(Passing(i), ""));
            Assert.InRange(slices.All.Sum(static one => one.Devices), 1, Math.Max(most, partitions));
        }
        Assert.InRange(slices.All.Sum(static one => one.Devices), most * 98 / 100, Math.Max(most, partitions));
    }

    [Fact]
    public void What_is_something_to_somebody_stays_longest()
    {
        MacAddress listed = new(0x0011_2233_0001);
        MacAddress spoofed = new(0x0011_2233_0002);
        MacAddress known = new(0x0011_2233_0003);
        MacAddress alerted = new(0x0011_2233_0004);
        MacAddress once = new(0x0011_2233_0005);
        DeviceRanks ranks = new(
            new() { ApSpoof = new() { ["campus"] = new() { Ssid = "campus", Macs = [spoofed.ToString()] } } },
            new FixedFingerprints(new([new Fingerprint(listed, 1, 1, 1, false)])));
        Device[] devices =
        [
            new(new(Phy.Dot11, once)) { SeenSince = 1000, ModTime = 1059, LastTime = uint.MaxValue },
            new(new(Phy.Dot11, once)) { SeenSince = 1060, ModTime = 1060 },
            new(new(Phy.Dot11, known)) { SeenSince = 900, ModTime = 960 },
            new(new(Phy.Dot11, known)) { SeenSince = 1, ModTime = 961 },
            new(new(Phy.Dot11, alerted)) { SeenSince = 950, ModTime = 950, Alerts = 1 },
            new(new(Phy.Dot11, spoofed)) { SeenSince = 940, ModTime = 940 },
            new(new(Phy.Dot11, listed)) { SeenSince = 941, ModTime = 941 },
            new(new(Phy.Dot11, once)) { SeenSince = 930, ModTime = 930, Username = "door" },
            new(new(Phy.Dot11, once)) { SeenSince = 931, ModTime = 931, Tags = new() { ["a"] = "b" } },
        ];
        Assert.Equal(devices, devices.Reverse().OrderBy(ranks.Of));
    }

    [Fact]
    public void That_there_are_too_many_is_told_now_and_then_in_place_of_each_new_one()
    {
        Slices slices = new(1, new() { MaxDevices = 10 });
        byte[][] Frames(int first) => [.. Enumerable.Range(first, 20).Select(static i => ProbeRequest(Passing(i), ""))];
        string[] Told(int first) => [.. slices.Outcomes(Frames(first))[0].Messages.Select(static one => one.Text)];
        Assert.StartsWith("There are as many devices as Tracking:MaxDevices (10) allows", Assert.Single(Told(0)), StringComparison.Ordinal);
        Assert.Empty(Told(20));
        slices.Clock.Second += 600;
        Assert.Single(Told(40));
    }

    [Fact]
    public void Times_that_senders_make_up_count_for_nothing()
    {
        Slices slices = new(1, new() { MaxDevices = 100 });
        slices.Hear(new Packets().Add(ProbeRequest(Client, "forged"), at: 2_000_000_000).ToBatch());
        slices.Clock.Second += 10;
        for (int i = 0; i < 100; i++)
        {
            slices.Hear(ProbeRequest(Passing(i), ""));
        }
        Assert.DoesNotContain(
            Slices.ReadAll(slices.All[0]), static device => device.GetProperty("kismet.device.base.macaddr").GetString() == Client.ToString());
    }

    [Fact]
    public async Task What_was_forgotten_is_kept_neither_in_memory_nor_on_disk()
    {
        MemoryStore store = new();
        TrackingOptions options = new() { MaxDevices = 100 };
        PartitionImage image = await store.LoadAsync(0);
        DevicePartition partition = new(0, Environment(options), durable: true);
        partition.Restore(image);
        Feed(partition, 0, 50);
        PartitionChanges changes = new(0) { Epoch = image.Epoch };
        partition.TakeChanges(changes);
        await store.SaveAsync(changes);
        changes.Clear();
        Feed(partition, 50, 5000);
        partition.TakeChanges(changes);
        Assert.InRange(changes.Changed.Count, 98, 100);
        // Of those that stand on disk alone; the others need not be deleted there.
        Assert.Equal(50, changes.Removed.Count);
        await store.SaveAsync(changes);
        Assert.Equal(changes.Changed.Count, (await store.LoadAsync(0)).Devices.Count);

        DevicePartition smaller = new(0, Environment(new() { MaxDevices = 10 }), durable: true);
        smaller.Restore(await store.LoadAsync(0));
        Assert.Equal(10, smaller.Devices);
    }

    [Theory]
    [InlineData(512L << 20, 116_508)]
    [InlineData(16L << 30, 3_728_270)]
    public void Without_a_setting_devices_take_half_of_the_memory(long memory, int most) => Assert.Equal(most, TrackingOptions.Fitting(memory));

    private static PartitionEnvironment Environment(TrackingOptions options) =>
        new(1, options, new FakeManufacturers(), new NoSources(), Guid.Empty, new FakeClock()) { Alerts = new AlertOptions() };

    private static void Feed(DevicePartition partition, int first, int count)
    {
        Engine.Datasources.FrameDissector dissector = new();
        Engine.Observations.ObservationBatch[] batches = [new()];
        for (int i = first; i < first + count; i++)
        {
            batches[0].Reset(1, 1_750_000_000);
            dissector.Dissect(new Packets().Add(ProbeRequest(Passing(i), "")).ToBatch(), batches);
            partition.Apply(batches[0]);
        }
    }

    private sealed class NoSources : Records.Json.ISourceDirectory
    {
        public IReadOnlyList<Records.Datasources.DatasourceRecord> All => [];

        public Records.Datasources.DatasourceRecord? Find(ushort number) => null;
    }

    private static MacAddress Passing(int i) => new(0x0200_0000_0000UL + (uint)i);
}
