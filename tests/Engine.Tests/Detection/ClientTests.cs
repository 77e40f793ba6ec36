using KismetOrleans.SampleGenerator;
using KismetOrleans.Wire;
using static KismetOrleans.Engine.Tests.Frames;

namespace KismetOrleans.Engine.Tests.Detection;

/// <summary>Clients: without protection, under another's address, in crowds, and access points that are whatever is asked for.</summary>
public sealed class ClientTests
{
    private readonly AlertRig _rig = new();
    private ushort _sequence;

    [Theory]
    [InlineData(0x0000, new[] { "NOCLIENTMFP" })]
    [InlineData(0x0080, new string[0])]
    [InlineData(0x00C0, new string[0])]
    public void A_client_without_protection_of_management_frames_is_told(ushort capabilities, string[] names) =>
        Assert.Equal(names, _rig.Hear(Associate(Client, Rsn(capabilities))).Names);

    [Fact]
    public void In_an_open_network_there_is_nothing_to_protect() => Assert.Empty(_rig.Hear(Associate(Client)).Names);

    [Theory]
    [InlineData(3, 8, new[] { "MACSTEALER" })]
    [InlineData(3, 4, new string[0])]
    [InlineData(60, 8, new string[0])]
    public void A_client_that_is_another_machine_now_is_told(double after, byte capability, string[] names)
    {
        // The extended capabilities are of the machine.
        _rig.Hear(Associate(Client, Rsn(0x80), Elements.Of(127, [4, 0, 8])));
        _rig.Hear(Associate(Client, Rsn(0x80), Elements.Of(127, [capability, 0, 8])), after);
        Assert.Equal(names, _rig.Names);
    }

    [Fact]
    public void Roaming_is_not_taking_over()
    {
        _rig.Hear(Associate(Client, Rsn(0x80)));
        _rig.Hear(AssociationRequest(Client, OtherAp, "Campus", _sequence++, Rsn(0x80), Elements.Of(127, [4, 0, 8])), 1);
        Assert.Empty(_rig.Names);
    }

    [Theory]
    [InlineData(51, 0.01, new[] { "AUTHFLOOD" })]
    [InlineData(50, 0.001, new string[0])]
    [InlineData(200, 0.1, new string[0])]
    public void A_crowd_that_authenticates_at_once_is_told(int count, double apart, string[] names)
    {
        for (uint i = 0; i < count; i++)
        {
            _rig.Hear(Authentication(new(0x0C00_0001_0000UL + i), Ap, Ap, 1), i == 0 ? 1 : apart);
        }
        Assert.Equal(names, _rig.Names);
    }

    [Theory]
    [InlineData(32, new[] { "SSIDFLOOD" })]
    [InlineData(31, new string[0])]
    public void An_address_with_too_many_SSIDs_is_told(int count, string[] names)
    {
        for (ushort i = 0; i < count; i++)
        {
            _rig.Hear(Beacon(Ap, $"Net {i}", i));
        }
        Assert.Equal(names, _rig.Names);
    }

    [Theory]
    [InlineData(5, false, new[] { "PROBEONLYAP" })]
    [InlineData(4, false, new string[0])]
    [InlineData(5, true, new string[0])]
    public void An_access_point_that_is_whatever_is_asked_for_is_told(int count, bool announces, string[] names)
    {
        for (ushort i = 0; i < count; i++)
        {
            if (announces)
            {
                _rig.Hear(Beacon(Ap, $"Net {i}", i));
            }
            _rig.Hear(ProbeResponse(Ap, Client, $"Net {i}", i));
        }
        Assert.Equal(names, _rig.Names);
    }

    [Theory]
    [InlineData(0x0013_3700_0001, new[] { "KARMAOUI" })]
    [InlineData(0x0013_3800_0001, new string[0])]
    public void The_Pineapples_address_is_known(ulong address, string[] names)
    {
        Assert.Empty(_rig.Hear(Beacon(new(address), "Campus")).Names);
        Assert.Equal(names, _rig.Hear(ProbeResponse(new(address), Client, "Campus")).Names);
    }

    [Theory]
    [InlineData(-9, new[] { "OVERPOWERED" })]
    [InlineData(-10, new string[0])]
    [InlineData(0, new string[0])]
    public void A_signal_that_is_too_strong_is_told(sbyte signal, string[] names) => Assert.Equal(names, _rig.HearAt(Beacon(Ap, "Campus"), signal).Names);

    [Fact]
    public void An_access_point_that_is_an_ad_hoc_network_too_is_told()
    {
        _rig.Hear(Beacon(Ap, "Campus", 1)).Hear(Beacon(OtherAp, "Room", 1, Ibss));
        Assert.Empty(_rig.Names);
        Assert.Equal(["ADHOCCONFLICT"], _rig.Hear(Beacon(Ap, "Campus", 2, Ibss)).Names);
        Assert.Empty(_rig.Clear().Hear(Beacon(Ap, "Campus", 3)).Hear(Beacon(Ap, "Campus", 4, Ibss)).Names);
    }

    private byte[] Associate(MacAddress from, params byte[][] more) => AssociationRequest(from, Ap, "Campus", _sequence++, more);

    private static byte[] Rsn(ushort capabilities) =>
        Elements.Of(48, [1, 0, 0, 0x0F, 0xAC, 4, 1, 0, 0, 0x0F, 0xAC, 4, 1, 0, 0, 0x0F, 0xAC, 2, (byte)capabilities, (byte)(capabilities >> 8)]);
}
