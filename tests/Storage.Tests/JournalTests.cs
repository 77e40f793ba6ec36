using KismetOrleans.Engine.Observations;
using KismetOrleans.Engine.Persistence;
using KismetOrleans.Storage.Tests.Postgres;

namespace KismetOrleans.Storage.Tests;

/// <summary>A post that was acknowledged stands in the journal until it is deleted.</summary>
[Collection(nameof(PostgresServer))]
public sealed class JournalTests(PostgresServer server)
{
    private const ulong FeedA = BatchMark.Journals | 5;
    private const ulong FeedB = 17;

    [Theory]
    [MemberData(nameof(TestStore.Kinds), MemberType = typeof(TestStore))]
    public async Task Entries_come_back_by_feed_and_in_order_until_they_are_deleted(string kind)
    {
        await using TestStore store = await TestStore.NewAsync(kind, server);
        for (ulong i = 1; i <= 3; i++)
        {
            await store.Journal.AppendAsync(FeedA, i, new byte[] { (byte)i, 0xA });
            await store.Journal.AppendAsync(FeedB, i * 10, i == 2 ? default : new byte[] { (byte)i });
        }
        await store.ReopenAsync();
        List<JournalEntry> all = await ReadAsync(store, null);
        Assert.Equal(6, all.Count);
        Assert.Equal([1UL, 2UL, 3UL], all.Where(static entry => entry.Feed == FeedA).Select(static entry => entry.Sequence));
        Assert.Equal([10UL, 20UL, 30UL], all.Where(static entry => entry.Feed == FeedB).Select(static entry => entry.Sequence));
        // Each feed in one piece.
        Assert.Equal(2, all.Select(static entry => entry.Feed).Zip(all.Select(static entry => entry.Feed).Skip(1)).Count(static pair => pair.First != pair.Second) + 1);
        Assert.Equal([2, 0xA], all.Single(static entry => entry.Feed == FeedA && entry.Sequence == 2).Bytes.ToArray());
        Assert.Empty(all.Single(static entry => entry.Sequence == 20).Bytes.ToArray());
        Assert.Equal([20UL, 30UL], (await ReadAsync(store, FeedB, 10)).Select(static entry => entry.Sequence));

        await store.Journal.DeleteAsync(FeedB, 20);
        Assert.Equal([30UL], (await ReadAsync(store, FeedB)).Select(static entry => entry.Sequence));
        Assert.Equal(3, (await ReadAsync(store, FeedA)).Count);
    }

    [Theory]
    [MemberData(nameof(TestStore.Kinds), MemberType = typeof(TestStore))]
    public async Task Reports_are_counted_with_the_entry_that_has_them(string kind)
    {
        await using TestStore store = await TestStore.NewAsync(kind, server);
        IReadOnlyList<SourceRow> phones = await store.Sources.AddAsync(
            [.. Enumerable.Range(0, 3).Select(static i => new SourceRow(0, Guid.NewGuid(), $"phone{i}", "virtual", "", "", "", 0, 0, default))]);
        // Several at once, of the same sources in different order.
        await Task.WhenAll(Enumerable.Range(1, 40).Select(i => store.Journal.AppendAsync(
            (ulong)i % 4, (ulong)i, new byte[] { 1 }, [new(phones[i % 3].Number, 5), new(phones[(i + 1) % 3].Number, 2), new(phones[i % 3].Number, 1)]).AsTask()));
        await store.Sources.SaveAsync([phones[0] with { Name = "renamed" }]);
        await store.ReopenAsync();
        IReadOnlyList<SourceRow> kept = await store.Sources.LoadAsync();
        Assert.Equal(["renamed", "phone1", "phone2"], kept.Select(static row => row.Name));
        Assert.Equal(Enumerable.Range(0, 3).Select(static i => (ulong)Enumerable.Range(1, 40).Sum(n => (n % 3 == i ? 6 : 0) + ((n + 1) % 3 == i ? 2 : 0))), kept.Select(static row => row.Packets));
    }

    [Theory]
    [MemberData(nameof(TestStore.Kinds), MemberType = typeof(TestStore))]
    public async Task Young_entries_can_be_left_out(string kind)
    {
        await using TestStore store = await TestStore.NewAsync(kind, server);
        await store.Journal.AppendAsync(FeedA, 1, new byte[] { 1 });
        Assert.Empty(await ReadAsync(store, null, 0, TimeSpan.FromMinutes(1)));
        Assert.Single(await ReadAsync(store, null));
    }

    [Theory]
    [MemberData(nameof(TestStore.Kinds), MemberType = typeof(TestStore))]
    public async Task Many_writers_share_commits_and_lose_nothing(string kind)
    {
        const int Writers = 16;
        const int Entries = 200;
        await using TestStore store = await TestStore.NewAsync(kind, server);
        await Task.WhenAll(Enumerable.Range(1, Writers).Select(writer => Task.Run(async () =>
        {
            for (ulong i = 1; i <= Entries; i++)
            {
                await store.Journal.AppendAsync((ulong)writer, i, new byte[(int)i * 20]);
            }
        })));
        List<JournalEntry> all = await ReadAsync(store, null);
        Assert.Equal(Writers * Entries, all.Count);
        Assert.All(all, static entry => Assert.Equal((int)entry.Sequence * 20, entry.Bytes.Length));
    }

    [Theory]
    [MemberData(nameof(TestStore.Kinds), MemberType = typeof(TestStore))]
    public async Task A_number_that_was_used_fails_alone(string kind)
    {
        await using TestStore store = await TestStore.NewAsync(kind, server);
        await store.Journal.AppendAsync(FeedA, 1, new byte[] { 1 });
        Task[] appends = [.. Enumerable.Range(1, 20).Select(i => store.Journal.AppendAsync(FeedA, (ulong)i, new byte[] { 2 }).AsTask())];
        await Assert.ThrowsAnyAsync<Exception>(() => appends[0]);
        await Task.WhenAll(appends[1..]);
        List<JournalEntry> all = await ReadAsync(store, FeedA);
        Assert.Equal(20, all.Count);
        Assert.Equal(1, all[0].Bytes.Span[0]);
    }

    [Theory]
    [MemberData(nameof(TestStore.Kinds), MemberType = typeof(TestStore))]
    public async Task An_entry_of_ten_megabytes_stands_whole(string kind)
    {
        await using TestStore store = await TestStore.NewAsync(kind, server);
        byte[] bytes = new byte[10 * 1024 * 1024];
        new Random(1).NextBytes(bytes);
        await store.Journal.AppendAsync(FeedA, 1, bytes);
        await store.Journal.AppendAsync(FeedA, 2, bytes);
        List<JournalEntry> all = await ReadAsync(store, FeedA);
        Assert.Equal(2, all.Count);
        Assert.True(all[1].Bytes.Span.SequenceEqual(bytes));
    }

    internal static async Task<List<JournalEntry>> ReadAsync(TestStore store, ulong? feed, ulong after = 0, TimeSpan olderThan = default)
    {
        List<JournalEntry> entries = [];
        await foreach (JournalEntry entry in store.Journal.ReadAsync(feed, after, olderThan))
        {
            entries.Add(entry);
        }
        return entries;
    }
}
