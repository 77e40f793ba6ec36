using KismetOrleans.Engine.Observations;
using KismetOrleans.Engine.Partitions;
using KismetOrleans.Engine.Persistence;
using KismetOrleans.Records.Devices;
using KismetOrleans.Storage.Tests.Postgres;

namespace KismetOrleans.Storage.Tests;

/// <summary>What a partition saves is what the next one loads, whichever the database; and nobody saves over one that came later.</summary>
[Collection(nameof(PostgresServer))]
public sealed class DeviceStoreTests(PostgresServer server)
{
    [Theory]
    [MemberData(nameof(TestStore.Kinds), MemberType = typeof(TestStore))]
    public async Task A_new_partition_is_empty(string kind)
    {
        await using TestStore store = await TestStore.NewAsync(kind, server);
        PartitionImage image = await store.Devices.LoadAsync(0);
        Assert.Equal(1, image.Epoch);
        Assert.Empty(image.Devices);
        Assert.Empty(image.Watermarks);
        Assert.Empty(image.Seen);
    }

    [Theory]
    [MemberData(nameof(TestStore.Kinds), MemberType = typeof(TestStore))]
    public async Task A_row_that_cannot_be_read_is_set_aside_and_costs_the_others_nothing(string kind)
    {
        await using TestStore store = await TestStore.NewAsync(kind, server);
        int[] numbers = Sample.Of(2, 3);
        long epoch = (await store.Devices.LoadAsync(2)).Epoch;
        await store.Devices.SaveAsync(Sample.Changes(2, epoch, [.. numbers.Select(i => Sample.Device(i))]));
        long place = DevicePlaces.Of(Sample.Id(numbers[1]));
        await store.ExecuteAsync($"UPDATE devices SET state = {(kind == "SQLite" ? "x'FF02'" : "'\\xFF02'")} WHERE place = {place}");
        await store.ReopenAsync();

        PartitionImage image = await store.Devices.LoadAsync(2);
        Assert.Equal([Sample.Id(numbers[0]), Sample.Id(numbers[2])], image.Devices.Select(static device => device.Id));
        string reason = Assert.Single(image.SetAside);
        Assert.Contains($"place {place} ", reason, StringComparison.Ordinal);
        Assert.Contains("version 255", reason, StringComparison.Ordinal);
        Assert.Equal(2, await store.NumberAsync($"SELECT length(state) FROM devices_set_aside WHERE place = {place}"));

        // The device is heard again, and the row of before stays where it is.
        await store.Devices.SaveAsync(Sample.Changes(2, image.Epoch, Sample.Device(numbers[1], 5)));
        image = await store.Devices.LoadAsync(2);
        Assert.Equal(3, image.Devices.Count);
        Assert.Empty(image.SetAside);
        Assert.Equal(1, await store.NumberAsync("SELECT count(*) FROM devices_set_aside"));
    }

    [Theory]
    [MemberData(nameof(TestStore.Kinds), MemberType = typeof(TestStore))]
    public async Task Devices_come_back_in_order_of_first_sight_each_to_its_partition(string kind)
    {
        await using TestStore store = await TestStore.NewAsync(kind, server);
        for (int partition = 0; partition < TestStore.Partitions; partition++)
        {
            int[] numbers = Sample.Of(partition, 50);
            // Against the order of their keys, and a part at a time; the first ones change once more at the end.
            Array.Reverse(numbers);
            long epoch = (await store.Devices.LoadAsync(partition)).Epoch;
            await store.Devices.SaveAsync(Sample.Changes(partition, epoch, [.. numbers[..20].Select(i => Sample.Device(i))]));
            await store.Devices.SaveAsync(Sample.Changes(partition, epoch, [.. numbers[20..].Select(i => Sample.Device(i))]));
            await store.Devices.SaveAsync(Sample.Changes(partition, epoch, [.. numbers[..3].Select(i => Sample.Device(i, 7))]));
        }
        await store.ReopenAsync();
        for (int partition = 0; partition < TestStore.Partitions; partition++)
        {
            int[] numbers = Sample.Of(partition, 50);
            Array.Reverse(numbers);
            PartitionImage image = await store.Devices.LoadAsync(partition);
            Assert.Equal(numbers.Select(Sample.Id), image.Devices.Select(static device => device.Id));
            Assert.Equal(numbers.Select(i => $"device {i}"), image.Devices.Select(static device => device.Name));
            Assert.Equal([7UL, 7UL, 7UL, 1UL], image.Devices.Take(4).Select(static device => device.Packets));
        }
    }

