using System.Collections.Concurrent;
using System.Diagnostics;
using KismetOrleans.Engine.Datasources;
using KismetOrleans.Engine.Persistence;
using KismetOrleans.Grains.Sources;
using Microsoft.Extensions.DependencyInjection;

namespace KismetOrleans.Silo.Tests;

/// <summary>The directory of sources answers while its database takes its time.</summary>
public sealed class SourceDirectoryTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private readonly SlowStore _store = new();

    [Fact]
    public async Task Reads_do_not_wait_for_the_database_and_what_comes_during_a_save_is_saved_together()
    {
        await using TwoSilos silos = await StartAsync();
        ISourceDirectoryGrain directory = silos.Client.GetGrain<ISourceDirectoryGrain>(0);
        SourceRow[] rows = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => directory.AddAsync(SourceRows.OfRemote(Guid.NewGuid())).AsTask()));
        Assert.Equal(Enumerable.Range(1, 5), rows.Select(static row => (int)row.Number).Order());
        _store.IsSlow = true;
        Task first = directory.SaveAsync(rows[0]).AsTask();
        await _store.Begun.WaitAsync(s_patience);
        Task[] others = [.. rows[1..].Select(row => directory.SaveAsync(row).AsTask())];
        Assert.Equal(5, (await directory.ReadAsync(default, 0).AsTask().WaitAsync(s_patience)).Records.Length);
        Assert.NotEqual(default, await directory.ServerUuidAsync().AsTask().WaitAsync(s_patience));
        Assert.DoesNotContain(others.Append(first), static save => save.IsCompleted);
        _store.Go();
        await Task.WhenAll(others.Append(first)).WaitAsync(s_patience);
        Assert.Equal([1, 4], _store.Commits.Select(static commit => commit.Count));
    }

    [Fact]
    public async Task A_source_that_comes_by_two_ways_at_once_has_one_number()
    {
        await using TwoSilos silos = await StartAsync();
        ISourceDirectoryGrain directory = silos.Client.GetGrain<ISourceDirectoryGrain>(0);
        SourceRow row = SourceRows.OfRemote(Guid.NewGuid());
        _store.IsSlow = true;
        Task<SourceRow>[] added = [directory.AddAsync(row).AsTask(), directory.AddAsync(row).AsTask(), directory.AddAsync(SourceRows.OfRemote(Guid.NewGuid())).AsTask()];
        await _store.Begun.WaitAsync(s_patience);
        Assert.Empty((await directory.ReadAsync(default, 0).AsTask().WaitAsync(s_patience)).Records);
        _store.Go();
        SourceRow[] rows = await Task.WhenAll(added).WaitAsync(s_patience);
        Assert.Equal(rows[0].Number, rows[1].Number);
        Assert.Equal([1, 2], rows.Select(static row => (int)row.Number).Distinct().Order());
    }

    [Fact]
    public async Task A_thousand_sensors_are_a_few_commits_when_they_come_and_four_a_second_when_they_save()
    {
        await using TwoSilos silos = await StartAsync();
        ISourceDirectoryGrain directory = silos.Client.GetGrain<ISourceDirectoryGrain>(0);
        _store.IsSlow = true;
        Task<SourceRow>[] adding = [.. Enumerable.Range(0, 1000).Select(_ => directory.AddAsync(SourceRows.OfRemote(Guid.NewGuid())).AsTask())];
        await _store.Begun.WaitAsync(s_patience);
        // Most of them are there before the first commit has ended: who asks after them is answered behind them. What a busy machine brings later shares a commit for as long as one lasts.
        _ = await directory.ServerUuidAsync();
        Stopwatch clock = Stopwatch.StartNew();
        _store.Go();
        SourceRow[] rows = await Task.WhenAll(adding).WaitAsync(s_patience);
        Assert.Equal(Enumerable.Range(1, 1000), rows.Select(static row => (int)row.Number).Order());
        Assert.InRange(_store.Additions.Count, 1, 2 + (clock.Elapsed / SlowStore.Commit));
        clock.Restart();
        for (int i = 0; i < 4; i++)
        {
            await Task.WhenAll(rows.Select(row => directory.SaveAsync(row).AsTask())).WaitAsync(s_patience);
        }
        Assert.InRange(_store.Commits.Count, 4, 4 + clock.Elapsed.TotalSeconds * 4);
    }

    [Fact]
    public async Task Phones_that_are_silent_for_long_are_forgotten_and_so_are_sensors_of_a_few_packets_or_none()
    {
        long now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        (int month, int day) = (31 * 86_400, 2 * 86_400);
        SourceRow phone = SourceRows.OfVirtual(Guid.NewGuid(), "phone", VirtualKind.WiFi, "") with { Packets = 5 };
        SourceRow sensor = SourceRows.OfRemote(Guid.NewGuid());
        _store.Rows =
        [
            phone with { Number = 1, Used = now - month }, phone with { Number = 2, Uuid = Guid.NewGuid(), Used = now - day },
            sensor with { Number = 3, Used = now - day }, sensor with { Number = 4, Uuid = Guid.NewGuid(), Packets = 10_000, Saved = new(1, 1), Used = now - month },
            sensor with { Number = 5, Uuid = Guid.NewGuid(), Definition = "wlan0", Used = now - month },
            sensor with { Number = 6, Uuid = Guid.NewGuid(), Packets = 1, Saved = new(1, 1), Used = now - month },
            sensor with { Number = 7, Uuid = Guid.NewGuid(), Definition = "wlan0", Packets = 1, Saved = new(1, 1), Used = now - month },
            sensor with { Number = 8, Uuid = Guid.NewGuid(), Packets = 1, Saved = new(1, 1), Used = now - day },
        ];
        await using TwoSilos silos = await StartAsync();
        ISourceDirectoryGrain directory = silos.Client.GetGrain<ISourceDirectoryGrain>(0);
        SourceChanges first = await directory.ReadAsync(default, 0);
        Assert.True(first.IsWhole);
        using CancellationTokenSource patience = new(s_patience);
        SourceChanges changes;
        do
        {
            await Task.Delay(50, patience.Token);
            changes = await directory.ReadAsync(first.Life, first.Version);
        }
        while (changes.Forgotten.Length == 0);
        Assert.Equal([1, 3, 6, 7], changes.Forgotten.Select(static number => (int)number).Order());
        Assert.Equal([1, 3, 6, 7], _store.Removed.Select(static number => (int)number).Order());
        Assert.Equal([2, 4, 5, 8], (await directory.ReadAsync(default, 0)).Records.Select(static record => (int)record.Number).Order());
        // Not the same number at once: devices may still name it.
        Assert.Equal(9, (await directory.AddAsync(phone)).Number);
    }

    [Fact]
    public async Task A_full_table_refuses_phones_first_then_sensors_and_last_the_servers_own()
    {
        long now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        SourceRow phone = SourceRows.OfVirtual(Guid.NewGuid(), "phone", VirtualKind.WiFi, "") with { Used = now };
        SourceRow sensor = SourceRows.OfRemote(Guid.NewGuid()) with { Used = now, Packets = 1 };
        const int phones = ushort.MaxValue - SourceNumbers.KeptForSensors;
        _store.Rows = [.. Enumerable.Range(1, phones).Select(i => phone with { Number = (ushort)i, Uuid = Guid.NewGuid() })];
        await using (TwoSilos silos = await StartAsync())
        {
            ISourceDirectoryGrain directory = silos.Client.GetGrain<ISourceDirectoryGrain>(0);
            Assert.Equal(0, (await directory.AddAsync(phone)).Number);
            Assert.Equal(phones + 1, (await directory.AddAsync(sensor)).Number);
        }
        _store.Rows = [.. Enumerable.Range(1, ushort.MaxValue - SourceNumbers.KeptForServer).Select(i => sensor with { Number = (ushort)i, Uuid = Guid.NewGuid() })];
        await using TwoSilos full = await StartAsync();
        ISourceDirectoryGrain last = full.Client.GetGrain<ISourceDirectoryGrain>(0);
        Assert.Equal(0, (await last.AddAsync(phone)).Number);
        Assert.Equal(0, (await last.AddAsync(sensor)).Number);
        Assert.Equal(ushort.MaxValue - SourceNumbers.KeptForServer + 1, (await last.AddAsync(sensor with { Definition = "wlan0" })).Number);
    }

    [Fact]
    public async Task Where_numbers_become_scarce_sensors_go_that_were_silent_for_a_day_and_those_of_a_few_packets_within_an_hour()
    {
        long now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        SourceRow sensor = SourceRows.OfRemote(Guid.NewGuid()) with { Saved = new(1, 1) };
        const int crowd = 60_000;
        SourceRow Of(int number, ulong packets, int silent) => sensor with { Number = (ushort)number, Uuid = Guid.NewGuid(), Packets = packets, Used = now - silent };
        _store.Rows = [.. Enumerable.Range(1, crowd).Select(i => Of(i, 10_000, 60)), Of(crowd + 1, 10_000, 2 * 86_400), Of(crowd + 2, 10_000, 7200), Of(crowd + 3, 1, 7200), Of(crowd + 4, 1, 60)];
        await using TwoSilos silos = await StartAsync();
        ISourceDirectoryGrain directory = silos.Client.GetGrain<ISourceDirectoryGrain>(0);
        Assert.Equal(crowd + 5, (await directory.AddAsync(SourceRows.OfRemote(Guid.NewGuid()))).Number);
        using CancellationTokenSource patience = new(s_patience);
        while (_store.Removed.Count < 2)
        {
            await Task.Delay(50, patience.Token);
        }
        Assert.Equal([crowd + 3, crowd + 1], _store.Removed.Select(static number => (int)number));
    }

    private Task<TwoSilos> StartAsync() => TwoSilos.StartAsync(services => services.AddSingleton<ISourceStore>(_store));

    private sealed class SlowStore : ISourceStore
    {
        /// <summary>How long a commit lasts.</summary>
        public static readonly TimeSpan Commit = TimeSpan.FromMilliseconds(100);

        private readonly Guid _uuid = Guid.NewGuid();
        private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _go = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public volatile bool IsSlow;

        public Task Begun => _begun.Task;

        public ConcurrentQueue<IReadOnlyList<SourceRow>> Commits { get; } = new();

        public void Go() => _go.SetResult();

        public ValueTask<Guid> ServerUuidAsync(CancellationToken cancellation = default) => new(_uuid);

        public ValueTask<IReadOnlyList<SourceRow>> LoadAsync(CancellationToken cancellation = default) => new(Rows);

        public IReadOnlyList<SourceRow> Rows { get; set; } = [];

        public ConcurrentQueue<ushort> Removed { get; } = new();

        public ValueTask RemoveAsync(IReadOnlyList<ushort> numbers, CancellationToken cancellation = default)
        {
            foreach (ushort number in numbers)
            {
                Removed.Enqueue(number);
            }
            return default;
        }

        public ConcurrentQueue<IReadOnlyList<SourceRow>> Additions { get; } = new();

        public async ValueTask<IReadOnlyList<SourceRow>> AddAsync(IReadOnlyList<SourceRow> rows, CancellationToken cancellation = default)
        {
            Additions.Enqueue(rows);
            await WaitAsync();
            return rows;
        }

        public async ValueTask SaveAsync(IReadOnlyList<SourceRow> rows, CancellationToken cancellation = default)
        {
            Commits.Enqueue(rows);
            await WaitAsync();
        }

        private async Task WaitAsync()
        {
            if (IsSlow)
            {
                _ = _begun.TrySetResult();
                await _go.Task;
                await Task.Delay(Commit);
            }
        }
    }
}
