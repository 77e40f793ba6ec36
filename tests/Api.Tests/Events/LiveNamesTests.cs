using System.Text.Json;
using KismetOrleans.Capture.Edge;
using KismetOrleans.SampleGenerator;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Dot11;

namespace KismetOrleans.Api.Tests.Events;

/// <summary>
/// What is heard little by little, as by a radio: each batch has one new name of each kind and nothing else that anybody would be told, and each is told
/// once.
/// </summary>
public sealed class LiveNamesTests
{
    private const int Times = 5;
    private const uint SecondsBetween = 3;
    private static readonly MacAddress s_station = new(0x02AA_0000_0001);

    [Fact]
    public async Task Names_and_handshakes_that_an_agent_hears_seconds_apart_are_told_one_by_one()
    {
        await using TestServer server = await TestServer.StartAsync();
        DirectoryInfo spool = Directory.CreateTempSubdirectory("ko-live-");
        try
        {
            await CheckAsync(server, async file => Assert.Equal(0, await AgentCommand.InvokeAsync(["--server", server.Address.ToString(), "--spool", spool.FullName, "-c", file])));
        }
        finally
        {
            spool.Delete(recursive: true);
        }
    }

    /// <summary>Plays the capture, brings scan reports beside it, and checks what is told meanwhile.</summary>
    /// <param name="server">The server.</param>
    /// <param name="play">Has the server hear a capture file at its own pace.</param>
    internal static async Task CheckAsync(TestServer server, Func<string, Task> play)
    {
        using SocketClient client = await SocketClient.OpenAsync(server, "/eventbus/events.ws");
        await client.SubscribeAsync("DOT11_ADVERTISED_SSID", "DOT11_RESPONSE_SSID", "DOT11_PROBED_SSID", "DOT11_WPA_HANDSHAKE");
        _ = await client.UntilSeenAsync(server);
        using ProbeFile file = ProbeFile.Of(105, Enumerable.Range(0, Times).SelectMany(Frames), static i => (uint)(i / Frames(0).Length) * SecondsBetween);
        Task playing = play($"{file.Path}:realtime=true");
        Task reporting = ReportAsync(server);

        HashSet<string> missing =
        [
            .. Enumerable.Range(0, Times).SelectMany(static i => (string[])
            [
                $"DOT11_PROBED_SSID {s_station} Probed {i}", $"DOT11_ADVERTISED_SSID {AccessPoint(i)} Advertised {i}", $"DOT11_RESPONSE_SSID {AccessPoint(i)} Answered {i}",
                $"DOT11_ADVERTISED_SSID {Reported(i)} Reported {i}", $"DOT11_WPA_HANDSHAKE_DOT11 {AccessPoint(i)}",
            ]),
        ];
        while (missing.Count > 0)
        {
            JsonProperty[] contents = [.. (await client.ReceiveJsonAsync()).EnumerateObject()];
            string device = contents[0].Value.Text("kismet.device.base.macaddr");
            if (contents.Length < 2 || device.StartsWith("02:EE", StringComparison.Ordinal))
            {
                continue;
            }
            string told = $"{contents[1].Name} {device}" + contents[1].Name switch
            {
                "DOT11_WPA_HANDSHAKE_DOT11" => "",
                "DOT11_PROBED_SSID" => " " + contents[1].Value.Text("dot11.probedssid.ssid"),
                _ => " " + contents[1].Value.Text("dot11.advertisedssid.ssid"),
            };
            Assert.True(missing.Remove(told), $"'{told}' was told and is not missing: {string.Join(", ", missing)}");
        }
        await reporting;
        await playing;
    }

    private static MacAddress AccessPoint(int number) => new(0x02BB_0000_0000UL + (ulong)number);

    private static MacAddress Reported(int number) => new(0x02CC_0000_0000UL + (ulong)number);

    private static async Task ReportAsync(TestServer server)
    {
        for (int i = 0; i < Times; i++)
        {
            Answer answer = await server.Client.CommandAsync(
                "/phy/phy80211/scan/scan_report.cmd",
                $$"""{"source_name":"phone","source_uuid":"00000000-0000-0000-0000-AABBCCDD0001","reports":[{"bssid":"{{Reported(i)}}","ssid":"Reported {{i}}","signal":-50}]}""");
            Assert.True(answer.Json.GetProperty("success").GetBoolean(), answer.Body);
            await Task.Delay(TimeSpan.FromSeconds(SecondsBetween));
        }
    }

    // A probe request, a beacon, a probe response, and the first two messages of a handshake.
    private static byte[][] Frames(int number)
    {
        MacAddress ap = AccessPoint(number);
        ushort sequence = (ushort)(number * 10);
        byte[] Named(FrameKind kind, MacAddress to, MacAddress from, MacAddress bssid, string ssid)
        {
            FrameBuilder frame = FrameBuilder.Management(kind, to, from, bssid, sequence++);
            _ = kind == FrameKind.ProbeRequest ? frame : frame.U64(1).U16(100).U16(0x0411);
            return frame.All([Elements.Ssid(ssid), Elements.Rates(Band.Ghz2)]).ToArray();
        }
        byte[] nonce = [.. Enumerable.Repeat((byte)0xA5, 32)];
        return
        [
            Named(FrameKind.ProbeRequest, MacAddress.Broadcast, s_station, MacAddress.Broadcast, $"Probed {number}"),
            Named(FrameKind.Beacon, MacAddress.Broadcast, ap, ap, $"Advertised {number}"),
            Named(FrameKind.ProbeResponse, s_station, ap, ap, $"Answered {number}"),
            DataFrames.Build(new(ap, ap, s_station) { Kind = FrameKind.Data, Flags = FrameFlags.FromDs, Sequence = sequence++ }, Eapol.Key(0x008A, 1, nonce, [])),
            DataFrames.Build(new(ap, s_station, ap) { Kind = FrameKind.Data, Flags = FrameFlags.ToDs, Sequence = sequence++ }, Eapol.Key(0x010A, 1, nonce, Security.StationRsn(2))),
        ];
    }
}
