using System.Diagnostics;
using System.Net;
using System.Text.Json;

namespace KismetOrleans.Api.Tests.Endpoints;

/// <summary>Logs start and stop by command, hold what was captured, and give packets back as they are asked for.</summary>
public sealed class LoggingTests : LogRig
{
    private const string Unknown = "11111111-2222-3333-4444-555555555555";

    [Theory]
    [InlineData("json")]
    [InlineData("prettyjson")]
    public async Task Nothing_is_logged_unasked(string suffix)
    {
        await StartAsync();
        Assert.Equal(["pcapppi", "kismet", "pcapng", "wiglecsv"],
            (await Client.AskAsync($"/logging/drivers.{suffix}")).Ok().List.Select(static d => d.Text("kismet.logfile.type.class")));
        Assert.Empty((await Client.AskAsync($"/logging/active.{suffix}")).Ok().List);
        Assert.Empty((await Client.AskAsync($"/poi/list_poi.{suffix}")).Ok().List);
        (await Client.AskAsync("/logging/kismetdb/pcap/x.pcapng")).NotFound();
        (await Client.CommandAsync("/logging/kismetdb/pcap/drop.cmd", "{\"drop_before\": 1}")).NotFound();
        (await Client.CommandAsync("/poi/create_poi.cmd", "{\"note\": \"x\"}")).QueryError("kismetdb log not enabled");
        Assert.Empty(Folder.GetFiles());
    }

    [Theory]
    [InlineData("kismet", "json")]
    [InlineData("pcapng", "cmd")]
    public async Task A_log_starts_with_a_title_and_stops(string kind, string suffix)
    {
        await StartAsync();
        JsonElement log = (await Client.CommandAsync($"/logging/by-class/{kind}/start.{suffix}", "{\"title\": \"East Wing\"}")).Ok().Json;
        string path = log.Text("kismet.logfile.path");
        Assert.StartsWith(Path.Combine(Folder.FullName, "East Wing-"), path, StringComparison.Ordinal);
        Assert.EndsWith($"-1.{kind}", path, StringComparison.Ordinal);
        Assert.Equal(1, log.Number("kismet.logfile.open"));
        Assert.Equal(kind, log.GetProperty("kismet.log.type_driver").Text("kismet.logfile.type.class"));
        Assert.Equal("", log.Text("kismet.logfile.description"));
        Assert.Equal("%p/%n-%D-%t-%i.%l", log.Text("kismet.logfile.template"));
        string uuid = log.Text("kismet.logfile.uuid");
        Assert.Equal(uuid, (await ActiveAsync()).Text("kismet.logfile.uuid"));

        Answer stopped = await Client.AskAsync($"/logging/by-uuid/{uuid}/stop.{suffix}");
        Assert.Equal((HttpStatusCode.OK, "OK\n"), (stopped.Status, stopped.Body));
        Assert.Equal(0, (await ActiveAsync()).Number("kismet.logfile.open"));
        Assert.Equal([path], Folder.GetFiles().Select(static file => file.FullName));
        (await Client.AskAsync($"/logging/by-uuid/{uuid}/stop.{suffix}")).QueryError("no such log");
    }

    [Fact]
    public async Task What_cannot_be_started_or_stopped_is_an_error()
    {
        await StartAsync();
        (await Client.AskAsync("/logging/by-class/netxml/start.cmd")).QueryError("invalid logclass");
        (await Client.AskAsync($"/logging/by-uuid/{Unknown}/stop.cmd")).QueryError("no such log");
        (await Client.AskAsync("/logging/by-uuid/x/stop.cmd")).QueryError("unable to parse string value");
        (await Client.CommandAsync("/logging/by-class/pcapng/start.cmd", "{\"title\": 7}")).Refused("title: expected a text, got Number");
        (await Client.CommandAsync("/logging/by-class/pcapng/start.cmd", "{\"title\": \"../../etc/x\"}")).Refused("title: must not begin with a dot");
        (await Client.CommandAsync("/logging/by-class/pcapng/start.cmd", "{\"title\": \"a/b\"}"))
            .Refused("title: takes letters, digits, space, dot, underscore and dash, not U+002F");
        (await Client.AskAsync("/logging/by-class/kismet/start.cmd")).Ok();
        (await Client.AskAsync("/logging/by-class/kismet/start.cmd")).QueryError("unable to open log: a log of the kind kismet is open already");
        (await Client.CommandAsync("/logging/kismetdb/pcap/drop.cmd", "{}")).Refused("drop_before: is missing");
        (await Client.CommandAsync("/logging/kismetdb/pcap/drop.cmd", "{\"drop_before\": \"now\"}"))
            .Refused("drop_before: expected seconds since 1970, got 'now'");
    }

