using KismetOrleans.Engine.Persistence;
using KismetOrleans.Engine.Presence;
using KismetOrleans.Storage.Tests.Postgres;

namespace KismetOrleans.Storage.Tests;

/// <summary>Who was where is saved with the devices and read by time, whichever the database, and goes when it is old.</summary>
[Collection(nameof(PostgresServer))]
public sealed class PresenceStoreTests(PostgresServer server)
{
    private const uint FirstSlot = Sample.Now / PresenceEntry.SlotSeconds;
    private const long Micro = 1_000_000;
    private const long Day = 86_400 * Micro;
    private static readonly Guid s_source = new("5FE308BD-0000-0000-0000-000000000001");

    // Made as the first of it was captured.
    private const long FirstNumber = Sample.Now * Micro;

    [Theory]
    [MemberData(nameof(TestStore.Kinds), MemberType = typeof(TestStore))]
    public async Task Blocks_and_what_waits_come_back_and_are_found_by_time_and_partition(string kind)
    {
        await using TestStore store = await TestStore.NewAsync(kind, server);
        for (int partition = 0; partition < 2; partition++)
        {
            PartitionChanges changes = Sample.Changes(partition, (await store.Devices.LoadAsync(partition)).Epoch);
            changes.Presence = Changes(partition, 5, pending: 2);
            await store.Devices.SaveAsync(changes);
            changes.Presence = Changes(partition, 0, pending: 1);
            await store.Devices.SaveAsync(changes);
        }
        await store.ReopenAsync();

        PresenceImage image = (await store.Devices.LoadAsync(1)).Presence;
        Assert.Equal(FirstNumber, image.Last);
        int waiting = 0;
        PresenceBlock.Read(image.Pending.Span, new(0, uint.MaxValue), _ => waiting++);
        Assert.Equal(1, waiting);
        Assert.Equal(10, (await ReadAsync(store.Presence, new(0, uint.MaxValue), null)).Count);
        Assert.Equal(5, (await ReadAsync(store.Presence, new(0, uint.MaxValue), 1)).Count);
        Assert.Equal([FirstSlot + 2, FirstSlot + 3], (await ReadAsync(store.Presence, new(FirstSlot + 2, FirstSlot + 3), 1)).Select(static entry => entry.Slot).Order());
        Assert.Empty(await ReadAsync(store.Presence, new(FirstSlot + 5, uint.MaxValue), null));
        Assert.Empty(await ReadAsync(store.Presence, new(0, FirstSlot - 1), null));
    }

    [Theory]
    [MemberData(nameof(TestStore.Kinds), MemberType = typeof(TestStore))]
    public async Task Who_no_longer_has_a_partition_saves_none(string kind)
    {
        await using TestStore store = await TestStore.NewAsync(kind, server);
        long epoch = (await store.Devices.LoadAsync(0)).Epoch;
        _ = await store.Devices.LoadAsync(0);
        PartitionChanges changes = Sample.Changes(0, epoch);
        changes.Presence = Changes(0, 5, pending: 2);
        await Assert.ThrowsAsync<StaleEpochException>(async () => await store.Devices.SaveAsync(changes));
        Assert.Empty(await ReadAsync(store.Presence, new(0, uint.MaxValue), null));
        Assert.True((await store.Devices.LoadAsync(0)).Presence.Pending.IsEmpty);
    }

    [Theory]
    [MemberData(nameof(TestStore.Kinds), MemberType = typeof(TestStore))]
    public async Task What_is_too_old_is_dropped(string kind)
    {
        await using TestStore store = await TestStore.NewAsync(kind, server);
        PartitionChanges changes = Sample.Changes(0, (await store.Devices.LoadAsync(0)).Epoch);
        for (int day = 0; day < 10; day++)
        {
            changes.Presence = Changes(0, 2, pending: 0, FirstNumber + (day * Day));
            await store.Devices.SaveAsync(changes);
        }
        Assert.Equal(20, await store.NumberAsync("SELECT count(*) FROM presence"));
        changes.Presence = Changes(0, 0, pending: 0, FirstNumber + (9 * Day)) with { Oldest = FirstNumber + (7 * Day) };
        await store.Devices.SaveAsync(changes);
        Assert.Equal(6, await store.NumberAsync("SELECT count(*) FROM presence"));
        if (kind == "PostgreSQL")
        {
            // Tomorrow's, and the rest, in which nothing is.
            Assert.Equal(5, await store.NumberAsync("SELECT count(*) FROM pg_inherits WHERE inhparent = 'presence'::regclass"));
            Assert.Equal(0, await store.NumberAsync("SELECT count(*) FROM presence_rest"));
        }
    }

    [Theory]
    [MemberData(nameof(TestStore.Kinds), MemberType = typeof(TestStore))]
    public async Task An_entry_takes_less_than_40_bytes_of_the_disk_even_of_devices_that_are_seen_once(string kind)
    {
        await using TestStore store = await TestStore.NewAsync(kind, server);
        PartitionChanges changes = Sample.Changes(0, (await store.Devices.LoadAsync(0)).Epoch);
        Random random = new(18);
        Guid[] sensors = [.. Enumerable.Range(0, 12).Select(_ => Guid.NewGuid())];
        List<PresenceEntry> entries = [];
        const int Seen = 60_000;
        for (int i = 0; i < Seen; i++)
        {
            entries.Add(new((ulong)random.NextInt64(1L << 48), FirstSlot + (uint)(i / 5_000), sensors[random.Next(12)], (uint)random.Next(1, 300), (sbyte)random.Next(-90, -20)));
        }
        // The file is made of little else.
        string size = kind == "SQLite" ? "SELECT (SELECT page_count FROM pragma_page_count()) * (SELECT page_size FROM pragma_page_size())"
            : "SELECT sum(pg_total_relation_size(inhrelid)) FROM pg_inherits WHERE inhparent = 'presence'::regclass";
        long number = FirstNumber;
        for (int slot = 0; slot < 12; slot++)
        {
            List<PresenceEntry> some = entries.GetRange(slot * 5_000, 5_000);
            changes.Presence = new([.. PresenceBlock.Pack(some, out _).Select(block => new NumberedPresence(number++, block))], null, number, 0);
            await store.Devices.SaveAsync(changes);
        }
        await store.ReopenAsync();
        double bytes = (double)await store.NumberAsync(size) / Seen;
        Assert.InRange(bytes, 8, 40);
        Assert.Equal(Seen, (await ReadAsync(store.Presence, new(0, uint.MaxValue), null)).Count);
    }

    /// <summary>Whole blocks of one entry each, of slots one after the other, and one that waits.</summary>
    internal static PresenceChanges Changes(int device, int blocks, int pending, long first = FirstNumber) => new(
        [.. Enumerable.Range(0, blocks).Select(i => new NumberedPresence(first + i, Block(device, [(uint)i])))],
        pending == 0 ? null : Block(device, [.. Enumerable.Range(10, pending).Select(static slot => (uint)slot)]), first + Math.Max(0, blocks - 1), 0);

    internal static async Task<List<PresenceEntry>> ReadAsync(IPresenceStore store, PresenceQuery query, int? partition)
    {
        List<PresenceEntry> entries = [];
        await foreach (StoredPresence block in store.ReadAsync(query, partition))
        {
            PresenceBlock.Read(block.Bytes, query, entries.Add);
        }
        return entries;
    }

    private static PresenceBlock Block(int device, uint[] slots) =>
        Assert.Single(PresenceBlock.Pack([.. slots.Select(slot => new PresenceEntry(Sample.Id(device).Value, FirstSlot + slot, s_source, 7, -50))], out _));
}
