using System.Text.Json;

namespace KismetOrleans.Api.Tests.Http;

/// <summary>Who was where: by device, by source, dwell times, counts and differences, in every format and with what lists of devices take.</summary>
public sealed class PresenceTests : IAsyncLifetime, IDisposable
{
    private const long Slot = 300;

    // The first whole five minutes of the capture.
    private const long Begin = 1_700_000_100;
    private const long Day = 288;
    private const string P = "kismet.presence.";

    // What each sensor captures: a slot, the last byte of the sender, the signal and the SSID that is asked for.
    private static readonly (long Slot, byte Device, sbyte Signal, string Ssid)[] s_first =
    [
        (0, 1, -60, ""), (0, 1, -50, ""), (1, 1, -61, ""), (1, 2, -70, ""), (2, 1, -62, ""), (5, 1, -63, ""), (20, 1, -64, ""),
        (Day + 2, 1, -65, "cafe"), (Day + 12, 3, -66, ""),
    ];

    private static readonly (long Slot, byte Device, sbyte Signal, string Ssid)[] s_second = [(1, 1, -41, ""), (20, 1, -42, "")];
    private readonly ProbeFile _firstFile = File(s_first);
    private readonly ProbeFile _secondFile = File(s_second);
    private TestServer _server = null!;
    private string _first = "";
    private string _second = "";

