using KismetOrleans.SampleGenerator;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Dot11;
using static KismetOrleans.Engine.Tests.Frames;

namespace KismetOrleans.Engine.Tests.Detection;

/// <summary>Disconnections: floods, of all at once, and for reasons that there are not.</summary>
public sealed class DisconnectTests
{
    private readonly AlertRig _rig = new();

    [Theory]
    [InlineData(12, 0.1, new[] { "DEAUTHFLOOD" })]
    [InlineData(10, 0.1, new string[0])]
    [InlineData(30, 3.0, new string[0])]
    public void A_flood_is_many_within_seconds(int count, double apart, string[] names)
    {
        for (ushort i = 0; i < count; i++)
        {
            _rig.Hear(Disconnect(FrameKind.Deauthentication, Client, 7, i), apart);
        }
        Assert.Equal(names, _rig.Names);
    }

    [Fact]
    public void A_frame_that_two_sources_hear_counts_once()
    {
        for (ushort i = 0; i < 8; i++)
        {
            byte[] frame = Disconnect(FrameKind.Deauthentication, Client, 7, i);
            _rig.Hear(frame, 0.1).Hear(frame, 0.001, source: 2);
        }
        Assert.Empty(_rig.Names);
    }

    [Theory]
    [InlineData(FrameKind.Deauthentication)]
    [InlineData(FrameKind.Disassociation)]
    public void All_clients_at_once_is_told_and_one_is_not(FrameKind kind)
    {
        Assert.Empty(_rig.Hear(Disconnect(kind, Client, 7)).Names);
        Assert.Equal(["BCASTDISCON"], _rig.Hear(Disconnect(kind, MacAddress.Broadcast, 7)).Names);
        Assert.Equal((Ap, Ap, MacAddress.Broadcast, "0"), (_rig.Alerts[0].Bssid, _rig.Alerts[0].Source, _rig.Alerts[0].Destination, _rig.Alerts[0].Channel));
    }

    [Theory]
    [InlineData(FrameKind.Deauthentication, 41, "DEAUTHCODEINVALID")]
    [InlineData(FrameKind.Deauthentication, 300, "DEAUTHCODEINVALID")]
    [InlineData(FrameKind.Disassociation, 67, "DISCONCODEINVALID")]
    [InlineData(FrameKind.Deauthentication, 46, null)]
    [InlineData(FrameKind.Disassociation, 66, null)]
    [InlineData(FrameKind.Disassociation, 8, null)]
    public void Reserved_reasons_are_told(FrameKind kind, ushort reason, string? name) =>
        Assert.Equal(name is null ? [] : [name], _rig.Hear(Disconnect(kind, Client, reason)).Names);

    [Fact]
    public void The_code_of_a_protected_frame_is_not_read()
    {
        byte[] frame = Disconnect(FrameKind.Deauthentication, Client, 0xFFFF);
        frame[1] |= (byte)FrameFlags.Protected;
        Assert.Empty(_rig.Hear(frame).Names);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    public void It_is_told_once_however_many_partitions_there_are(int partitions)
    {
        AlertRig rig = new(partitions);
        rig.Hear(FrameBuilder.Management(FrameKind.Deauthentication, MacAddress.Broadcast, OtherClient, Ap, 1).U16(300).ToArray());
        Assert.Equal(["BCASTDISCON", "DEAUTHCODEINVALID"], rig.Alerts.Select(static alert => alert.Header));
        // Without a network it is the sender's.
        rig.Clear().Hear(FrameBuilder.Management(FrameKind.Deauthentication, OtherClient, Client, MacAddress.Broadcast, 2).U16(300).ToArray());
        Assert.Equal(["DEAUTHCODEINVALID"], rig.Alerts.Select(static alert => alert.Header));
    }

    private static byte[] Disconnect(FrameKind kind, MacAddress to, ushort reason, ushort sequence = 0) =>
        FrameBuilder.Management(kind, to, Ap, Ap, sequence).U16(reason).ToArray();
}
