using System.Text;
using System.Text.Json;
using KismetOrleans.Engine.Events;
using KismetOrleans.Engine.Tests.Partitions;
using KismetOrleans.Records.Json;
using KismetOrleans.SampleGenerator;
using static KismetOrleans.Engine.Tests.Frames;

namespace KismetOrleans.Engine.Tests.Events;

/// <summary>What a partition tells of its devices: once each, with the device as the batch left it, and nothing at all without a listener.</summary>
public sealed class DeviceEventTests
{
    private readonly Listener _listener = new();

    [Fact]
    public void New_devices_and_new_names_are_told_once()
    {
        _listener.Wanted = EventTopics.OfDevices;
        Slices slices = new(1, events: _listener);
        byte[][] frames = [Beacon(Ap, "Campus"), ProbeResponse(Ap, Client, "Campus", 1), ProbeRequest(OtherClient, "Home", 2), Beacon(Ap, "Campus", 3)];
        string[] told = Told(slices, frames);
        Assert.Equal(
            [
                "DOT11_NEW_SSID_BASEDEV 00:11:22:33:44:55 DOT11_ADVERTISED_SSID Campus",
                "DOT11_NEW_SSID_BASEDEV 00:11:22:33:44:55 DOT11_RESPONSE_SSID Campus",
                "DOT11_NEW_SSID_BASEDEV 0C:00:00:00:00:02 DOT11_PROBED_SSID Home",
                "NEW_DEVICE 00:11:22:33:44:55", "NEW_DEVICE 0C:00:00:00:00:01", "NEW_DEVICE 0C:00:00:00:00:02",
            ],
            told.Order(StringComparer.Ordinal));
        Assert.Empty(Told(slices, Beacon(Ap, "Campus", 4), ProbeRequest(OtherClient, "Home", 5)));
        Assert.Equal(["DOT11_NEW_SSID_BASEDEV 0C:00:00:00:00:02 DOT11_PROBED_SSID Work"], Told(slices, ProbeRequest(OtherClient, "Work", 6)));
    }

    [Fact]
    public void Only_topics_that_somebody_wants_are_told_and_without_a_listener_none()
    {
        Slices slices = new(1, events: _listener);
        Assert.Empty(Told(slices, Beacon(Ap, "Campus")));
        _listener.Wanted = EventTopics.ProbedSsid;
        Assert.Equal(
            ["DOT11_NEW_SSID_BASEDEV 0C:00:00:00:00:01 DOT11_PROBED_SSID Home"],
            Told(slices, Beacon(OtherAp, "Other", 1), ProbeRequest(Client, "Home", 2)));
    }

    [Theory]
    [InlineData("12", 1)]
    [InlineData("1234", 1)]
    [InlineData("12123", 1)]
    [InlineData("21", 1)]
    [InlineData("23", 1)]
    [InlineData("1", 0)]
    [InlineData("134", 0)]
    [InlineData("24", 0)]
    public void A_handshake_is_told_once_when_there_is_enough_of_it(string messages, int told)
    {
        _listener.Wanted = EventTopics.WpaHandshake;
        Slices slices = new(1, events: _listener);
        ServerEvent[] events =
        [
            .. messages.SelectMany((message, i) => slices.Outcomes(Beacon(Ap, "Campus", (ushort)i), Key(message - '0', (ushort)(100 + i)))).SelectMany(static o => o.Events),
        ];
        Assert.Equal(told, events.Length);
        foreach (ServerEvent happened in events)
        {
            using JsonOut json = new();
            happened.Write(json, new(RecordFormat.Json, new([new("kismet.device.base.macaddr", "ap"), new("dot11.device.wpa_handshake_list", "kept")])));
            using JsonDocument document = JsonDocument.Parse(Encoding.UTF8.GetString(json.WrittenSpan));
            Assert.Equal("00:11:22:33:44:55", document.RootElement.GetProperty("DOT11_WPA_HANDSHAKE_BASEDEV").GetProperty("ap").GetString());
            Assert.Equal(JsonValueKind.Object, document.RootElement.GetProperty("DOT11_WPA_HANDSHAKE_DOT11").GetProperty("kept").ValueKind);
        }
    }

    [Fact]
    public void A_flood_of_new_devices_is_told_in_part()
    {
        _listener.Wanted = EventTopics.NewDevice;
        byte[][] frames = [.. Enumerable.Range(0, 3000).Select(i => ProbeRequest(new(0x0200_0000_0000UL + (ulong)i), "", (ushort)i))];
        Assert.Equal(1024, Told(new(1, events: _listener), frames).Length);
    }

    // Key information (IEEE 802.11-2020, figure 12-36) of the four messages, descriptor version 2, pairwise; a pair has a replay counter.
    private static byte[] Key(int message, ushort sequence)
    {
        byte[] nonce = [.. Enumerable.Repeat((byte)(message % 2 == 1 ? 0xA0 : 0x50), 32)];
        byte[] body = message switch
        {
            1 => Eapol.Key(0x008A, 1, nonce, []),
            2 => Eapol.Key(0x010A, 1, nonce, Security.StationRsn(2)),
            3 => Eapol.Key(0x13CA, 2, nonce, new byte[56]),
            _ => Eapol.Key(0x030A, 2, new byte[32], []),
        };
        return message % 2 == 1 ? FromDs(Ap, Ap, Client, body, sequence) : ToDs(Client, Ap, Ap, body, sequence);
    }

    private static string[] Told(Slices slices, params byte[][] frames) => [.. slices.Outcomes(frames).SelectMany(static outcome => outcome.Events).Select(Text)];

    private static string Text(ServerEvent happened)
    {
        using JsonOut json = new();
        happened.Write(json, EventShape.Whole);
        using JsonDocument document = JsonDocument.Parse(Encoding.UTF8.GetString(json.WrittenSpan));
        return string.Join(' ', document.RootElement.EnumerateObject().Select(static content => content.Name + " "
            + (content.Value.TryGetProperty("kismet.device.base.macaddr", out JsonElement address) ? address
                : content.Value.GetProperty(content.Name == "DOT11_PROBED_SSID" ? "dot11.probedssid.ssid" : "dot11.advertisedssid.ssid")).GetString()));
    }

    private sealed class Listener : IEvents
    {
        public EventTopics Wanted { get; set; }

        public void Publish(ServerEvent happened) => Assert.Fail("a partition tells nothing itself");
    }
}
