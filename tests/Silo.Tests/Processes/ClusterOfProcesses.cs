using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.RegularExpressions;
using KismetOrleans.Api.Tests;
using KismetOrleans.Api.Tests.Sensors;
using KismetOrleans.Storage.Tests.Postgres;
using Npgsql;

namespace KismetOrleans.Silo.Tests.Processes;

/// <summary>A cluster as an operator starts it: PostgreSQL, silos, API servers and capture agents, each a process.</summary>
internal sealed partial class ClusterOfProcesses : IDisposable
{
    /// <summary>How long anything may take that is no subject of the test, on a machine that has other things to do.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private const int FirstPort = 12_000;
    private const int Ports = 20_000;
    private const string Key = "a key of the tests";
    private const string Name = "operator";
    private const string Password = "a password of the tests";
    private static int s_port = Random.Shared.Next(Ports);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ko-cluster-");
    private readonly List<(string Name, ProgramProcess Process)> _programs = [];
    private readonly Dictionary<string, string> _settings;

    /// <summary>With settings that all silos and API servers have, beside those of the tests.</summary>
    public ClusterOfProcesses(IReadOnlyDictionary<string, string>? settings = null)
    {
        _settings = new()
        {
            ["Storage__Postgres"] = Postgres.NewDatabase(),
            ["Ingest__Keys__0__Name"] = "tests",
            ["Ingest__Keys__0__Key"] = Key,
            ["Cluster__Id"] = "tests",
            ["Kismet__Auth__Username"] = Name,
            ["Kismet__Auth__Password"] = Password,
        };
        foreach ((string name, string value) in settings ?? new Dictionary<string, string>())
        {
            _settings[name] = value;
        }
        Http = new(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(2) }) { Timeout = TimeSpan.FromSeconds(30) };
        Http.DefaultRequestHeaders.Authorization = new("Bearer", Key);
    }

    /// <summary>The database.</summary>
    public PostgresServer Postgres { get; } = new();

    /// <summary>Asks API servers.</summary>
    public HttpClient Http { get; }

    /// <summary>The administrator's login.</summary>
    public static System.Net.Http.Headers.AuthenticationHeaderValue Login => Requests.Basic(Name, Password);

    /// <summary>Makes the tables.</summary>
    public async Task ApplySchemaAsync()
    {
        await EndsWellAsync(Start("schema", "Silo", _settings, "schema", "apply", "--Partitions", "64"));
    }

    /// <summary>Does something to the database.</summary>
    /// <returns>Rows that it concerned.</returns>
    public async Task<int> ExecuteAsync(string sql)
    {
        await using NpgsqlConnection connection = new(_settings["Storage__Postgres"]);
        await connection.OpenAsync();
        await using NpgsqlCommand command = new(sql, connection);
        return await command.ExecuteNonQueryAsync();
    }

    /// <summary>Starts a silo.</summary>
    /// <param name="name">Its name here.</param>
    /// <param name="programs">Folder of its programs; those that stand beside the tests without.</param>
    /// <param name="options">More of its command line.</param>
    public (ProgramProcess Process, string Url) StartSilo(string name, string? programs = null, params string[] options)
    {
        string url = $"http://127.0.0.1:{FreePort()}";
        return (StartOf(programs, name, "Silo", _settings, ["--urls", url, "--Silo:Port", $"{FreePort()}", "--Silo:GatewayPort", $"{FreePort()}", .. options]), url);
    }

    /// <summary>Starts an API server.</summary>
    public ProgramProcess StartApi(string name, string url, string? programs = null, params string[] options) => StartOf(programs, name, "Api", _settings, ["--urls", url, .. options]);

    /// <summary>Starts an agent; the same name has the same spool and the same source.</summary>
    public ProgramProcess StartAgent(string name, string server, string definition, string? programs = null) => StartAgent(name, server, [definition], programs);

    /// <summary>Starts an agent of several sources.</summary>
    public ProgramProcess StartAgent(string name, string server, IEnumerable<string> definitions, string? programs = null) => StartOf(
        programs, name, "Capture", new Dictionary<string, string> { ["KISMET_KEY"] = Key },
        ["--server", server, "--host-id", name, "--spool", PathOf($"spool-{name}"), .. definitions.SelectMany(static definition => new[] { "-c", definition })]);

    /// <summary>Waits until a program ends by itself, and without a fault.</summary>
    public Task EndsWellAsync(ProgramProcess program) => EndsWellAsync(program, program.EndAsync);

    /// <summary>Asks a program to end, and waits until it does, without a fault.</summary>
    public Task StopAsync(ProgramProcess program) => EndsWellAsync(program, program.StopAsync);

    /// <summary>A port that nobody listens on, below those that Linux gives to connections: one of theirs may be taken before the program begins that is to have it.</summary>
    public static int FreePort()
    {
        while (true)
        {
            int port = FirstPort + (int)((uint)Interlocked.Increment(ref s_port) % Ports);
            try
            {
                using TcpListener listener = new(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                // The next one.
            }
        }
    }

    /// <summary>A path in the folder of this cluster.</summary>
    public string PathOf(string name) => Path.Combine(_folder.FullName, name);

    /// <summary>Waits until a server says that it is ready.</summary>
    public async Task ReadyAsync(string url) => _ = await UntilAsync($"{url} is ready", async () =>
    {
        using HttpResponseMessage answer = await Http.GetAsync($"{url}/healthz/ready");
        return answer.IsSuccessStatusCode;
    });

    /// <summary>Packets of each device, by its address, as an API server tells.</summary>
    public async Task<Dictionary<string, long>> PacketsAsync(string url, string field = "kismet.device.base.packets.total")
    {
        using StringContent fields = new($$"""{"fields": ["kismet.device.base.macaddr", "{{field}}"]}""", null, "application/json");
        using HttpResponseMessage answer = await Http.PostAsync($"{url}/devices/last-time/0/devices.json", fields);
        answer.EnsureSuccessStatusCode();
        using JsonDocument devices = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync());
        return devices.RootElement.EnumerateArray().ToDictionary(
            static device => device.GetProperty("kismet.device.base.macaddr").GetString()!,
            device => device.GetProperty(field).GetInt64());
    }

    /// <summary>Packets of each datasource, by its name.</summary>
    public async Task<Dictionary<string, long>> SourcesAsync(string url)
    {
        using JsonDocument sources = JsonDocument.Parse(await Http.GetByteArrayAsync($"{url}/datasource/all_sources.json"));
        return sources.RootElement.EnumerateArray().ToDictionary(
            static source => source.GetProperty("kismet.datasource.name").GetString()!,
            static source => source.GetProperty("kismet.datasource.num_packets").GetInt64());
    }

    /// <summary>Packets of Wi-Fi in all, as <c>/phy/all_phys.json</c> says.</summary>
    public async Task<long> Dot11PacketsAsync(string url)
    {
        using JsonDocument phys = JsonDocument.Parse(await Http.GetByteArrayAsync($"{url}/phy/all_phys.json"));
        return phys.RootElement.EnumerateArray().Single(static phy => phy.GetProperty("kismet.phy.phy_name").GetString() == "IEEE802.11")
            .GetProperty("kismet.phy.packet_count").GetInt64();
    }

    /// <summary>Closes all live streams.</summary>
    public async Task CloseStreamsAsync(string url)
    {
        using JsonDocument streams = JsonDocument.Parse(await Http.GetByteArrayAsync($"{url}/streams/all_streams.json"));
        foreach (JsonElement stream in streams.RootElement.EnumerateArray())
        {
            using HttpRequestMessage close = new(
                HttpMethod.Post, $"{url}/streams/by-id/{stream.GetProperty("kismet.stream.stream_id").GetDouble():0}/close_stream.cmd");
            close.Headers.Authorization = Login;
            using HttpResponseMessage closed = await Http.SendAsync(close);
            closed.EnsureSuccessStatusCode();
        }
    }

    /// <summary>Asks until something is so; a server that does not answer says no.</summary>
    /// <returns>How long it took.</returns>
    public async Task<TimeSpan> UntilAsync(string what, Func<Task<bool>> ask, TimeSpan? patience = null)
    {
        Stopwatch clock = Stopwatch.StartNew();
        Exception? last = null;
        while (clock.Elapsed < (patience ?? Patience))
        {
            try
            {
                if (await ask())
                {
                    return clock.Elapsed;
                }
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException or IOException)
            {
                last = e;
            }
            await Task.Delay(50);
        }
        Assert.Fail($"not so after {clock.Elapsed.TotalSeconds:0} s: {what} ({last?.Message})\n{Said()}");
        return default;
    }

    /// <summary>
    /// No program had anything that it could not read, nor an error of its own in its log, but that a partition moved before it was saved, or that the database refused a silo that was replaced.
    /// What Orleans says of those that were killed is no error of ours.
    /// </summary>
    public void AssertNoFaults()
    {
        foreach ((string name, ProgramProcess process) in _programs)
        {
            string[] faults = [.. process.Said.Split('\n').Where(static line => Fault().IsMatch(line) && !line.Contains("StaleEpochException", StringComparison.Ordinal))];
            Assert.True(faults.Length == 0, $"{name}: {string.Join('\n', faults)}");
        }
    }

    [GeneratedRegex(@"fail: KismetOrleans|crit: |Orleans\.Serialization\.\w+Exception|InvalidDataException|DeviceCodecException|Unhandled exception")]
    private static partial Regex Fault();

    /// <summary>The ends of what all programs said.</summary>
    public string Said() => string.Join('\n', _programs.Select(static program =>
        $"== {program.Name}\n{(program.Process.Said.Length > 4000 ? program.Process.Said[^4000..] : program.Process.Said)}"));

    public void Dispose()
    {
        _programs.ForEach(static program => program.Process.Dispose());
        Http.Dispose();
        Postgres.Dispose();
        _folder.Delete(recursive: true);
    }

    private static async Task EndsWellAsync(ProgramProcess program, Func<CancellationToken, Task<int>> end)
    {
        using CancellationTokenSource deadline = new(Patience * 2);
        int code = -1;
        try
        {
            code = await end(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"it does not end:\n{program.Said}");
        }
        Assert.True(code == 0, $"it ends with {code}:\n{program.Said}");
    }

    private ProgramProcess Start(string name, string project, IReadOnlyDictionary<string, string> settings, params string[] arguments) =>
        StartOf(null, name, project, settings, arguments);

    private ProgramProcess StartOf(string? programs, string name, string project, IReadOnlyDictionary<string, string> settings, params string[] arguments)
    {
        ProgramProcess process = new(Path.Combine(programs ?? AppContext.BaseDirectory, $"KismetOrleans.{project}"), PathOf("home"), settings, arguments);
        _programs.Add((name, process));
        return process;
    }
}
