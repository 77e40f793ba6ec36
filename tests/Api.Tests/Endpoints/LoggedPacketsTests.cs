using System.Net;
using System.Text.Json;
using KismetOrleans.Api.Http;

namespace KismetOrleans.Api.Tests.Endpoints;

/// <summary>The packet log's pictures show the very packets that it gives back, by time and as a list.</summary>
public sealed class LoggedPacketsTests : LogRig
{
    private const long Second = ProbeFile.FirstSecond;
    private const string State = "/logging/kismetdb/packets/state.json";
    private const string Histogram = "/logging/kismetdb/packets/histogram.json";
    private const string Packets = "/logging/kismetdb/packets/packets.json";

    [Fact]
    public async Task Without_a_log_there_is_nothing_to_see()
    {
        await StartAsync();
        (await Client.AskAsync(Histogram)).NotFound();
        (await Client.CommandAsync(Packets, "{}")).NotFound();
        Assert.Equal(0, (await Client.AskAsync(State)).Ok().Json.Number("kismet.packetlog.open"));
    }

    [Fact]
    public async Task Packets_are_counted_by_time()
    {
        await LogAsync();
        JsonElement state = (await Client.AskAsync(State)).Ok().Json;
        Assert.Equal((1, Devices), (state.Number("kismet.packetlog.open"), state.Number("kismet.packetlog.packets")));
        Assert.InRange(state.Number("kismet.packetlog.bytes"), Devices * 40, 10_000_000);
        JsonElement whole = (await Client.AskAsync($"{Histogram}?buckets=4")).Ok().Json;
        Assert.Equal(
            ["kismet.histogram.from", "kismet.histogram.to", "kismet.histogram.counts", "kismet.histogram.total"], whole.EnumerateObject().Select(static m => m.Name));
        Assert.Equal((Second, Second + Devices, Devices), (whole.Real("kismet.histogram.from"), whole.Real("kismet.histogram.to"), whole.Number("kismet.histogram.total")));
        Assert.Equal([10, 10, 10, 10], Counts(whole));
        // Less than a second, by command, and outside.
        Assert.Equal([1, 0, 1, 0], Counts((await Client.CommandAsync(Histogram, $$"""{"from":{{Second}},"to":{{Second + 2}},"buckets":4}""")).Ok().Json));
        Assert.Equal([0, 5], Counts((await Client.AskAsync($"{Histogram}?from={Second - 5}&to={Second + 5}&buckets=2")).Ok().Json));
        Assert.Equal([0, 0], Counts((await Client.AskAsync($"{Histogram}?from=-60&to=4000000000&buckets=2")).Ok().Json));
        Assert.Equal([3], Counts((await Client.CommandAsync(
            Histogram, $$$"""{"from":{{{Second}}},"buckets":1,"filter":{"timestamp_start":{{{Second + 10}}},"timestamp_end":{{{Second + 12}}}}}""")).Ok().Json));
    }

    [Fact]
    public async Task Filters_are_those_of_the_packets()
    {
        await LogAsync();
        foreach ((string query, int packets) in (List<(string, int)>)[
            ("", Devices), ("address_source=02:00:00:00:00:05", 1), ("address_source=02:00:00:00:00:0_", 16), ("address_dest=ff:ff:ff:ff:ff:ff", Devices),
            ("device_id=4202770D00000000_50000000002", 1), ("device_id=0_0", 0), ("timestamp_start=1700000010&timestamp_end=1700000012", 3),
            ("timestamp_end=1699999999.5", 0), ("tag=%25PROBE%25", Devices), ("signal_min=1", 0), ("location_lat_min=1", 0),
            ("dlt=105&size_min=20&size_max=100&signal_min=-1&signal_max=1&frequency=0", Devices)])
        {
            Assert.Equal((query, packets), (query, (await Client.AskAsync($"{Histogram}?{query}")).Ok().Json.Number("kismet.histogram.total")));
            Assert.Equal((query, packets), (query, (await Client.AskAsync($"{Packets}?{query}")).Ok().List.Length));
            Dictionary<string, string> filter = query.Split('&', StringSplitOptions.RemoveEmptyEntries)
                .Select(static pair => pair.Split('=')).ToDictionary(static pair => pair[0], static pair => Uri.UnescapeDataString(pair[1]));
            string command = JsonSerializer.Serialize(new Dictionary<string, object> { ["filter"] = filter });
            Assert.Equal((query, packets), (query, (await Client.CommandAsync(Histogram, command)).Ok().Json.Number("kismet.histogram.total")));
            Assert.Equal((query, packets), (query, (await Client.CommandAsync(Packets, command)).Ok().List.Length));
        }
    }

