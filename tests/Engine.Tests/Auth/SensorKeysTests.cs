using KismetOrleans.Engine.Auth;

namespace KismetOrleans.Engine.Tests.Auth;

/// <summary>Sensors that join: as many as the token lets in, for as long as it holds, each with a key of its own that it renews.</summary>
public sealed class SensorKeysTests
{
    private static readonly TimeSpan s_life = TimeSpan.FromDays(90);
    private readonly HandClock _clock = new();
    private readonly MemoryAuthStore _store = new();

    [Fact]
    public async Task Each_gets_a_key_of_its_own_until_the_token_is_spent()
    {
        using Accounts accounts = await NewAsync();
        SensorKeys keys = new(accounts, _store, s_life, _clock);
        (string token, JoinToken made) = await keys.AddTokenAsync("hq", "me", TimeSpan.FromHours(1), 3);
        Assert.Equal(("hq", "me", 3, 3, 3600), (made.Site, made.Maker, made.Uses, made.UsesLeft, made.Expires - made.Made));
        (JoinOutcome outcome, string? text, ApiKey? key) = await keys.JoinAsync(token, "lobby", static _ => false);
        Assert.Equal((JoinOutcome.Joined, "lobby", "datasource", "hq", null), (outcome, key!.Name, key.Role, key.Site, key.Scope));
        Assert.Equal((long)s_life.TotalSeconds, key.Expires - key.Created);
        Assert.Same(key, accounts.FindKey(text!));
        // A name of the settings' keys is nobody's, and that of another key neither.
        ApiKey second = (await keys.JoinAsync(token, "lobby", static _ => false)).Key!;
        Assert.Matches("^lobby-[0-9A-F]{4}$", second.Name);
        ApiKey third = (await keys.JoinAsync(token, "campus", static name => name == "campus")).Key!;
        Assert.Matches("^campus-[0-9A-F]{4}$", third.Name);
        Assert.Equal(0, keys.Tokens.Single().UsesLeft);
        Assert.Equal((JoinOutcome.Spent, null, null), await keys.JoinAsync(token, "roof", static _ => false));
        Assert.Equal(3, accounts.Keys.Count);
    }

    [Fact]
    public async Task A_token_lets_nobody_in_that_is_unknown_revoked_or_expired()
    {
        using Accounts accounts = await NewAsync();
        SensorKeys keys = new(accounts, _store, s_life, _clock);
        (string token, JoinToken made) = await keys.AddTokenAsync("", "me", TimeSpan.FromHours(1), 2);
        Assert.Equal(JoinOutcome.Unknown, (await keys.JoinAsync(new string('0', 32), "lobby", static _ => false)).Outcome);
        // What the list shows does not open.
        Assert.Equal(JoinOutcome.Unknown, (await keys.JoinAsync(made.Id, "lobby", static _ => false)).Outcome);
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(JoinOutcome.Expired, (await keys.JoinAsync(token, "lobby", static _ => false)).Outcome);
        Assert.False(await keys.RemoveTokenAsync("0000000000000000"));
        Assert.True(await keys.RemoveTokenAsync(made.Id.ToLowerInvariant()));
        Assert.False(await keys.RemoveTokenAsync(made.Id));
        Assert.Equal(JoinOutcome.Unknown, (await keys.JoinAsync(token, "lobby", static _ => false)).Outcome);
        Assert.Empty(accounts.Keys);

        await keys.AddTokenAsync("", "me", TimeSpan.FromHours(1), 1);
        _clock.Advance(TimeSpan.FromDays(8));
        await keys.AddTokenAsync("new", "me", TimeSpan.FromHours(1), 1);
        Assert.Equal(["new"], keys.Tokens.Select(static t => t.Site));
    }

