using KismetOrleans.SampleGenerator;
using KismetOrleans.Wire.Dot11;
using static KismetOrleans.Engine.Tests.Frames;

namespace KismetOrleans.Engine.Tests.Detection;

/// <summary>Key handshakes: replayed, without nonce, too long, and PINs that are guessed.</summary>
public sealed class HandshakeAlertTests
{
    // Key information (IEEE 802.11-2020, figure 12-36), descriptor version 2 but where it says 3.
    private const ushort Info1 = 0x008A, Info2 = 0x010A, Info3 = 0x13CA, Info3Cmac = 0x13CB, Info4 = 0x030A, Group2 = 0x0302;
    private readonly AlertRig _rig = new();
    private ushort _sequence;

    [Fact]
    public void A_whole_handshake_and_another_are_innocent()
    {
        for (byte i = 1; i < 3; i++)
        {
            _rig.Hear(ToClient(Info1, i)).Hear(FromClient(Info2, (byte)(0x50 + i))).Hear(ToClient(Info3, i)).Hear(FromClient(Info4, 0));
            // The group's: no nonces.
            _rig.Hear(FromClient(Group2, 0));
        }
        Assert.Empty(_rig.Names);
    }

    [Fact]
    public void A_nonce_that_comes_again_is_told_and_a_retransmission_is_not()
    {
        byte[] third = ToClient(Info3, 1);
        byte[] retry = [.. third];
        retry[1] |= (byte)FrameFlags.Retry;
        Assert.Empty(_rig.Hear(third).Hear(retry).Names);
        // KRACK: the same message 3 once more, with a sequence number of its own.
        Assert.Equal(["NONCEREUSE"], _rig.Hear(ToClient(Info3, 1)).Names);
        Assert.Equal(Client, _rig.Alerts[0].Device!.Value.Address);
    }

    [Theory]
    [InlineData(Info1, true, true)]
    [InlineData(Info3, true, true)]
    [InlineData(Info2, false, true)]
    [InlineData(Info4, false, false)]
    [InlineData(Group2, false, false)]
    public void A_nonce_that_is_missing_is_told(ushort information, bool toClient, bool told)
    {
        _rig.Hear(toClient ? ToClient(information, 0) : FromClient(information, 0));
        Assert.Equal(told ? ["NONCEDEGRADE"] : [], _rig.Names);
    }

    [Theory]
    [InlineData(Info3Cmac, 0x101, new string[0])]
    [InlineData(Info3Cmac, 0x102, new[] { "VDOO202027301" })]
    [InlineData(Info3, 0x80, new string[0])]
    [InlineData(Info3, 0x81, new[] { "VDOO202027302" })]
    [InlineData(Info3Cmac, 417, new[] { "VDOO202027301" })]
    [InlineData(Info1, 417, new string[0])]
    [InlineData(Info1, 418, new[] { "RTL8195VD1406" })]
    public void Too_much_key_data_is_told(ushort information, int bytes, string[] names) =>
        Assert.Equal(names, _rig.Hear(ToClient(information, 1, bytes)).Names);

    [Theory]
    [InlineData(6, 10, new[] { "WPSBRUTE" })]
    [InlineData(5, 10, new string[0])]
    [InlineData(12, 301, new string[0])]
    public void Guesses_of_a_PIN_are_told(int count, double apart, string[] names)
    {
        for (byte i = 0; i < count; i++)
        {
            byte[] body = Eapol.Eap(2, i, 254, [0x00, 0x37, 0x2A, 0, 0, 0, 1, 4, 0, 0x10, 0x4A, 0, 1, 0x10, 0x10, 0x22, 0, 1, 7]);
            _rig.Hear(FromDs(Ap, Ap, Client, body, _sequence++), apart);
        }
        Assert.Equal(names, _rig.Names);
    }

    private byte[] ToClient(ushort information, byte nonce, int data = 22) =>
        FromDs(Ap, Ap, Client, Eapol.Key(information, 1, Nonce(nonce), new byte[data]), _sequence++);

    private byte[] FromClient(ushort information, byte nonce) =>
        ToDs(Client, Ap, Ap, Eapol.Key(information, 1, Nonce(nonce), information == Info2 ? new byte[22] : []), _sequence++);

    private static byte[] Nonce(byte value) => [.. Enumerable.Repeat(value, 32)];
}
