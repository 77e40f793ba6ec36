using KismetOrleans.SampleGenerator;
using KismetOrleans.Wire.Dot11;
using static KismetOrleans.Engine.Tests.Frames;

namespace KismetOrleans.Engine.Tests.Detection;

/// <summary>Data frames: in clear where they should not be, bad fragments, and of clients that were disconnected by somebody else.</summary>
public sealed class DataAlertTests
{
    private static readonly byte[] s_rsn = Elements.Of(48, [1, 0, 0, 0x0F, 0xAC, 4, 1, 0, 0, 0x0F, 0xAC, 4, 1, 0, 0, 0x0F, 0xAC, 2, 0x80, 0]);
    private static readonly byte[] s_arp = NetworkPackets.Arp(1, Client, 0x0A00_0001, default, 0x0A00_0002);
    private static readonly byte[] s_encrypted = [0, 0, 0, 0x20, 0, 0, 0, 0, 1, 2, 3, 4];
    private readonly AlertRig _rig = new();

    [Fact]
    public void Data_in_clear_in_a_protected_network_are_told()
    {
        _rig.Hear(Beacon(Ap, "Campus", 1, EssPrivacy, 1, s_rsn)).Hear(ToDs(Client, Ap, Wired, s_encrypted, 1, FrameFlags.Protected));
        // The handshake has to be in clear.
        _rig.Hear(FromDs(Ap, Ap, Client, Eapol.Key(0x008A, 1, new byte[] { 1 }.Concat(new byte[31]).ToArray(), []), 2));
        Assert.Empty(_rig.Names);
        Assert.Equal(["PLAINTEXTDATA"], _rig.Hear(ToDs(Client, Ap, Wired, s_arp, 3)).Names);
    }

    [Fact]
    public void In_an_open_network_they_are_not()
    {
        _rig.Hear(Beacon(Ap, "Guests", 1)).Hear(ToDs(Client, Ap, Wired, s_arp, 1)).Hear(ToDs(Client, Ap, Wired, s_arp, 2, FrameFlags.MoreFragments));
        // Nor where one of the SSIDs of an address is open.
        _rig.Hear(Beacon(Ap, "Campus", 2, EssPrivacy, 1, s_rsn)).Hear(ToDs(Client, Ap, Wired, s_arp, 3));
        Assert.Empty(_rig.Names);
    }

    [Fact]
    public void Fragments_in_clear_and_to_groups_are_told_and_others_are_not()
    {
        _rig.Hear(Beacon(Ap, "Campus", 1, EssPrivacy, 1, s_rsn));
        _rig.Hear(ToDs(Client, Ap, Wired, s_encrypted, 1, FrameFlags.Protected | FrameFlags.MoreFragments));
        _rig.Hear(ToDs(Client, Ap, Wired, s_encrypted, 1, FrameFlags.Protected, fragment: 1));
        Assert.Empty(_rig.Names);
        Assert.Equal(["BADFRAGMENT"], _rig.Hear(ToDs(Client, Ap, Wired, s_arp, 2, FrameFlags.MoreFragments)).Names);
        Assert.Equal(["BADFRAGMENT"], _rig.Clear().Hear(FromDs(Ap, Wired, Multicast, s_encrypted, 3, FrameFlags.Protected | FrameFlags.MoreFragments)).Names);
    }

    [Theory]
    [InlineData(4, false, new[] { "DISASSOCTRAFFIC" })]
    // What was on its way, and what comes much later.
    [InlineData(0.2, false, new string[0])]
    [InlineData(20, false, new string[0])]
    [InlineData(4, true, new string[0])]
    public void Traffic_of_a_client_that_was_disconnected_is_told(double after, bool associates, string[] names)
    {
        _rig.Hear(ToDs(Client, Ap, Wired, s_encrypted, 1, FrameFlags.Protected));
        _rig.Hear(Deauthentication(Ap, Client, Ap, 1));
        if (associates)
        {
            _rig.Hear(AssociationRequest(Client, Ap, "Campus", 2));
        }
        _rig.Hear(ToDs(Client, Ap, Wired, s_encrypted, 3, FrameFlags.Protected), after);
        _rig.Hear(ToDs(Client, Ap, Wired, s_encrypted, 4, FrameFlags.Protected));
        Assert.Equal(names, _rig.Alerts.Select(static alert => alert.Header));
    }

    [Fact]
    public void A_client_that_goes_by_itself_may_come_back()
    {
        _rig.Hear(Deauthentication(Client, Ap, Ap, 1)).Hear(ToDs(Client, Ap, Wired, s_encrypted, 3, FrameFlags.Protected), 4);
        Assert.Empty(_rig.Names);
    }
}
