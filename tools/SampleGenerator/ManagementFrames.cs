// IEEE Std 802.11-2020, clauses 9.3.3 and 9.6 (action frames).
using KismetOrleans.Wire;
using KismetOrleans.Wire.Dot11;

namespace KismetOrleans.SampleGenerator;

/// <summary>Management frames that an access point sends to a station, and those that both send.</summary>
public static class ManagementFrames
{
    /// <summary>An authentication frame from an access point.</summary>
    public static byte[] Authentication(
        AccessPoint from, MacAddress station, ushort algorithm, ushort transaction, ushort status = 0, ReadOnlySpan<byte> body = default) =>
        FrameBuilder.Management(FrameKind.Authentication, station, from.Address, from.Address, from.NextSequence())
            .U16(algorithm).U16(transaction).U16(status).Raw(body).ToArray();

    /// <summary>An association or reassociation response.</summary>
    /// <param name="from">The access point.</param>
    /// <param name="station">The station.</param>
    /// <param name="id">Association identifier, 1–2007.</param>
    /// <param name="again">Whether it answers a reassociation.</param>
    /// <param name="status">Status code.</param>
    public static byte[] AssociationResponse(AccessPoint from, MacAddress station, ushort id, bool again = false, ushort status = 0) =>
        FrameBuilder.Management(again ? FrameKind.ReassociationResponse : FrameKind.AssociationResponse, station, from.Address,
            from.Address, from.NextSequence())
            .U16(from.Capabilities).U16(status).U16((ushort)(id | 0xC000)).All(from.AssociationElements()).ToArray();

    /// <summary>A deauthentication.</summary>
    public static byte[] Deauthentication(Sender from, MacAddress to, MacAddress bssid, ushort reason) =>
        FrameBuilder.Management(FrameKind.Deauthentication, to, from.Address, bssid, from.NextSequence()).U16(reason).ToArray();

    /// <summary>A disassociation.</summary>
    public static byte[] Disassociation(Sender from, MacAddress to, MacAddress bssid, ushort reason) =>
        FrameBuilder.Management(FrameKind.Disassociation, to, from.Address, bssid, from.NextSequence()).U16(reason).ToArray();

    /// <summary>An action frame.</summary>
    /// <param name="from">Who sends.</param>
    /// <param name="to">Who gets it.</param>
    /// <param name="bssid">BSSID.</param>
    /// <param name="category">Category (table 9-51).</param>
    /// <param name="body">The action and what follows.</param>
    public static byte[] Action(Sender from, MacAddress to, MacAddress bssid, byte category, ReadOnlySpan<byte> body) =>
        FrameBuilder.Management(FrameKind.Action, to, from.Address, bssid, from.NextSequence()).U8(category).Raw(body).ToArray();

    /// <summary>ADDBA request (9.6.4.2): immediate block acknowledgement, 64 buffers.</summary>
    public static byte[] AddBlockAckRequest(Sender from, MacAddress to, MacAddress bssid, byte token) =>
        Action(from, to, bssid, 3, new FrameBuilder().U8(0).U8(token).U16(0x1002).U16(0).U16(0x0010).ToArray());

    /// <summary>ADDBA response (9.6.4.3).</summary>
    public static byte[] AddBlockAckResponse(Sender from, MacAddress to, MacAddress bssid, byte token) =>
        Action(from, to, bssid, 3, new FrameBuilder().U8(1).U8(token).U16(0).U16(0x1002).U16(0).ToArray());

    /// <summary>Neighbour report request (9.6.6.6).</summary>
    public static byte[] NeighborReportRequest(Sender from, MacAddress bssid, byte token) => Action(from, bssid, bssid, 5, [4, token]);

    /// <summary>Neighbour report response (9.6.6.7) with its elements (52): BSSID, information, operating class, channel, PHY.</summary>
    public static byte[] NeighborReportResponse(Sender from, MacAddress to, byte token, params IEnumerable<AccessPoint> neighbors)
    {
        var body = new FrameBuilder().U8(5).U8(token);
        foreach (AccessPoint neighbor in neighbors)
        {
            Channel channel = neighbor.Radio.Channel;
            body.Raw(Elements.Of(52, new FrameBuilder().Address(neighbor.Address).U32(0x0000_0F8F)
                .U8(channel.Band == Band.Ghz2 ? (byte)81 : (byte)115).U8(channel.Number).U8(7).ToArray()));
        }
        return Action(from, to, from.Address, 5, body.ToArray());
    }

    /// <summary>BSS transition management request (9.6.13.9): disassociation is near.</summary>
    public static byte[] BssTransitionRequest(Sender from, MacAddress to, byte token) =>
        Action(from, to, from.Address, 10, new FrameBuilder().U8(7).U8(token).U8(0x04).U16(100).U8(255).ToArray());

    /// <summary>Channel switch announcement (9.6.2.6).</summary>
    public static byte[] ChannelSwitch(Sender from, byte channel, byte count) =>
        Action(from, MacAddress.Broadcast, from.Address, 0, [4, 37, 3, 0, channel, count]);

    /// <summary>ANQP request in a GAS initial request (9.6.7.12): the venue's name and the network's authentication.</summary>
    public static byte[] AnqpRequest(Sender from, MacAddress to, byte token) =>
        Action(from, to, to, 4, new FrameBuilder().U8(10).U8(token).Raw([108, 2, 0x00, 0x00]).U16(8).U16(256).U16(4).U16(258).U16(260)
            .ToArray());
}
