using System.Globalization;
using System.Text.Json;

namespace KismetOrleans.Api.Tests.Endpoints;

/// <summary>SSIDs and their devices: what the devices' records add up to, whole, page by page, and one by one.</summary>
[Collection(CampusCollection.Name)]
public sealed class Dot11SsidsTests(Campus campus)
{
    private const string View = "/phy/phy80211/ssids/views/ssids.json";
    private const string G = "dot11.ssidgroup.";
    private readonly HttpClient _client = campus.Client;

    [Fact]
    public async Task Groups_are_what_the_records_of_devices_add_up_to()
    {
        SortedDictionary<string, string> expected = new(StringComparer.Ordinal);
        foreach (IGrouping<string, Named> group in Names().GroupBy(static n => $"{n.Hash} {n.Crypt} {n.Ssid}"))
        {
            expected.Add(group.Key, string.Join(';',
                group.Min(static n => n.First), group.Max(static n => n.Last), Share(group, "advertised"), Share(group, "responded"), Share(group, "probed")));
        }
        SortedDictionary<string, string> found = new(StringComparer.Ordinal);
        foreach (JsonElement g in (await _client.AskAsync(View)).Ok().List)
        {
            found.Add($"{g.Number(G + "hash")} {g.Number(G + "crypt_set")} {g.Text(G + "ssid")}", string.Join(';',
                g.Number(G + "first_time"), g.Number(G + "last_time"), Of(g, "advertising"), Of(g, "responding"), Of(g, "probing")));
        }
        Assert.Equal(expected, found);
        Assert.True(found.Count > 10);

        static string Share(IEnumerable<Named> all, string kind)
        {
            string[] keys = [.. all.Where(n => n.Kind == kind).Select(static n => n.Key).Order(StringComparer.Ordinal)];
            return $"{keys.Length}: {string.Join(' ', keys)}";
        }
    }

    [Fact]
    public async Task Pages_join_to_the_list_in_any_order()
    {
        JsonElement[] all = (await _client.AskAsync(View)).Ok().List;
        foreach (string sort in (string[])["", "dot11.ssidgroup.ssid", "dot11.ssidgroup.last_time", "dot11.ssidgroup.probing_devices_len", "dot11.ssidgroup.crypt_string"])
        {
            foreach (string direction in (string[])["asc", "desc"])
            {
                List<string> rows = [];
                for (int page = 0; page * 7 < all.Length; page++)
                {
                    JsonElement answer = (await _client.CommandAsync(
                        View, "{}", ("page", $"{page}"), ("length", "7"), ("sort", sort), ("sort_dir", direction))).Ok().Json;
                    Assert.Equal((all.Length, all.Length, (all.Length + 6) / 7), (answer.Number("last_row"), answer.Number("total_row"), answer.Number("last_page")));
                    rows.AddRange(answer.GetProperty("data").EnumerateArray().Select(Canonical));
                }
                Assert.Equal(all.Select(Canonical).Order(StringComparer.Ordinal), rows.Order(StringComparer.Ordinal));
            }
        }
    }

    [Fact]
    public async Task Ascending_means_descending_as_in_pages_of_devices()
    {
        Assert.Equal(await FirstAsync("desc"), (await NumbersAsync()).Min());
        Assert.Equal(await FirstAsync("asc"), (await NumbersAsync()).Max());

        async Task<long> FirstAsync(string direction) => (await _client.CommandAsync(
            View, """{"fields": ["dot11.ssidgroup.last_time"]}""", ("page", "0"), ("size", "1"), ("sort", G + "last_time"), ("sort_dir", direction)))
            .Ok().Json.GetProperty("data")[0].Number(G + "last_time");

        async Task<long[]> NumbersAsync() => [.. (await _client.AskAsync(View)).Ok().List.Select(static g => g.Number(G + "last_time"))];
    }

    [Fact]
    public async Task Fields_searches_patterns_and_times_choose()
    {
        JsonElement[] all = (await _client.AskAsync(View)).Ok().List;
        string ssid = all.Select(static g => g.Text(G + "ssid")).First(static text => text.Length > 3 && text.All(char.IsAsciiLetter));
        string[] expected = [.. all.Select(static g => g.Text(G + "ssid")).Where(text => text.Contains(ssid, StringComparison.OrdinalIgnoreCase)).Order(StringComparer.Ordinal)];
        const string Fields = "\"fields\": [\"dot11.ssidgroup.ssid\",[\"dot11.ssidgroup.advertising_devices_len\",\"n\"]]";
        JsonElement[] searched = (await _client.CommandAsync(View, $$"""{{{Fields}}}""", ("search", ssid.ToUpperInvariant()))).Ok().List;
        Assert.Equal(expected, searched.Select(static g => g.Text(G + "ssid")).Order(StringComparer.Ordinal));
        Assert.All(searched, static g => Assert.Equal([G + "ssid", "n"], g.EnumerateObject().Select(static m => m.Name)));

        JsonElement page = (await _client.CommandAsync(View, "{}", ("search", ssid), ("page", "0"), ("length", "500"))).Ok().Json;
        Assert.Equal((expected.Length, all.Length), (page.Number("last_row"), page.Number("total_row")));

        JsonElement[] matching = (await _client.CommandAsync(View, $$"""{"regex": [["dot11.ssidgroup.ssid","^{{ssid}}$"]]}""")).Ok().List;
        Assert.All(matching, g => Assert.Equal(ssid, g.Text(G + "ssid")));
        Assert.NotEmpty(matching);

        foreach (long time in all.Select(static g => g.Number(G + "last_time")).Distinct())
        {
            Assert.Equal(
                all.Count(g => g.Number(G + "last_time") >= time), (await _client.CommandAsync(View, $$"""{"last_time": {{time}}}""")).Ok().List.Length);
        }
        Assert.Empty((await _client.CommandAsync(View, """{"last_time": -60}""")).Ok().List);
    }

