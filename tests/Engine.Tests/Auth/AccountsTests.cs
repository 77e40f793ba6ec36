using KismetOrleans.Engine.Auth;

namespace KismetOrleans.Engine.Tests.Auth;

/// <summary>The administrator and the keys as a server knows them, and as another server of the same store does.</summary>
public sealed class AccountsTests
{
    private static readonly LoginClient s_client = new("192.0.2.1", "test");
    private readonly HandClock _clock = new();
    private readonly MemoryAuthStore _store = new();

    [Fact]
    public async Task Sessions_hold_on_every_server_of_a_store_until_the_password_changes()
    {
        using Accounts one = await NewAsync();
        using Accounts other = await NewAsync();
        Assert.Equal(one.SetupSecret, other.SetupSecret);
        Assert.True(one.IsSetupSecret($" {one.SetupSecret!.Replace("-", "", StringComparison.Ordinal).ToLowerInvariant()} "));
        Assert.False(one.IsSetupSecret(""));
        Assert.True(await one.SetAdministratorAsync("me", "first", replace: false));
        await other.RefreshAsync();
        Assert.Null(other.SetupSecret);
        Assert.False(other.IsSetupSecret(""));
        Assert.True(other.IsAdministrator("me", "first"));
        Assert.False(other.IsAdministrator("me", "First"));
        Assert.False(other.IsAdministrator("you", "first"));
        string session = one.NewSession(TimeSpan.FromHours(1), one.Fingerprint, s_client);
        Assert.True(other.IsSession(session));
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.False(other.IsSession(session));

        session = one.NewSession(TimeSpan.FromHours(1), one.Fingerprint, s_client);
        Assert.False(await other.SetAdministratorAsync("me", "second", replace: false));
        Assert.True(other.IsSession(session));
        Assert.True(await other.SetAdministratorAsync("me", "second", replace: true));
        Assert.False(other.IsSession(session));
        await one.RefreshAsync();
        Assert.False(one.IsSession(session));
        Assert.True(one.IsAdministrator("me", "second"));
    }

    [Fact]
    public async Task A_password_of_the_settings_needs_no_hash_and_its_sessions_outlive_a_restart_but_not_its_change()
    {
        using Accounts one = await NewAsync(("me", "mine"));
        using Accounts restarted = await NewAsync(("me", "mine"));
        using Accounts changed = await NewAsync(("me", "minE"));
        Assert.True(one.HasAdministrator);
        Assert.Null(one.SetupSecret);
        Assert.True(one.IsAdministrator("me", "mine"));
        Assert.False(one.IsAdministrator("mem", "ine"));
        string session = one.NewSession(TimeSpan.FromHours(1), one.Fingerprint, s_client);
        Assert.True(restarted.IsSession(session));
        Assert.False(changed.IsSession(session));
        using Accounts elsewhere = new(new MemoryAuthStore(), ("me", "mine"), _clock);
        await elsewhere.RefreshAsync();
        Assert.False(elsewhere.IsSession(session));
    }

    [Fact]
    public async Task Before_the_store_is_read_nothing_holds()
    {
        using Accounts accounts = new(_store, null, _clock);
        Assert.False(accounts.IsSession(SessionTokens.Issue(new byte[AuthState.SecretBytes], accounts.Fingerprint, new(1, 0, uint.MaxValue))));
        Assert.Null(accounts.FindKey(new string('0', ApiKey.Digits)));
        await accounts.RefreshAsync();
        Assert.False(accounts.IsSession(accounts.NewSession(TimeSpan.FromHours(1), accounts.Fingerprint, s_client)));
    }

    [Fact]
    public async Task Keys_hold_until_they_expire_or_are_revoked_anywhere()
    {
        using Accounts one = await NewAsync();
        using Accounts other = await NewAsync();
        string text = (await one.AddKeyAsync("a", "readonly", null, TimeSpan.FromSeconds(10)))!;
        string forever = (await one.AddKeyAsync("b", "datasource", Guid.Empty, null))!;
        Assert.Null(await one.AddKeyAsync("a", "admin", null, null));
        Assert.Null(other.FindKey(text));
        await other.RefreshAsync();
        ApiKey key = other.FindKey(text)!;
        Assert.Equal(("a", "readonly", null), (key.Name, key.Role, key.Scope));
        Assert.True(other.Holds(key));
        Assert.Equal((true, false), (other.HasKeyOf("datasource"), other.HasKeyOf("admin")));
        // What is kept is not what opens.
        Assert.Null(other.FindKey(Convert.ToHexString(key.Hash.Span)[..ApiKey.Digits]));
        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Null(other.FindKey(text));
        Assert.False(other.Holds(key));
        ApiKey second = other.FindKey(forever)!;
        Assert.True(await one.RemoveKeyAsync("b"));
        Assert.False(await one.RemoveKeyAsync("b"));
        Assert.Null(one.FindKey(forever));
        await other.RefreshAsync();
        Assert.False(other.Holds(second));
        Assert.Equal(["a"], other.Keys.Select(static k => k.Name));
    }

    [Fact]
    public async Task What_the_store_did_not_answer_is_read_again()
    {
        SilentStore silent = new(_store);
        using Accounts accounts = new(silent, null, _clock);
        await accounts.RefreshAsync();
        Assert.False(accounts.MayBeStale);
        silent.IsSilent = true;
        await Assert.ThrowsAsync<TimeoutException>(() => accounts.RemoveKeyAsync("a"));
        Assert.True(accounts.MayBeStale);
        silent.IsSilent = false;
        await accounts.RefreshAsync();
        Assert.False(accounts.MayBeStale);
    }

    [Fact]
    public void A_right_password_is_remembered_for_a_minute_under_its_fingerprint()
    {
        RightPasswords right = new(_clock);
        right.Add("me", "mine", 1);
        Assert.True(right.Has("me", "mine", 1));
        Assert.False(right.Has("me", "mine", 2));
        Assert.False(right.Has("mem", "ine", 1));
        _clock.Advance(RightPasswords.Life);
        Assert.False(right.Has("me", "mine", 1));
    }

    private async Task<Accounts> NewAsync((string, string)? configured = null)
    {
        Accounts accounts = new(_store, configured, _clock);
        await accounts.RefreshAsync();
        return accounts;
    }
}
