using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;

namespace KismetOrleans.Fleet;

/// <summary>Looks at each sensor's own device five times a second: for how long it stood still, and whether its packets are those that were sent.</summary>
internal sealed class Watch(Uri[] servers, Agent[] agents)
{
    private const string Mac = "kismet.device.base.macaddr";
    private const string Packets = "kismet.device.base.packets.total";
    private static readonly TimeSpan s_every = TimeSpan.FromMilliseconds(200);
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(2) };
    private readonly Dictionary<string, Agent> _agents = agents.ToDictionary(static agent => agent.Network.ToString(), StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<Agent, (long Packets, long At)> _last = [];
    private readonly Dictionary<Agent, TimeSpan> _worst = [];
    private readonly Lock _lock = new();
    private static readonly TimeSpan s_isLong = TimeSpan.FromSeconds(2);
    private TimeSpan _minute;
    private int _server;

    /// <summary>Looks until it is told to stop.</summary>
    public async Task RunAsync(CancellationToken over)
    {
        long first = Stopwatch.GetTimestamp();
        foreach (Agent agent in agents)
        {
            _last[agent] = (-1, first);
        }
        while (!over.IsCancellationRequested)
        {
            Dictionary<Agent, long>? counts = await CountsAsync();
            long now = Stopwatch.GetTimestamp();
            lock (_lock)
            {
                TimeSpan ended = default;
                foreach (Agent agent in agents)
                {
                    (long packets, long at) = _last[agent];
                    TimeSpan still = Stopwatch.GetElapsedTime(at, now);
                    // What had not come yet when this began stood still for nobody.
                    if (packets >= 0)
                    {
                        _worst[agent] = still > _worst.GetValueOrDefault(agent) ? still : _worst[agent];
                        _minute = still > _minute ? still : _minute;
                    }
                    if (counts is not null && counts.TryGetValue(agent, out long newer) && newer > packets)
                    {
                        ended = packets >= 0 && still > ended ? still : ended;
                        _last[agent] = (newer, now);
                    }
                }
                if (ended > s_isLong)
                {
                    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{DateTime.UtcNow:T} a device stood still for {ended.TotalSeconds:F1} s until now"));
                }
            }
            await Task.Delay(s_every, CancellationToken.None);
        }
    }

    /// <summary>The longest standstill since the last call.</summary>
    public string Minute()
    {
        lock (_lock)
        {
            TimeSpan longest = _minute;
            _minute = default;
            return string.Create(CultureInfo.InvariantCulture, $"standstill {longest.TotalSeconds:F1} s");
        }
    }

    /// <summary>The longest standstills of all sensors.</summary>
    public string Summary()
    {
        double[] all = [.. _worst.Values.Select(static time => time.TotalSeconds).Order()];
        return all.Length == 0 ? "standstill: nothing seen" : string.Create(CultureInfo.InvariantCulture,
            $"standstill of a sensor's device: median {all[all.Length / 2]:F1} s, p99 {all[(int)Math.Ceiling(all.Length * 0.99) - 1]:F1} s, max {all[^1]:F1} s (a batch a 0.25 s, a look a 0.2 s)");
    }

    /// <summary>Waits until all is saved and compares what each sensor has sent with what the server has.</summary>
    /// <returns>Whether devices and sources are exact.</returns>
    public async Task<bool> CompareAsync(TimeSpan atMost)
    {
        long began = Stopwatch.GetTimestamp();
        string difference;
        do
        {
            await Task.Delay(500);
            difference = await DifferenceAsync();
        }
        while (difference.Length > 0 && Stopwatch.GetElapsedTime(began) < atMost);
        Console.WriteLine(difference.Length == 0
            ? string.Create(CultureInfo.InvariantCulture, $"exact: {agents.Length} devices and sources, {agents.Sum(static agent => agent.Beacons)} and {agents.Sum(static agent => agent.Sent)} packets")
            : $"NOT EXACT: {difference}");
        return difference.Length == 0;
    }

    private async Task<string> DifferenceAsync()
    {
        if (agents.Sum(static agent => agent.Waiting) is > 0 and int waiting)
        {
            return $"{waiting} batches are not saved";
        }
        if (await CountsAsync() is not { } devices || await SourcesAsync() is not { } sources)
        {
            return "the server does not answer";
        }
        string[] wrong =
        [
            .. agents.Where(agent => devices.GetValueOrDefault(agent) != agent.Beacons).Select(agent => $"device {agent.Network}: {devices.GetValueOrDefault(agent)} of {agent.Beacons}"),
            .. agents.Where(agent => sources.GetValueOrDefault(agent.Uuid) != agent.Sent).Select(agent => $"source {agent.Uuid}: {sources.GetValueOrDefault(agent.Uuid)} of {agent.Sent}"),
        ];
        return wrong.Length == 0 ? "" : $"{wrong.Length} of {agents.Length * 2}: {string.Join("; ", wrong.Take(4))}";
    }

    private async Task<Dictionary<Agent, long>?> CountsAsync()
    {
        JsonElement? list = await AskAsync("/devices/views/all/devices.json", $$"""{"fields":["{{Mac}}","{{Packets}}"],"regex":[["{{Mac}}","^50:C7:BF:"]]}""");
        return list?.EnumerateArray().Where(device => _agents.ContainsKey(device.GetProperty(Mac).GetString()!))
            .ToDictionary(device => _agents[device.GetProperty(Mac).GetString()!], static device => device.GetProperty(Packets).GetInt64());
    }

    private async Task<Dictionary<Guid, long>?> SourcesAsync() =>
        (await AskAsync("/datasource/all_sources.json", """{"fields":["kismet.datasource.uuid","kismet.datasource.num_packets"]}"""))?.EnumerateArray()
            .ToDictionary(static source => source.GetProperty("kismet.datasource.uuid").GetGuid(), static source => source.GetProperty("kismet.datasource.num_packets").GetInt64());

    private async Task<JsonElement?> AskAsync(string path, string command)
    {
        try
        {
            using FormUrlEncodedContent form = new([KeyValuePair.Create("json", command)]);
            using HttpResponseMessage answer = await _http.PostAsync(new Uri(servers[_server % servers.Length], path), form);
            if (answer.IsSuccessStatusCode)
            {
                return await answer.Content.ReadFromJsonAsync<JsonElement>();
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException or OperationCanceledException)
        {
            // Then another one is asked.
        }
        _server++;
        return null;
    }
}
