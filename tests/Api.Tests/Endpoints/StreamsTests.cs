using System.Text.Json;
using KismetOrleans.Api.Tests.Streams;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Files;

namespace KismetOrleans.Api.Tests.Endpoints;

/// <summary>Packets reach whoever asks for them, and the list of streams says who that is.</summary>
public sealed class StreamsTests : IAsyncLifetime
{
    private const string All = "/pcap/all_packets.pcapng";
    private const string Key = "4202770D00000000_BC9A78563412";
    private static readonly MacAddress s_ap = new(0x1234_5678_9ABC);
    private static readonly MacAddress s_client = new(0x0200_0000_0001);
    private static readonly MacAddress s_other = new(0x0200_0000_0002);
    private TestServer _server = null!;
    private LiveSource _lobby = null!;

    public async Task InitializeAsync()
    {
        _server = await TestServer.StartAsync("--Storage:Sqlite", "none");
        _lobby = await LiveSource.AddAsync(_server, "lobby");
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData(All, "kismet-all-packets.pcapng")]
    [InlineData("/datasource/pcap/all_sources.pcapng", "kismet-all-packets.pcapng")]
    [InlineData("/datasource/pcap/by-uuid/{uuid}/packets.pcapng", "kismet-datasource-lobby-{uuid}.pcapng")]
    [InlineData("/datasource/pcap/by-uuid/{uuid}/{uuid}.pcapng", "kismet-datasource-lobby-{uuid}.pcapng")]
    [InlineData("/devices/pcap/by-key/" + Key + "/packets.pcapng", "kismet-device-" + Key + ".pcapng")]
    [InlineData("/devices/by-key/" + Key + "/pcap/" + Key + ".pcapng", "kismet-device-" + Key + ".pcapng")]
    [InlineData("/devices/by-key/1_2/pcap/1_2.pcapng", "kismet-device-1_2.pcapng")]
    [InlineData("/phy/phy80211/pcap/by-bssid/12:34:56:78:9A:BC/packets.pcapng", "kismet-80211-bssid-12:34:56:78:9A:BC.pcapng")]
    [InlineData("/phy/phy80211/pcap/by-bssid/12:34:56:78:9a:bc/packets.pcapng.pcapng", "kismet-80211-bssid-12:34:56:78:9A:BC.pcapng")]
    [InlineData("/phy/phy80211/by-bssid/12:34:56:78:9A:BC/pcap/12:34:56:78:9A:BC.pcapng", "kismet-80211-bssid-12:34:56:78:9A:BC.pcapng")]
    public async Task Each_path_opens_a_file_at_once(string path, string name)
    {
        using PcapngClient client = await PcapngClient.OpenAsync(_server, path.Replace("{uuid}", _lobby.Uuid, StringComparison.Ordinal));
        Assert.Equal("application/vnd.tcpdump.pcap", client.Response.Content.Headers.ContentType?.ToString());
        Assert.Equal(
            $"attachment; filename=\"{name.Replace("{uuid}", _lobby.Uuid, StringComparison.Ordinal)}\"",
            client.Response.Content.Headers.GetValues("Content-Disposition").Single());
        Assert.Equal([PcapngBlockType.Section], client.Content.Blocks);
    }

    [Theory]
    [InlineData("/datasource/pcap/by-uuid/x/packets.pcapng", "unable to parse string value")]
    [InlineData("/datasource/pcap/by-uuid/11111111-2222-3333-4444-555555555555/packets.pcapng", "no such datasource")]
    [InlineData("/devices/pcap/by-key/x/packets.pcapng", "unable to parse string value")]
    [InlineData("/devices/by-key/x/pcap/x.pcapng", "unable to parse string value")]
    [InlineData("/phy/phy80211/pcap/by-bssid/x/packets.pcapng.pcapng", "unable to parse string value")]
    [InlineData("/streams/by-id/x/stream_info.json", "unable to parse string value")]
    [InlineData("/streams/by-id/7/stream_info.json", "invalid key")]
    [InlineData("/streams/by-id/x/close_stream.cmd", "unable to parse string value")]
    [InlineData("/streams/by-id/7/close_stream.cmd", "invalid key")]
    public async Task What_is_malformed_or_unknown_is_an_error(string path, string error)
    {
        (await _server.Client.AskAsync(path)).QueryError(error);
        Assert.Empty((await _server.Client.AskAsync("/streams/all_streams.json")).Ok().List);
    }

