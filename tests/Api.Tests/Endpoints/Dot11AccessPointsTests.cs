using System.Text.Json;

namespace KismetOrleans.Api.Tests.Endpoints;

/// <summary>The view of access points in every form of both generations: who beacons, answers probes or is ad-hoc, and nobody else.</summary>
[Collection(CampusCollection.Name)]
public sealed class Dot11AccessPointsTests(Campus campus)
{
    private const string View = "/devices/views/phydot11_accesspoints/";
    private const string Key = "kismet.device.base.key";
    private const string Keys = """{"fields":["kismet.device.base.key"]}""";
    private readonly HttpClient _client = campus.Client;

    private JsonElement[] Expected => [.. campus.Devices.Values.Where(static d =>
        d.TryGetProperty("dot11.device", out JsonElement wifi) && (wifi.Number("dot11.device.typeset") & (1 | 2 | 256)) != 0)];

    [Fact]
    public async Task The_list_has_them_by_GET_and_by_POST_in_every_format()
    {
        string[] expected = Sorted(Expected.Select(static d => d.Text(Key)));
        Assert.True(expected.Length > 10);
        Assert.Equal(expected, Sorted((await _client.AskAsync(View + "devices.json")).Ok().List.Select(static d => d.Text(Key))));
        Assert.Equal(expected, Sorted((await _client.CommandAsync(View + "devices.json", Keys)).Ok().List.Select(static d => d.Text(Key))));
        Assert.Equal(expected, Sorted((await _client.CommandAsync(View + "devices.itjson", Keys)).Ok().Lines.Select(static d => d.Text(Key))));
        Assert.Equal(expected, Sorted((await _client.CommandAsync(View + "devices.ekjson", Keys)).Ok().Lines.Select(static d => d.Text("kismet_device_base_key"))));
        Assert.Equal(expected, Sorted((await _client.CommandAsync(View + "devices.prettyjson", Keys)).Ok().List.Select(static d => d.Text(Key))));
    }

    [Fact]
    public async Task Times_choose_in_both_forms_and_in_the_command()
    {
        foreach (long time in Expected.Select(static d => d.Number("kismet.device.base.last_time")).Distinct().Take(10))
        {
            string[] expected = Sorted(Expected.Where(d => d.Number("kismet.device.base.last_time") >= time).Select(static d => d.Text(Key)));
            Assert.Equal(expected, await KeysAsync($"{View}last-time/{time}/devices.json", Keys));
            Assert.Equal(expected, await KeysAsync($"{View}by-time/{time}/devices.json", Keys));
            Assert.Equal(expected, await KeysAsync(View + "devices.json", $$"""{"fields":["{{Key}}"],"last_time":{{time}}}"""));
        }
        Assert.Empty(await KeysAsync(View + "last-time/-60/devices.json", Keys));
    }

    [Fact]
    public async Task Patterns_windows_and_pages_are_of_the_view()
    {
        string name = Expected[0].Text("kismet.device.base.macaddr");
        Assert.Equal([Expected[0].Text(Key)], await KeysAsync(View + "devices.json", $$"""{"fields":["{{Key}}"],"regex":[["kismet.device.base.macaddr","^{{name}}$"]]}"""));
        JsonElement window = (await _client.CommandAsync(View + "devices.json", """{"datatable":true}""", ("start", "0"), ("length", "3"), ("draw", "7"))).Ok().Json;
        Assert.Equal((7, Expected.Length, 3), (window.Number("draw"), window.Number("recordsTotal"), window.GetProperty("data").GetArrayLength()));
        JsonElement page = (await _client.CommandAsync(View + "devices.json", "{}", ("page", "1"), ("length", "3"))).Ok().Json;
        Assert.Equal((Expected.Length, 3), (page.Number("total_row"), page.GetProperty("data").GetArrayLength()));
    }

    private async Task<string[]> KeysAsync(string path, string command) =>
        Sorted((await _client.CommandAsync(path, command)).Ok().List.Select(static d => d.Text(Key)));

    private static string[] Sorted(IEnumerable<string> texts) => [.. texts.Order(StringComparer.Ordinal)];
}