    [Theory]
    [InlineData("", Devices)]
    [InlineData("?limit=7", 7)]
    [InlineData("?address_source=02:00:00:00:00:05", 1)]
    [InlineData("?address_source=02:00:00:00:00:05&address_dest=ff:ff:ff:ff:ff:ff", 1)]
    [InlineData("?address_source=02:00:00:00:00:0_", 16)]
    [InlineData("?address_trans=02:00:00:00:00:05", 0)]
    [InlineData("?device_id=4202770D00000000_50000000002", 1)]
    [InlineData("?device_id=0_0", 0)]
    [InlineData("?timestamp_start=1700000010&timestamp_end=1700000012", 3)]
    [InlineData("?timestamp_end=1699999999.5", 0)]
    [InlineData("?tag=%25PROBE%25", Devices)]
    [InlineData("?tag=PROBE", 0)]
    [InlineData("?dlt=105&size_min=20&size_max=100&signal_min=-1&signal_max=1&frequency=0", Devices)]
    [InlineData("?dlt=127", 0)]
    [InlineData("?location_lat_min=1", 0)]
    [InlineData("?datasource=" + Unknown, 0)]
    [InlineData("?unknown=1", Devices)]
    public async Task Captured_packets_are_given_back(string query, int packets)
    {
        await StartAsync("--Log:Types", "kismet", "-c", Capture.Path);
        await PacketsAsync(Devices);
        Assert.Equal(packets, await CountAsync(await Client.GetAsync("/logging/kismetdb/pcap/some.pcapng" + query)));
        Dictionary<string, string> filters = query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(static pair => pair.Split('=')).ToDictionary(static pair => pair[0], static pair => Uri.UnescapeDataString(pair[1]));
        // As the seeds have it, and as current Kismet has it.
        using FormUrlEncodedContent command = new(
            [KeyValuePair.Create("json", JsonSerializer.Serialize(new Dictionary<string, object> { ["filter"] = filters }))]);
        Assert.Equal(packets, await CountAsync(await Client.PostAsync("/logging/kismetdb/pcap/some.pcapng", command)));
        using FormUrlEncodedContent form = new(filters);
        Assert.Equal(packets, await CountAsync(await Client.PostAsync("/logging/kismetdb/pcap/some.pcapng", form)));
    }

    [Theory]
    [InlineData("dlt=x", "dlt: expected a whole number, got 'x'")]
    [InlineData("limit=-1", "limit: expected a count, got '-1'")]
    [InlineData("frequency=high", "frequency: expected a number, got 'high'")]
    [InlineData("timestamp_start=yesterday", "timestamp_start: expected seconds since 1970, got 'yesterday'")]
    public async Task A_wrong_filter_is_refused(string query, string error)
    {
        await StartAsync("--Log:Types", "kismet");
        (await Client.AskAsync("/logging/kismetdb/pcap/some.pcapng?" + query)).Refused(error);
    }

    [Fact]
    public async Task Older_packets_can_be_dropped()
    {
        await StartAsync("--Log:Types", "kismet", "-c", Capture.Path);
        await PacketsAsync(Devices);
        Answer dropped = await Client.CommandAsync("/logging/kismetdb/pcap/drop.cmd", $"{{\"drop_before\": {ProbeFile.FirstSecond + 30}}}");
        Assert.Equal((HttpStatusCode.OK, "Packets removed\n"), (dropped.Status, dropped.Body));
        Assert.Equal(Devices - 30, await CountAsync(await Client.GetAsync("/logging/kismetdb/pcap/some.pcapng")));
        Assert.Equal(1, await CountAsync(await Client.GetAsync("/logging/kismetdb/pcap/some.pcapng?address_source=02:00:00:00:00:23")));
    }

