using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace KismetOrleans.Api.Tests.Sensors;

/// <summary>A server and its agents as processes, with a folder of their own for database and spools.</summary>
internal sealed class Site : IDisposable
{
    // Below the ports that systems give to clients: an agent that knocks at a free one of those may connect to itself.
    private const int LowestPort = 20_000;
    private const int HighestPort = 30_000;
    private const string Counters =
        """
        {"fields":["kismet.device.base.phyname","kismet.device.base.macaddr","kismet.device.base.packets.total","kismet.device.base.packets.tx_total",
        "kismet.device.base.packets.rx_total","kismet.device.base.packets.llc","kismet.device.base.packets.data","kismet.device.base.packets.crypt",
        "kismet.device.base.packets.error","kismet.device.base.datasize"]}
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("ko-site-").FullName;
    private readonly List<ProgramProcess> _processes = [];
    private readonly CancellationTokenSource _patience = new(TimeSpan.FromMinutes(5));
    private readonly string _address = $"http://127.0.0.1:{FreePort()}";
    private readonly HttpClient _client;

    public Site() => _client = new() { BaseAddress = new(_address) };

    /// <summary>A client of the server.</summary>
    public HttpClient Client => _client;

    /// <summary>How long a test may take on a machine that is busy with others.</summary>
    public CancellationToken Patience => _patience.Token;

    /// <summary>Starts the server; returns when it answers.</summary>
    /// <param name="settings">More of its command line.</param>
    public async Task<ProgramProcess> ServeAsync(params string[] settings)
    {
        ProgramProcess server = Start("KismetOrleans.Api", ["--urls", _address, "--Storage:Sqlite", Path.Combine(_folder, "server.db"), .. settings]);
        await UntilAsync(async () => server.HasExited ? throw new InvalidOperationException(server.Said) : await PacketsAsync() is not null);
        return server;
    }

    /// <summary>Starts an agent that replays the sample capture.</summary>
    /// <param name="name">Its name, by which it is the same at every start.</param>
    /// <param name="options">Options of the source.</param>
    public ProgramProcess Sense(string name, string options = "") => Capture(name, $"{Repository.Campus}:name={name}{options}");

    /// <summary>Starts an agent.</summary>
    /// <param name="name">Its name, by which it is the same at every start.</param>
    /// <param name="definition">Its source.</param>
    /// <param name="settings">More of its command line.</param>
    public ProgramProcess Capture(string name, string definition, params string[] settings) =>
        Start("KismetOrleans.Capture", ["--server", _address, "--host-id", name, "--spool", Path.Combine(_folder, name), "-c", definition, .. settings]);

    /// <summary>Waits until the server has counted so many packets of a source.</summary>
    public Task UntilCountedAsync(string source, long packets) =>
        UntilAsync(async () => await PacketsAsync() is { } counted && counted.GetValueOrDefault(source) >= packets);

    /// <summary>Packets of each source by name; null when nobody answers.</summary>
    public async Task<Dictionary<string, long>?> PacketsAsync()
    {
        try
        {
            using JsonDocument sources = JsonDocument.Parse(await _client.GetStringAsync("/datasource/all_sources.json", Patience));
            return sources.RootElement.EnumerateArray().ToDictionary(
                static source => source.Text("kismet.datasource.name"), static source => source.Number("kismet.datasource.num_packets"));
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    /// <summary>Posts scan reports of a phone; each names an access point of its own.</summary>
    public async Task ReportAsync(int first, int count)
    {
        string reports = string.Join(",", Enumerable.Range(first, count).Select(
            static i => $$"""{"bssid":"02:AA:00:00:{{i >> 8:X2}}:{{i & 255:X2}}","ssid":"phone","capabilities":"[ESS]","freqkhz":2437000,"signal":-60}"""));
        using StringContent body = new(
            $$"""{"source_uuid":"00000000-0000-0000-0000-AABBCCDD0001","source_name":"phone","reports":[{{reports}}]}""", null, "application/json");
        using HttpResponseMessage answer = await _client.PostAsync("/phy/phy80211/scan/scan_report.cmd", body, Patience);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Packets of all kinds of radio together.</summary>
    public async Task<long> PhysAsync() => (await _client.AskAsync("/phy/all_phys.json")).List.Sum(static phy => phy.Number("kismet.phy.packet_count"));

    /// <summary>Texts of the alerts of a kind.</summary>
    public async Task<string[]> AlertsAsync(string kind) =>
        [.. (await _client.AskAsync("/alerts/all_alerts.json")).List.Where(alert => alert.Text("kismet.alert.header") == kind).Select(static alert => alert.Text("kismet.alert.text"))];

    /// <summary>The records of all sources.</summary>
    public async Task<JsonElement[]> SourcesAsync() => (await _client.AskAsync("/datasource/all_sources.json")).List;

    /// <summary>The devices of this server: each one's counters as text, in order.</summary>
    public Task<string[]> DevicesAsync() => DevicesAsync(_client);

    /// <summary>The devices of a server.</summary>
    public static async Task<string[]> DevicesAsync(HttpClient client) =>
        [.. (await client.CommandAsync("/devices/views/all/devices.json", Counters)).List.Select(static d => d.GetRawText()).Order(StringComparer.Ordinal)];

    /// <summary>When which device of this server was seen, as text, in order.</summary>
    public Task<string[]> PresenceAsync() => PresenceAsync(_client);

    /// <summary>When which device of a server was seen.</summary>
    public static async Task<string[]> PresenceAsync(HttpClient client)
    {
        JsonElement[] devices = (await client.AskAsync("/devices/views/all/devices.json")).List;
        (long first, long last) = (devices.Min(static d => d.Number("kismet.device.base.first_time")), devices.Max(static d => d.Number("kismet.device.base.last_time")));
        string[] fields = ["key", "first_time", "last_time", "seen", "visits", "packets", "signal"];
        Answer answer = await client.CommandAsync(
            "/presence/devices.json", $$"""{"from": {{first}}, "until": {{last + 1}}, "fields": [{{string.Join(',', fields.Select(static field => $"\"kismet.presence.{field}\""))}}]}""");
        return [.. answer.List.Select(static d => d.GetRawText()).Order(StringComparer.Ordinal)];
    }

    /// <summary>How many sources each device was seen by, without repetition.</summary>
    public async Task<int[]> SourcesOfDevicesAsync() =>
    [
        .. (await _client.AskAsync("/devices/views/all/devices.json")).List
            .Select(static device => device.GetProperty("kismet.device.base.seenby").GetArrayLength()).Distinct(),
    ];

    public void Dispose()
    {
        _processes.ForEach(static process => process.Dispose());
        _client.Dispose();
        _patience.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private string Said => string.Join("----\n", _processes.Select(static process => process.Said));

    private ProgramProcess Start(string program, params string[] args)
    {
        ProgramProcess process = new(program, _folder, args);
        _processes.Add(process);
        return process;
    }

    /// <summary>Waits for something that must come.</summary>
    public async Task UntilAsync(Func<Task<bool>> done)
    {
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(20));
        try
        {
            while (!await done())
            {
                _ = await timer.WaitForNextTickAsync(Patience);
            }
        }
        catch (OperationCanceledException e)
        {
            throw new TimeoutException(Said, e);
        }
    }

    private static int FreePort()
    {
        while (true)
        {
            int port = Random.Shared.Next(LowestPort, HighestPort);
            try
            {
                using TcpListener listener = new(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken.
            }
        }
    }
}
