using System.Diagnostics;
using KismetOrleans.Capture.Edge;
using KismetOrleans.Grains.Channels;
using KismetOrleans.Grains.Fingerprints;
using KismetOrleans.Grains.Sources;
using KismetOrleans.Grains.Streams;
using KismetOrleans.Records.Datasources;
using KismetOrleans.Silo;
using KismetOrleans.Silo.Hosting;
using KismetOrleans.Silo.Tests.Processes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace KismetOrleans.Api.Tests;

/// <summary>
/// The server that the suite of behaviour asks, here a cluster in this process: two silos and an API server, as their own programs build them,
/// and a capture agent for each source. Takes the place of the embedded server of tests/Api.Tests, whose tests are compiled into this project.
/// </summary>
internal sealed class TestServer : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private readonly WebApplication[] _silos;
    private readonly DirectoryInfo _spools = Directory.CreateTempSubdirectory("ko-behaviour-");

    private TestServer(WebApplication app, WebApplication[] silos)
    {
        App = app;
        _silos = silos;
        Address = new(app.Urls.Single());
        Client = Requests.NewClient(Address, s_patience);
        Client.DefaultRequestHeaders.Authorization = Requests.Login;
        Anonymous = Requests.NewClient(Address, s_patience);
    }

    /// <summary>Where the API server listens.</summary>
    public Uri Address { get; }

    /// <summary>A client of it that is logged in: it sends the administrator's password.</summary>
    public HttpClient Client { get; }

    /// <summary>A client of it that is not.</summary>
    public HttpClient Anonymous { get; }

    /// <summary>The API server.</summary>
    public WebApplication App { get; }

    /// <summary>Starts a cluster; agents may still be reading.</summary>
    /// <param name="args">As on the command line of the embedded server; each <c>-c</c> becomes an agent's.</param>
    public static async Task<TestServer> StartAsync(params string[] args)
    {
        string[] common = ["--urls", "http://127.0.0.1:0", "--Logging:LogLevel:Default=None", "--Partitions", "32"];
        List<string> settings = [];
        List<string> sources = [];
        for (int i = 0; i < args.Length; i++)
        {
            if (args[i] == "-c")
            {
                sources.Add(args[++i]);
            }
            else
            {
                settings.Add(args[i]);
            }
        }
        string[] ofSilos = [.. settings.Chunk(2).Where(static setting => SiloSettings.New().Knows(setting[0][2..])).SelectMany(static setting => setting)];
        int primary = ClusterOfProcesses.FreePort();
        int gateway = ClusterOfProcesses.FreePort();
        WebApplication[] silos =
        [
            await StartedAsync(Entry.BuildSilo([.. common, .. ofSilos, "--Silo:Port", $"{primary}", "--Silo:GatewayPort", $"{gateway}"])),
            await StartedAsync(Entry.BuildSilo(
                [.. common, .. ofSilos, "--Silo:Port", $"{ClusterOfProcesses.FreePort()}", "--Silo:GatewayPort", $"{ClusterOfProcesses.FreePort()}", "--Silo:Primary", $"{primary}"])),
        ];
        foreach (WebApplication silo in silos)
        {
            await JoinedAsync(silo, silos.Length);
        }
        WebApplication app = await StartedAsync(Program.Build(["--Cluster:Id", "kismetorleans", .. common, .. Requests.LoginSettings, .. settings, "--Silo:GatewayPort", $"{gateway}"]));
        TestServer server = new(app, silos);
        if (settings.Contains("--Log:Types"))
        {
            // What a silo dissects before it has heard of the log is not in it.
            await UntilAsync(() => silos.All(static silo => silo.Services.GetRequiredService<StreamHost>().Taps.IsOpen));
        }
        foreach (string source in sources)
        {
            // One after the other: sources are numbered as they come.
            Assert.Equal(0, await AgentCommand.InvokeAsync(
                ["--server", server.Address.ToString(), "--spool", server._spools.FullName, "-c", source]).WaitAsync(s_patience));
        }
        return server;
    }

    /// <summary>Starts a cluster with sources and waits until each has ended or failed.</summary>
    public static async Task<TestServer> ReplayAsync(params string[] definitions)
    {
        TestServer server = await StartAsync([.. definitions.SelectMany(static d => new[] { "-c", d })]);
        await server.WaitForSourcesAsync(definitions.Length);
        return server;
    }

    /// <summary>Waits until so many sources are known with all that was read, and the cluster's counts say so too.</summary>
    public async Task WaitForSourcesAsync(int count)
    {
        SourceCache sources = App.Services.GetRequiredService<SourceCache>();
        string seen;
        Stopwatch clock = Stopwatch.StartNew();
        do
        {
            IReadOnlyList<DatasourceRecord> all = sources.All;
            if (all.Count(static source => source.Replay is { Ended: true }) >= count)
            {
                await Task.WhenAll(_silos.Select(static silo => silo.Services.GetRequiredService<TotalsReporter>().DoNowAsync()));
                return;
            }
            seen = $"{string.Join(", ", all.Select(static source => $"{source.Name}: {source.Packets}, {source.ErrorPackets} with errors, {source.Replay}"))}";
            await Task.Delay(20);
        }
        while (clock.Elapsed < s_patience);
        Assert.Fail(seen);
    }

    /// <summary>Whether partitions know that many fingerprints, in every silo.</summary>
    public bool Knows(int fingerprints) =>
        _silos.All(silo => silo.Services.GetRequiredService<FingerprintCache>().Current.All.Count == fingerprints);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        Anonymous.Dispose();
        foreach (WebApplication app in (WebApplication[])[App, .. _silos.Reverse()])
        {
            await app.StopAsync();
            await app.DisposeAsync();
        }
        _spools.Delete(recursive: true);
    }

    // Without a database, what a silo held before it knew of another one may be lost when they share the partitions out.
    private static async Task JoinedAsync(WebApplication silo, int count)
    {
        ISiloStatusOracle known = silo.Services.GetRequiredService<ISiloStatusOracle>();
        await UntilAsync(() => known.GetApproximateSiloStatuses(onlyActive: true).Count >= count);
    }

    private static async Task UntilAsync(Func<bool> isSo)
    {
        using CancellationTokenSource patience = new(s_patience);
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(20));
        while (!isSo() && await timer.WaitForNextTickAsync(patience.Token))
        {
        }
    }

    private static async Task<WebApplication> StartedAsync(WebApplication app)
    {
        await app.StartAsync();
        return app;
    }
}
