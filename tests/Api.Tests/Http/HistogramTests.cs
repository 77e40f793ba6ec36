using System.Text.Json;

namespace KismetOrleans.Api.Tests.Http;

/// <summary>Histograms of views count the very devices that their lists have, under the same filters.</summary>
[Collection(CampusCollection.Name)]
public sealed class HistogramTests(Campus campus)
{
    private const string Packets = "kismet.device.base.packets.total";
    private const string Signal = "kismet.device.base.signal/kismet.common.signal.last_signal";
    private const string Path = "/devices/views/all/histogram.json";
    private readonly HttpClient _client = campus.Client;

    private long[] All => [.. campus.Devices.Values.Select(static d => d.Number(Packets))];

    [Fact]
    public async Task Devices_are_counted_by_bucket_and_outside()
    {
        JsonElement histogram = (await _client.CommandAsync(Path, $$"""{"field":"{{Packets}}","from":2,"to":12,"buckets":5}""")).Ok().Json;
        Assert.Equal(
            ["kismet.histogram.from", "kismet.histogram.to", "kismet.histogram.counts", "kismet.histogram.below", "kismet.histogram.above", "kismet.histogram.absent", "kismet.histogram.total"],
            histogram.EnumerateObject().Select(static m => m.Name));
        Assert.Equal((2, 12), (histogram.Real("kismet.histogram.from"), histogram.Real("kismet.histogram.to")));
        Assert.Equal(Enumerable.Range(0, 5).Select(i => All.LongCount(n => n >= 2 + (2 * i) && n < 4 + (2 * i))), Counts(histogram));
        Assert.Equal(
            (All.LongCount(static n => n < 2), All.LongCount(static n => n >= 12), 0L, (long)campus.Devices.Count),
            (histogram.Number("kismet.histogram.below"), histogram.Number("kismet.histogram.above"), histogram.Number("kismet.histogram.absent"), histogram.Number("kismet.histogram.total")));
        Assert.True(Counts(histogram).Sum() > 0 && histogram.Number("kismet.histogram.above") > 0);
    }

    [Fact]
    public async Task Variables_do_for_a_get()
    {
        JsonElement histogram = (await _client.AskAsync($"{Path}?field={Packets}&from=0&to=1e6&buckets=1")).Ok().Json;
        Assert.Equal([campus.Devices.Count], Counts(histogram));
        // A hundred of them, unless it is said.
        Assert.Equal(100, Counts((await _client.AskAsync($"{Path}?field={Packets}&from=0&to=1e6")).Ok().Json).Length);
    }

    [Theory]
    [InlineData("/devices/views/all", "")]
    [InlineData("/devices/views/phy-IEEE802.11", "")]
    [InlineData("/devices/views/phy/IEEE802.11", "")]
    [InlineData("/devices/views/seenby-uuid/{uuid}", "")]
    [InlineData("/devices/views/phydot11_accesspoints", "")]
    [InlineData("/devices/views/all", ""","regex":[["kismet.device.base.type","AP$"]]""")]
    [InlineData("/devices/views/all", ""","where":[["kismet.device.base.packets.total",">",3],["kismet.device.base.type","=","Wi-Fi AP"]]""")]
    [InlineData("/devices/views/all", ""","last_time":1""")]
    [InlineData("/devices/views/all", ""","fields":["kismet.device.base.name"],"search":"campus" """)]
    public async Task The_same_devices_as_in_the_list(string view, string filter)
    {
        string path = campus.Fill(view);
        string command = filter.Contains("search", StringComparison.Ordinal) ? """{"fields":["kismet.device.base.name"]}""" : $$"""{"x":0{{filter}}}""";
        (string, string)[] search = filter.Contains("search", StringComparison.Ordinal) ? [("search", "campus")] : [];
        int expected = (await _client.CommandAsync($"{path}/devices.json", command, search)).Ok().List.Length;
        JsonElement histogram = (await _client.CommandAsync($"{path}/histogram.json", $$"""{"field":"{{Packets}}","from":0,"to":1000000,"buckets":7{{filter}}}""")).Ok().Json;
        Assert.True(expected > 0);
        Assert.Equal((expected, expected), (Counts(histogram).Sum(), histogram.Number("kismet.histogram.total")));
    }