    [Fact]
    public async Task A_token_of_another_server_is_of_use_before_this_one_has_heard_of_it()
    {
        using Accounts one = await NewAsync();
        using Accounts other = await NewAsync();
        SensorKeys keys = new(one, _store, s_life, _clock);
        SensorKeys others = new(other, _store, s_life, _clock);
        (string token, JoinToken made) = await keys.AddTokenAsync("", "me", TimeSpan.FromHours(1), 1);
        Assert.Empty(others.Tokens);
        Assert.Equal(JoinOutcome.Joined, (await others.JoinAsync(token, "lobby", static _ => false)).Outcome);
        // This one believes still that it is not spent.
        Assert.Equal(1, keys.Tokens.Single().UsesLeft);
        Assert.Equal(JoinOutcome.Spent, (await keys.JoinAsync(token, "roof", static _ => false)).Outcome);
        Assert.True(await others.RemoveTokenAsync(made.Id));
    }

    [Fact]
    public async Task A_renewed_key_keeps_its_name_and_the_old_one_holds_a_day()
    {
        using Accounts accounts = await NewAsync();
        SensorKeys keys = new(accounts, _store, s_life, _clock);
        (string token, _) = await keys.AddTokenAsync("hq", "me", TimeSpan.FromHours(1), 1);
        string first = (await keys.JoinAsync(token, "lobby", static _ => false)).Text!;
        _clock.Advance(s_life / 2);
        ApiKey old = accounts.FindKey(first)!;
        (string second, ApiKey renewed) = (await keys.RenewAsync(old))!.Value;
        Assert.Equal(("lobby", "hq", (long)s_life.TotalSeconds), (renewed.Name, renewed.Site, renewed.Expires - renewed.Created));
        Assert.Equal(("lobby", "hq"), (accounts.FindKey(second)!.Name, accounts.FindKey(second)!.Site));
        Assert.Single(accounts.Keys);
        Assert.True(accounts.Holds(old));
        _clock.Advance(TimeSpan.FromHours(12));
        // The answer with the second was lost: the first gets a third one, and no more time.
        (string third, _) = (await keys.RenewAsync(accounts.FindKey(first)!))!.Value;
        Assert.Null(accounts.FindKey(second));
        _clock.Advance(TimeSpan.FromHours(12) - TimeSpan.FromSeconds(1));
        Assert.NotNull(accounts.FindKey(first));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(accounts.FindKey(first));
        Assert.False(accounts.Holds(old));
        Assert.Null(await keys.RenewAsync(old));
        Assert.NotNull(accounts.FindKey(third));
        Assert.True(await accounts.RemoveKeyAsync("lobby"));
        Assert.Null(accounts.FindKey(third));
        Assert.Null(await keys.RenewAsync(accounts.FindKey(third) ?? renewed));
    }

    [Fact]
    public async Task Only_who_joined_renews_and_what_has_expired_is_nobodys()
    {
        using Accounts accounts = await NewAsync();
        SensorKeys keys = new(accounts, _store, s_life, _clock);
        string text = (await accounts.AddKeyAsync("given", "datasource", null, TimeSpan.FromDays(1)))!;
        Assert.Null(await keys.RenewAsync(accounts.FindKey(text)!));
        Assert.Equal((true, false), (accounts.IsKey("given"), accounts.IsKey("other")));
        _clock.Advance(TimeSpan.FromDays(1));
        Assert.False(accounts.IsKey("given"));
    }

    [Fact]
    public async Task Many_of_one_name_join_at_once()
    {
        using Accounts accounts = await NewAsync();
        SensorKeys keys = new(accounts, _store, s_life, _clock);
        (string token, _) = await keys.AddTokenAsync("", "me", TimeSpan.FromHours(1), 200);
        (JoinOutcome Outcome, string? Text, ApiKey? Key)[] all =
            await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Task.Run(() => keys.JoinAsync(token, "raspberrypi", static _ => false))));
        Assert.All(all, static one => Assert.Equal(JoinOutcome.Joined, one.Outcome));
        Assert.Equal(200, all.Select(static one => one.Key!.Name).Distinct().Count());
        Assert.Equal(JoinOutcome.Spent, (await keys.JoinAsync(token, "raspberrypi", static _ => false)).Outcome);
    }

    private async Task<Accounts> NewAsync()
    {
        Accounts accounts = new(_store, ("me", "mine"), _clock);
        await accounts.RefreshAsync();
        return accounts;
    }
}
