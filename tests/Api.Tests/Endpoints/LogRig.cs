using System.Diagnostics;
using System.Text.Json;

namespace KismetOrleans.Api.Tests.Endpoints;

/// <summary>A server, a capture of some devices of a packet each, and a folder for its logs.</summary>
public abstract class LogRig : IAsyncLifetime
{
    private protected const int Devices = 40;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private TestServer? _server;

    private protected DirectoryInfo Folder { get; } = Directory.CreateTempSubdirectory("ko-logs-");

    private protected ProbeFile Capture { get; } = ProbeFile.Create(Devices);

    private protected TestServer Server => _server!;

    private protected HttpClient Client => Server.Client;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
        Folder.Delete(recursive: true);
        Capture.Dispose();
    }

    private protected async Task StartAsync(params string[] args) => _server = await TestServer.StartAsync(["--Log:Prefix", Folder.FullName, .. args]);

    /// <summary>The one log that there is.</summary>
    private protected async Task<JsonElement> ActiveAsync() => Assert.Single((await Client.AskAsync("/logging/active.json")).Ok().List);

    /// <summary>Waits until a log has all packets of the source: they go to logs beside their way to the devices.</summary>
    private protected async Task PacketsAsync(int count = Devices)
    {
        await Server.WaitForSourcesAsync(1);
        Stopwatch clock = Stopwatch.StartNew();
        long seen;
        do
        {
            JsonElement log = await ActiveAsync();
            seen = log.TryGetProperty("kismet.logfile.packets", out JsonElement packets) ? packets.GetInt64() : 0;
            await Task.Delay(20);
        }
        while (seen != count && clock.Elapsed < s_patience);
        Assert.Equal(count, seen);
    }
}