    [Fact]
    public async Task One_is_found_by_its_hash()
    {
        foreach (JsonElement group in (await _client.AskAsync(View)).Ok().List)
        {
            string path = $"/phy/phy80211/ssids/by-hash/{group.Number(G + "hash")}/ssid";
            Assert.Equal(Canonical(group), Canonical((await _client.AskAsync($"{path}.json?crypt_set={group.Number(G + "crypt_set")}")).Ok().Json));
            Assert.Equal(group.Text(G + "ssid"), (await _client.AskAsync(path + ".json")).Ok().Json.Text(G + "ssid"));
            Assert.Contains($"\"description.{G}ssid\": \"string-pointer, ", (await _client.AskAsync(path + ".prettyjson")).Ok().Body, StringComparison.Ordinal);
            Assert.Equal(
                $$"""{"dot11.ssidgroup.hash": {{group.Number(G + "hash")}}}""",
                (await _client.CommandAsync(path + ".json", """{"fields": ["dot11.ssidgroup.hash"]}""")).Ok().Body);
        }
    }

    [Fact]
    public async Task What_is_not_there_is_an_error()
    {
        (await _client.AskAsync("/phy/phy80211/ssids/by-hash/1/ssid.json")).QueryError("unknown ssid");
        (await _client.AskAsync("/phy/phy80211/ssids/by-hash/nonsense/ssid.json")).QueryError("unable to parse string value");
        (await _client.AskAsync("/phy/phy80211/ssids/by-hash/1/ssid.nosuch")).NotFound();
        (await _client.AskAsync("/phy/phy80211/ssids/views/ssids.nosuch")).NotFound();
        (await _client.CommandAsync(View, """{"last_time": "soon"}""")).Refused("last_time: expected a number of seconds");
        (await _client.CommandAsync(View, "{}", ("page", "first"))).Refused("page: expected a number, got 'first'");
        Assert.Equal(System.Net.HttpStatusCode.BadRequest, (await _client.CommandAsync(View, """{"regex": [["dot11.ssidgroup.ssid","("]]}""")).Status);
    }

    [Fact]
    public async Task Lines_and_indented_lists_have_all_of_them()
    {
        int count = (await _client.AskAsync(View)).Ok().List.Length;
        Assert.Equal(count, (await _client.AskAsync("/phy/phy80211/ssids/views/ssids.itjson")).Ok().Lines.Length);
        Assert.Equal(count, (await _client.AskAsync("/phy/phy80211/ssids/views/ssids.ekjson")).Ok().Lines.Length);
        Assert.Equal(count, (await _client.AskAsync("/phy/phy80211/ssids/views/ssids.prettyjson")).Ok().List.Length);
        Assert.True((await _client.AskAsync("/phy/phy80211/ssids/views/ssids.tjson")).Ok().List[0].TryGetProperty("dot11_ssidgroup_hash", out _));
    }

    private sealed record Named(string Key, string Kind, long Hash, uint Crypt, string Ssid, long First, long Last);

    private IEnumerable<Named> Names()
    {
        foreach ((string key, JsonElement device) in campus.Devices.Where(static d => d.Value.TryGetProperty("dot11.device", out _)))
        {
            foreach ((string kind, string record) in ((string, string)[])[("advertised", "advertised"), ("responded", "advertised"), ("probed", "probed")])
            {
                if (device.GetProperty("dot11.device").TryGetProperty($"dot11.device.{kind}_ssid_map", out JsonElement map))
                {
                    string p = $"dot11.{record}ssid.";
                    foreach (JsonElement ssid in map.EnumerateArray().Where(s => s.Number(p + "ssidlen") > 0))
                    {
                        // Probed SSIDs have no hash in their record.
                        long hash = record == "advertised" ? ssid.Number(p + "ssid_hash") : HashOf(ssid.Text(p + "ssid"));
                        // A hidden one is in the group of its length, be its name known or not.
                        string name = record == "advertised" && ssid.Number(p + "cloaked") > 0 ? "" : ssid.Text(p + "ssid");
                        yield return new(
                            key, kind, hash, (uint)ssid.GetProperty(p + "crypt_bitfield").GetUInt64(), name, ssid.Number(p + "first_time"), ssid.Number(p + "last_time"));
                    }
                }
            }
        }
    }

    private static long HashOf(string ssid)
    {
        byte[] bytes = System.Text.Encoding.UTF8.GetBytes(ssid);
        return Wire.Hashing.XxHash32.Compute([.. bytes, (byte)bytes.Length, 0, 0, 0]);
    }

    private static string Of(JsonElement group, string kind)
    {
        string[] keys = [.. group.GetProperty($"{G}{kind}_devices").EnumerateArray().Select(static k => k.GetString()!).Order(StringComparer.Ordinal)];
        Assert.Equal(keys.Length, group.Number($"{G}{kind}_devices_len"));
        return $"{keys.Length}: {string.Join(' ', keys)}";
    }

    private static string Canonical(JsonElement group) => string.Create(CultureInfo.InvariantCulture,
        $"{group.Number(G + "hash")} {group.Number(G + "crypt_set")} {group.Number(G + "first_time")} {Of(group, "advertising")} {Of(group, "responding")} {Of(group, "probing")}");
}
