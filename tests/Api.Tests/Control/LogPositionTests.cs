using System.Diagnostics;
using System.Text.Json;

namespace KismetOrleans.Api.Tests.Control;

/// <summary>Logs say where things were heard: WiGLE's rows, and the columns of a kismetdb.</summary>
public sealed class LogPositionTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ko-log-places-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Access_points_have_rows_with_their_networks_and_places()
    {
        JsonElement[] networks;
        await using (TestServer server = await StartAsync("wiglecsv"))
        {
            networks = [.. (await server.Client.AskAsync("/devices/views/phy-IEEE802.11/devices.json")).Ok().List];
        }
        string[] lines = await File.ReadAllLinesAsync(Assert.Single(_folder.GetFiles()).FullName);
        string[][] rows = [.. lines.Skip(2).Select(static line => line.Split(','))];
        Assert.NotEmpty(rows);
        Assert.All(rows, static row => Assert.Equal(14, row.Length));
        Assert.All(rows, static row => Assert.Equal(("52.50000000", "13.25000000", "35", "0", "WIFI"), (row[7], row[8], row[9], row[10], row[13])));
        Assert.All(rows, static row => Assert.Matches(@"^(\[[A-Z0-9+/-]+\])*\[(ESS|IBSS)\]$", row[2]));
        HashSet<string> known = [.. networks.Select(static network => network.Text("kismet.device.base.macaddr"))];
        Assert.Subset(known, rows.Select(static row => row[0]).ToHashSet());
        Assert.Contains(rows, static row => row[2].StartsWith("[WPA2-PSK-CCMP]", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Packets_snapshots_and_messages_of_a_kismetdb_have_places()
    {
        await using (TestServer server = await StartAsync("kismet"))
        {
            // The window is one place; a hundredth of a degree away there is nothing.
            Assert.NotEqual(44, await LengthAsync(server, "location_lat_min=52.49&location_lat_max=52.51&location_lon_min=13.24&location_lon_max=13.26&limit=3"));
            Assert.Equal(44, await LengthAsync(server, "location_lat_min=52.51"));
        }
        if (await SqliteAsync(
            Assert.Single(_folder.GetFiles()).FullName,
            "SELECT max(lat), max(lon), max(alt) FROM packets; SELECT DISTINCT snaptype, lat, lon FROM snapshots ORDER BY 1; "
            + "SELECT max(lat), max(lon) FROM messages; SELECT max(avg_lat), min(min_lon) FROM devices WHERE type = 'Wi-Fi AP' AND avg_lat <> 0;") is { } said)
        {
            Assert.Equal("52.5|13.25|35.0\nGPS|52.5|13.25\nSYSTEM|52.5|13.25\n52.5|13.25\n52.5|13.25\n", said);
        }
    }

    private async Task<TestServer> StartAsync(string kind)
    {
        TestServer server = await TestServer.StartAsync(
            "--Gps:0", "virtual:lat=52.5,lon=13.25,alt=35", "--Log:Types", kind, "--Log:Prefix", _folder.FullName, "-c", Repository.Campus);
        await server.WaitForSourcesAsync(1);
        return server;
    }

    private static async Task<int> LengthAsync(TestServer server, string query) =>
        (await server.Client.GetByteArrayAsync("/logging/kismetdb/pcap/x.pcapng?" + query)).Length;

    // Null where the tool is not installed.
    private static async Task<string?> SqliteAsync(string file, string sql)
    {
        if (!(Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(static folder => File.Exists(Path.Combine(folder, "sqlite3"))))
        {
            return null;
        }
        using Process process = Process.Start(new ProcessStartInfo("sqlite3", [file, sql]) { RedirectStandardOutput = true })!;
        string said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return said;
    }
}
