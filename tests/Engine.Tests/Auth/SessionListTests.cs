using KismetOrleans.Engine.Auth;

namespace KismetOrleans.Engine.Tests.Auth;

/// <summary>Which sessions there are, on two servers of a store, and that what was ended on one never holds again on any.</summary>
public sealed class SessionListTests : IDisposable
{
    private static readonly LoginClient s_client = new("192.0.2.1", "test");
    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);
    private readonly HandClock _clock = new();
    private readonly SilentStore _store = new(new MemoryAuthStore());
    private readonly List<Server> _servers = [];
    private readonly Dictionary<ulong, string> _made = [];

    public void Dispose() => _servers.ForEach(static server => server.Dispose());

    [Fact]
    public async Task What_is_made_is_listed_on_every_server_until_it_expires()
    {
        Server one = await StartAsync();
        Server other = await StartAsync();
        string first = one.LogIn();
        // Before the store knows, the server that made it does.
        Assert.Equal([first], await one.ListAsync());
        Assert.Empty(await other.ListAsync());
        await one.Sessions.KeepAsync(default);
        Assert.False(one.Sessions.HasUnkept);
        _clock.Advance(TimeSpan.FromMinutes(1));
        string second = other.LogIn(new("2001:db8::1", "browser"));
        await other.Sessions.KeepAsync(default);
        Assert.Equal([second, first], await one.ListAsync());
        LoginSession newest = (await one.Sessions.LoadAsync())[0];
        long now = _clock.GetUtcNow().ToUnixTimeSeconds();
        Assert.Equal((now, now + 3600, new LoginClient("2001:db8::1", "browser")), (newest.Token.Made, newest.Token.Expires, newest.Client));
        _clock.Advance(s_hour - TimeSpan.FromMinutes(1));
        Assert.Equal([second], await other.ListAsync());
    }

    [Fact]
    public async Task One_that_was_ended_holds_nowhere_and_never_again()
    {
        Server one = await StartAsync();
        Server other = await StartAsync();
        (string first, string second) = (one.LogIn(), one.LogIn());
        await one.Sessions.KeepAsync(default);
        Assert.True(other.Holds(first));
        Assert.True(await other.Sessions.EndAsync(IdOf(first)));
        Assert.False(other.Holds(first));
        Assert.True(one.Holds(first));
        await one.Accounts.RefreshAsync();
        Assert.False(one.Holds(first));
        Assert.True(one.Holds(second));
        Assert.Equal([second], await one.ListAsync());
        Assert.False(await one.Sessions.EndAsync(IdOf(first)));
        Assert.False(await one.Sessions.EndAsync(12345));
        Server restarted = await StartAsync();
        Assert.False(restarted.Holds(first));
        Assert.True(restarted.Holds(second));
    }

    [Fact]
    public async Task One_that_is_ended_before_the_store_hears_that_it_was_made_stays_ended()
    {
        Server one = await StartAsync();
        _store.IsSilent = true;
        string session = one.LogIn();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => one.Sessions.KeepAsync(default));
        Assert.True(one.Holds(session));
        await Assert.ThrowsAsync<TimeoutException>(() => one.Sessions.LoadAsync());
        await Assert.ThrowsAsync<TimeoutException>(() => one.Sessions.EndAsync(one.Accounts.FindSession(session)!.Value));
        // Here at once.
        Assert.False(one.Holds(session));
        _store.IsSilent = false;
        await one.Accounts.RefreshAsync();
        Assert.False(one.Holds(session));
        Assert.True(one.Sessions.HasUnkept);
        await one.Sessions.KeepAsync(default);
        Assert.False(one.Sessions.HasUnkept);
        Assert.False(one.Holds(session));
        Assert.Empty(await one.ListAsync());
        Assert.False((await StartAsync()).Holds(session));
    }

    [Fact]
    public async Task What_the_store_refuses_holds_without_being_listed_and_what_was_ended_is_tried_again()
    {
        Server one = await StartAsync();
        string refused = one.LogIn();
        _store.Refusal = new InvalidOperationException("no");
        await Assert.ThrowsAsync<InvalidOperationException>(() => one.Sessions.KeepAsync(default));
        Assert.False(one.Sessions.HasUnkept);
        Assert.True(one.Holds(refused));
        await Assert.ThrowsAsync<InvalidOperationException>(() => one.Sessions.EndAsync(one.Accounts.FindSession(refused)!.Value));
        _store.Refusal = null;
        Assert.True(one.Sessions.HasUnkept);
        Assert.False(one.Holds(refused));
        await one.Sessions.KeepAsync(default);
        Assert.False((await StartAsync()).Holds(refused));
    }

    [Fact]
    public async Task All_others_end_whether_or_not_they_are_listed()
    {
        Server one = await StartAsync();
        Server other = await StartAsync();
        string unlisted = other.LogIn();
        (string mine, string yours) = (one.LogIn(), one.LogIn());
        await one.Sessions.EndOthersAsync(one.Accounts.FindSession(mine));
        await other.Accounts.RefreshAsync();
        Assert.Equal((true, false, false), (one.Holds(mine), one.Holds(yours), one.Holds(unlisted)));
        Assert.Equal((true, false, false), (other.Holds(mine), other.Holds(yours), other.Holds(unlisted)));
        await other.Sessions.KeepAsync(default);
        Assert.Equal([mine], await other.ListAsync());

        // One of the same second holds, until all others end once more, the one that was left included.
        string next = other.LogIn();
        Assert.True(other.Holds(next));
        Assert.True(one.Holds(next));
        string last = other.LogIn();
        await other.Sessions.EndOthersAsync(other.Accounts.FindSession(last));
        Assert.Equal((false, false, true), (other.Holds(mine), other.Holds(next), other.Holds(last)));
        await one.Accounts.RefreshAsync();
        Assert.Equal((false, false, true), (one.Holds(mine), one.Holds(next), one.Holds(last)));
        Assert.True(await one.Sessions.EndAsync(IdOf(last)));
        Assert.False((await StartAsync()).Holds(last));

        // A key may have asked.
        string nobodys = one.LogIn();
        await one.Sessions.EndOthersAsync(null);
        Assert.False(one.Holds(nobodys));
        _store.IsSilent = true;
        await Assert.ThrowsAsync<TimeoutException>(() => one.Sessions.EndOthersAsync(null));
    }

    [Fact]
    public async Task Another_password_leaves_none()
    {
        Server one = await StartAsync();
        one.LogIn();
        await one.Sessions.KeepAsync(default);
        Assert.Single(await one.ListAsync());
        Server changed = await StartAsync("other");
        Assert.Empty(await changed.ListAsync());
        string session = changed.LogIn();
        Assert.Equal([session], await changed.ListAsync());
    }

    [Fact]
    public async Task A_client_has_one_session_while_that_holds()
    {
        Server one = await StartAsync();
        ClientSessions clients = new(one.Accounts, s_hour, _clock);
        string first = Get();
        Assert.Equal(first, Get());
        Assert.Equal(first, Get(anew: true));
        Assert.NotEqual(first, Get(new("192.0.2.1", "other")));
        // A person who logs in gets a new one after a minute; a program goes on with its last.
        _clock.Advance(ClientSessions.Once);
        Assert.Equal(first, Get());
        string second = Get(anew: true);
        Assert.NotEqual(first, second);
        Assert.Equal(second, Get());
        await one.Sessions.EndAsync(one.Accounts.FindSession(second)!.Value);
        string third = Get();
        Assert.NotEqual(second, third);
        Assert.True(one.Holds(third));
        _clock.Advance(s_hour / 2);
        Assert.NotEqual(third, Get());
        // Of a password that was right a moment ago.
        Assert.False(one.Holds(clients.Get(s_client, one.Accounts.Fingerprint + 1, anew: false)));
        Assert.True(one.Holds(Get()));

        string Get(LoginClient? client = null, bool anew = false) => clients.Get(client ?? s_client, one.Accounts.Fingerprint, anew);
    }

    [Fact]
    public async Task There_are_only_so_many()
    {
        Server one = await StartAsync();
        string oldest = one.LogIn();
        _clock.Advance(TimeSpan.FromSeconds(1));
        for (int i = 0; i < LoginSession.MaxKept; i++)
        {
            one.LogIn();
        }
        Assert.Equal(LoginSession.MaxKept, (await one.ListAsync()).Count);
        Assert.DoesNotContain(oldest, await one.ListAsync());
        Assert.True(one.Holds(oldest));
        await one.Sessions.KeepAsync(default);
        Assert.DoesNotContain(oldest, await one.ListAsync());
        ClientSessions clients = new(one.Accounts, s_hour, _clock);
        string first = clients.Get(s_client, one.Accounts.Fingerprint, anew: false);
        for (int i = 0; i < ClientSessions.MaxClients; i++)
        {
            _clock.Advance(TimeSpan.FromTicks(1));
            clients.Get(new($"{i}", ""), one.Accounts.Fingerprint, anew: false);
        }
        Assert.NotEqual(first, clients.Get(s_client, one.Accounts.Fingerprint, anew: false));
    }

    private ulong IdOf(string token) => _made.Single(pair => pair.Value == token).Key;

    private async Task<Server> StartAsync(string password = "mine")
    {
        Server server = new(new(_store, ("me", password), _clock), _store, _clock, _made);
        await server.Accounts.RefreshAsync();
        _servers.Add(server);
        return server;
    }

    private sealed class Server(Accounts accounts, IAuthStore store, TimeProvider clock, Dictionary<ulong, string> made) : IDisposable
    {
        public Accounts Accounts => accounts;

        public SessionList Sessions { get; } = new(accounts, store, clock);

        public string LogIn(LoginClient? client = null)
        {
            string token = accounts.NewSession(s_hour, accounts.Fingerprint, client ?? s_client);
            made[accounts.FindSession(token)!.Value.Id] = token;
            return token;
        }

        public bool Holds(string token) => accounts.IsSession(token);

        public async Task<IReadOnlyList<string>> ListAsync() => [.. (await Sessions.LoadAsync()).Select(session => made[session.Token.Id])];

        public void Dispose()
        {
            Sessions.Dispose();
            accounts.Dispose();
        }
    }
}
