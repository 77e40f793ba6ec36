using System.Text;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Dot11;

namespace KismetOrleans.SampleGenerator.Campus;

/// <summary>The open guest network, where everything can be read: DHCP, ARP, DNS, TCP, CDP, A-MSDU, fragments, power saving.</summary>
internal static class OpenNetwork
{
    private const uint RouterIp = 0x0A14_0001;

    // Ports that nothing is known to use: the payloads are random, which a dissector of a known protocol would call malformed.
    private const ushort WebPort = 50080, UdpPort = 50443;

    private static readonly MacAddress Router = Networks.Mac("00:25:9C:EE:00:01");

    public static void Play(Air air, Dice dice, Networks networks)
    {
        AccessPoint open = networks.Open;
        (string Mac, string Host, string Vendor)[] guests =
        [
            ("F8:A9:D0:51:00:01", "annas-phone", "android-dhcp-14"), ("8C:85:90:51:00:02", "bobs-laptop", "MSFT 5.0"),
            ("DC:A6:32:51:00:03", "kiosk", "dhcpcd-9.4.1:Linux-6.1:aarch64"), ("5E:11:22:51:00:04", "", ""),
            ("24:0A:C4:51:00:05", "ESP_510005", ""),
        ];
        for (int i = 0; i < guests.Length; i++)
        {
            (string mac, string host, string vendor) = guests[i];
            var guest = new Station(Networks.Mac(mac), open.Radio with { Signal = (sbyte)(-50 - 6 * i), Swing = 10, Period = 22 });
            var talk = new Conversation(air, dice, open, guest, TimeSpan.FromSeconds(3 + 16.5 * i));
            uint ip = (uint)(RouterIp + 100 + i);
            talk.Probe().Authenticate().Associate([]);
            Join(talk, 0x1000_0000u + (uint)i * 7919, ip, host, vendor);
            Surf(talk, ip, $"www.site{i}.example");
        }
        var last = new Conversation(air, dice, open, new(Networks.Mac(guests[0].Mac), open.Radio with { Signal = -50 }),
            TimeSpan.FromSeconds(104));
        Special(last);
    }

    private static void Join(Conversation talk, uint transaction, uint ip, string host, string vendor)
    {
        MacAddress guest = talk.Station.Address;
        talk.UpData(MacAddress.Broadcast, NetworkPackets.Dhcp(NetworkPackets.Discover, guest, transaction, 0, 0, host, vendor))
            .DownData(Router, NetworkPackets.Dhcp(NetworkPackets.Offer, guest, transaction, ip, RouterIp))
            .UpData(MacAddress.Broadcast, NetworkPackets.Dhcp(NetworkPackets.Request, guest, transaction, ip, RouterIp, host, vendor))
            .DownData(Router, NetworkPackets.Dhcp(NetworkPackets.Acknowledge, guest, transaction, ip, RouterIp))
            .UpData(MacAddress.Broadcast, NetworkPackets.Arp(1, guest, ip, MacAddress.Zero, RouterIp))
            // The access point sends a group frame again for all to hear.
            .DownGroup(guest, MacAddress.Broadcast, NetworkPackets.Arp(1, guest, ip, MacAddress.Zero, RouterIp))
            .DownData(Router, NetworkPackets.Arp(2, Router, RouterIp, guest, ip));
    }

    private static void Surf(Conversation talk, uint ip, string name)
    {
        const byte Syn = 2, SynAck = 0x12, PushAck = 0x18;
        uint site = 0xC633_6400 + ip % 250;
        talk.UpData(Router, NetworkPackets.Udp(ip, RouterIp, 40001, 53, NetworkPackets.DnsQuery((ushort)ip, name)))
            .UpData(Router, NetworkPackets.Tcp(ip, site, 50123, WebPort, Syn, 1000, []))
            .DownData(Router, NetworkPackets.Tcp(site, ip, WebPort, 50123, SynAck, 9000, []))
            .UpData(Router, NetworkPackets.Tcp(ip, site, 50123, WebPort, PushAck, 1001, Encoding.ASCII.GetBytes($"hello {name}\n")));
        for (int i = 0; i < 14; i++)
        {
            byte[] part = talk.Dice.Bytes(talk.Dice.Between(60, 420));
            talk.DownData(Router, NetworkPackets.Tcp(site, ip, WebPort, 50123, PushAck, 9001 + (uint)i * 1400, part),
                talk.Dice.Chance(10) ? FrameFlags.Retry : 0)
                .Wait(talk.Dice.Between(10, 400) / 1000.0);
        }
    }

    private static void Special(Conversation talk)
    {
        AccessPoint open = talk.Network;
        Station guest = talk.Station;
        uint ip = RouterIp + 100;
        // A switch behind the access point.
        talk.DownGroup(Networks.Mac("00:00:0C:07:AC:01"), Networks.Mac("01:00:0C:CC:CC:CC"),
            NetworkPackets.Cdp("switch-guest-1", "GigabitEthernet1/0/7"));
        // Two packets in one A-MSDU.
        byte[] small = NetworkPackets.Udp(RouterIp, ip, UdpPort, 40001, talk.Dice.Bytes(45));
        byte[] large = NetworkPackets.Udp(RouterIp, ip, UdpPort, 40002, talk.Dice.Bytes(230));
        talk.Down(DataFrames.Build(
            new(open.Address, open.Address, guest.Address) { Flags = FrameFlags.FromDs, Sequence = open.NextSequence(), Qos = 0x80 },
            DataFrames.Amsdu((guest.Address, Router, small), (guest.Address, Router, large))));
        // One packet in three fragments; the second is sent twice.
        byte[] whole = NetworkPackets.Udp(ip, RouterIp, 40003, UdpPort, talk.Dice.Bytes(600));
        ushort sequence = guest.NextSequence();
        for (byte part = 0; part < 3; part++)
        {
            byte[] body = whole[(part * 220)..Math.Min(whole.Length, (part + 1) * 220)];
            var header = new DataHeader(open.Address, guest.Address, Router)
            {
                Kind = FrameKind.Data,
                Flags = FrameFlags.ToDs | (part < 2 ? FrameFlags.MoreFragments : 0),
                Sequence = sequence,
                Fragment = part,
            };
            talk.Up(DataFrames.Build(header, body), ack: part != 1);
            if (part == 1)
            {
                talk.Up(DataFrames.Build(header with { Flags = header.Flags | FrameFlags.Retry }, body), ack: true);
            }
        }
        // Asleep, a poll, awake; then protection before a long frame.
        talk.Null(asleep: true).Wait(0.3).Up(ControlFrames.PsPoll(open.Address, guest.Address, 1), rate: 12)
            .DownData(Router, NetworkPackets.Udp(RouterIp, ip, UdpPort, 40002, talk.Dice.Bytes(120)), FrameFlags.MoreData)
            .Null(asleep: false)
            .Up(ControlFrames.Rts(open.Address, guest.Address), rate: 12).Down(ControlFrames.Cts(guest.Address), rate: 12)
            .UpData(Router, NetworkPackets.Udp(ip, RouterIp, 40002, UdpPort, talk.Dice.Bytes(900)))
            .Down(ControlFrames.BlockAck(guest.Address, open.Address, 40, 1), rate: 24).Down(ControlFrames.CfEnd(open.Address), rate: 12)
            .Up(ManagementFrames.AnqpRequest(guest, open.Address, 5), ack: true)
            .Down(ManagementFrames.ChannelSwitch(open, 6, 10))
            .Up(ManagementFrames.Deauthentication(guest, open.Address, open.Address, 3), ack: true);
    }
}
