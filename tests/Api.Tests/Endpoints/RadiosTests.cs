using System.Net;
using System.Text.Json;

namespace KismetOrleans.Api.Tests.Endpoints;

/// <summary>A server that has heard Bluetooth, by a sniffer and by a controller, and 802.15.4.</summary>
public sealed class Radios : IAsyncLifetime
{
    // ADV_IND of C0:00:00:00:00:01: name "abc", service 180F.
    private readonly ProbeFile _sniffer = ProbeFile.Of(251, [Hex("D6BE898E 400F 0100000000C0 0409616263 03030F18")]);

    // Inquiry result with RSSI of 00:11:22:33:44:55: a smartphone at −60 dBm. Then a command, which tells of nobody.
    private readonly ProbeFile _controller = ProbeFile.Of(201, [Hex("00000001 04 22 0F 01 554433221100 01 00 0C025A 0000 C4"), Hex("00000000 01 030C 00")]);

    // TAP: −58 dBm, channel 15. A beacon of 00:17:88:01:02:03:04:05 in network 1A62, and data to it from its short address 6F5C.
    private readonly ProbeFile _zigbee = ProbeFile.Of(
        283,
        [
            Hex("0000 1400 0100 0400 000068C2 0300 0300 0F0000 00" + "00C0 2A 621A 0504030201881700 FFCF0000"),
            Hex("0000 1400 0100 0400 000068C2 0300 0300 0F0000 00" + "618C 35 621A 0504030201881700 5C6F 4802"),
        ]);

    private TestServer? _server;

    /// <summary>A client of the server.</summary>
    internal HttpClient Client => _server!.Client;

    /// <inheritdoc/>
    public async Task InitializeAsync() => _server = await TestServer.ReplayAsync(_sniffer.Path, _controller.Path, _zigbee.Path);

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        await _server!.DisposeAsync();
        _sniffer.Dispose();
        _controller.Dispose();
        _zigbee.Dispose();
    }

    private static byte[] Hex(string hex) => Convert.FromHexString(hex.Replace(" ", ""));
}

/// <summary>Devices of other radios than Wi-Fi are found by phy, key and address, like all others.</summary>
public sealed class RadiosTests(Radios radios) : IClassFixture<Radios>
{
    private const string Extended = "00:17:88:01:02:03:04:05";
    private readonly HttpClient _client = radios.Client;

    [Theory]
    [InlineData("BTLE", 1, 1)]
    [InlineData("Bluetooth", 1, 2)]
    [InlineData("802.15.4", 2, 2)]
    [InlineData("IEEE802.11", 0, 0)]
    public async Task Each_phy_has_its_view_and_its_counts(string phy, int devices, int packets)
    {
        Assert.Equal(devices, (await _client.AskAsync($"/devices/views/phy-{phy}/devices.json")).Ok().List.Length);
        JsonElement counts = (await _client.AskAsync("/phy/all_phys.json")).Ok().List.Single(p => p.Text("kismet.phy.phy_name") == phy);
        Assert.Equal((devices, packets), (counts.Number("kismet.phy.device_count"), counts.Number("kismet.phy.packet_count")));
        JsonElement view = (await _client.AskAsync("/devices/views/all_views.json")).Ok().List.Single(v => v.Text("kismet.devices.view.id") == "phy-" + phy);
        Assert.Equal(devices, view.Number("kismet.devices.view.size"));
    }

    [Fact]
    public async Task A_sniffed_advertiser_has_flags_and_services()
    {
        JsonElement device = (await _client.AskAsync("/devices/by-mac/C0:00:00:00:00:01/devices.json")).Ok().List.Single();
        Assert.Equal(("BTLE", "abc"), (device.Text("kismet.device.base.phyname"), device.Text("kismet.device.base.name")));
        Assert.Equal(
            "0000180F-0000-1000-8000-00805F9B34FB",
            device.GetProperty("bluetooth.device").GetProperty("bluetooth.device.service_uuid_vec").EnumerateArray().Single().GetString());
        Assert.True(device.TryGetProperty("btle.device", out _));
    }

    [Fact]
    public async Task A_device_that_the_controller_tells_of_has_class_and_signal()
    {
        JsonElement device = (await _client.AskAsync("/devices/by-mac/00:11:22:33:44:55/devices.json")).Ok().List.Single();
        Assert.Equal(("BR/EDR", "FHSS"), (device.Text("kismet.device.base.type"), device.Text("kismet.device.base.channel")));
        Assert.Equal("Phone", device.GetProperty("bluetooth.device").Text("bluetooth.device.major_class"));
        Assert.Equal(-60, device.GetProperty("kismet.device.base.signal").Number("kismet.common.signal.last_signal"));
    }

    [Theory]
    [InlineData(Extended)]
    [InlineData("00-17-88-01-02-03-04-05")]
    [InlineData("00:17:88:01:02:03:04:05", "/devices/by-mac/{0}/devices.prettyjson")]
    public async Task An_extended_address_is_one_like_others(string address, string path = "/devices/by-mac/{0}/devices.json")
    {
        JsonElement device = (await _client.AskAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, path, address))).Ok().List.Single();
        Assert.Equal((Extended, Extended), (device.Text("kismet.device.base.macaddr"), device.Text("kismet.device.base.commonname")));
        string key = device.Text("kismet.device.base.key");
        Assert.EndsWith("_504030201881700", key, StringComparison.Ordinal);
        JsonElement same = (await _client.AskAsync($"/devices/by-key/{key}/device.json")).Ok().Json;
        Assert.Equal(Extended, same.Text("kismet.device.base.macaddr"));
        Assert.Equal((0x1A62, 1), (same.GetProperty("802154.device").Number("802154.device.pan_id"), same.GetProperty("802154.device").Number("802154.device.coordinator")));
        Assert.Equal((1, 1, "15"), (
            same.Number("kismet.device.base.packets.tx_total"), same.Number("kismet.device.base.packets.rx_total"), same.Text("kismet.device.base.channel")));
    }

    [Fact]
    public async Task A_short_address_is_found_with_its_network()
    {
        JsonElement device = (await _client.AskAsync("/devices/by-mac/02:00:1A:62:6F:5C/devices.json")).Ok().List.Single();
        Assert.Equal(("802.15.4", 0x6F5C), (device.Text("kismet.device.base.phyname"), device.GetProperty("802154.device").Number("802154.device.short_address")));
        string key = device.Text("kismet.device.base.key");
        Assert.Equal("02:00:1A:62:6F:5C", (await _client.AskAsync($"/devices/by-key/{key}/device.json")).Ok().Json.Text("kismet.device.base.macaddr"));
    }

    [Fact]
    public async Task Several_addresses_may_be_asked_for_at_once()
    {
        Answer answer = await _client.CommandAsync("/devices/multimac/devices.json", $$"""{"devices":["{{Extended}}","C0:00:00:00:00:01"],"fields":["kismet.device.base.macaddr"]}""");
        Assert.Equal([Extended, "C0:00:00:00:00:01"], answer.Ok().List.Select(static d => d.Text("kismet.device.base.macaddr")));
    }

    [Theory]
    [InlineData("01:17:88:01:02:03:04:05")] // a group's
    [InlineData("00:17:88:01:02:03:04")]
    public async Task What_is_no_address_is_an_error(string address) =>
        Assert.Equal(HttpStatusCode.InternalServerError, (await _client.AskAsync($"/devices/by-mac/{address}/devices.json")).Status);
}
