using System.Globalization;
using System.Net;
using System.Text.Json;

namespace KismetOrleans.Api.Tests.Endpoints;

/// <summary>Devices one by one, by address, by key, by time.</summary>
[Collection(CampusCollection.Name)]
public sealed class DevicesTests(Campus campus)
{
    private const string KeyField = "kismet.device.base.key";
    private const string MacField = "kismet.device.base.macaddr";
    private const string Keys = """{"fields": ["kismet.device.base.key"]}""";
    private readonly HttpClient _client = campus.Client;

    [Fact]
    public async Task All_devices_come_by_the_line_alone()
    {
        Assert.Equal(campus.Devices.Count, (await _client.AskAsync("/devices/all_devices.ekjson")).Ok().Lines.Length);
        JsonElement[] selected = (await _client.CommandAsync("/devices/all_devices.itjson", Keys)).Ok().Lines;
        Assert.Equal(Sorted(campus.Devices.Keys), KeysOf(selected));
        Assert.All(selected, static d => Assert.Single(d.EnumerateObject()));
        foreach (string suffix in (string[])["json", "prettyjson", "tjson", "cmd"])
        {
            (await _client.AskAsync("/devices/all_devices." + suffix)).NotFound();
        }
    }

    [Fact]
    public async Task By_key_gives_one_device_and_takes_a_selection()
    {
        foreach ((string key, JsonElement device) in campus.Devices.Take(5))
        {
            JsonElement whole = (await _client.AskAsync($"/devices/by-key/{key}/device.json")).Ok().Json;
            Assert.Equal(device.Text(MacField), whole.Text(MacField));
            Answer selected = (await _client.CommandAsync($"/devices/by-key/{key}/device.json", """{"fields": ["kismet.device.base.macaddr"]}""")).Ok();
            Assert.Equal($$"""{"kismet.device.base.macaddr": "{{device.Text(MacField)}}"}""", selected.Body);
        }
    }

    [Fact]
    public async Task Signal_over_time_by_sensor_is_told_to_who_names_it()
    {
        const string field = "kismet.device.base.seenby_signal";
        (string key, JsonElement device) = campus.Devices.First(
            static d => d.Value.TryGetProperty("kismet.device.base.signal", out JsonElement heard) && heard.Number("kismet.common.signal.max_signal") < 0);
        string path = $"/devices/by-key/{key}/device.json";
        Assert.False((await _client.AskAsync(path)).Ok().Json.TryGetProperty(field, out _));
        JsonElement asked = (await _client.CommandAsync(path, $$"""{"fields": ["{{field}}"]}""")).Ok().Json.GetProperty(field);
        Assert.Equal(asked.GetArrayLength(), (await _client.AskAsync($"{path}/{field}")).Ok().Json.GetArrayLength());
        JsonElement[] seen = [.. device.GetProperty("kismet.device.base.seenby").EnumerateArray()];
        Assert.Equal(seen.Select(static s => s.Text("kismet.common.seenby.uuid")), asked.EnumerateArray().Select(static s => s.Text("kismet.common.seenby.uuid")));
        for (int i = 0; i < seen.Length; i++)
        {
            double max = seen[i].GetProperty("kismet.common.seenby.signal").Number("kismet.common.signal.max_signal");
            Assert.Equal(max, asked[i].GetProperty("kismet.common.seenby.signal_rrd").GetProperty("kismet.common.rrd.day_vec").EnumerateArray().Min(static v => v.GetDouble()));
        }
    }

    [Fact]
    public async Task Keys_are_taken_in_either_case_and_with_leading_zeros()
    {
        string key = campus.Devices.Keys.First();
        string[] halves = key.Split('_');
        foreach (string form in (string[])[key.ToLowerInvariant(), $"{halves[0]}_{halves[1].PadLeft(16, '0')}"])
        {
            Assert.Equal(key, (await _client.AskAsync($"/devices/by-key/{form}/device.json")).Ok().Json.Text(KeyField));
        }
    }

    [Theory]
    [InlineData("nonsense", "unable to parse string value")]
    [InlineData("4202770D00000000_", "unable to parse string value")]
    [InlineData("4202770D00000000_G", "unable to parse string value")]
    [InlineData("4202770D00000000_1234567890ABCDEF12", "unable to parse string value")]
    [InlineData("4202770D00000000_0", "nonexistent device key")]
    [InlineData("0000000000000000_0", "nonexistent device key")]
    public async Task Bad_and_unknown_keys_are_query_errors(string key, string error)
    {
        (await _client.AskAsync($"/devices/by-key/{key}/device.json")).QueryError(error);
        (await _client.CommandAsync($"/devices/by-key/{key}/device.prettyjson", Keys)).QueryError(error);
        (await _client.AskAsync($"/devices/by-key/{key}/device.json/{MacField}")).QueryError(error);
    }