    [Theory]
    [InlineData("/pcap/all_packets.pcap")]
    [InlineData("/datasource/pcap/by-uuid/{uuid}/other.pcapng")]
    [InlineData("/datasource/pcap/by-uuid/{uuid}/packets.pcapng.pcapng")]
    [InlineData("/devices/pcap/by-key/" + Key + "/packets.pcap")]
    [InlineData("/streams/by-id/1/stream_info.xml")]
    public async Task Other_names_are_not_found(string path) =>
        (await _server.Client.AskAsync(path.Replace("{uuid}", _lobby.Uuid, StringComparison.Ordinal))).NotFound();

    [Theory]
    [InlineData("/datasource/pcap/by-uuid/{uuid}/packets.pcapng", "0,1,2")]
    [InlineData("/phy/phy80211/by-bssid/12:34:56:78:9A:BC/pcap/12:34:56:78:9A:BC.pcapng", "0,1")]
    [InlineData("/devices/pcap/by-key/" + Key + "/packets.pcapng", "0,1")]
    // The seeds: only what originates with the device, and an access point originates no data to the wire.
    [InlineData("/devices/by-key/" + Key + "/pcap/" + Key + ".pcapng", "")]
    public async Task A_filter_takes_its_own_packets(string path, string expected)
    {
        LiveSource roof = await LiveSource.AddAsync(_server, "roof");
        using PcapngClient client = await PcapngClient.OpenAsync(_server, path.Replace("{uuid}", _lobby.Uuid, StringComparison.Ordinal));
        using PcapngClient everything = await PcapngClient.OpenAsync(_server, All);
        byte[][] frames = [LiveSource.Data(s_ap, s_client, 0), LiveSource.Data(s_ap, s_other, 1), LiveSource.Data(s_other, s_client, 2)];
        await _lobby.HearAsync(LinkType.Ieee80211, frames);
        await roof.HearAsync(LinkType.Ieee80211, LiveSource.Data(s_other, s_client, 3));
        Assert.Equal(["0", "1", "2", "3"], Numbers(await everything.ReadPacketsAsync(4)));
        await CloseAsync(1);
        Assert.Equal(expected, string.Join(',', Numbers(await client.ReadToEndAsync())));
    }

    [Fact]
    public async Task Each_source_and_link_type_is_an_interface_from_its_first_packet_on()
    {
        using PcapngClient client = await PcapngClient.OpenAsync(_server, All);
        await _lobby.HearAsync(LinkType.Ieee80211, LiveSource.Data(s_ap, s_client, 0));
        await client.ReadPacketsAsync(1);
        LiveSource roof = await LiveSource.AddAsync(_server, "roof", "wlan1", "wlan1");
        // The same frame as the lobby's, then another behind a radio header.
        await roof.HearAsync(LinkType.Ieee80211, LiveSource.Data(s_ap, s_client, 0));
        await roof.HearAsync(LinkType.Radiotap, LiveSource.Radiotap(LiveSource.Data(s_ap, s_client, 1)));
        await _lobby.HearAsync(LinkType.Ieee80211, LiveSource.Data(s_ap, s_client, 2));
        PcapngContent content = await client.ReadPacketsAsync(3);
        Assert.Equal(
            [
                PcapngBlockType.Section, PcapngBlockType.Interface, PcapngBlockType.EnhancedPacket, PcapngBlockType.Interface,
                PcapngBlockType.EnhancedPacket, PcapngBlockType.Interface, PcapngBlockType.EnhancedPacket, PcapngBlockType.EnhancedPacket,
            ],
            content.Blocks);
        Assert.Equal(
            [
                new(LinkType.Ieee80211, CaptureLimits.MaxPacketLength, "lobby", "capture interface for wlan0", 9, 0),
                new(LinkType.Ieee80211, CaptureLimits.MaxPacketLength, "roof", null, 9, 0),
                new(LinkType.Radiotap, CaptureLimits.MaxPacketLength, "roof", null, 9, 0),
            ],
            content.Interfaces);
        Assert.Equal(
            [(0, LiveSource.StartNs, 1UL), (1, LiveSource.StartNs, 1UL), (2, LiveSource.StartNs + 1_000_000, 2UL), (0, LiveSource.StartNs + 1_000_000, 3UL)],
            content.Packets.Select(static p => (p.Interface, p.TimeNs, p.Id)));
    }