    [Fact]
    public async Task A_kismetdb_is_a_plain_file_with_everything()
    {
        await StartAsync("--Log:Types", "kismet", "-c", Capture.Path);
        await PacketsAsync(Devices);
        Answer noted = await Client.CommandAsync("/poi/create_poi.cmd", "{\"note\": \"roof \\\"east\\\"\"}");
        Assert.Equal((HttpStatusCode.OK, "POI created\n"), (noted.Status, noted.Body));
        JsonElement log = await ActiveAsync();
        (await Client.AskAsync($"/logging/by-uuid/{log.Text("kismet.logfile.uuid")}/stop.cmd")).Message.EnsureSuccessStatusCode();
        (await Client.AskAsync("/logging/kismetdb/pcap/x.pcapng")).NotFound();
        string file = Assert.Single(Folder.GetFiles()).FullName;
        if (await ToolAsync("sqlite3", file, "SELECT db_version, db_module FROM KISMET; SELECT count(*), min(ts_sec), max(packetid), min(sourcemac), max(destmac), "
            + "min(transmac), max(devkey), max(dlt), min(packet_len), max(tags), max(phyname) FROM packets; SELECT count(*), max(type) FROM devices; "
            + "SELECT typestring FROM datasources; SELECT json FROM snapshots WHERE snaptype = 'POI'; PRAGMA journal_mode; PRAGMA integrity_check;") is { } said)
        {
            Assert.Equal(
                "10|kismetlog\n"
                + $"{Devices}|{ProbeFile.FirstSecond}|{Devices}|02:00:00:00:00:00|FF:FF:FF:FF:FF:FF|00:00:00:00:00:00|0|105|32|DOT11_PROBE_REQ|IEEE802.11\n"
                + $"{Devices}|Wi-Fi Client\n" + "pcapfile\n" + "{\"note\":\"roof \\u0022east\\u0022\"}\ndelete\nok\n", said);
        }
    }

