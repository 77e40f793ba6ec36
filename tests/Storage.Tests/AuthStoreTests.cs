using KismetOrleans.Engine.Auth;
using KismetOrleans.Storage.Tests.Postgres;

namespace KismetOrleans.Storage.Tests;

/// <summary>Administrator, keys and the secret of sessions are there again after a restart, and the first of two who write at once wins.</summary>
[Collection(nameof(PostgresServer))]
public sealed class AuthStoreTests(PostgresServer server)
{
    [Theory]
    [MemberData(nameof(TestStore.Kinds), MemberType = typeof(TestStore))]
    public async Task The_secret_stays(string kind)
    {
        await using TestStore store = await TestStore.NewAsync(kind, server);
        AuthState[] loaded = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => store.Auth.LoadAsync().AsTask()));
        Assert.Single(loaded.Select(static state => Convert.ToHexString(state.Secret.Span)).Distinct());
        Assert.Equal(AuthState.SecretBytes, loaded[0].Secret.Length);
        await store.ReopenAsync();
        AuthState again = await store.Auth.LoadAsync();
        Assert.Equal(loaded[0].Secret.ToArray(), again.Secret.ToArray());
        Assert.Null(again.Administrator);
        Assert.Empty(again.Keys);
        Assert.Equal(kind == "PostgreSQL", store.Auth.IsShared);
    }

    [Theory]
    [MemberData(nameof(TestStore.Kinds), MemberType = typeof(TestStore))]
    public async Task The_first_administrator_stays_until_replaced(string kind)
    {
        await using TestStore store = await TestStore.NewAsync(kind, server);
        StoredPassword first = New("first");
        Assert.True(await store.Auth.SetAdministratorAsync(first, replace: false));
        // The same once more: the answer to the first call was lost.
        Assert.True(await store.Auth.SetAdministratorAsync(first, replace: false));
        Assert.False(await store.Auth.SetAdministratorAsync(New("second"), replace: false));
        await store.ReopenAsync();
        Same(first, (await store.Auth.LoadAsync()).Administrator!);
        StoredPassword third = New("third");
        Assert.True(await store.Auth.SetAdministratorAsync(third, replace: true));
        Same(third, (await store.Auth.LoadAsync()).Administrator!);
    }

    [Theory]
    [MemberData(nameof(TestStore.Kinds), MemberType = typeof(TestStore))]
    public async Task Keys_have_names_of_their_own(string kind)
    {
        await using TestStore store = await TestStore.NewAsync(kind, server);
        Guid sensor = Guid.NewGuid();
        ApiKey b = new("b", ApiKey.HashOf("1"), "datasource", sensor, 1, 2);
        ApiKey a = new("a'; DROP TABLE api_keys; --", ApiKey.HashOf("2"), "vögel", null, long.MaxValue, 0);
        Assert.True(await store.Auth.AddKeyAsync(b));
        Assert.True(await store.Auth.AddKeyAsync(a));
        Assert.False(await store.Auth.AddKeyAsync(b with { Hash = ApiKey.HashOf("3"), Role = "admin" }));
        await store.ReopenAsync();
        IReadOnlyList<ApiKey> keys = (await store.Auth.LoadAsync()).Keys;
        Assert.Equal([a with { Hash = default }, b with { Hash = default }], keys.Select(static key => key with { Hash = default, Former = default }));
        Assert.Equal(a.Hash.ToArray(), keys[0].Hash.ToArray());
        Assert.True(await store.Auth.RemoveKeyAsync("b"));
        Assert.False(await store.Auth.RemoveKeyAsync("b"));
        Assert.Equal([a.Name], (await store.Auth.LoadAsync()).Keys.Select(static key => key.Name));
    }

    [Theory]
    [MemberData(nameof(TestStore.Kinds), MemberType = typeof(TestStore))]
    public async Task The_last_use_of_a_join_token_is_for_one_of_those_who_want_it_at_once(string kind)
    {
        await using TestStore store = await TestStore.NewAsync(kind, server);
        JoinToken token = new(ApiKey.HashOf("token"), "hq", "me", 10, 20, 3, 3);
        Assert.True(await store.Auth.AddTokenAsync(token, 0));
        Task<JoinOutcome>[] joining = [.. Enumerable.Range(0, 16).Select(i => Task.Run(() => store.Auth.JoinAsync(token.Hash, Joining($"sensor {i}"), default).AsTask()))];
        JoinOutcome[] outcomes = await Task.WhenAll(joining);
        Assert.Equal(3, outcomes.Count(static one => one == JoinOutcome.Joined));
        Assert.Equal(13, outcomes.Count(static one => one == JoinOutcome.Spent));
        await store.ReopenAsync();
        AuthState state = await store.Auth.LoadAsync();
        Assert.Equal(token with { UsesLeft = 0, Hash = default }, state.Tokens.Single() with { Hash = default });
        Assert.Equal(3, state.Keys.Count);
        Assert.All(state.Keys, static key => Assert.Equal(("hq", null, "datasource", 30L), (key.Site, key.Scope, key.Role, key.Expires)));
    }

    [Theory]
    [MemberData(nameof(TestStore.Kinds), MemberType = typeof(TestStore))]
    public async Task A_join_token_costs_no_use_where_there_is_no_key_for_it(string kind)
    {
        await using TestStore store = await TestStore.NewAsync(kind, server);
        JoinToken token = new(ApiKey.HashOf("token"), "", "me", 10, 20, 2, 2);
        Assert.Equal(JoinOutcome.Unknown, await store.Auth.JoinAsync(token.Hash, Joining("a")));
        Assert.True(await store.Auth.AddTokenAsync(token, 0));
        Assert.Equal(JoinOutcome.Expired, await store.Auth.JoinAsync(token.Hash, Joining("a") with { Created = 20 }));
        Assert.Equal(JoinOutcome.Joined, await store.Auth.JoinAsync(token.Hash, Joining("a")));
        Assert.Equal(JoinOutcome.NameTaken, await store.Auth.JoinAsync(token.Hash, Joining("a") with { Hash = ApiKey.HashOf("other") }));
        Assert.Equal(1, (await store.Auth.LoadAsync()).Tokens.Single().UsesLeft);
        // Another is forgotten when the next is made, once it expired long ago.
        Assert.True(await store.Auth.AddTokenAsync(token with { Hash = ApiKey.HashOf("next"), Made = 30, Expires = 40 }, 20));
        Assert.Equal([30L], (await store.Auth.LoadAsync()).Tokens.Select(static one => one.Made));
        Assert.False(await store.Auth.RemoveTokenAsync(token.Hash));
        Assert.True(await store.Auth.RemoveTokenAsync(ApiKey.HashOf("next")));
        Assert.Empty((await store.Auth.LoadAsync()).Tokens);
    }

    [Theory]
    [MemberData(nameof(TestStore.Kinds), MemberType = typeof(TestStore))]
    public async Task A_key_is_renewed_by_who_has_it_or_had_it_a_moment_ago(string kind)
    {
        await using TestStore store = await TestStore.NewAsync(kind, server);
        Assert.True(await store.Auth.AddTokenAsync(new(ApiKey.HashOf("token"), "hq", "me", 10, 20, 2, 2), 0));
        ApiKey first = Joining("a");
        Assert.Equal(JoinOutcome.Joined, await store.Auth.JoinAsync(ApiKey.HashOf("token"), first));
        ApiKey second = Renewed("second", first, 15, 18);
        Assert.True(await store.Auth.RenewKeyAsync(second));
        // Once more, whose answer was lost; then by the first again, as long as that holds.
        Assert.True(await store.Auth.RenewKeyAsync(Renewed("third", first, 17, 18)));
        Assert.False(await store.Auth.RenewKeyAsync(Renewed("fourth", first, 18, 18)));
        Assert.False(await store.Auth.RenewKeyAsync(Renewed("fourth", second, 17, 18)));
        Assert.False(await store.Auth.RenewKeyAsync(Renewed("fourth", first, 17, 18) with { Name = "b" }));
        await store.ReopenAsync();
        ApiKey kept = (await store.Auth.LoadAsync()).Keys.Single();
        Assert.Equal(("a", "hq", 17L, 99L, 18L), (kept.Name, kept.Site, kept.Created, kept.Expires, kept.FormerUntil));
        Assert.Equal(ApiKey.HashOf("third"), kept.Hash.ToArray());
        Assert.Equal(first.Hash.ToArray(), kept.Former.ToArray());
    }

    private static ApiKey Joining(string name) => new(name, ApiKey.HashOf(name), "datasource", null, 11, 30) { Site = "" };

    private static ApiKey Renewed(string text, ApiKey old, long now, long until) =>
        old with { Hash = ApiKey.HashOf(text), Created = now, Expires = 99, Former = old.Hash, FormerUntil = until };

    private static StoredPassword New(string name) => new(name, new byte[] { 1, 2 }, 3, ApiKey.HashOf(name));

    private static void Same(StoredPassword expected, StoredPassword actual) => Assert.Equal(
        (expected.Username, expected.Iterations, Convert.ToHexString(expected.Salt.Span), Convert.ToHexString(expected.Hash.Span)),
        (actual.Username, actual.Iterations, Convert.ToHexString(actual.Salt.Span), Convert.ToHexString(actual.Hash.Span)));
}