    [Fact]
    public async Task An_open_stream_has_a_record()
    {
        using PcapngClient client = await PcapngClient.OpenAsync(_server, All);
        JsonElement record = (await _server.Client.AskAsync("/streams/all_streams.json")).Ok().List.Single();
        Assert.Equal((1L, 0L, 44L), (record.Number("kismet.stream.stream_id"), record.Number("kismet.stream.packets"), record.Number("kismet.stream.size")));
        Assert.Equal(
            ("kismet-all-packets.pcapng", "pcapng", "httpd", "pcapng of all packets"),
            (record.Text("kismet.stream.name"), record.Text("kismet.stream.type"), record.Text("kismet.stream.path"), record.Text("kismet.stream.description")));
        Assert.Equal(record.ToString(), (await _server.Client.AskAsync("/streams/by-id/1/stream_info.json")).Ok().Json.ToString());
        Assert.Single((await _server.Client.AskAsync("/streams/all_streams.itjson")).Ok().Lines);
    }

    [Theory]
    [InlineData("/datasource/pcap/by-uuid/{uuid}/packets.pcapng", "kismet-datasource-lobby-{uuid}.pcapng", "pcapng of packets for datasource lobby {uuid}")]
    [InlineData("/devices/pcap/by-key/" + Key + "/packets.pcapng", "kismet-device-" + Key + ".pcapng", "pcapng of packets for dev key " + Key)]
    [InlineData(
        "/phy/phy80211/pcap/by-bssid/12:34:56:78:9A:BC/packets.pcapng", "kismet-80211-bssid12:34:56:78:9A:BC.pcapng",
        "pcapng of packets for phy80211 bssid  12:34:56:78:9A:BC")]
    public async Task The_record_says_what_was_asked_for(string path, string name, string description)
    {
        using PcapngClient client = await PcapngClient.OpenAsync(_server, path.Replace("{uuid}", _lobby.Uuid, StringComparison.Ordinal));
        JsonElement record = (await _server.Client.AskAsync("/streams/by-id/1/stream_info.json")).Ok().Json;
        Assert.Equal(name.Replace("{uuid}", _lobby.Uuid, StringComparison.Ordinal), record.Text("kismet.stream.name"));
        Assert.Equal(description.Replace("{uuid}", _lobby.Uuid, StringComparison.Ordinal), record.Text("kismet.stream.description"));
    }

    [Fact]
    public async Task A_name_that_no_header_takes_is_encoded()
    {
        LiveSource odd = await LiveSource.AddAsync(_server, "höf \"1\"\r\nX: y");
        using PcapngClient client = await PcapngClient.OpenAsync(_server, $"/datasource/pcap/by-uuid/{odd.Uuid}/packets.pcapng");
        string disposition = client.Response.Content.Headers.GetValues("Content-Disposition").Single();
        Assert.EndsWith($"filename*=UTF-8''kismet-datasource-h%C3%B6f%20%221%22%0D%0AX%3A%20y-{odd.Uuid}.pcapng", disposition, StringComparison.Ordinal);
        Assert.False(client.Response.Headers.Contains("X"));
    }

    private Task<Answer> CloseAsync(long id) => _server.Client.AskAsync($"/streams/by-id/{id}/close_stream.cmd");

    private static IEnumerable<string> Numbers(PcapngContent content) =>
        content.Packets.Select(static p => BitConverter.ToInt32(Convert.FromHexString(p.Hex.AsSpan(p.Hex.Length - 8))).ToString());
}
