using System.Diagnostics;
using System.Text.Json;

namespace KismetOrleans.Api.Tests.Hosting;

/// <summary>After a restart trends, the use of channels and the history of devices go on.</summary>
public sealed class TrendsTests : IDisposable
{
    private const int Devices = 30;
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(60);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ko-trends-");

    // Captured now: radiotap with a frequency of 2412 MHz, a probe request, and a sender of its own for each.
    private readonly ProbeFile _capture = ProbeFile.Of(
        127, Enumerable.Range(0, Devices).Select(static i => Convert.FromHexString(
            "00000C0008000000" + "6C09A000" + $"40000000FFFFFFFFFFFF0200000000{i:X2}FFFFFFFFFFFF0000" + "0000" + "010402040B16")),
        static _ => (uint)DateTimeOffset.UtcNow.ToUnixTimeSeconds() - 120 - ProbeFile.FirstSecond);

    [Fact]
    public async Task Charts_go_on_after_a_restart()
    {
        string file = Path.Combine(_folder.FullName, "server.db");
        JsonElement[] before;
        string channel;
        await using (TestServer server = await TestServer.StartAsync("--Storage:Sqlite", file, "-c", _capture.Path))
        {
            await server.WaitForSourcesAsync(1);
            before = await UntilAsync(server, "days", static point => Sum([point], "packets") > 0 && Sum([point], "devices") == Devices);
            Assert.Equal(((long)Devices, (long)Devices), (Sum(before, "packets"), Sum(before, "received")));
            channel = await ChannelAsync(server);
            Assert.Contains("\"2412000\"", channel, StringComparison.Ordinal);
        }
        await using TestServer again = await TestServer.StartAsync("--Storage:Sqlite", file);
        foreach (string span in (string[])["minutes", "hours", "days"])
        {
            JsonElement[] points = (await again.Client.AskAsync($"/trends/{span}.json")).Ok().List.ToArray();
            Assert.Equal(((long)Devices, (long)Devices), (Sum(points, "packets"), Sum(points, "received")));
        }
        Assert.Contains("\"2412000\"", await ChannelAsync(again), StringComparison.Ordinal);
        _ = await UntilAsync(again, "minutes", static point => Sum([point], "devices") == Devices);
        // Fields, as lists have them.
        JsonElement one = (await again.Client.CommandAsync("/trends/days.json", """{"fields": ["kismet.trend.packets"]}""")).Ok().List.First();
        Assert.Equal(["kismet.trend.packets"], one.EnumerateObject().Select(static field => field.Name));
    }

    public void Dispose()
    {
        _folder.Delete(recursive: true);
        _capture.Dispose();
    }

    private static async Task<string> ChannelAsync(TestServer server) =>
        (await server.Client.AskAsync("/channels/channels.json")).Ok().Json.GetProperty("kismet.channeltracker.frequency_map").GetRawText();

    private static async Task<JsonElement[]> UntilAsync(TestServer server, string span, Func<JsonElement, bool> holds)
    {
        Stopwatch clock = Stopwatch.StartNew();
        while (true)
        {
            JsonElement[] points = (await server.Client.AskAsync($"/trends/{span}.json")).Ok().List.ToArray();
            if (points.Any(holds))
            {
                return points;
            }
            Assert.True(clock.Elapsed < s_timeout, "too late");
            await Task.Delay(50);
        }
    }

    private static long Sum(IEnumerable<JsonElement> points, string field) => points.Sum(point => point.GetProperty("kismet.trend." + field).GetInt64());
}
