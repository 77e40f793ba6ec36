using System.Text.Json;

namespace KismetOrleans.Api.Tests.Endpoints;

/// <summary>Wi-Fi devices that belong together: clients of an access point, and all that hang together.</summary>
[Collection(CampusCollection.Name)]
public sealed class Dot11RelationsTests(Campus campus)
{
    private const string Key = "kismet.device.base.key";
    private const string Keys = """{"fields":["kismet.device.base.key"]}""";
    private const string NoSuch = "4202770D00000000_99";
    private readonly HttpClient _client = campus.Client;

    [Fact]
    public async Task Clients_of_an_access_point_are_those_of_its_map()
    {
        int clients = 0;
        foreach ((string key, JsonElement device) in campus.Devices)
        {
            string[] expected = Sorted(ClientsOf(device).Where(campus.Devices.ContainsKey));
            clients += expected.Length;
            Assert.Equal(expected, await KeysAsync($"/phy/phy80211/clients-of/{key}/clients.json"));
        }
        Assert.True(clients > 10, $"{clients} clients");
    }

    [Theory]
    [InlineData(false, "")]
    [InlineData(true, "?networks=true")]
    public async Task Related_are_the_device_itself_its_clients_and_theirs_and_on_request_all_that_hang_together(bool networks, string query)
    {
        Dictionary<string, HashSet<string>> neighbours = campus.Devices.ToDictionary(
            static d => d.Key, d => networks ? NeighboursOf(d.Value) : [.. ClientsOf(d.Value)]);
        foreach (string key in campus.Devices.Keys.Take(40))
        {
            HashSet<string> expected = [];
            Queue<string> edge = new([key]);
            while (edge.TryDequeue(out string? next))
            {
                if (expected.Add(next))
                {
                    foreach (string neighbour in neighbours.GetValueOrDefault(next, []))
                    {
                        edge.Enqueue(neighbour);
                    }
                }
            }
            Assert.Equal(Sorted(expected.Where(campus.Devices.ContainsKey)), await KeysAsync($"/phy/phy80211/related-to/{key}/devices.json{query}"));
        }
    }

    [Theory]
    [InlineData("clients-of/{0}/clients")]
    [InlineData("related-to/{0}/devices")]
    public async Task All_forms_have_the_same_devices(string path)
    {
        string ap = campus.Devices.First(static d => ClientsOf(d.Value).Length > 1).Key;
        string base_ = "/phy/phy80211/" + string.Format(System.Globalization.CultureInfo.InvariantCulture, path, ap);
        string[] expected = await KeysAsync(base_ + ".json");
        Assert.True(expected.Length > 1);
        Assert.Equal(expected, Sorted((await _client.AskAsync(base_ + ".prettyjson")).Ok().List.Select(static d => d.Text(Key))));
        Assert.Contains($"\"description.{Key}\"", (await _client.AskAsync(base_ + ".prettyjson")).Body, StringComparison.Ordinal);
        Assert.Equal(expected, Sorted((await _client.AskAsync(base_ + ".itjson")).Ok().Lines.Select(static d => d.Text(Key))));
        Assert.Equal(expected, Sorted((await _client.AskAsync(base_ + ".ekjson")).Ok().Lines.Select(static d => d.Text("kismet_device_base_key"))));
        // A GET has whole records, a POST those fields that it asks for.
        Assert.True((await _client.AskAsync(base_ + ".json")).Ok().List[0].TryGetProperty("dot11.device", out _));
        Assert.Single((await _client.CommandAsync(base_ + ".json", Keys)).Ok().List[0].EnumerateObject());
    }

    [Theory]
    [InlineData("clients-of/{0}/clients")]
    [InlineData("related-to/{0}/devices")]
    public async Task Who_is_not_there_has_none_and_a_bad_key_is_an_error(string path)
    {
        string At(string key, string suffix) => "/phy/phy80211/" + string.Format(System.Globalization.CultureInfo.InvariantCulture, path, key) + suffix;
        foreach (string key in (string[])[NoSuch, "1234567800000000_99"])
        {
            Assert.Equal("[]", (await _client.AskAsync(At(key, ".json"))).Ok().Body);
            Assert.Equal("[]", (await _client.CommandAsync(At(key, ".json"), Keys)).Ok().Body);
            Assert.Equal("", (await _client.AskAsync(At(key, ".itjson"))).Ok().Body);
        }
        (await _client.AskAsync(At("nonsense", ".json"))).QueryError("unable to parse string value");
        (await _client.AskAsync(At(NoSuch, ".nosuch"))).NotFound();
        (await _client.CommandAsync(At(NoSuch, ".json"), """{"fields":1}""")).Error(System.Net.HttpStatusCode.BadRequest, "Invalid request: fields: expected an array");
    }

    private static string[] ClientsOf(JsonElement device) =>
        device.TryGetProperty("dot11.device", out JsonElement wifi) && wifi.TryGetProperty("dot11.device.associated_client_map", out JsonElement map)
            ? [.. map.EnumerateObject().Select(static client => client.Value.GetString()!)] : [];

    private static HashSet<string> NeighboursOf(JsonElement device)
    {
        HashSet<string> all = [.. ClientsOf(device)];
        if (device.TryGetProperty("dot11.device", out JsonElement wifi) && wifi.TryGetProperty("dot11.device.client_map", out JsonElement map))
        {
            all.UnionWith(map.EnumerateObject().Select(static network =>
                "4202770D00000000_" + string.Concat(network.Name.Split(':').Reverse()).TrimStart('0')));
        }
        return all;
    }

    private static string[] Sorted(IEnumerable<string> texts) => [.. texts.Order(StringComparer.Ordinal)];

    private async Task<string[]> KeysAsync(string path) => Sorted((await _client.CommandAsync(path, Keys)).Ok().List.Select(static d => d.Text(Key)));
}