    public async Task InitializeAsync()
    {
        _server = await TestServer.ReplayAsync(_firstFile.Path + ":name=first", _secondFile.Path + ":name=second");
        JsonElement[] sources = (await _server.Client.AskAsync("/datasource/all_sources.json")).Ok().List;
        (_first, _second) = (UuidOf("first"), UuidOf("second"));
        string UuidOf(string name) => sources.Single(source => source.Text("kismet.datasource.name") == name).Text("kismet.datasource.uuid");
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public void Dispose()
    {
        _firstFile.Dispose();
        _secondFile.Dispose();
    }

    [Fact]
    public async Task A_device_over_a_day_by_five_minutes_and_source()
    {
        JsonElement[] slots = await ListAsync($"/presence/by-key/{await KeyAsync(1)}/slots", 0, Day);
        Assert.Equal(
            [(0, "first", 2, -50), (1, "first", 1, -61), (1, "second", 1, -41), (2, "first", 1, -62), (5, "first", 1, -63), (20, "first", 1, -64), (20, "second", 1, -42)],
            slots.Select(static slot => (
                (int)((slot.Number(P + "time") - Begin) / Slot), slot.Text(P + "source.name"), (int)slot.Number(P + "packets"), (int)slot.Number(P + "signal"))).Order());
        Assert.Empty(await ListAsync($"/presence/by-key/{await KeyAsync(1)}/slots", 6, 20));
        Assert.Equal(2, (await ListAsync($"/presence/by-key/{await KeyAsync(1)}/slots", 0, Day, ("source", _second))).Length);
        // A week.
        Assert.Equal(8, (await ListAsync($"/presence/by-key/{await KeyAsync(1)}/slots", 0, 7 * Day)).Length);
    }

    [Fact]
    public async Task Devices_of_a_source_in_a_time()
    {
        JsonElement[] devices = await ListAsync("/presence/devices", 0, Day);
        Assert.Equal([MacOf(1), MacOf(2)], devices.Select(static device => device.Text(P + "macaddr")).Order());
        JsonElement one = devices.Single(static device => device.Text(P + "macaddr") == MacOf(1));
        Assert.Equal(
            (Begin, Begin + (21 * Slot), 21 * Slot, 5 * Slot, 2, 8, -41),
            (one.Number(P + "first_time"), one.Number(P + "last_time"), one.Number(P + "dwell"), one.Number(P + "seen"), one.Number(P + "visits"), one.Number(P + "packets"), one.Number(P + "signal")));
        Assert.Equal([(_first, 5 * Slot, 6), (_second, 2 * Slot, 2)], one.GetProperty(P + "sources").EnumerateArray().Select(static source =>
            (source.Text(P + "source.uuid"), source.Number(P + "source.seen"), (int)source.Number(P + "source.packets"))));
        Assert.Equal((1, 1, "Wi-Fi Client"), (one.Number(P + "known"), one.Number(P + "randomised"), one.Text(P + "type")));
        Assert.Empty(one.GetProperty(P + "guesses").EnumerateArray());
        Assert.Equal([MacOf(1)], (await ListAsync("/presence/devices", 0, Day, ("source", _second))).Select(static device => device.Text(P + "macaddr")));
        Assert.Empty(await ListAsync("/presence/devices", 30, 60));
    }

    [Fact]
    public async Task Dwell_times_end_with_a_gap()
    {
        JsonElement[] visits = await ListAsync("/presence/visits", 0, Day);
        Assert.Equal(
            [(MacOf(1), 0, 6, 4), (MacOf(1), 20, 21, 1), (MacOf(2), 1, 2, 1)],
            visits.Select(static visit => (
                visit.Text(P + "macaddr"), (visit.Number(P + "first_time") - Begin) / Slot, (visit.Number(P + "last_time") - Begin) / Slot, visit.Number(P + "seen") / Slot)).Order());
        string path = $"/presence/by-key/{await KeyAsync(1)}/visits";
        Assert.Equal(2, (await ListAsync(path, 0, Day)).Length);
        // One that is shorter than what is missing, and one that is longer than all.
        Assert.Equal(3, (await ListAsync(path, 0, Day, ("gap", "599"))).Length);
        Assert.Equal(21 * Slot, Assert.Single(await ListAsync(path, 0, Day, ("gap", "10000"))).Number(P + "dwell"));
    }

    [Fact]
    public async Task Counts_over_time_name_each_step()
    {
        JsonElement[] counts = await ListAsync("/presence/counts", 0, 24, ("step", "300"));
        Assert.Equal(24, counts.Length);
        Assert.Equal((Begin, 1, 1, 2), Count(counts[0]));
        Assert.Equal((Begin + Slot, 2, 2, 3), Count(counts[1]));
        Assert.Equal((Begin + (3 * Slot), 0, 0, 0), Count(counts[3]));
        JsonElement[] hours = await ListAsync("/presence/counts", 0, 24);
        Assert.All(hours, static hour => Assert.Equal((0, 3600), (hour.Number(P + "time") % 3600, hour.Number(P + "seconds"))));
        Assert.Equal(9, hours.Sum(static hour => hour.Number(P + "packets")));
        Assert.Equal(2, hours.Max(static hour => hour.Number(P + "devices")));
        static (long, long, long, long) Count(JsonElement count) =>
            (count.Number(P + "time"), count.Number(P + "devices"), count.Number(P + "randomised_devices"), count.Number(P + "packets"));
    }

    [Fact]
    public async Task What_is_different_of_the_next_day()
    {
        JsonElement[] changes = await ListAsync("/presence/changes", Day, 2 * Day);
        Assert.Equal(
            [(MacOf(1), "changed", "asks for SSID 'cafe'"), (MacOf(2), "gone", ""), (MacOf(3), "appeared", "")],
            changes.Select(static change => (
                change.Text(P + "macaddr"), change.Text(P + "change"), string.Join(", ", change.GetProperty(P + "changes").EnumerateArray().Select(static text => text.GetString())))).Order());
        // Between two other times nothing but one device went.
        JsonElement other = Assert.Single(await ListAsync("/presence/changes", 5, 6, ("before_from", At(1)), ("before_until", At(3))));
        Assert.Equal((MacOf(2), "gone"), (other.Text(P + "macaddr"), other.Text(P + "change")));
    }

    [Fact]
    public async Task Lists_take_fields_patterns_conditions_and_pages_and_come_in_every_format()
    {
        string range = $$""" "from": {{At(0)}}, "until": {{At(Day)}} """;
        JsonElement one = Assert.Single((await _server.Client.CommandAsync(
            "/presence/devices.json", $$"""{ {{range}}, "fields": ["kismet.presence.macaddr", ["kismet.presence.sources/kismet.presence.source.uuid", "who"]], "where": [["kismet.presence.visits", ">", 1]] }""")).Ok().List);
        Assert.Equal(["kismet.presence.macaddr", "who"], one.EnumerateObject().Select(static field => field.Name));
        Assert.Equal([MacOf(2)], (await _server.Client.CommandAsync("/presence/devices.json", $$"""{ {{range}}, "regex": [["kismet.presence.macaddr", ":02$"]] }""")).Ok().List
            .Select(static device => device.Text(P + "macaddr")));
        JsonElement page = (await _server.Client.CommandAsync(
            "/presence/visits.json", $$"""{ {{range}} }""", ("page", "1"), ("size", "2"), ("sort", P + "dwell"), ("sort_dir", "asc"))).Ok().Json;
        Assert.Equal((3, 3, 2), (page.Number("last_row"), page.Number("total_row"), page.Number("last_page")));
        Assert.Single(page.GetProperty("data").EnumerateArray());
        foreach (string list in (string[])["devices", "visits", "counts", "changes"])
        {
            Assert.Equal((await _server.Client.AskAsync($"/presence/{list}.json?from={At(0)}&until={At(Day)}")).Ok().List.Length,
                (await _server.Client.AskAsync($"/presence/{list}.ekjson?from={At(0)}&until={At(Day)}")).Ok().Lines.Length);
            _ = (await _server.Client.AskAsync($"/presence/{list}.prettyjson?from={At(0)}&until={At(Day)}")).Ok().Json;
        }
    }

    [Theory]
    [InlineData("/presence/devices.json?from=x", "from: 'x' is no time")]
    [InlineData("/presence/devices.json?from=1000&until=50", "from: the time ends before it begins")]
    [InlineData("/presence/devices.json?from=0&until=1700000000", "from: the time is longer than 366 days")]
    [InlineData("/presence/devices.json?source=x", "source: 'x' is no UUID")]
    [InlineData("/presence/counts.json?step=100", "step: expected a multiple of 300, got 100")]
    [InlineData("/presence/counts.json?step=0", "step: expected a multiple of 300, got 0")]
    [InlineData("/presence/visits.json?gap=-1", "gap: expected whole seconds up to 31622400, got -1")]
    [InlineData("/presence/by-key/xyz/slots.json", "key: is no key of a device")]
    [InlineData("/presence/changes.json?before_until=4000000000", "before_until: is after from; in whole five minutes the two times must not overlap")]
    public async Task What_cannot_be_is_refused(string path, string message) => (await _server.Client.AskAsync(path)).Refused(message);

    internal static ProbeFile File((long Slot, byte Device, sbyte Signal, string Ssid)[] packets)
    {
        int n = 0;
        // Radiotap with frequency and signal; a probe request with a sequence number of its own.
        return ProbeFile.Of(
            127,
            packets.Select(packet => Convert.FromHexString(
                "00000D0028000000" + "6C09A000" + $"{(byte)packet.Signal:X2}" + $"40000000FFFFFFFFFFFF0200000000{packet.Device:X2}FFFFFFFFFFFF" + $"{(n++ * 16) & 0xFF:X2}{n >> 4:X2}"
                + $"00{packet.Ssid.Length:X2}{Convert.ToHexString(System.Text.Encoding.ASCII.GetBytes(packet.Ssid))}010402040B16")),
            i => (uint)(Begin + (packets[i].Slot * Slot) + i - ProbeFile.FirstSecond));
    }

    private static string MacOf(byte device) => $"02:00:00:00:00:{device:X2}";

    private static string At(long slot) => $"{Begin + (slot * Slot)}";

    private async Task<string> KeyAsync(byte device) => (await _server.Client.AskAsync("/devices/views/all/devices.json")).Ok().List
        .Single(record => record.Text("kismet.device.base.macaddr") == MacOf(device)).Text("kismet.device.base.key");

    private async Task<JsonElement[]> ListAsync(string path, long from, long until, params (string Key, string Value)[] more) => (await _server.Client.AskAsync(
        $"{path}.json?from={At(from)}&until={At(until)}{string.Concat(more.Select(static one => $"&{one.Key}={one.Value}"))}")).Ok().List;
}
