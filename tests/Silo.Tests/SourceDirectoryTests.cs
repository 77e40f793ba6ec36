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

        public ValueTask<IReadOnlyList<SourceRow>> LoadAsync(CancellationToken cancellation = default) => new([]);

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
