using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using KismetOrleans.Api.Sensors.Tzsp;
using Microsoft.Extensions.DependencyInjection;

namespace KismetOrleans.Api.Tests.Sensors.Tzsp;

/// <summary>Access points mirror what they hear by TZSP, and are sources like all others.</summary>
public sealed class TzspTests
{
    private static readonly string[] s_listens = ["--Tzsp:Listen", "127.0.0.1:0"];

    [Fact]
    public async Task Each_sender_is_a_source_and_its_packets_become_devices()
    {
        await using TestServer server = await TestServer.StartAsync(s_listens);
        using Socket first = await SenderAsync(server, "127.0.0.1");
        using Socket second = await SenderAsync(server, "127.0.0.2");
        for (int i = 0; i < 20; i++)
        {
            _ = await first.SendAsync(Datagram(i));
        }
        _ = await second.SendAsync(Datagram(30));
        // Of another version, of a kind that nobody reads, a keepalive.
        _ = await second.SendAsync(new byte[] { 2, 0, 0, 18, 1, 0xAA });
        _ = await second.SendAsync(new byte[] { 1, 0, 0, 99, 1, 0xAA });
        _ = await second.SendAsync(new byte[] { 1, 4, 0, 0 });
        JsonElement source = await SourceAsync(server, "tzsp-127.0.0.1", static s => s.Number("kismet.datasource.num_packets") == 20);
        Assert.Equal(
            ("127.0.0.1", 1, 1, "6"),
            (source.Text("kismet.datasource.interface"), source.Number("kismet.datasource.running"), source.Number("kismet.datasource.remote"), source.Text("kismet.datasource.channel")));
        Assert.Equal("tzsp", source.GetProperty("kismet.datasource.type_driver").Text("kismet.datasource.driver.type"));
        JsonElement other = await SourceAsync(server, "tzsp-127.0.0.2", static s => s.Number("kismet.datasource.num_packets") == 1 && s.Text("kismet.datasource.warning").Length > 0);
        Assert.Equal("2 datagrams were no TZSP that is read here", other.Text("kismet.datasource.warning"));
        JsonElement device = default;
        await UntilAsync(async () =>
        {
            JsonElement[] devices = (await server.Client.AskAsync("/devices/by-mac/02:00:00:00:00:07/devices.json")).Ok().List;
            device = devices.FirstOrDefault();
            return devices.Length == 1;
        });
        Assert.Equal(
            (-61, 2_437_000, "6"),
            (device.GetProperty("kismet.device.base.signal").Number("kismet.common.signal.last_signal"), device.Number("kismet.device.base.frequency"), device.Text("kismet.device.base.channel")));
    }

    [Fact]
    public async Task A_source_obeys_and_is_the_same_at_the_next_start()
    {
        Guid uuid;
        await using TestServer server = await TestServer.StartAsync(s_listens);
        using Socket sender = await SenderAsync(server, "127.0.0.1");
        _ = await sender.SendAsync(Datagram(1));
        JsonElement source = await SourceAsync(server, "tzsp-127.0.0.1", static s => s.Number("kismet.datasource.num_packets") == 1);
        uuid = Guid.Parse(source.Text("kismet.datasource.uuid"));
        Assert.Equal(Guid.Parse("545A5350-0000-0000-0000-00007F000001"), uuid);
        _ = (await CommandAsync(server, uuid, "pause_source")).Ok();
        _ = await SourceAsync(server, "tzsp-127.0.0.1", static s => s.Number("kismet.datasource.paused") == 1);
        _ = await sender.SendAsync(Datagram(2));
        _ = (await CommandAsync(server, uuid, "resume_source")).Ok();
        _ = await sender.SendAsync(Datagram(3));
        await UntilAsync(async () => (await server.Client.AskAsync("/devices/by-mac/02:00:00:00:00:03/devices.json")).Ok().List.Length == 1);
        Assert.Empty((await server.Client.AskAsync("/devices/by-mac/02:00:00:00:00:02/devices.json")).Ok().List);
        Answer tuned = await server.Client.CommandAsync($"/datasource/by-uuid/{uuid}/set_channel.cmd", """{"channel":"6"}""");
        Assert.Equal(HttpStatusCode.InternalServerError, tuned.Status);
        Assert.Contains("a sender of TZSP is not tuned from here", tuned.Body, StringComparison.Ordinal);
        _ = (await CommandAsync(server, uuid, "close_source")).Ok();
        _ = await SourceAsync(server, "tzsp-127.0.0.1", static s => s.Number("kismet.datasource.running") == 0 && s.Text("kismet.datasource.error_reason") == "Source disabled");
    }

