using System.Collections.Concurrent;
using System.Text;

namespace KismetOrleans.Silo.Tests.Processes;

/// <summary>A phone that posts scan reports all the time, each of access points that no other report names, and notes which were acknowledged.</summary>
internal sealed class PhoneReports(HttpClient http, string name, int number)
{
    private const int ReportsOfPost = 20;
    private readonly ConcurrentQueue<string> _acknowledged = [];
    private int _posts;

    /// <summary>Addresses in posts that were answered 200.</summary>
    public IReadOnlyCollection<string> Acknowledged => _acknowledged;

    /// <summary>Posts that were not answered, or with an error: they may be there or not.</summary>
    public int Failed { get; private set; }

    /// <summary>Posts until it is told to stop, to one server and then the other when one does not answer.</summary>
    public async Task RunAsync(string[] servers, CancellationToken stop)
    {
        for (int server = 0; !stop.IsCancellationRequested; _posts++)
        {
            string[] addresses = [.. Enumerable.Range(_posts * ReportsOfPost, ReportsOfPost).Select(
                i => $"02:AA:{number:X2}:{i >> 16 & 255:X2}:{i >> 8 & 255:X2}:{i & 255:X2}")];
            string reports = string.Join(",", addresses.Select(
                static address => $$"""{"bssid":"{{address}}","ssid":"phone","capabilities":"[WPA2-PSK-CCMP][ESS]","freqkhz":2437000,"signal":-60}"""));
            using StringContent body = new(
                $$"""{"source_uuid":"00000000-0000-0000-0000-AABBCCDD00{{number:X2}}","source_name":"{{name}}","reports":[{{reports}}]}""",
                Encoding.UTF8, "application/json");
            try
            {
                using HttpResponseMessage answer = await http.PostAsync($"{servers[server]}/phy/phy80211/scan/scan_report.cmd", body, CancellationToken.None);
                answer.EnsureSuccessStatusCode();
                Array.ForEach(addresses, _acknowledged.Enqueue);
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
            {
                Failed++;
                server = (server + 1) % servers.Length;
            }
            await Task.Delay(20, CancellationToken.None);
        }
    }
}