    [Fact]
    public async Task Signals_are_negative_and_times_relative()
    {
        long[] signals = [.. campus.Devices.Values.Where(HasSignal).Select(static d => d.GetProperty("kismet.device.base.signal").Number("kismet.common.signal.last_signal"))];
        JsonElement histogram = (await _client.CommandAsync(Path, $$"""{"field":"{{Signal}}","from":-100,"to":0,"buckets":10}""")).Ok().Json;
        Assert.Equal(-100, histogram.Real("kismet.histogram.from"));
        Assert.Equal(Enumerable.Range(0, 10).Select(i => signals.LongCount(s => s >= -100 + (10 * i) && s < -90 + (10 * i))), Counts(histogram));
        // Changed within the hour: the replay has just been.
        JsonElement changed = (await _client.CommandAsync(Path, """{"field":"kismet.device.base.mod_time","from":-3600,"buckets":2}""")).Ok().Json;
        Assert.Equal(campus.Devices.Count, Counts(changed).Sum());
        Assert.Equal(3601, changed.Real("kismet.histogram.to") - changed.Real("kismet.histogram.from"));
    }

    [Fact]
    public async Task Devices_without_the_field_are_absent()
    {
        int with = campus.Devices.Values.Count(HasSignal);
        JsonElement histogram = (await _client.CommandAsync(Path, $$"""{"field":"{{Signal}}","from":-1000,"to":1000,"buckets":1}""")).Ok().Json;
        Assert.InRange(with, 1, campus.Devices.Count - 1);
        Assert.Equal(
            (with, campus.Devices.Count - with, campus.Devices.Count),
            (Counts(histogram).Sum(), histogram.Number("kismet.histogram.absent"), histogram.Number("kismet.histogram.total")));
    }

    [Theory]
    [InlineData("{}", "field: is missing")]
    [InlineData("""{"field":"no.such.field","from":0,"to":1}""", "field: 'no.such.field' is no field that is a number")]
    [InlineData("""{"field":"kismet.device.base.name","from":0,"to":1}""", "field: 'kismet.device.base.name' is no field that is a number")]
    [InlineData("""{"field":"kismet.device.base.macaddr","from":0,"to":1}""", "field: 'kismet.device.base.macaddr' is no field that is a number")]
    [InlineData("""{"field":"kismet.device.base.packets.total","to":1}""", "from: is missing")]
    [InlineData("""{"field":"kismet.device.base.packets.total","from":1}""", "to: is missing")]
    [InlineData("""{"field":"kismet.device.base.packets.total","from":1,"to":1}""", "to: expected more than from")]
    [InlineData("""{"field":"kismet.device.base.packets.total","from":"x","to":1}""", "from: expected a number, got 'x'")]
    [InlineData("""{"field":"kismet.device.base.packets.total","from":0,"to":1,"buckets":0}""", "buckets: expected a whole number from 1 to 1000")]
    [InlineData("""{"field":"kismet.device.base.packets.total","from":0,"to":1,"buckets":1001}""", "buckets: expected a whole number from 1 to 1000")]
    [InlineData("""{"field":"kismet.device.base.packets.total","from":0,"to":1,"buckets":1.5}""", "buckets: expected a whole number from 1 to 1000")]
    [InlineData("""{"field":"kismet.device.base.packets.total","from":0,"to":1,"where":[1]}""", "where[0]: expected [field, operator, value]")]
    public async Task What_cannot_be_counted_is_refused(string command, string reason) => (await _client.CommandAsync(Path, command)).Refused(reason);

    [Fact]
    public async Task An_unknown_view_is_not_found() =>
        (await _client.CommandAsync("/devices/views/none/histogram.json", $$"""{"field":"{{Packets}}","from":0,"to":1}""")).NotFound();

    private static bool HasSignal(JsonElement device) => device.TryGetProperty("kismet.device.base.signal", out _);

    private static long[] Counts(JsonElement histogram) => [.. histogram.GetProperty("kismet.histogram.counts").EnumerateArray().Select(static c => c.GetInt64())];
}
