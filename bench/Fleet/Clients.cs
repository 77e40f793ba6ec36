using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace KismetOrleans.Fleet;

/// <summary>Browsers and phones beside the sensors: what they ask and post, and how they fare.</summary>
internal sealed class Clients
{
    private const int Networks = 20;
    private static readonly TimeSpan s_lookEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_postEvery = TimeSpan.FromSeconds(2);
    private readonly Uri[] _servers;
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(15) };
    private readonly Lock _lock = new();
    private readonly List<double> _times = [];
    private readonly Dictionary<Guid, long> _posted = [];
    private readonly Dictionary<Guid, long> _doubtful = [];
    private int _failed;

    public Clients(Uri[] servers, string? user)
    {
        _servers = servers;
        if (user is not null)
        {
            _http.DefaultRequestHeaders.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(user)));
        }
    }

    /// <summary>A page that is open: a window of the devices, the sources, the status.</summary>
    public async Task BrowseAsync(int number, CancellationToken over)
    {
        for (int turn = number; !over.IsCancellationRequested; turn++)
        {
            Uri server = _servers[turn % _servers.Length];
            _ = await TimedAsync(() => _http.PostAsync(new Uri(server, "/devices/views/all/devices.json"), Form(
                """{"fields":["kismet.device.base.macaddr","kismet.device.base.commonname","kismet.device.base.last_time","kismet.device.base.signal/kismet.common.signal.last_signal"],"datatable":true}""",
                ("start", "0"), ("length", "50"), ("draw", "1"))));
            _ = await TimedAsync(() => _http.GetAsync(new Uri(server, "/datasource/all_sources.json")));
            _ = await TimedAsync(() => _http.GetAsync(new Uri(server, "/system/status.json")));
            await Task.Delay(s_lookEvery, CancellationToken.None);
        }
    }

    /// <summary>A phone: posts what it hears until the server says that it has it.</summary>
    public async Task ReportAsync(int number, CancellationToken over)
    {
        Guid uuid = new(number, 0, 0, [0xf0, 0x0e, 0, 0, 0, 0, 0, 0]);
        string reports = string.Join(',', Enumerable.Range(0, Networks).Select(i =>
            $$"""{"ssid":"phone-{{number}}-{{i}}","bssid":"02:00:{{number / 256:x2}}:{{number % 256:x2}}:00:{{i:x2}}","capabilities":"[WPA2-PSK-CCMP][ESS]","channel":"6","freqkhz":2437000,"signal":-60}"""));
        string body = $$"""{"source_uuid":"{{uuid}}","source_name":"phone-{{number}}","reports":[{{reports}}]}""";
        for (int turn = number; !over.IsCancellationRequested; turn++)
        {
            HttpStatusCode? answer = await TimedAsync(() => _http.PostAsync(new Uri(_servers[turn % _servers.Length], "/phy/phy80211/scan/scan_report.cmd"), Form(body)));
            lock (_lock)
            {
                // Without an answer nobody knows whether it was taken.
                Dictionary<Guid, long> counts = answer is HttpStatusCode.OK ? _posted : answer is null ? _doubtful : [];
                counts[uuid] = counts.GetValueOrDefault(uuid) + Networks;
            }
            await Task.Delay(s_postEvery, CancellationToken.None);
        }
    }

    /// <summary>How the last minute was.</summary>
    public string Minute()
    {
        lock (_lock)
        {
            double[] times = [.. _times.Order()];
            string text = times.Length == 0 ? "no answers" : string.Create(CultureInfo.InvariantCulture,
                $"{times.Length} answers, p50 {times[times.Length / 2]:F0} ms, p99 {times[(int)Math.Ceiling(times.Length * 0.99) - 1]:F0} ms, {_failed} refused or lost");
            _times.Clear();
            _failed = 0;
            return text;
        }
    }

    /// <summary>Compares what phones were told is taken with what the server counted.</summary>
    public async Task<bool> CompareAsync()
    {
        JsonElement sources = await _http.GetFromJsonAsync<JsonElement>(new Uri(_servers[0], "/datasource/all_sources.json"));
        Dictionary<Guid, long> counted = sources.EnumerateArray().ToDictionary(
            static source => source.GetProperty("kismet.datasource.uuid").GetGuid(), static source => source.GetProperty("kismet.datasource.num_packets").GetInt64());
        string[] wrong = [.. _posted.Where(pair => counted.GetValueOrDefault(pair.Key) is var count && (count < pair.Value || count > pair.Value + _doubtful.GetValueOrDefault(pair.Key)))
            .Select(pair => $"{pair.Key}: {counted.GetValueOrDefault(pair.Key)} of {pair.Value} (+{_doubtful.GetValueOrDefault(pair.Key)} without an answer)")];
        Console.WriteLine(wrong.Length == 0
            ? $"exact: {_posted.Values.Sum()} reports of {_posted.Count} phones; {_doubtful.Values.Sum()} got no answer" : $"NOT EXACT: phones {string.Join("; ", wrong.Take(4))}");
        return wrong.Length == 0;
    }

    private static FormUrlEncodedContent Form(string json, params (string Name, string Value)[] others) =>
        new([KeyValuePair.Create("json", json), .. others.Select(static one => KeyValuePair.Create(one.Name, one.Value))]);

    private async Task<HttpStatusCode?> TimedAsync(Func<Task<HttpResponseMessage>> ask)
    {
        long began = Stopwatch.GetTimestamp();
        HttpStatusCode? status = null;
        try
        {
            using HttpResponseMessage answer = await ask();
            status = answer.StatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            // It counts as lost.
        }
        lock (_lock)
        {
            _times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            _failed += status is HttpStatusCode.OK ? 0 : 1;
        }
        return status;
    }
}
