using System.Globalization;
using System.Net;
using KismetOrleans.Engine.Scanning;
using KismetOrleans.Storage.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace KismetOrleans.Api.Tests.Hosting;

/// <summary>A stop right behind scan reports delivers them while there are grains to take them, and waits for nothing.</summary>
public sealed class ScanStopTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ko-scans-");

    [Fact]
    public async Task What_was_posted_last_is_on_disk_before_the_grains_stop()
    {
        const int devices = 500;
        string file = Path.Combine(_folder.FullName, "server.db");
        // No checkpoint but the one at the end.
        TestServer server = await TestServer.StartAsync("--Storage:Sqlite", file, "--Scanning:CheckpointEvery", "01:00:00");
        string reports = string.Join(',', Enumerable.Range(0, devices).Select(static i => string.Create(CultureInfo.InvariantCulture, $$"""{"bssid":"02:00:00:00:{{i / 256:X2}}:{{i % 256:X2}}","ssid":"Campus","signal":-60}""")));
        Answer posted = await server.Client.CommandAsync("/phy/phy80211/scan/scan_report.cmd", $$"""{"source_name":"phone","source_uuid":"10000000-0000-0000-0000-000000000001","reports":[{{reports}}]}""");
        Assert.True(posted.Status == HttpStatusCode.OK, posted.Body);
        ScanIntake intake = server.App.Services.GetRequiredService<ScanIntake>();
        await server.DisposeAsync();
        // Grains that are gone would have had it sent again, for ten seconds.
        Assert.Equal(0, intake.Rewinds);
        await using (SqliteStorage storage = SqliteStorage.Open(file, 8))
        {
            Assert.Empty(await storage.Journal.ReadAsync(null, 0, TimeSpan.Zero).ToListAsync());
        }
        await using TestServer again = await TestServer.StartAsync("--Storage:Sqlite", file);
        Assert.Equal(devices, (await again.Client.AskAsync("/devices/views/all/devices.json")).Ok().List.Length);
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Delete(recursive: true);
}
