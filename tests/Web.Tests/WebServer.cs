using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using KismetOrleans.Engine.Auth;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace KismetOrleans.Web.Tests;

/// <summary>The real server in this process, on a free port of loopback, with an administrator and without a database.</summary>
internal sealed class WebServer : IAsyncDisposable
{
    /// <summary>The administrator.</summary>
    public const string Username = "kismet";

    /// <summary>The administrator's password.</summary>
    public const string Password = "kismet-test";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private readonly WebApplication _app;

    private WebServer(WebApplication app)
    {
        _app = app;
        Address = new(app.Urls.Single());
        Client = new() { BaseAddress = Address, Timeout = s_patience };
        Client.DefaultRequestHeaders.Authorization =
            new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Username}:{Password}")));
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>A client beside the browser, logged in as the administrator.</summary>
    public HttpClient Client { get; }

    /// <summary>Starts a server; sources may still be reading. What the caller gives wins.</summary>
    public static async Task<WebServer> StartAsync(params string[] args)
    {
        WebApplication app = Program.Build(["--urls", "http://127.0.0.1:0", "--Storage:Sqlite", "none", "--Logging:LogLevel:Default=None",
            "--Auth:Username", Username, "--Auth:Password", Password, .. args]);
        await app.StartAsync();
        return new(app);
    }

    /// <summary>Starts a server with a capture file and waits until it is read to its end.</summary>
    public static async Task<WebServer> ReplayAsync(string capture, params string[] args)
    {
        WebServer server = await StartAsync(["-c", capture, .. args]);
        using CancellationTokenSource patience = new(s_patience);
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(20));
        do
        {
            using JsonDocument sources = JsonDocument.Parse(await server.Client.GetStringAsync("/datasource/all_sources.json", patience.Token));
            if (sources.RootElement.GetArrayLength() == 0)
            {
                continue;
            }
            JsonElement source = sources.RootElement[0];
            if (source.GetProperty("kismet.datasource.error").GetInt32() == 1)
            {
                Assert.Fail(source.GetProperty("kismet.datasource.error_reason").GetString());
            }
            if (source.TryGetProperty("kismet.datasource.replay.ended", out JsonElement ended) && ended.GetInt32() == 1)
            {
                return server;
            }
        }
        while (await timer.WaitForNextTickAsync(patience.Token));
        throw new TimeoutException(capture);
    }

    /// <summary>A session's cookie value, as a login of the administrator makes one.</summary>
    public async Task<string> NewSessionAsync()
    {
        using HttpResponseMessage answer = await Client.GetAsync("/session/check_login");
        answer.EnsureSuccessStatusCode();
        string cookie = answer.Headers.GetValues("Set-Cookie").Single(static c => c.StartsWith("KISMET=", StringComparison.Ordinal));
        return cookie["KISMET=".Length..cookie.IndexOf(';', StringComparison.Ordinal)];
    }

    /// <summary>The one-time secret that the server printed.</summary>
    public string SetupSecret => _app.Services.GetRequiredService<Accounts>().SetupSecret!;

    /// <summary>Gives a command as the administrator.</summary>
    /// <returns>What it answered.</returns>
    public async Task<string> PostAsync(string path, object command)
    {
        using FormUrlEncodedContent body = new([new("json", JsonSerializer.Serialize(command))]);
        using HttpResponseMessage answer = await Client.PostAsync(path, body);
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {answer.StatusCode} {text}");
        return text.Trim();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
