using KismetOrleans.Engine.Auth;
using KismetOrleans.Storage.Tests.Postgres;

namespace KismetOrleans.Storage.Tests;

/// <summary>Sessions are there again after a restart, those that were ended stay ended, and neither grow without bounds.</summary>
[Collection(nameof(PostgresServer))]
public sealed class SessionStoreTests(PostgresServer server)
{
    [Theory]
    [MemberData(nameof(TestStore.Kinds), MemberType = typeof(TestStore))]
    public async Task Sessions_are_kept_until_they_are_over(string kind)
    {
        await using TestStore store = await TestStore.NewAsync(kind, server);
        LoginSession first = new(new(ulong.MaxValue, 1, 10), ulong.MaxValue - 1, new("2001:db8::1", "a'; DROP TABLE sessions; -- \u00e4\U0001F600"));
        LoginSession second = new(new(1, 2, long.MaxValue), 0, new("", ""));
        await store.Auth.AddSessionsAsync([first, second], 0);
        // The answer to the first call was lost.
        await store.Auth.AddSessionsAsync([first], 9);
        await store.ReopenAsync();
        Assert.Equal([second, first], (await store.Auth.LoadSessionsAsync()).OrderBy(static session => session.Token.Id));
        Same([], 0, 0, await EndedAsync(store));
        await store.Auth.AddSessionsAsync([], 10);
        Assert.Equal([second], await store.Auth.LoadSessionsAsync());
    }

    [Theory]
    [MemberData(nameof(TestStore.Kinds), MemberType = typeof(TestStore))]
    public async Task An_ended_one_stays_ended(string kind)
    {
        await using TestStore store = await TestStore.NewAsync(kind, server);
        await store.Auth.AddSessionsAsync([New(1, 5), New(2, 5)], 0);
        await store.Auth.EndSessionsAsync([new(1, 5, 100), new(ulong.MaxValue, 6, 200)], 0);
        await store.Auth.EndSessionsAsync([new(1, 5, 100)], 0);
        // What was made before is heard of after it was ended.
        await store.Auth.AddSessionsAsync([New(1, 5), New(ulong.MaxValue, 6)], 0);
        await store.ReopenAsync();
        Assert.Equal([2UL], (await store.Auth.LoadSessionsAsync()).Select(static session => session.Token.Id));
        EndedSessions ended = await EndedAsync(store);
        Same([1, ulong.MaxValue], 0, 0, ended);
        Assert.Equal((true, false), (ended.Has(new(1, 5, 100)), ended.Has(new(2, 5, 100))));
        await store.Auth.EndSessionsAsync([], 200);
        Same([1], 0, 0, await EndedAsync(store));
    }

    [Theory]
    [MemberData(nameof(TestStore.Kinds), MemberType = typeof(TestStore))]
    public async Task All_end_but_one(string kind)
    {
        await using TestStore store = await TestStore.NewAsync(kind, server);
        await store.Auth.AddSessionsAsync([New(1, 5), New(2, 5), New(3, 50)], 0);
        await store.Auth.EndSessionsAsync([new(4, 5, 100)], 0);
        await store.Auth.EndAllSessionsAsync(20, 2);
        await store.ReopenAsync();
        // One of a server whose clock is ahead has its number; those before the second need none.
        EndedSessions ended = await EndedAsync(store);
        Same([3], 20, 2, ended);
        Assert.Equal(
            (true, false, true, true, false),
            (ended.Has(New(1, 5).Token), ended.Has(New(2, 5).Token), ended.Has(New(3, 50).Token), ended.Has(New(5, 19).Token), ended.Has(New(5, 20).Token)));
        Assert.Equal([2UL], (await store.Auth.LoadSessionsAsync()).Select(static session => session.Token.Id));

        // The one ends by itself, then with all others; a clock that is late turns nothing back.
        await store.Auth.EndSessionsAsync([New(2, 5).Token], 0);
        Same([2, 3], 20, 2, await EndedAsync(store));
        await store.Auth.EndAllSessionsAsync(10, ulong.MaxValue);
        Same([3], 20, ulong.MaxValue, await EndedAsync(store));
        await store.Auth.EndAllSessionsAsync(60, 0);
        Same([], 60, 0, await EndedAsync(store));
    }

