using KismetOrleans.Engine.Persistence;
using KismetOrleans.Storage.Tests.Postgres;

namespace KismetOrleans.Storage.Tests;

/// <summary>Sources have their numbers, and the server its identity, for good.</summary>
[Collection(nameof(PostgresServer))]
public sealed class SourceStoreTests(PostgresServer server)
{
    [Theory]
    [MemberData(nameof(TestStore.Kinds), MemberType = typeof(TestStore))]
    public async Task The_server_stays_who_it_is(string kind)
    {
        await using TestStore store = await TestStore.NewAsync(kind, server);
        Guid first = await store.Sources.ServerUuidAsync();
        await store.ReopenAsync();
        Assert.Equal(first, await store.Sources.ServerUuidAsync());
        Assert.NotEqual(Guid.Empty, first);
    }

    [Theory]
    [MemberData(nameof(TestStore.Kinds), MemberType = typeof(TestStore))]
    public async Task A_source_that_comes_back_has_its_number_and_counters_and_its_newest_name(string kind)
    {
        await using TestStore store = await TestStore.NewAsync(kind, server);
        SourceRow roof = New("roof");
        SourceRow added = await AddAsync(store, roof);
        Assert.Equal(roof with { Number = 1 }, added);
        Assert.Equal(2, (await AddAsync(store, New("cellar"))).Number);
        SourceRow counted = added with { Packets = ulong.MaxValue, ErrorPackets = 3, Saved = new(1UL << 63, 12), PacketsByPhy = "0 12 5" };
        await store.Sources.SaveAsync([counted]);
        await store.ReopenAsync();
        Assert.Equal(["roof", "cellar"], (await store.Sources.LoadAsync()).Select(static row => row.Name));
        SourceRow again = await AddAsync(store, roof with { Name = "attic", Definition = "wlan1" });
        Assert.Equal(counted with { Name = "attic", Definition = "wlan1" }, again);
        Assert.Equal(again, (await store.Sources.LoadAsync())[0]);
        Assert.Equal(3, (await AddAsync(store, New("yard"))).Number);
    }

    [Theory]
    [MemberData(nameof(TestStore.Kinds), MemberType = typeof(TestStore))]
    public async Task Sources_that_come_at_once_have_numbers_of_their_own(string kind)
    {
        await using TestStore store = await TestStore.NewAsync(kind, server);
        SourceRow[] rows = [.. Enumerable.Range(0, 10).Select(static i => New($"s{i}"))];
        // Each of them twice.
        SourceRow[] added = await Task.WhenAll(rows.Concat(rows).Select(row => AddAsync(store, row)));
        Assert.Equal(Enumerable.Range(1, 10), added.Take(10).Select(static row => (int)row.Number).Order());
        Assert.Equal(added.Take(10).Select(static row => row.Number), added.Skip(10).Select(static row => row.Number));
    }

    [Theory]
    [MemberData(nameof(TestStore.Kinds), MemberType = typeof(TestStore))]
    public async Task Those_that_come_together_are_added_and_found_in_one_commit(string kind)
    {
        await using TestStore store = await TestStore.NewAsync(kind, server);
        SourceRow known = await AddAsync(store, New("known"));
        SourceRow[] rows = [.. Enumerable.Range(0, 1000).Select(static i => New($"s{i}"))];
        IReadOnlyList<SourceRow> added = await store.Sources.AddAsync([.. rows[..500], known with { Number = 0 }, .. rows[500..]]);
        Assert.Equal(1, added[500].Number);
        Assert.Equal(Enumerable.Range(2, 1000), added.Where(static row => row.Name != "known").Select(static row => (int)row.Number));
        Assert.Equal(rows.Select(static row => row.Uuid), added.Where(static row => row.Name != "known").Select(static row => row.Uuid));
        Assert.Equal(1001, (await store.Sources.LoadAsync()).Count);
    }

    [Theory]
    [MemberData(nameof(TestStore.Kinds), MemberType = typeof(TestStore))]
    public async Task A_number_that_is_asked_for_is_given_unless_another_has_it_and_is_free_when_its_source_is_removed(string kind)
    {
        await using TestStore store = await TestStore.NewAsync(kind, server);
        Assert.Equal(7, (await AddAsync(store, New("a") with { Number = 7 })).Number);
        Assert.Equal(3, (await AddAsync(store, New("b") with { Number = 3 })).Number);
        Assert.Equal(8, (await AddAsync(store, New("c") with { Number = 3 })).Number);
        await store.Sources.RemoveAsync([7, 8, 9]);
        Assert.Equal(["b"], (await store.Sources.LoadAsync()).Select(static row => row.Name));
        Assert.Equal(7, (await AddAsync(store, New("d") with { Number = 7 })).Number);
        await store.ReopenAsync();
        Assert.Equal([(3, "b"), (7, "d")], (await store.Sources.LoadAsync()).Select(static row => ((int)row.Number, row.Name)));
    }

    [Theory]
    [MemberData(nameof(TestStore.Kinds), MemberType = typeof(TestStore))]
    public async Task Owner_and_last_use_are_kept_and_one_that_comes_without_a_key_takes_nothing(string kind)
    {
        await using TestStore store = await TestStore.NewAsync(kind, server);
        SourceRow phone = New("phone") with { Owner = "hall", Used = 1_700_000_000 };
        SourceRow added = await AddAsync(store, phone);
        Assert.Equal(added, await AddAsync(store, phone with { Owner = "", Used = 5 }));
        await store.Sources.SaveAsync([added with { Used = 1_700_000_001 }]);
        await store.ReopenAsync();
        Assert.Equal(("hall", 1_700_000_001L), (await store.Sources.LoadAsync()).Select(static row => (row.Owner, row.Used)).Single());
    }

    private static async Task<SourceRow> AddAsync(TestStore store, SourceRow row) => (await store.Sources.AddAsync([row])).Single();

    private static SourceRow New(string name) => new(0, Guid.NewGuid(), name, "linuxwifi", "wlan0", "wlan0:name=x", "ath9k", 0, 0, default);
}