    [Theory]
    [MemberData(nameof(TestStore.Kinds), MemberType = typeof(TestStore))]
    public async Task Removed_devices_are_gone_and_can_come_again(string kind)
    {
        await using TestStore store = await TestStore.NewAsync(kind, server);
        int[] numbers = Sample.Of(1, 3);
        long epoch = (await store.Devices.LoadAsync(1)).Epoch;
        await store.Devices.SaveAsync(Sample.Changes(1, epoch, [.. numbers.Select(i => Sample.Device(i))]));
        PartitionChanges changes = Sample.Changes(1, epoch, Sample.Device(numbers[1], 5));
        changes.Removed.AddRange([Sample.Id(numbers[0]), Sample.Id(numbers[1])]);
        await store.Devices.SaveAsync(changes);
        IReadOnlyList<Device> devices = (await store.Devices.LoadAsync(1)).Devices;
        Assert.Equal([Sample.Id(numbers[2]), Sample.Id(numbers[1])], devices.Select(static device => device.Id));
        Assert.Equal(5UL, devices[1].Packets);
    }

    [Theory]
    [MemberData(nameof(TestStore.Kinds), MemberType = typeof(TestStore))]
    public async Task Watermarks_of_any_number_come_back(string kind)
    {
        await using TestStore store = await TestStore.NewAsync(kind, server);
        long epoch = (await store.Devices.LoadAsync(2)).Epoch;
        PartitionChanges changes = Sample.Changes(2, epoch);
        changes.Watermarks.Add(new(7, new(1, 1)));
        changes.Watermarks.Add(new(BatchMark.Journals | 9, new(ulong.MaxValue, ulong.MaxValue - 1)));
        await store.Devices.SaveAsync(changes);
        changes.Clear();
        changes.Watermarks.Add(new(7, new(2, 30)));
        await store.Devices.SaveAsync(changes);
        IReadOnlyDictionary<ulong, Watermark> watermarks = (await store.Devices.LoadAsync(2)).Watermarks;
        Assert.Equal(2, watermarks.Count);
        Assert.Equal(new(2, 30), watermarks[7]);
        Assert.Equal(new(ulong.MaxValue, ulong.MaxValue - 1), watermarks[BatchMark.Journals | 9]);
        Assert.Empty((await store.Devices.LoadAsync(1)).Watermarks);
    }

    [Theory]
    [MemberData(nameof(TestStore.Kinds), MemberType = typeof(TestStore))]
    public async Task Of_what_filters_learnt_the_newest_is_kept(string kind)
    {
        await using TestStore store = await TestStore.NewAsync(kind, server);
        long epoch = (await store.Devices.LoadAsync(3)).Epoch;
        for (byte i = 1; i <= 10; i++)
        {
            if (i == 6)
            {
                await store.ReopenAsync();
                epoch = (await store.Devices.LoadAsync(3)).Epoch;
            }
            PartitionChanges changes = Sample.Changes(3, epoch);
            changes.Seen = [i, i, i, i];
            changes.SeenCapacity = 14;
            await store.Devices.SaveAsync(changes);
        }
        // Three entries of four bytes, and the one that the capacity cuts through.
        Assert.Equal([7, 8, 9, 10], (await store.Devices.LoadAsync(3)).Seen.Select(static heard => (int)heard.Span[0]));
    }

    [Theory]
    [MemberData(nameof(TestStore.Kinds), MemberType = typeof(TestStore))]
    public async Task Who_was_superseded_saves_no_more(string kind)
    {
        await using TestStore store = await TestStore.NewAsync(kind, server);
        int[] numbers = Sample.Of(0, 2);
        long first = (await store.Devices.LoadAsync(0)).Epoch;
        await store.Devices.SaveAsync(Sample.Changes(0, first, Sample.Device(numbers[0], 1)));
        long second = (await store.Devices.LoadAsync(0)).Epoch;
        Assert.True(second > first);
        // Saves of other partitions that wait at the same time are not refused with it.
        long other = (await store.Devices.LoadAsync(1)).Epoch;
        int elsewhere = Sample.Of(1, 1)[0];
        Task stale = store.Devices.SaveAsync(Sample.Changes(0, first, Sample.Device(numbers[0], 9), Sample.Device(numbers[1]))).AsTask();
        Task good = store.Devices.SaveAsync(Sample.Changes(1, other, Sample.Device(elsewhere))).AsTask();
        StaleEpochException refusal = await Assert.ThrowsAsync<StaleEpochException>(() => stale);
        Assert.Equal(0, refusal.Partition);
        await good;
        await store.Devices.SaveAsync(Sample.Changes(0, second, Sample.Device(numbers[0], 3)));
        Assert.Equal([3UL], (await store.Devices.LoadAsync(0)).Devices.Select(static device => device.Packets));
        Assert.Single((await store.Devices.LoadAsync(1)).Devices);
    }