    [Fact]
    public async Task A_path_below_a_device_gives_the_bare_value()
    {
        (string key, JsonElement device) = campus.Devices.First();
        string path = $"/devices/by-key/{key}/device.json";
        Assert.Equal(device.Text(MacField), (await _client.AskAsync($"{path}/{MacField}")).Ok().Json.GetString());
        Assert.Equal(
            device.Number("kismet.device.base.packets.total"),
            (await _client.AskAsync($"{path}/kismet.device.base.packets.total")).Ok().Json.GetInt64());
        JsonElement signal = (await _client.CommandAsync($"{path}/kismet.device.base.signal", "{}")).Ok().Json;
        Assert.Equal(
            signal.Number("kismet.common.signal.last_signal"),
            (await _client.AskAsync($"{path}/kismet.device.base.signal/kismet.common.signal.last_signal")).Ok().Json.GetInt64());
        Assert.Equal(
            signal.Number("kismet.common.signal.last_signal"),
            (await _client.AskAsync(path.Replace(".json", ".ekjson", StringComparison.Ordinal) + "/kismet.device.base.signal"))
                .Ok().Json.Number("kismet_common_signal_last_signal"));
        Assert.Equal(key, (await _client.AskAsync(path + "/")).Ok().Json.Text(KeyField));
    }

    [Fact]
    public async Task A_path_that_leads_nowhere_is_not_found()
    {
        string path = $"/devices/by-key/{campus.Devices.Keys.First()}/device";
        (await _client.AskAsync($"{path}.json/no.such.field")).NotFound();
        (await _client.AskAsync($"{path}.json/{MacField}/more")).NotFound();
        (await _client.AskAsync($"{path}.xml/{MacField}")).NotFound();
        (await _client.SendAsync(HttpMethod.Put, $"{path}.json/{MacField}", null)).Page(HttpStatusCode.MethodNotAllowed, "405 Method Not Allowed");
    }

    [Fact]
    public async Task By_mac_gives_a_list()
    {
        string mac = campus.Devices.Values.First().Text(MacField);
        foreach (string form in (string[])[mac, mac.ToLowerInvariant(), mac.Replace(':', '-'), mac.Replace(":", "%3A", StringComparison.Ordinal), mac.Replace(":", ""), mac.Replace(":", "").ToLowerInvariant(), Dotted(mac)])
        {
            Assert.Equal(mac, Assert.Single((await _client.AskAsync($"/devices/by-mac/{form}/devices.json")).Ok().List).Text(MacField));
        }
        Assert.Equal(
            $$"""[{"m": "{{mac}}"}]""",
            (await _client.CommandAsync($"/devices/by-mac/{mac}/devices.json", """{"fields": [["kismet.device.base.macaddr","m"]]}""")).Ok().Body);
        Assert.Equal("[]", (await _client.AskAsync("/devices/by-mac/02:00:00:00:00:FE/devices.json")).Ok().Body);
        Assert.Equal("", (await _client.AskAsync("/devices/by-mac/02:00:00:00:00:FE/devices.itjson")).Ok().Body);
        foreach (string wrong in (string[])["02:00", "02:00:00:00:00:GG", "02:00:00:00:00:FE:01", "nonsense"])
        {
            (await _client.AskAsync($"/devices/by-mac/{wrong}/devices.json")).QueryError("unable to parse string value");
        }
    }

