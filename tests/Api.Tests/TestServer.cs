using System.Text.Json;
using Microsoft.AspNetCore.Builder;

namespace KismetOrleans.Api.Tests;

/// <summary>The real server in this process, on a port of the system's choice.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private readonly WebApplication _app;

    private TestServer(WebApplication app)
    {
        _app = app;
        Address = new(app.Urls.Single());
        Client = Requests.NewClient(Address, s_patience);
        Client.DefaultRequestHeaders.Authorization = Requests.Login;
        Anonymous = Requests.NewClient(Address, s_patience);
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>A client of it that is logged in: it sends the administrator's password.</summary>
    public HttpClient Client { get; }

    /// <summary>A client of it that is not.</summary>
    public HttpClient Anonymous { get; }

    /// <summary>The application.</summary>
    public WebApplication App => _app;

    /// <summary>Starts a server; sources may still be reading.</summary>
    public static async Task<TestServer> StartAsync(params string[] args)
    {
        // What the caller gives comes later and wins. Without it a test would write into the home folder of whoever runs it.
        WebApplication app = Program.Build(["--urls", "http://127.0.0.1:0", "--Storage:Sqlite", "none", "--Logging:LogLevel:Default=None", .. Requests.LoginSettings, .. args]);
        await app.StartAsync();
        return new(app);
    }

    /// <summary>Starts a server with sources and waits until each has ended or failed.</summary>
    public static async Task<TestServer> ReplayAsync(params string[] definitions)
    {
        TestServer server = await StartAsync([.. definitions.SelectMany(static d => new[] { "-c", d })]);
        await server.WaitForSourcesAsync(definitions.Length);
        return server;
    }

    /// <summary>Waits until so many sources have ended or failed.</summary>
    public async Task WaitForSourcesAsync(int count)
    {
        using CancellationTokenSource patience = new(s_patience);
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(20));
        do
        {
            using JsonDocument sources = JsonDocument.Parse(await Client.GetStringAsync("/datasource/all_sources.json", patience.Token));
            if (sources.RootElement.EnumerateArray().Count(IsDone) >= count)
            {
                return;
            }
        }
        while (await timer.WaitForNextTickAsync(patience.Token));
    }

    /// <summary>Whether partitions know that many fingerprints: here as soon as they are there.</summary>
    public bool Knows(int fingerprints) => fingerprints >= 0;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        Anonymous.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static bool IsDone(JsonElement source) =>
        (source.TryGetProperty("kismet.datasource.replay.ended", out JsonElement ended) && ended.GetInt32() == 1)
        || (source.GetProperty("kismet.datasource.running").GetInt32() == 0 && source.GetProperty("kismet.datasource.error").GetInt32() == 1);
}