    [Fact]
    public async Task The_newest_packets_come_first_page_by_page()
    {
        await LogAsync();
        List<long> seen = [];
        string before = "";
        while (true)
        {
            JsonElement[] page = (await Client.AskAsync($"{Packets}?limit=15{before}")).Ok().List;
            if (page.Length == 0)
            {
                break;
            }
            seen.AddRange(page.Select(static p => p.Number("kismet.packet.ts_sec")));
            before = $"&before={page[^1].GetProperty("kismet.packet.timestamp").GetRawText()}";
        }
        Assert.Equal(Enumerable.Range(0, Devices).Select(static i => Second + Devices - 1 - i), seen);

        JsonElement packet = (await Client.CommandAsync(Packets, """{"limit":1}""")).Ok().List.Single();
        string uuid = (await Client.AskAsync("/datasource/all_sources.json")).Ok().List.Single().Text("kismet.datasource.uuid");
        Assert.Equal(
            ("IEEE802.11", "02:00:00:00:00:27", "FF:FF:FF:FF:FF:FF", "4202770D00000000_270000000002", uuid, 105L, 32L, 0L),
            (packet.Text("kismet.packet.phyname"), packet.Text("kismet.packet.source_mac"), packet.Text("kismet.packet.dest_mac"), packet.Text("kismet.packet.source_key"),
                packet.Text("kismet.packet.datasource"), packet.Number("kismet.packet.dlt"), packet.Number("kismet.packet.len"), packet.Number("kismet.packet.signal")));
        // Everyone is no device, and nobody else put it on the air.
        Assert.False(packet.TryGetProperty("kismet.packet.dest_key", out _) || packet.TryGetProperty("kismet.packet.trans_mac", out _));
        // The key is that of the device.
        Assert.Equal("02:00:00:00:00:27", (await Client.AskAsync($"/devices/by-key/{packet.Text("kismet.packet.source_key")}/device.json")).Ok().Json.Text("kismet.device.base.macaddr"));
        Assert.Equal(
            """[{"kismet.packet.len": 32}]""", (await Client.CommandAsync(Packets, """{"limit":1,"fields":["kismet.packet.len"]}""")).Ok().Body);
    }

    [Fact]
    public async Task A_packet_is_shown_layer_by_layer()
    {
        // Two files: each packet is found wherever it stands.
        await LogAsync("--Log:MaxBytes", "2000");
        foreach (JsonElement listed in (await Client.AskAsync(Packets)).Ok().List)
        {
            string path = $"/logging/kismetdb/packets/by-id/{listed.Text("kismet.packet.id")}/packet";
            JsonElement view = (await Client.AskAsync(path + ".json")).Ok().Json;
            JsonElement packet = view.GetProperty("kismet.packet.view.packet");
            Assert.Equal(listed.GetRawText(), packet.GetRawText());
            string bytes = view.Text("kismet.packet.view.bytes");
            Assert.Equal("40000000FFFFFFFFFFFF" + packet.Text("kismet.packet.source_mac").Replace(":", "") + "FFFFFFFFFFFF0000" + "0000" + "010402040B16", bytes);
            Assert.False(view.TryGetProperty("kismet.packet.view.error", out _));
            JsonElement frame = view.GetProperty("kismet.packet.view.layers").EnumerateArray().Single();
            Assert.Equal(
                ("IEEE 802.11 probe request", 0L, 24L),
                (frame.Text("kismet.packet.layer.name"), frame.Number("kismet.packet.layer.offset"), frame.Number("kismet.packet.layer.length")));
            Assert.Equal(["SSID", "Supported rates"], frame.GetProperty("kismet.packet.layer.layers").EnumerateArray().Select(static l => l.Text("kismet.packet.layer.name")));
            JsonElement sender = frame.GetProperty("kismet.packet.layer.fields").EnumerateArray().Single(static f => f.Text("kismet.packet.field.name") == "Transmitter");
            Assert.Equal(
                (packet.Text("kismet.packet.source_mac"), 10L, 6L),
                (sender.Text("kismet.packet.field.value"), sender.Number("kismet.packet.field.offset"), sender.Number("kismet.packet.field.length")));
        }
    }

    [Fact]
    public async Task A_packet_comes_in_every_format_and_with_the_fields_that_are_asked_for()
    {
        await LogAsync();
        string id = (await Client.AskAsync($"{Packets}?limit=1")).Ok().List.Single().Text("kismet.packet.id");
        string path = $"/logging/kismetdb/packets/by-id/{id}/packet";
        foreach (string format in RecordRoutes.Suffixes)
        {
            Assert.Contains("probe request", (await Client.AskAsync($"{path}.{format}")).Ok().Body, StringComparison.Ordinal);
        }
        Assert.Equal(
            """{"kismet.packet.len": 32}""",
            (await Client.CommandAsync(path + ".json", """{"fields":["kismet.packet.view.packet/kismet.packet.len"]}""")).Ok().Body);
    }

