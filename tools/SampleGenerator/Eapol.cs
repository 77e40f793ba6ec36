// IEEE Std 802.1X-2020, clause 11 (EAPOL); IEEE Std 802.11-2020, clause 12.7.2 (EAPOL-Key); RFC 3748 (EAP).
// Numbers in network order.
namespace KismetOrleans.SampleGenerator;

/// <summary>EAPOL packets behind their LLC/SNAP header.</summary>
public static class Eapol
{
    /// <summary>EAPOL-Start.</summary>
    public static byte[] Start() => Packet(1, []);

    /// <summary>An EAP request (code 1) or response (code 2) of a type; success is code 3 without type.</summary>
    public static byte[] Eap(byte code, byte id, byte type, ReadOnlySpan<byte> data)
    {
        var body = new FrameBuilder().U8(code).U8(id).U16Big((ushort)(code > 2 ? 4 : 5 + data.Length));
        return Packet(0, (code > 2 ? body : body.U8(type).Raw(data)).ToArray());
    }

    /// <summary>An EAPOL-Key frame of descriptor type 2 (RSN), its MIC zero.</summary>
    /// <param name="information">Key information (figure 12-36).</param>
    /// <param name="replay">Replay counter.</param>
    /// <param name="nonce">32 bytes.</param>
    /// <param name="data">Key data.</param>
    public static byte[] Key(ushort information, ulong replay, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> data)
    {
        var body = new FrameBuilder().U8(2).U16Big(information).U16Big((information & 0x0080) != 0 ? (ushort)16 : (ushort)0)
            .U32Big((uint)(replay >> 32)).U32Big((uint)replay).Raw(nonce).Zero(16 + 8 + 8 + 16).U16Big((ushort)data.Length).Raw(data);
        return Packet(3, body.ToArray());
    }

    private static byte[] Packet(byte type, ReadOnlySpan<byte> body) =>
        NetworkPackets.Snap(0x888E, new FrameBuilder().U8(2).U8(type).U16Big((ushort)body.Length).Raw(body).ToArray());
}
