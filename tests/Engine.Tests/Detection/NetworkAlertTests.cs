using KismetOrleans.SampleGenerator;
using KismetOrleans.Wire;
using static KismetOrleans.Engine.Tests.Frames;

namespace KismetOrleans.Engine.Tests.Detection;

/// <summary>DHCP clients that change their name, their system or their address, or ask as somebody else.</summary>
public sealed class NetworkAlertTests
{
    private const byte Discover = 1, Request = 3;
    private const uint Mine = 0x0A00_0005, Others = 0x0A00_0006, Server = 0x0A00_0001, LinkLocal = 0xA9FE_0102;
    private readonly AlertRig _rig = new();
    private ushort _sequence;

    [Theory]
    [InlineData("laptop", "MSFT 5.0", new string[0])]
    [InlineData("desktop", "MSFT 5.0", new[] { "DHCPNAMECHANGE" })]
    [InlineData("laptop", "android-dhcp-14", new[] { "DHCPOSCHANGE" })]
    [InlineData("", "", new string[0])]
    public void Another_name_or_system_is_told(string host, string vendor, string[] names)
    {
        Send(NetworkPackets.Dhcp(Request, Client, 1, Mine, Server, "laptop", "MSFT 5.0"));
        Send(NetworkPackets.Dhcp(Request, Client, 2, Mine, Server, host, vendor));
        Assert.Equal(names, _rig.Names);
    }

    [Fact]
    public void A_client_that_asks_as_another_is_told()
    {
        Send(NetworkPackets.Dhcp(Discover, Client, 1, 0, 0));
        // What asks for its lease again may be a bridge that passes it on.
        Send(NetworkPackets.Dhcp(Request, OtherClient, 2, Mine, Server));
        Assert.Empty(_rig.Names);
        Send(NetworkPackets.Dhcp(Discover, OtherClient, 3, 0, 0));
        Assert.Equal(["DHCPCLIENTID"], _rig.Names);
        Assert.Equal(OtherClient, _rig.Alerts[0].Other);
    }

    [Theory]
    [InlineData(Mine, new string[0])]
    [InlineData(Others, new[] { "DHCPCONFLICT" })]
    [InlineData(LinkLocal, new string[0])]
    [InlineData(0u, new string[0])]
    public void Another_address_than_the_one_asked_for_is_told(uint used, string[] names)
    {
        Send(NetworkPackets.Dhcp(Request, Client, 1, Mine, Server));
        Send(NetworkPackets.Arp(1, Client, used, default, Server));
        Assert.Equal(names, _rig.Names);
    }

    [Fact]
    public void What_a_router_passes_on_is_not_its_own_address()
    {
        Send(NetworkPackets.Dhcp(Request, Client, 1, Mine, Server));
        _rig.Hear(FromDs(Ap, Client, OtherClient, NetworkPackets.Udp(0x0808_0808, Others, 53, 4000, [1, 2, 3, 4]), _sequence++));
        Assert.Empty(_rig.Names);
    }

    private void Send(byte[] body) => _rig.Hear(ToDs(Client, Ap, MacAddress.Broadcast, body, _sequence++));
}