    [Fact]
    public async Task Who_is_not_named_is_not_heard()
    {
        await using TestServer server = await TestServer.StartAsync([.. s_listens, "--Tzsp:Allow:0", "127.0.0.2", "--Tzsp:Allow:1", "127.0.4.0/24"]);
        using Socket stranger = await SenderAsync(server, "127.0.0.1");
        using Socket named = await SenderAsync(server, "127.0.0.2");
        using Socket near = await SenderAsync(server, "127.0.4.9");
        _ = await stranger.SendAsync(Datagram(1));
        _ = await named.SendAsync(Datagram(2));
        _ = await near.SendAsync(Datagram(3));
        _ = await SourceAsync(server, "tzsp-127.0.0.2", static s => s.Number("kismet.datasource.num_packets") == 1);
        _ = await SourceAsync(server, "tzsp-127.0.4.9", static s => s.Number("kismet.datasource.num_packets") == 1);
        Assert.DoesNotContain((await server.Client.AskAsync("/datasource/all_sources.json")).List, static s => s.Text("kismet.datasource.name") == "tzsp-127.0.0.1");
    }

    [Theory]
    [InlineData("0.0.0.0:37008", null, "Tzsp:Allow: at 0.0.0.0:37008 anybody could feed this server; the addresses or networks of the senders are needed, as --Tzsp:Allow:0 192.0.2.0/24")]
    [InlineData("37008x", null, "Tzsp:Listen: '37008x' is no address with a port: 3501, 127.0.0.1:3501 and [::]:3501 are")]
    [InlineData("37008", "all", "Tzsp:Allow: 'all' is neither an address nor a network: 192.0.2.7 and 192.0.2.0/24 are")]
    public void Settings_that_are_wrong_are_told(string listen, string? allow, string error)
    {
        TzspOptions options = new() { Listen = listen, Allow = allow is null ? [] : [allow] };
        Assert.Equal(error, Assert.Throws<ArgumentException>(() => (options.ListenAt(), options.Allowed())).Message);
    }

    private static async Task<Socket> SenderAsync(TestServer server, string address)
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
        await socket.ConnectAsync(server.App.Services.GetRequiredService<TzspListener>().Place);
        return socket;
    }

    // Rate, signal, SNR, channel, then a probe request.
    private static byte[] Datagram(int number) => Convert.FromHexString(
        "01000012" + "0C010C" + "0A01C3" + "0B011E" + "120106" + "01"
        + "40000000FFFFFFFFFFFF0200000000" + number.ToString("X2", null) + "FFFFFFFFFFFF0000" + "0000" + "010402040B16");

    private static Task<Answer> CommandAsync(TestServer server, Guid uuid, string command) =>
        server.Client.CommandAsync($"/datasource/by-uuid/{uuid}/{command}.cmd", "{}");

    private static async Task<JsonElement> SourceAsync(TestServer server, string name, Func<JsonElement, bool> isSo)
    {
        JsonElement found = default;
        await UntilAsync(async () =>
        {
            JsonElement[] all = (await server.Client.AskAsync("/datasource/all_sources.json")).Ok().List;
            found = all.FirstOrDefault(source => source.Text("kismet.datasource.name") == name);
            return found.ValueKind == JsonValueKind.Object && isSo(found);
        });
        return found;
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(60));
        while (!await isSo())
        {
            await Task.Delay(20, patience.Token);
        }
    }
}