    [Fact]
    public async Task Multimac_gives_a_device_for_each_address_then_those_that_any_mask_takes()
    {
        string[] macs = [.. campus.Devices.Values.Take(3).Select(static d => d.Text(MacField))];
        string oui = macs[0][..8];
        string[] ofOui = Sorted(campus.Devices.Values.Select(static d => d.Text(MacField)).Where(m => m.StartsWith(oui, StringComparison.Ordinal)));

        Assert.Equal(macs, await MultiMacAsync([.. macs, "02:00:00:00:00:FE"]));
        Assert.Equal(macs.Reverse(), await MultiMacAsync([.. macs.Reverse()]));
        Assert.Equal(ofOui, Sorted(await MultiMacAsync($"{oui}:00:00:00/FF:FF:FF:00:00:00")));
        Assert.Equal(ofOui, Sorted(await MultiMacAsync($"{oui}:12:34:56/ff:ff:ff:00:00:00", $"{oui}:00:00:00/FF:FF:FF:00:00:00")));
        // What is asked for twice comes once, where Kismet repeats it: 20,000 times one address would be hundreds of megabytes.
        Assert.Equal([macs[1], macs[0]], await MultiMacAsync(macs[1], macs[0], macs[1]));
        string[] both = await MultiMacAsync([.. macs, $"{oui}:00:00:00/FF:FF:FF:00:00:00"]);
        Assert.Equal(macs, both[..macs.Length]);
        Assert.Equal(ofOui, Sorted(both[macs.Length..]));
        Assert.Empty(await MultiMacAsync("00:00:00:00:00:00/00:00:00:00:00:00"));
        Assert.Empty(await MultiMacAsync());
    }

    [Theory]
    [InlineData("{}", "devices: expected an array of MAC addresses")]
    [InlineData("""{"devices": "00:00:00:00:00:01"}""", "devices: expected an array of MAC addresses")]
    public async Task Multimac_without_addresses_is_a_query_error(string command, string error) =>
        (await _client.CommandAsync("/devices/multimac/devices.json", command)).QueryError(error);

