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
        Assert.Equal([a with { Hash = default }, b with { Hash = default }], keys.Select(static key => key with { Hash = default }));
        Assert.Equal(a.Hash.ToArray(), keys[0].Hash.ToArray());
        Assert.True(await store.Auth.RemoveKeyAsync("b"));
        Assert.False(await store.Auth.RemoveKeyAsync("b"));
        Assert.Equal([a.Name], (await store.Auth.LoadAsync()).Keys.Select(static key => key.Name));
    }

    private static StoredPassword New(string name) => new(name, new byte[] { 1, 2 }, 3, ApiKey.HashOf(name));

    private static void Same(StoredPassword expected, StoredPassword actual) => Assert.Equal(
        (expected.Username, expected.Iterations, Convert.ToHexString(expected.Salt.Span), Convert.ToHexString(expected.Hash.Span)),
        (actual.Username, actual.Iterations, Convert.ToHexString(actual.Salt.Span), Convert.ToHexString(actual.Hash.Span)));
}
