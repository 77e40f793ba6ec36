// IEEE Std 802.11-2020, clause 9.3.1: control frames, which have no sequence control and mostly no transmitter.
using KismetOrleans.Wire;
using KismetOrleans.Wire.Dot11;

namespace KismetOrleans.SampleGenerator;

/// <summary>Control frames.</summary>
public static class ControlFrames
{
    private const byte BlockAckRequestKind = 0x18, BlockAckKind = 0x19, PsPollKind = 0x1A, RtsKind = 0x1B, CtsKind = 0x1C;
    private const byte AckKind = 0x1D, CfEndKind = 0x1E;

    /// <summary>Acknowledgement (9.3.1.4).</summary>
    public static byte[] Ack(MacAddress receiver) => Begin(AckKind, 0, receiver).ToArray();

    /// <summary>Request to send (9.3.1.2).</summary>
    public static byte[] Rts(MacAddress receiver, MacAddress transmitter) => Begin(RtsKind, 314, receiver).Address(transmitter).ToArray();

    /// <summary>Clear to send (9.3.1.3).</summary>
    public static byte[] Cts(MacAddress receiver) => Begin(CtsKind, 270, receiver).ToArray();

    /// <summary>PS-Poll (9.3.1.5): the duration field holds the association identifier.</summary>
    public static byte[] PsPoll(MacAddress bssid, MacAddress transmitter, ushort id) =>
        Begin(PsPollKind, (ushort)(id | 0xC000), bssid).Address(transmitter).ToArray();

    /// <summary>CF-End (9.3.1.6).</summary>
    public static byte[] CfEnd(MacAddress bssid) => Begin(CfEndKind, 0, MacAddress.Broadcast).Address(bssid).ToArray();

    /// <summary>Block acknowledgement request (9.3.1.7), compressed.</summary>
    public static byte[] BlockAckRequest(MacAddress receiver, MacAddress transmitter, ushort start) =>
        Begin(BlockAckRequestKind, 0, receiver).Address(transmitter).U16(0x0005).U16((ushort)(start << 4)).ToArray();

    /// <summary>Block acknowledgement (9.3.1.8), compressed.</summary>
    public static byte[] BlockAck(MacAddress receiver, MacAddress transmitter, ushort start, ulong bitmap) =>
        Begin(BlockAckKind, 0, receiver).Address(transmitter).U16(0x0005).U16((ushort)(start << 4)).U64(bitmap).ToArray();

    private static FrameBuilder Begin(byte kind, ushort duration, MacAddress receiver) =>
        new FrameBuilder().FrameControl(kind, FrameFlags.None).U16(duration).Address(receiver);
}