    [Fact]
    public async Task Multimac_answers_for_what_are_addresses_and_names_the_others()
    {
        string mac = campus.Devices.Values.First().Text(MacField);
        using FormUrlEncodedContent form = new(new Dictionary<string, string>
        {
            ["json"] = $$"""{"fields":["{{MacField}}"],"devices":["nonsense","{{mac.Replace(":", "").ToLowerInvariant()}}",5,"00:00:00:00:00:01/8","{{Dotted(mac)}}/ffff.ffff.ffff"]}""",
        });
        using HttpResponseMessage response = await _client.PostAsync("/devices/multimac/devices.json", form);
        Assert.Equal(System.Net.HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("devices[0], devices[2], devices[3]", response.Headers.GetValues("X-Skipped").Single());
        // By its address, and by the mask.
        Assert.Equal($$"""[{"{{MacField}}": "{{mac}}"},{"{{MacField}}": "{{mac}}"}]""", await response.Content.ReadAsStringAsync());

        using FormUrlEncodedContent many = new(new Dictionary<string, string> { ["json"] = Command([.. Enumerable.Repeat("?", 150)]) });
        using HttpResponseMessage none = await _client.PostAsync("/devices/multimac/devices.json", many);
        Assert.EndsWith("devices[99], 50 more", none.Headers.GetValues("X-Skipped").Single(), StringComparison.Ordinal);
        Assert.Equal("[]", await none.Content.ReadAsStringAsync());
        using FormUrlEncodedContent good = new(new Dictionary<string, string> { ["json"] = Command([mac]) });
        using HttpResponseMessage all = await _client.PostAsync("/devices/multimac/devices.json", good);
        Assert.False(all.Headers.Contains("X-Skipped"));
    }

    [Fact]
    public async Task Masks_are_bounded()
    {
        string[] masks = [.. Enumerable.Range(0, 65).Select(static i => $"02:00:00:00:00:{i:X2}/FF:FF:FF:FF:FF:00")];
        Assert.Empty(await MultiMacAsync(masks[..64]));
        (await _client.CommandAsync("/devices/multimac/devices.json", Command(masks))).Refused("devices: more than 64 masks");
    }

    [Theory]
    [InlineData("/devices/multimac/devices")]
    [InlineData("/devices/multikey/devices")]
    [InlineData("/devices/multikey/as-object/devices")]
    public async Task Lists_of_names_are_posted_and_bounded(string path)
    {
        (await _client.AskAsync(path + ".json")).Page(HttpStatusCode.MethodNotAllowed, "405 Method Not Allowed");
        (await _client.CommandAsync(path + ".xml", "{}")).NotFound();
        string many = string.Join(',', Enumerable.Repeat("\"00:00:00:00:00:01\"", 20_001));
        (await _client.CommandAsync(path + ".json", $$"""{"devices": [{{many}}]}""")).Refused("devices: more than 20000 asked for");
        (await _client.CommandAsync(path + ".json", """{"devices": ["\ud800"]}""")).Refused("devices[0]: not valid Unicode");
    }

    [Fact]
    public async Task Multikey_keeps_the_order_and_skips_what_is_unknown()
    {
        string[] keys = [.. campus.Devices.Keys.Reverse().Take(4)];
        string command = Command([keys[0], "4202770D00000000_0", .. keys[1..], "0000000000000000_1"]);
        JsonElement[] devices = (await _client.CommandAsync("/devices/multikey/devices.json", command)).Ok().List;
        Assert.Equal(keys, devices.Select(static d => d.Text(KeyField)));
        JsonElement[] lines = (await _client.CommandAsync("/devices/multikey/devices.itjson", command)).Ok().Lines;
        Assert.Equal(keys, lines.Select(static d => d.Text(KeyField)));
        Assert.Equal("", (await _client.CommandAsync("/devices/multikey/devices.itjson", """{"devices": []}""")).Ok().Body);
        Assert.Equal("[]", (await _client.CommandAsync("/devices/multikey/devices.json", """{"devices": []}""")).Ok().Body);
    }

    [Fact]
    public async Task Multikey_as_object_is_keyed_by_the_printed_key()
    {
        string[] keys = [.. campus.Devices.Keys.Take(4)];
        foreach (string format in (string[])["json", "prettyjson", "tjson", "ekjson"])
        {
            JsonElement devices = (await _client.CommandAsync($"/devices/multikey/as-object/devices.{format}", Command([.. keys, keys[0].ToLowerInvariant(), "0_1"])))
                .Ok().Json;
            Assert.Equal(Sorted(keys), Sorted(devices.EnumerateObject().Select(static m => m.Name)));
            string name = format is "tjson" or "ekjson" ? "kismet_device_base_key" : KeyField;
            Assert.All(devices.EnumerateObject(), m => Assert.Equal(m.Name, m.Value.Text(name)));
        }
        Assert.Equal("{}", (await _client.CommandAsync("/devices/multikey/as-object/devices.json", """{"devices": []}""")).Ok().Body);
    }

    [Theory]
    [InlineData("/devices/multikey/devices.json")]
    [InlineData("/devices/multikey/as-object/devices.json")]
    public async Task Multikey_with_bad_keys_is_a_query_error(string path)
    {
        (await _client.CommandAsync(path, """{"devices": ["nonsense"]}""")).QueryError("unable to parse string value");
        (await _client.CommandAsync(path, """{"devices": [5]}""")).QueryError("unable to parse string value");
        (await _client.CommandAsync(path, "{}")).QueryError("devices: expected an array of device keys");
    }

    [Fact]
    public async Task Last_time_is_strictly_newer()
    {
        foreach (long time in campus.Devices.Values.Select(LastTime).Distinct())
        {
            string[] newer = Sorted(campus.Devices.Where(d => LastTime(d.Value) > time).Select(static d => d.Key));
            Assert.Equal(newer, KeysOf((await _client.CommandAsync($"/devices/last-time/{time}/devices.json", Keys)).Ok().List));
        }
    }

    [Fact]
    public async Task Negative_times_count_back_from_now()
    {
        long now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        // An hour of margin on either side of the capture, which is years old.
        long beforeAll = now - campus.Devices.Values.Min(LastTime) + 3600;
        long afterAll = now - campus.Devices.Values.Max(LastTime) - 3600;
        foreach (string path in (string[])["/devices/last-time", "/devices/views/all/last-time", "/devices/views/all/by-time"])
        {
            Assert.Equal(campus.Devices.Count, (await _client.CommandAsync($"{path}/-{beforeAll}/devices.json", Keys)).Ok().List.Length);
            Assert.Equal(campus.Devices.Count, (await _client.CommandAsync($"{path}/{long.MinValue}/devices.json", Keys)).Ok().List.Length);
            Assert.Equal("[]", (await _client.CommandAsync($"{path}/-{afterAll}/devices.json", Keys)).Ok().Body);
            Assert.Equal("[]", (await _client.CommandAsync($"{path}/-1/devices.json", Keys)).Ok().Body);
        }
    }

    [Theory]
    [InlineData("4294967295")]
    [InlineData("4294967296")]
    [InlineData("9223372036854775807")]
    public async Task A_time_in_the_far_future_gives_nothing(string time)
    {
        foreach (string path in (string[])["/devices/last-time", "/devices/views/all/last-time"])
        {
            Assert.Equal("[]", (await _client.AskAsync($"{path}/{time}/devices.json")).Ok().Body);
            Assert.Equal("", (await _client.AskAsync($"{path}/{time}/devices.itjson")).Ok().Body);
        }
    }

    [Theory]
    [InlineData("1.5", true)]
    [InlineData(".5", true)]
    [InlineData("1e3", true)]
    [InlineData("-1e12", true)]
    [InlineData("-60.5", false)]
    [InlineData("-60.0", false)]
    [InlineData("-1e3", false)]
    [InlineData("9223372036854775808", false)]
    public async Task Times_have_fractions_and_exponents(string time, bool all)
    {
        foreach (string path in (string[])["/devices/last-time", "/devices/views/all/last-time", "/devices/views/all/by-time"])
        {
            Assert.Equal(all ? campus.Devices.Count : 0, (await _client.CommandAsync($"{path}/{time}/devices.json", Keys)).Ok().List.Length);
        }
        Assert.Equal(
            all ? campus.Devices.Count : 0, (await _client.CommandAsync("/devices/views/all/devices.json", $$"""{"last_time":"{{time}}","fields":["{{KeyField}}"]}""")).Ok().List.Length);
    }

    [Fact]
    public async Task A_fraction_of_a_second_is_of_its_second()
    {
        long newest = campus.Devices.Values.Max(LastTime);
        int last = campus.Devices.Values.Count(d => LastTime(d) == newest);
        Assert.Equal(last, (await _client.CommandAsync($"/devices/views/all/last-time/{newest}.75/devices.json", Keys)).Ok().List.Length);
        Assert.Equal(last, (await _client.CommandAsync($"/devices/last-time/{newest - 1}.75/devices.json", Keys)).Ok().List.Length);
        Assert.Empty((await _client.CommandAsync($"/devices/last-time/{newest}.75/devices.json", Keys)).Ok().List);
    }

    [Theory]
    [InlineData("soon")]
    [InlineData("-")]
    [InlineData("NaN")]
    [InlineData("1e999")]
    [InlineData("1,5")]
    [InlineData("0x10")]
    public async Task What_is_no_time_is_refused(string time)
    {
        foreach (string path in (string[])["/devices/last-time", "/devices/views/all/last-time", "/devices/views/all/by-time"])
        {
            (await _client.AskAsync($"{path}/{time}/devices.json")).Refused($"time: expected seconds since 1970, or negative ones for seconds ago, got '{time}'");
        }
        (await _client.AskAsync($"/messagebus/last-time/{time}/messages.json")).Refused($"time: expected seconds since 1970, or negative ones for seconds ago, got '{time}'");
    }

    [Fact]
    public async Task Devices_of_a_phy_take_every_filter_of_a_view()
    {
        long time = campus.Devices.Values.Max(LastTime);
        string[] newest = Sorted(campus.Devices.Where(d => LastTime(d.Value) >= time).Select(static d => d.Key));
        string command = string.Create(CultureInfo.InvariantCulture, $$"""{"last_time": {{time}},"fields": ["{{KeyField}}"],"regex": [["{{KeyField}}","_"]]}""");
        Assert.Equal(newest, KeysOf((await _client.CommandAsync("/devices/by-phy/IEEE802.11/devices.ekjson".Replace("ek", "it", StringComparison.Ordinal), command)).Ok().Lines));
        Assert.Equal("[]", (await _client.AskAsync("/devices/by-phy/BTLE/devices.json")).Ok().Body);
        (await _client.AskAsync("/devices/by-phy/ieee802.11/devices.json")).NotFound();
        (await _client.AskAsync("/devices/by-phy/nosuch/devices.json")).NotFound();
    }

    private static long LastTime(JsonElement device) => device.Number("kismet.device.base.last_time");

    private static string Dotted(string mac) => string.Join('.', mac.Replace(":", "").Chunk(4).Select(static four => new string(four)));

    private static string[] Sorted(IEnumerable<string> texts) => [.. texts.Order(StringComparer.Ordinal)];

    private static string[] KeysOf(IEnumerable<JsonElement> devices) => Sorted(devices.Select(static d => d.Text(KeyField)));

    private static string Command(string[] devices) => $$"""{"devices": {{JsonSerializer.Serialize(devices)}}}""";

    private async Task<string[]> MultiMacAsync(params string[] addresses) =>
        [.. (await _client.CommandAsync("/devices/multimac/devices.json", Command(addresses))).Ok().List.Select(static d => d.Text(MacField))];
}