    [Fact]
    public async Task A_pcapng_log_is_read_by_other_tools()
    {
        await StartAsync("--Log:Types", "pcapng", "-c", Capture.Path);
        await PacketsAsync(Devices);
        JsonElement log = await ActiveAsync();
        (await Client.AskAsync($"/logging/by-uuid/{log.Text("kismet.logfile.uuid")}/stop.json")).Message.EnsureSuccessStatusCode();
        string file = Assert.Single(Folder.GetFiles()).FullName;
        Assert.Equal(Devices, CountPackets(await File.ReadAllBytesAsync(file)));
        if (await ToolAsync("capinfos", "-T", "-r", "-c", "-E", file) is { } said)
        {
            Assert.Contains($"\tieee-802-11\t{Devices}", said, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_PPI_log_is_read_by_other_tools()
    {
        await StartAsync("--Log:Types", "pcapppi", "-c", Capture.Path);
        await PacketsAsync(Devices);
        JsonElement log = await ActiveAsync();
        (await Client.AskAsync($"/logging/by-uuid/{log.Text("kismet.logfile.uuid")}/stop.json")).Message.EnsureSuccessStatusCode();
        string file = Assert.Single(Folder.GetFiles()).FullName;
        byte[] bytes = await File.ReadAllBytesAsync(file);
        Assert.Equal((0xA1B2C3D4, 192u), (BitConverter.ToUInt32(bytes), BitConverter.ToUInt32(bytes, 20)));
        if (await ToolAsync("tshark", "-r", file, "-Y", "ppi && wlan.sa == 02:00:00:00:00:07", "-T", "fields", "-e", "frame.time_epoch") is { } said)
        {
            Assert.StartsWith($"{ProbeFile.FirstSecond + 7}.", said, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_WiGLE_log_begins_as_WiGLE_wants_it()
    {
        await StartAsync();
        JsonElement log = (await Client.AskAsync("/logging/by-class/wiglecsv/start.json")).Ok().Json;
        (await Client.AskAsync($"/logging/by-uuid/{log.Text("kismet.logfile.uuid")}/stop.json")).Message.EnsureSuccessStatusCode();
        string[] lines = await File.ReadAllLinesAsync(log.Text("kismet.logfile.path"));
        Assert.Equal(2, lines.Length);
        Assert.StartsWith("WigleWifi-1.6,appRelease=Kismet", lines[0], StringComparison.Ordinal);
        Assert.Equal("MAC,SSID,AuthMode,FirstSeen,Channel,Frequency,RSSI,CurrentLatitude,CurrentLongitude,AltitudeMeters,AccuracyMeters,RCOIs,MfgrId,Type", lines[1]);
    }

    [Theory]
    [InlineData("pcapng")]
    [InlineData("kismet")]
    public async Task A_full_file_is_followed_by_another(string kind)
    {
        await StartAsync("--Log:Types", kind, "--Log:MaxBytes", "2000", "-c", Capture.Path);
        await PacketsAsync(Devices);
        JsonElement log = await ActiveAsync();
        if (kind == "kismet")
        {
            // The history has the files before, too.
            Assert.Equal(Devices, await CountAsync(await Client.GetAsync("/logging/kismetdb/pcap/some.pcapng")));
        }
        (await Client.AskAsync($"/logging/by-uuid/{log.Text("kismet.logfile.uuid")}/stop.json")).Message.EnsureSuccessStatusCode();
        FileInfo[] files = Folder.GetFiles();
        Assert.True(files.Length > 1, "one file");
        Assert.Contains(log.Text("kismet.logfile.path"), files.Select(static file => file.FullName));
        if (kind == "pcapng")
        {
            Assert.Equal(Devices, files.Sum(static file => CountPackets(File.ReadAllBytes(file.FullName))));
        }
    }

    [Fact]
    public async Task Files_that_are_too_many_or_too_old_are_removed()
    {
        for (int day = 1; day <= 5; day++)
        {
            Touch($"Kismet-2020010{day}-00-00-00-1.pcapng", day);
        }
        Touch("Kismet-20200101-00-00-00-1.kismet", 1);
        Touch("notes.pcapng", 1);
        await StartAsync("--Log:Types", "pcapng", "--Log:KeepFiles", "3");
        string open = Path.GetFileName((await ActiveAsync()).Text("kismet.logfile.path"));
        Assert.Equal(
            ["Kismet-20200101-00-00-00-1.kismet", "Kismet-20200104-00-00-00-1.pcapng", "Kismet-20200105-00-00-00-1.pcapng", open, "notes.pcapng"],
            Folder.GetFiles().Select(static file => file.Name).Order(StringComparer.Ordinal));
    }

    private void Touch(string name, int day)
    {
        string path = Path.Combine(Folder.FullName, name);
        File.WriteAllText(path, "x");
        File.SetLastWriteTimeUtc(path, new(2020, 1, day, 0, 0, 0, DateTimeKind.Utc));
    }

    private static async Task<int> CountAsync(HttpResponseMessage response)
    {
        using (response)
        {
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal("application/vnd.tcpdump.pcap", response.Content.Headers.ContentType?.ToString());
            Assert.Equal("attachment; filename=\"some.pcapng\"", response.Content.Headers.GetValues("Content-Disposition").Single());
            return CountPackets(await response.Content.ReadAsByteArrayAsync());
        }
    }

    // Blocks are type, length, body, length; type 6 is a packet (draft-ietf-opsawg-pcapng, 4.3).
    private static int CountPackets(ReadOnlySpan<byte> file)
    {
        int packets = 0;
        while (!file.IsEmpty)
        {
            packets += BitConverter.ToInt32(file) == 6 ? 1 : 0;
            file = file[BitConverter.ToInt32(file[4..])..];
        }
        return packets;
    }

    // Null where the tool is not installed.
    private static async Task<string?> ToolAsync(string tool, params string[] arguments)
    {
        if (!(Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, tool))))
        {
            return null;
        }
        using Process process = Process.Start(new ProcessStartInfo(tool, arguments) { RedirectStandardOutput = true })!;
        string said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return said;
    }
}