    [Fact]
    public async Task A_packet_that_is_not_there_is_no_packet()
    {
        await LogAsync();
        string id = (await Client.AskAsync(Packets)).Ok().List[^1].Text("kismet.packet.id");
        string path = $"/logging/kismetdb/packets/by-id/{id}/packet.json";
        (await Client.AskAsync(path)).Ok();
        (await Client.CommandAsync("/logging/kismetdb/pcap/drop.cmd", $"{{\"drop_before\": {Second + 30}}}")).Message.EnsureSuccessStatusCode();
        (await Client.AskAsync(path)).Error(HttpStatusCode.NotFound, "ERROR: no such packet in the log, or no longer");
        foreach (string wrong in (string[])["1", "1-2-3", $"{id}0", $"{id.Replace('-', '_')}", "x-00000000000000000000000000000000-0000000000000000"])
        {
            (await Client.AskAsync($"/logging/kismetdb/packets/by-id/{wrong}/packet.json")).Refused("id: expected kismet.packet.id of a packet of the list");
        }
        (await Client.AskAsync($"/logging/kismetdb/packets/by-id/{long.MaxValue}-{Guid.NewGuid():N}-{0:x16}/packet.json")).Error(HttpStatusCode.NotFound, "ERROR: no such packet in the log, or no longer");
    }

    [Fact]
    public async Task Files_before_count_too_and_dropped_packets_do_not()
    {
        await LogAsync("--Log:MaxBytes", "2000");
        Assert.Equal([20, 20], Counts((await Client.AskAsync($"{Histogram}?buckets=2")).Ok().Json));
        Assert.Equal(Devices, (await Client.AskAsync(Packets)).Ok().List.Length);
        Assert.Equal(Devices, (await Client.AskAsync(State)).Ok().Json.Number("kismet.packetlog.packets"));
        await Server.DisposeAsync();

        await LogAsync();
        (await Client.CommandAsync("/logging/kismetdb/pcap/drop.cmd", $"{{\"drop_before\": {Second + 30}}}")).Message.EnsureSuccessStatusCode();
        Assert.Equal([0, 10], Counts((await Client.AskAsync($"{Histogram}?from={Second}&to={Second + 60}&buckets=2")).Ok().Json));
        Assert.Equal(Devices - 30, (await Client.AskAsync(Packets)).Ok().List.Length);
        Assert.Equal(Devices - 30, (await Client.AskAsync(State)).Ok().Json.Number("kismet.packetlog.packets"));
    }

    [Fact]
    public async Task A_wrong_value_is_refused_and_an_empty_log_is_an_empty_picture()
    {
        await StartAsync("--Log:Types", "kismet");
        (await Client.AskAsync($"{Histogram}?buckets=0")).Refused("buckets: expected a whole number from 1 to 1000");
        (await Client.AskAsync($"{Histogram}?from=x")).Refused("from: expected a number, got 'x'");
        (await Client.AskAsync($"{Histogram}?from=5&to=5")).Refused("to: expected more than from");
        (await Client.AskAsync($"{Histogram}?from=5&to=1e12")).Refused("from, to: expected seconds since 1970");
        (await Client.AskAsync($"{Histogram}?dlt=x")).Refused("dlt: expected a whole number, got 'x'");
        foreach (string limit in (string[])["0", "1001", "many"])
        {
            (await Client.AskAsync($"{Packets}?limit={limit}")).Refused("limit: expected a whole number from 1 to 1000");
        }
        (await Client.AskAsync($"{Packets}?before=now")).Refused("before: expected seconds since 1970, got 'now'");
        (await Client.AskAsync($"{Packets}?signal_max=x")).Refused("signal_max: expected a whole number, got 'x'");
        Assert.Equal(0, (await Client.AskAsync(Histogram)).Ok().Json.Number("kismet.histogram.total"));
        Assert.Equal([0, 0], Counts((await Client.AskAsync($"{Histogram}?from=-60&buckets=2")).Ok().Json));
        Assert.Empty((await Client.AskAsync(Packets)).Ok().List);
    }

    private static IEnumerable<long> Counts(JsonElement histogram) => [.. histogram.GetProperty("kismet.histogram.counts").EnumerateArray().Select(static c => c.GetInt64())];

    private async Task LogAsync(params string[] settings)
    {
        await StartAsync(["--Log:Types", "kismet", "-c", Capture.Path, .. settings]);
        await PacketsAsync();
    }
}
