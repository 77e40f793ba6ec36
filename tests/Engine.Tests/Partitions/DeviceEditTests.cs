using System.Text.Json;
using KismetOrleans.Engine.Partitions;
using KismetOrleans.Engine.Persistence;
using KismetOrleans.Engine.Tests.Persistence;
using KismetOrleans.Records.Devices;
using static KismetOrleans.Engine.Tests.Frames;

namespace KismetOrleans.Engine.Tests.Partitions;

/// <summary>What a user wrote on a device is kept: over a restart, and when idle devices are forgotten.</summary>
public sealed class DeviceEditTests
{
    private static readonly DeviceId s_ap = new(Phy.Dot11, Ap);

    [Fact]
    public void Idle_devices_are_forgotten_but_for_those_that_bear_something()
    {
        Slices slices = new(1, new() { MaxIdle = TimeSpan.FromMinutes(1) });
        slices.Hear(Beacon(Ap, "Campus"), Beacon(OtherAp, "Other"));
        DevicePartition partition = slices.All[0];
        Assert.Equal(EditOutcome.Done, partition.Edit(s_ap, new("owner", "IT")));
        slices.Clock.Second += 3600;
        partition.Maintain();
        Assert.Equal(s_ap.Address.ToString(), Assert.Single(Slices.ReadAll(partition)).GetProperty("kismet.device.base.macaddr").GetString());

        Assert.Equal(EditOutcome.Done, partition.Edit(s_ap, new("owner", "")));
        slices.Clock.Second += 3600;
        partition.Maintain();
        Assert.Empty(Slices.ReadAll(partition));
        Assert.Equal(EditOutcome.Unknown, partition.Edit(s_ap, new(null, "x")));
    }

    [Fact]
    public async Task A_restart_keeps_names_and_tags()
    {
        MemoryStore store = new();
        PartitionEnvironment environment = new(1, new(), new FakeManufacturers(), new NoSources(), Guid.Empty, new FakeClock());
        DevicePartition first = new(0, environment, durable: true);
        first.Restore(new(0, [new(s_ap) { FirstTime = 1, LastTime = 1, ModTime = 1 }], new Dictionary<ulong, Engine.Observations.Watermark>(), []));
        PartitionImage image = await store.LoadAsync(0);
        PartitionChanges changes = new(0) { Epoch = image.Epoch };
        Assert.Equal(EditOutcome.Done, first.Edit(s_ap, new(null, "Door")));
        Assert.Equal(EditOutcome.Done, first.Edit(s_ap, new("notes", "left")));
        first.TakeChanges(changes);
        await store.SaveAsync(changes);

        DevicePartition second = new(0, environment, durable: true);
        second.Restore(await store.LoadAsync(0));
        JsonElement device = Assert.Single(Slices.ReadAll(second));
        Assert.Equal("Door", device.GetProperty("kismet.device.base.username").GetString());
        Assert.Equal("""{"notes": "left"}""", device.GetProperty("kismet.device.base.tags").GetRawText());
    }

    private sealed class NoSources : Records.Json.ISourceDirectory
    {
        public IReadOnlyList<Records.Datasources.DatasourceRecord> All => [];

        public Records.Datasources.DatasourceRecord? Find(ushort number) => null;
    }
}
