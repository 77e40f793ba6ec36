using System.Buffers.Binary;
using System.Text.Json;
using KismetOrleans.Api.Tests.Streams;
using KismetOrleans.Wire;

namespace KismetOrleans.Api.Tests.Hosting;

/// <summary>What a source's packets bring to light is published with them, not with the packets after them, and all of it.</summary>
public sealed class LiveEventsTests
{
    private static readonly MacAddress s_station = new(0x02AB_CD00_0001);

    [Fact]
    public async Task An_alert_is_there_although_no_packet_follows_the_attack()
    {
        await using TestServer server = await TestServer.StartAsync();
        LiveSource source = await LiveSource.AddAsync(server, "lobby");
        await source.HearAsync(LinkType.Ieee80211, Deauthentication(7));
        JsonElement alerts = (await server.Client.AskAsync("/alerts/all_alerts.json")).Ok().Json;
        Assert.Contains("BCASTDISCON", alerts.EnumerateArray().Select(static alert => alert.Text("kismet.alert.header")));
    }

    private static byte[] Deauthentication(ushort reason)
    {
        byte[] frame = Management(0xC0, 1, 2);
        BinaryPrimitives.WriteUInt16LittleEndian(frame.AsSpan(24), reason);
        return frame;
    }

    private static byte[] Management(byte control, ushort sequence, int body)
    {
        byte[] frame = new byte[24 + body];
        frame[0] = control;
        frame.AsSpan(4, 6).Fill(0xFF);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(10), (ushort)(s_station.Value >> 32));
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(12), (uint)s_station.Value);
        frame.AsSpan(10, 6).CopyTo(frame.AsSpan(16));
        BinaryPrimitives.WriteUInt16LittleEndian(frame.AsSpan(22), (ushort)(sequence << 4));
        return frame;
    }
}