    // Two hosts that take a partition from each other, over and over, while both save: what one was told is saved, the next one loads.
    [Theory]
    [MemberData(nameof(TestStore.Kinds), MemberType = typeof(TestStore))]
    public async Task What_was_saved_is_loaded_by_whoever_comes_next(string kind)
    {
        await using TestStore store = await TestStore.NewAsync(kind, server);
        int number = Sample.Of(0, 1)[0];
        long saved = 0;
        int refused = 0;
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            for (int round = 0; round < 20; round++)
            {
                long before = Volatile.Read(ref saved);
                PartitionImage image = await store.Devices.LoadAsync(0);
                ulong packets = image.Devices.Count == 0 ? 0 : image.Devices[0].Packets;
                Assert.True((long)packets >= before, $"{packets} after {before}");
                try
                {
                    for (int i = 0; i < 5; i++)
                    {
                        packets++;
                        await store.Devices.SaveAsync(Sample.Changes(0, image.Epoch, Sample.Device(number, packets)));
                        Greater(ref saved, (long)packets);
                    }
                }
                catch (StaleEpochException)
                {
                    Interlocked.Increment(ref refused);
                }
            }
        })));
        Assert.True(saved > 0);
        Assert.InRange(refused, 1, 80);

        static void Greater(ref long at, long value)
        {
            long seen = Volatile.Read(ref at);
            while (value > seen && Interlocked.CompareExchange(ref at, value, seen) is long now && now != seen)
            {
                seen = now;
            }
        }
    }

    [Theory]
    [MemberData(nameof(TestStore.Kinds), MemberType = typeof(TestStore))]
    public async Task A_save_that_is_cancelled_before_it_begins_is_not_done(string kind)
    {
        await using TestStore store = await TestStore.NewAsync(kind, server);
        long epoch = (await store.Devices.LoadAsync(0)).Epoch;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => store.Devices.SaveAsync(Sample.Changes(0, epoch, Sample.Device(Sample.Of(0, 1)[0])), new(true)).AsTask());
        Assert.Empty((await store.Devices.LoadAsync(0)).Devices);
    }

    [Theory]
    [MemberData(nameof(TestStore.Kinds), MemberType = typeof(TestStore))]
    public async Task Many_devices_of_all_partitions_saved_at_once_come_back(string kind)
    {
        const int Each = 2000;
        await using TestStore store = await TestStore.NewAsync(kind, server);
        PartitionChanges[] changes = await Task.WhenAll(Enumerable.Range(0, TestStore.Partitions).Select(async partition => Sample.Changes(
            partition, (await store.Devices.LoadAsync(partition)).Epoch, [.. Sample.Of(partition, Each).Select(i => Sample.Device(i, (ulong)i))])));
        await Task.WhenAll(changes.Select(change => store.Devices.SaveAsync(change).AsTask()));
        for (int partition = 0; partition < TestStore.Partitions; partition++)
        {
            IReadOnlyList<Device> devices = (await store.Devices.LoadAsync(partition)).Devices;
            Assert.Equal(Sample.Of(partition, Each).Select(static i => (ulong)i), devices.Select(static device => device.Packets));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(16)]
    [InlineData(256)]
    public void Each_key_is_in_the_range_of_its_partition_alone(int count)
    {
        for (int i = 0; i < 5000; i++)
        {
            long place = DevicePlaces.Of(Sample.Id(i));
            for (int partition = 0; partition < count; partition++)
            {
                (long first, long last) = DevicePlaces.RangeOf(partition, count);
                Assert.Equal(Partitioning.Of(Sample.Id(i), count) == partition, place >= first && place <= last);
            }
        }
        Assert.Equal(long.MinValue, DevicePlaces.RangeOf(0, count).First);
        Assert.Equal(long.MaxValue, DevicePlaces.RangeOf(count - 1, count).Last);
    }
}
