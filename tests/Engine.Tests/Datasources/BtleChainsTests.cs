using KismetOrleans.Records.Devices;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Bluetooth;

namespace KismetOrleans.Engine.Tests.Datasources;

/// <summary>Extended advertisements that go on in further packets, as the nRF sniffer and link layer captures have them.</summary>
public sealed class BtleChainsTests
{
    internal static readonly MacAddress s_sender = new(0xC0_11_22_33_44_55);

    // Manufacturer's data of a company that tests use, and a name of 9 letters, as two elements.
    private const string Company = "05FFFFFF0102";
    private const string Name = "0A09" + "63616D707573203432";

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(11)]
    public void An_advertisement_is_read_whole_wherever_it_is_cut(int at)
    {
        byte[] data = Convert.FromHexString(Company + Name);
        Rig rig = new Rig()
            .HearPacket(Packet(data[..at], channel: 20, address: true, next: 21), LinkType.NordicBle, at: 0)
            .HearPacket(Packet(data[at..], channel: 21), LinkType.NordicBle, at: 0.0030);
        Device device = Device(rig)!;
        Assert.Equal(("campus 42", 2UL), (device.Name, device.Packets));
        Assert.Equal("0102", Convert.ToHexString(Assert.Single(device.Bluetooth!.ManufacturerData!).Value));
    }

    [Fact]
    public void Three_packets_and_an_element_of_255_bytes_are_joined()
    {
        byte[] element = [255, 0xFF, 0xFF, 0xFF, .. Enumerable.Range(0, 252).Select(static i => (byte)i)];
        Rig rig = new Rig()
            .HearPacket(Packet(element[..100], channel: 5, address: true, next: 6), LinkType.NordicBle, at: 0)
            .HearPacket(Packet(element[100..200], channel: 6, next: 7), LinkType.NordicBle, at: 0.003)
            .HearPacket(Packet([.. element[200..], .. Convert.FromHexString(Name)], channel: 7), LinkType.NordicBle, at: 0.006);
        Device device = Device(rig)!;
        Assert.Equal(("campus 42", 3UL), (device.Name, device.Packets));
        Assert.Equal(element[4..], Assert.Single(device.Bluetooth!.ManufacturerData!).Value);
    }

    [Theory]
    [InlineData(22, 0.003, 0x1234)] // another channel
    [InlineData(21, 0.5, 0x1234)] // far too late
    [InlineData(21, 0.003, 0x1235)] // another advertisement's identifier
    public void What_belongs_to_another_advertisement_is_not_joined(int channel, double at, int adi)
    {
        byte[] data = Convert.FromHexString(Company + Name);
        Rig rig = new Rig()
            .HearPacket(Packet(data[..9], channel: 20, address: true, next: 21), LinkType.NordicBle, at: 0)
            .HearPacket(Packet(data[9..], channel: channel, adi: adi), LinkType.NordicBle, at: at);
        Assert.Equal(("", 1UL), (Device(rig)!.Name, Device(rig)!.Packets));
    }

    [Fact]
    public void A_chain_without_its_beginning_makes_no_device_and_is_no_fault()
    {
        Rig rig = new Rig().HearPacket(Packet(Convert.FromHexString(Name), channel: 21), LinkType.NordicBle);
        Assert.Equal((0, 0L), (rig.Devices.All.Length, rig.Dissector.Unread));
    }

    [Fact]
    public void Chains_of_many_advertisers_are_told_apart_and_those_whose_end_is_lost_make_room()
    {
        Rig rig = new();
        for (int i = 0; i < 500; i++)
        {
            byte[] data = [.. Convert.FromHexString(Company), 5, 9, (byte)'n', (byte)('0' + (i / 100)), (byte)('0' + (i / 10 % 10)), (byte)('0' + (i % 10))];
            rig.HearPacket(Packet(data[..8], channel: 20, address: true, next: 21, adi: i, last: (byte)i, middle: (byte)(i >> 8)), LinkType.NordicBle, at: i * 0.01);
            if (i % 2 == 0)
            {
                rig.HearPacket(Packet(data[8..], channel: 21, adi: i), LinkType.NordicBle, at: (i * 0.01) + 0.003);
            }
        }
        string[] names = [.. rig.Devices.All.ToArray().Select(static device => device.Name).Where(static name => name.Length > 0).Order(StringComparer.Ordinal)];
        Assert.Equal(Enumerable.Range(0, 250).Select(static i => $"n{i * 2:000}"), names);
    }

    private static Device? Device(Rig rig) => rig.Devices.All.ToArray().SingleOrDefault(static device => device.Id.Address == s_sender);

    // nRF sniffer header, access address, AUX_ADV_IND or AUX_CHAIN_IND (type 7) with the identifier and perhaps a pointer 3 ms ahead, CRC.
    internal static byte[] Packet(byte[] data, int channel, bool address = false, int next = -1, int adi = 0x1234, byte last = 0x55, byte middle = 0x44)
    {
        List<byte> extended = [(byte)((address ? 0x01 : 0) | 0x08 | (next < 0 ? 0 : 0x10))];
        if (address)
        {
            extended.AddRange([last, middle, 0x33, 0x22, 0x11, 0xC0]);
        }
        extended.AddRange([(byte)adi, (byte)(adi >> 8)]);
        if (next >= 0)
        {
            extended.AddRange([(byte)next, 100, 0]);
        }
        byte[] pdu = [0x47, (byte)(1 + extended.Count + data.Length), (byte)extended.Count, .. extended, .. data];
        uint crc = BtleCrc.ComputeAdvertising(pdu);
        byte[] packet = [0xD6, 0xBE, 0x89, 0x8E, .. pdu, (byte)crc, (byte)(crc >> 8), (byte)(crc >> 16)];
        return [0, (byte)(10 + packet.Length), 0, 2, 0, 0, 0x06, 10, 0x01, (byte)channel, 60, 0, 0, 0, 0, 0, 0, .. packet];
    }
}