    [Theory]
    [MemberData(nameof(TestStore.Kinds), MemberType = typeof(TestStore))]
    public async Task There_are_only_so_many(string kind)
    {
        await using TestStore store = await TestStore.NewAsync(kind, server);
        await store.Auth.AddSessionsAsync([.. Enumerable.Range(1, LoginSession.MaxKept + 5).Select(static i => New((ulong)i, 100 + i))], 0);
        IReadOnlyList<LoginSession> kept = await store.Auth.LoadSessionsAsync();
        Assert.Equal((LoginSession.MaxKept, 106L), (kept.Count, kept.Min(static session => session.Token.Made)));

        await store.Auth.EndSessionsAsync([.. Enumerable.Range(1, EndedSessions.MaxIds).Select(static i => New(1_000_000 + (ulong)i, 1000 + i).Token)], 0);
        EndedSessions ended = await EndedAsync(store);
        Assert.Equal((EndedSessions.MaxIds, 0L), (ended.Ids.Count, ended.Since));
        await store.Auth.EndSessionsAsync([New(2_000_001, 999_999).Token, New(2_000_002, 999_999).Token], 0);
        ended = await EndedAsync(store);
        // The two oldest lost their numbers and are ended all the same.
        Assert.Equal((EndedSessions.MaxIds, 1003L), (ended.Ids.Count, ended.Since));
        Assert.Equal((true, true, true), (ended.Has(New(1_000_001, 1001).Token), ended.Has(New(1_000_002, 1002).Token), ended.Has(New(2_000_001, 999_999).Token)));
        Assert.False(ended.Has(New(9, 1003).Token));
    }

    [Fact]
    public async Task Memory_does_the_same()
    {
        MemoryAuthStore store = new();
        await store.AddSessionsAsync([New(1, 5), New(2, 5), New(3, 50), .. Enumerable.Range(10, LoginSession.MaxKept).Select(static i => New((ulong)i, 100 + i))], 0);
        Assert.Equal(LoginSession.MaxKept, (await store.LoadSessionsAsync()).Count);
        await store.EndSessionsAsync([.. Enumerable.Range(1, EndedSessions.MaxIds + 2).Select(static i => New(1_000_000 + (ulong)i, 1000 + i).Token)], 0);
        EndedSessions ended = (await store.LoadAsync()).Ended;
        Assert.Equal((EndedSessions.MaxIds, 1003L), (ended.Ids.Count, ended.Since));
        await store.EndAllSessionsAsync(100_000, 2);
        Same([], 100_000, 2, (await store.LoadAsync()).Ended);
        await store.AddSessionsAsync([New(2, 5), New(4, 200_000)], 0);
        await store.EndAllSessionsAsync(100_000, 2);
        Same([4], 100_000, 2, (await store.LoadAsync()).Ended);
        Assert.Equal([2UL], (await store.LoadSessionsAsync()).Select(static session => session.Token.Id));
        await store.EndSessionsAsync([], 1_000_000_000);
        Same([], 100_000, 2, (await store.LoadAsync()).Ended);
        Assert.Empty(await store.LoadSessionsAsync());
    }

    private static LoginSession New(ulong id, long made) => new(new(id, made, 1_000_000_000), 7, new("192.0.2.1", "test"));

    private static async Task<EndedSessions> EndedAsync(TestStore store) => (await store.Auth.LoadAsync()).Ended;

    private static void Same(ulong[] ids, long since, ulong except, EndedSessions ended) =>
        Assert.Equal((string.Join(' ', ids), since, except), (string.Join(' ', ended.Ids.Order()), ended.Since, ended.Except));
}
