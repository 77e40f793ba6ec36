using System.Collections.Concurrent;
using System.Diagnostics;
using KismetOrleans.Engine.Observations;
using KismetOrleans.Engine.Persistence;
using KismetOrleans.Storage.Postgres;
using Npgsql;

namespace KismetOrleans.Storage.Tests.Postgres;

/// <summary>PostgreSQL that crashes, and comes back, costs time and nothing else: what was acknowledged stands there, once.</summary>
public sealed class PostgresOutageTests : IClassFixture<PostgresServer>
{
    private const int Writers = 8;
    private readonly PostgresServer _server;

    public PostgresOutageTests(PostgresServer server) => _server = server;

    [OwnPostgresFact]
    public async Task No_thread_waits_for_a_database_that_stands_still()
    {
        const int Connections = 16;
        string database = _server.NewDatabase();
        await PostgresSchema.ApplyAsync(database, TestStore.Partitions);
        await using PostgresStorage storage = await PostgresStorage.OpenAsync(database);
        // So many connections are open, and idle, when it stops.
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => storage.Sources.ServerUuidAsync().AsTask()));
        _server.Suspend();
        try
        {
            using CancellationTokenSource giveUp = new(TimeSpan.FromSeconds(1));
            Stopwatch clock = Stopwatch.StartNew();
            Task<Guid>[] asked = [.. Enumerable.Range(0, Connections).Select(_ => storage.Sources.ServerUuidAsync(giveUp.Token).AsTask())];
            foreach (Task<Guid> one in asked)
            {
                _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => one);
            }
            Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
            // Other tests need threads, too, but not all the time.
            int least = int.MaxValue;
            for (int look = 0; look < 40 && least > Connections / 2; look++)
            {
                await Task.Delay(100);
                ThreadPool.GetMaxThreads(out int most, out _);
                ThreadPool.GetAvailableThreads(out int free, out _);
                least = Math.Min(least, most - free);
            }
            Assert.True(least <= Connections / 2, $"{least} threads of the pool are busy");
        }
        finally
        {
            _server.Resume();
        }
        Assert.NotEqual(default, await storage.Sources.ServerUuidAsync());
    }

    [OwnPostgresFact]
    public async Task Saves_and_posts_in_the_midst_of_crashes_are_all_there_once()
    {
        string database = _server.NewDatabase();
        await PostgresSchema.ApplyAsync(database, TestStore.Partitions);
        ConcurrentQueue<string> said = [];
        await using PostgresStorage storage = await PostgresStorage.OpenAsync(database, complain: said.Enqueue);
        using CancellationTokenSource stop = new();
        long[] acknowledged = new long[Writers];
        ulong[] saved = new ulong[TestStore.Partitions];
        Task[] posts = [.. Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                await storage.Journal.AppendAsync((ulong)writer, (ulong)acknowledged[writer] + 1, new byte[3000]);
                acknowledged[writer]++;
            }
        }))];
        Task[] saves = [.. Enumerable.Range(0, TestStore.Partitions).Select(partition => Task.Run(async () =>
        {
            long epoch = (await storage.Devices.LoadAsync(partition)).Epoch;
            int[] numbers = Sample.Of(partition, 50);
            while (!stop.IsCancellationRequested)
            {
                PartitionChanges changes = Sample.Changes(partition, epoch, [.. numbers.Select(i => Sample.Device(i, saved[partition] + 1))]);
                changes.Watermarks.Add(new(1, new(1, saved[partition] + 1)));
                await storage.Devices.SaveAsync(changes);
                saved[partition]++;
            }
        }))];
        for (int crash = 0; crash < 3; crash++)
        {
            long before = acknowledged.Sum();
            await UntilAsync(() => acknowledged.Sum() > before + 200 && saved.All(static count => count > 0));
            await Task.Run(_server.Kill);
            await UntilAsync(() => storage.Trouble is not null);
            await Task.Run(_server.Start);
            await UntilAsync(() => storage.Trouble is null);
        }
        // And connections that are cut one by one, in the midst of anything.
        for (int cut = 0; cut < 20; cut++)
        {
            long before = acknowledged.Sum();
            await UntilAsync(() => acknowledged.Sum() > before + 20);
            await PostgresStorageTests.ExecuteAsync(
                new NpgsqlConnectionStringBuilder(database) { Database = "postgres", Pooling = false }.ConnectionString,
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'KismetOrleans'");
        }
        await stop.CancelAsync();
        await Task.WhenAll(posts.Concat(saves));
        Dictionary<ulong, List<ulong>> found = [];
        await foreach (JournalEntry entry in storage.Journal.ReadAsync(null, 0, TimeSpan.Zero))
        {
            (found.TryGetValue(entry.Feed, out List<ulong>? list) ? list : found[entry.Feed] = []).Add(entry.Sequence);
        }
        for (int writer = 0; writer < Writers; writer++)
        {
            Assert.Equal(Enumerable.Range(1, (int)acknowledged[writer]).Select(static i => (ulong)i), found[(ulong)writer]);
        }
        for (int partition = 0; partition < TestStore.Partitions; partition++)
        {
            PartitionImage image = await storage.Devices.LoadAsync(partition);
            Assert.Equal(50, image.Devices.Count);
            Assert.All(image.Devices, device => Assert.Equal(saved[partition], device.Packets));
            Assert.Equal(new Watermark(1, saved[partition]), image.Watermarks[1]);
        }
        Assert.Contains(said, static message => message.Contains("does not answer", StringComparison.Ordinal));
    }

    [OwnPostgresFact]
    public async Task Who_waits_for_a_database_that_is_away_can_give_up_and_closing_lets_everybody_go()
    {
        string database = _server.NewDatabase();
        await PostgresSchema.ApplyAsync(database, TestStore.Partitions);
        PostgresStorage storage = await PostgresStorage.OpenAsync(database);
        long epoch = (await storage.Devices.LoadAsync(0)).Epoch;
        await Task.Run(_server.Kill);
        try
        {
            using CancellationTokenSource stop = new();
            Task given = storage.Devices.SaveAsync(Sample.Changes(0, epoch, Sample.Device(Sample.Of(0, 1)[0])), stop.Token).AsTask();
            Task held = storage.Journal.AppendAsync(1, 1, new byte[1]).AsTask();
            Task loaded = storage.Devices.LoadAsync(1).AsTask();
            await UntilAsync(() => storage.Trouble is not null);
            Assert.False(given.IsCompleted || held.IsCompleted || loaded.IsCompleted);
            await stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);
            await storage.DisposeAsync();
            await Assert.ThrowsAsync<StorageException>(() => held);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => loaded);
        }
        finally
        {
            await Task.Run(_server.Start);
        }
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(60));
        while (!condition())
        {
            await Task.Delay(5, patience.Token);
        }
    }
}
