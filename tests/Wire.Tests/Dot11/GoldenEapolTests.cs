using System.Text.Json;
using KismetOrleans.Wire.Dot11;

namespace KismetOrleans.Wire.Tests.Dot11;

/// <summary>Every handshake message that a real server kept, parsed again from the packet that it kept with it.</summary>
public sealed class GoldenEapolTests
{
    [SharedTheory]
    [InlineData("campus-6k", 100)]
    [InlineData("krack", 4)]
    [InlineData("mixed-dot11", 8)]
    [InlineData("fragattacks-ap", 4)]
    [InlineData("fragattacks-client", 8)]
    public void Handshake_messages_read_as_the_server_printed_them(string golden, int least)
    {
        using JsonDocument devices = SharedCaptures.Golden(golden + "/all_devices.json");
        int compared = 0;
        foreach (JsonElement message in Messages(devices.RootElement))
        {
            byte[] frame = Convert.FromHexString(message.GetProperty("dot11.eapol.packet").GetProperty("kismet.packet.data").GetString()!);
            Assert.Equal(ParseStatus.Ok, Dot11Parser.TryParse(frame, cut: false, out Dot11Frame f));
            Assert.Equal(PayloadKind.EapolKey, f.Payload);
            Assert.Equal(ParseStatus.Ok, EapolKey.TryParse(frame, in f, out EapolKey key));
            Assert.Equal(message.GetProperty("dot11.eapol.message_num").GetInt32(), key.Message);
            Assert.Equal(message.GetProperty("dot11.eapol.replay_counter").GetUInt64(), key.ReplayCounter);
            Assert.Equal(message.GetProperty("dot11.eapol.install").GetInt32() == 1, key.Install);
            Assert.Equal(message.GetProperty("dot11.eapol.direction").GetInt32(), key.Direction);
            Assert.Equal(message.GetProperty("dot11.eapol.nonce").GetString(), Convert.ToHexString(key.Nonce.Of(frame)));
            Assert.Equal(message.GetProperty("dot11.eapol.rsn_pmkid").GetString(), Convert.ToHexString(key.Pmkid.Of(frame)));
            compared++;
        }
        Assert.True(compared >= least, $"{compared} messages compared");
    }

    private static IEnumerable<JsonElement> Messages(JsonElement at) => at.ValueKind switch
    {
        JsonValueKind.Object when at.TryGetProperty("dot11.eapol.message_num", out _) => [at],
        JsonValueKind.Object => at.EnumerateObject().SelectMany(property => Messages(property.Value)),
        JsonValueKind.Array => at.EnumerateArray().SelectMany(Messages),
        _ => [],
    };
}
