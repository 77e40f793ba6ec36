using System.Diagnostics;
using System.Text.Json;
using KismetOrleans.Storage.Sqlite;

namespace KismetOrleans.Api.Tests.Endpoints;

/// <summary>A kismetdb holds the devices that were seen while it was open, is as large and as old as it may be, and is closed soon.</summary>
public sealed class LogBoundsTests : IAsyncLifetime
{
    private const int Crowd = 3_000;
    private const long MaxBytes = 8_000_000;
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(90);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ko-bounds-");
    private readonly ProbeFile _crowd = ProbeFile.Create(Crowd, seconds: static _ => 0);
    private TestServer? _server;

    private TestServer Server => _server!;

    private IEnumerable<string> Files => _folder.GetFiles("*.kismet").Select(static file => file.FullName).Order(StringComparer.Ordinal);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
        _folder.Delete(recursive: true);
        _crowd.Dispose();
    }

    [Fact]
    public async Task Files_keep_within_their_bytes_and_have_the_devices_of_their_packets()
    {
        await StartAsync("--Log:Types", "kismet", "--Log:MaxBytes", $"{MaxBytes}", "--Log:Template", "%p/%i.%l", "-c", _crowd.Path);
        await Server.WaitForSourcesAsync(1);
        await UntilAsync(async () => (await LogAsync()) is { } log && log.TryGetProperty("kismet.logfile.packets", out JsonElement packets) && packets.GetInt64() == Crowd);
        await StopAsync();
        Assert.True(Files.Count() > 2, $"{Files.Count()} files");
        Assert.All(Files, static file => Assert.InRange(new FileInfo(file).Length, 0, MaxBytes * 105 / 100));
        Assert.Equal(Crowd, Files.Sum(static file => Count(file, "SELECT count(*) FROM packets")));
        Assert.All(Files, static file => Assert.Equal(0, Count(file, "SELECT count(*) FROM packets WHERE sourcemac NOT IN (SELECT devmac FROM devices)")));
        // Each was seen once, so each is in one file and in no other.
        Assert.Equal(Crowd, Files.Sum(static file => Count(file, "SELECT count(*) FROM devices")));
        Assert.All(Files, static file => Assert.Equal(["ok"], Ask(file, "PRAGMA integrity_check")));
    }

    [Fact]
    public async Task A_file_has_what_changed_while_it_was_open_and_nothing_from_before()
    {
        await StartAsync("-c", _crowd.Path);
        await Server.WaitForSourcesAsync(1);
        // A second that is over: records know when they changed by seconds.
        await Task.Delay(1_100);
        (await Server.Client.AskAsync("/logging/by-class/kismet/start.cmd")).Ok();
        string key = (await Server.Client.AskAsync("/devices/by-mac/02:00:00:00:00:07/devices.json")).Ok().List.Single().Text("kismet.device.base.key");
        (await Server.Client.CommandAsync($"/devices/by-key/{key}/set_name.cmd", "{\"username\": \"the seventh\"}")).Ok();
        await StopAsync();
        Assert.Equal(["02:00:00:00:00:07"], Ask(Assert.Single(Files), "SELECT devmac FROM devices WHERE CAST(device AS TEXT) LIKE '%the seventh%'"));
        Assert.Equal(1, Count(Assert.Single(Files), "SELECT count(*) FROM devices"));
    }

    [Fact]
    public async Task Files_are_as_old_as_they_may_be()
    {
        await StartAsync("--Log:Types", "kismet", "--Log:MaxAge", "00:00:02", "--Log:Template", "%p/%i.%l");
        Stopwatch clock = Stopwatch.StartNew();
        await UntilAsync(() => Task.FromResult(Files.Count() == 2));
        TimeSpan first = clock.Elapsed;
        await UntilAsync(() => Task.FromResult(Files.Count() == 5));
        // Three more: two seconds each, and what a busy machine adds to the last of them.
        Assert.InRange((clock.Elapsed - first).TotalSeconds, 5.5, 12);
        await StopAsync();
    }

    private async Task StartAsync(params string[] args) => _server = await TestServer.StartAsync(["--Log:Prefix", _folder.FullName, .. args]);

    private async Task<JsonElement?> LogAsync() =>
        (await Server.Client.AskAsync("/logging/active.json")).Ok().List.Where(static log => log.Number("kismet.logfile.open") == 1).Cast<JsonElement?>().SingleOrDefault();

    private async Task StopAsync()
    {
        string uuid = (await LogAsync())!.Value.Text("kismet.logfile.uuid");
        (await Server.Client.AskAsync($"/logging/by-uuid/{uuid}/stop.json")).Message.EnsureSuccessStatusCode();
    }

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        Stopwatch clock = Stopwatch.StartNew();
        while (!await holds())
        {
            Assert.True(clock.Elapsed < s_timeout, "too late");
            await Task.Delay(20);
        }
    }

    private static long Count(string file, string sql) => long.Parse(Ask(file, sql).Single(), System.Globalization.CultureInfo.InvariantCulture);

    private static string[] Ask(string file, string sql)
    {
        using SqliteDatabase database = new(file, readOnly: true);
        SqliteStatement rows = database.Statement(sql);
        List<string> all = [];
        while (rows.Step())
        {
            all.Add(rows.Text(0));
        }
        return [.. all];
    }
}
