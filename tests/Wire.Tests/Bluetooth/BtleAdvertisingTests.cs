using KismetOrleans.Wire.Bluetooth;
using KismetOrleans.Wire.Dot11;
using KismetOrleans.Wire.Tests.Dot11;

namespace KismetOrleans.Wire.Tests.Bluetooth;

/// <summary>Advertising packets of Bluetooth Low Energy: whose they are, what they say, what is wrong with them.</summary>
public sealed class BtleAdvertisingTests
{
    private const string Access = "D6BE898E";

    // ADV_IND, random address C0:00:00:00:00:01: flags 0x06, short name "ab", complete name "abc", company 0x004C.
    private const string AdvInd = Access + "40 16" + "0100000000C0" + "020106 03086162 0409616263 03FF4C00";

    private static byte[] WithCrc(string hex)
    {
        byte[] packet = Make.Hex(hex);
        uint crc = BtleCrc.ComputeAdvertising(packet.AsSpan(4));
        return [.. packet, (byte)crc, (byte)(crc >> 8), (byte)(crc >> 16)];
    }

    private static BtleAdvertisement Parse(string hex, ParseStatus expected = ParseStatus.Ok)
    {
        Assert.Equal(expected, BtleAdvertising.TryParse(WithCrc(hex), out BtleAdvertisement a));
        return a;
    }

    [Fact]
    public void An_advertisement_tells_address_flags_and_names()
    {
        BtleAdvertisement a = Parse(AdvInd);
        Assert.Equal(BtlePdu.AdvInd, a.Pdu);
        Assert.Equal("C0:00:00:00:00:01", a.Address.ToString());
        Assert.True(a.IsRandom);
        Assert.True(a.IsAdvertiser);
        Assert.True(a.HasCrc);
        Assert.Equal(Anomalies.None, a.Anomalies);
        Assert.Equal(AdvertisingFlags.GeneralDiscoverable | AdvertisingFlags.BrEdrUnsupported, a.Content.Flags);
        Assert.Equal("abc", a.Content.Name.Text(Make.Hex(AdvInd)));
        Assert.True(a.Content.IsNameComplete);
        Assert.Equal(0x004C, a.Content.CompanyId);
        Assert.False(a.Content.HasOverlongElement);
    }

    [Theory]
    [InlineData("03 0C 0100000000C0 0200000000C0", BtlePdu.ScanReq)]
    [InlineData("01 0C 0100000000C0 0200000000C0", BtlePdu.AdvDirectInd)]
    [InlineData("85 22 0100000000C0 0200000000C0 00112233445566778899AABBCCDDEEFF001122334455", BtlePdu.ConnectInd)]
    public void Packets_for_one_receiver_name_it(string pdu, BtlePdu expected)
    {
        BtleAdvertisement a = Parse(Access + pdu);
        Assert.Equal(expected, a.Pdu);
        Assert.Equal("C0:00:00:00:00:01", a.Address.ToString());
        Assert.Equal("C0:00:00:00:00:02", a.Target.ToString());
        Assert.Equal(pdu.StartsWith("85", StringComparison.Ordinal), a.IsTargetRandom);
        Assert.Equal(expected == BtlePdu.AdvDirectInd, a.IsAdvertiser);
        Assert.True(a.Data.IsEmpty);
    }

    [Theory]
    [InlineData("47 0A 07 01 0100000000C0 0201", "C0:00:00:00:00:01", 2)] // address and two bytes of data
    [InlineData("07 03 02 18 00", "00:00:00:00:00:00", 0)] // a pointer only
    [InlineData("07 01 00", "00:00:00:00:00:00", 0)]
    public void Extended_advertisements_may_tell_an_address(string pdu, string address, int data)
    {
        BtleAdvertising.TryParse(Make.Hex(Access + pdu), out BtleAdvertisement a);
        Assert.Equal(BtlePdu.AdvExtInd, a.Pdu);
        Assert.Equal(address, a.Address.ToString());
        Assert.Equal(data, a.Data.Length);
    }

    [Fact]
    public void A_wrong_CRC_is_an_anomaly()
    {
        byte[] packet = WithCrc(AdvInd);
        packet[^1] ^= 0x80;
        Assert.Equal(ParseStatus.Ok, BtleAdvertising.TryParse(packet, out BtleAdvertisement a));
        Assert.Equal(Anomalies.BluetoothCrcBad, a.Anomalies);
        BtleAdvertising.TryParse(packet.AsSpan(0, packet.Length - 3), out a);
        Assert.False(a.HasCrc);
        Assert.Equal(Anomalies.None, a.Anomalies);
    }

    [Fact]
    public void Data_channels_have_no_addresses_to_read() =>
        Assert.Equal(MacAddress.Zero, Parse("F5A6DD92 02 06 0C091D00BE02", ParseStatus.Unsupported).Address);

    [Theory]
    [InlineData("40 05 0100000000")] // shorter than an address
    [InlineData("03 0B 0100000000C0 0200000000")] // shorter than two
    [InlineData("07 00")] // extended without its header
    [InlineData("07 01 06")] // extended header past the end
    [InlineData("07 04 03 01 0100")] // extended header too short for the address it promises
    [InlineData("00 08 0100000000C0 0309")] // an element past the end
    public void Lengths_that_contradict_are_malformed(string pdu) =>
        Assert.Equal(Anomalies.BluetoothMalformed, Parse(Access + pdu, ParseStatus.Malformed).Anomalies & Anomalies.BluetoothMalformed);

    [Fact]
    public void An_element_longer_than_legacy_advertising_is_noted_even_if_it_lies()
    {
        BtleAdvertisement a = Parse(Access + "00 08 0100000000C0 2809", ParseStatus.Malformed);
        Assert.True(a.Content.HasOverlongElement);
        Assert.Equal(40, a.Content.LongestElement);
        Assert.Equal("C0:00:00:00:00:01", a.Address.ToString());
    }

    [Fact]
    public void Padding_ends_the_elements()
    {
        BtleAdvertisement a = Parse(Access + "00 0B 0100000000C0 020104 00 09");
        Assert.Equal(AdvertisingFlags.BrEdrUnsupported, a.Content.Flags);
    }

    [Fact]
    public void Open_Drone_ID_comes_as_service_data()
    {
        // Service data (0x16) of 0xFFFA, application 0x0D, counter 1, one message.
        string hex = Access + "00 25 0100000000C0 1E 16 FAFF 0D 01" + SampleFrames.BasicId;
        byte[] packet = Make.Hex(hex);
        BtleAdvertisement a = Parse(hex);
        byte[] payload = a.Content.OpenDroneId.Of(packet).ToArray();
        Assert.Equal(ParseStatus.Ok, OpenDroneId.TryParse(payload, out OpenDroneId d));
        Assert.Equal("MADE0001", d.Id.Text(payload));
    }

    [Fact]
    public void Cut_and_changed_packets_never_read_past_the_end()
    {
        var random = new Random(54);
        byte[][] packets = [WithCrc(AdvInd), WithCrc(Access + "47 09 07 01 0100000000C0 02"), WithCrc(Access + "03 0C 0100000000C0 0200000000C0")];
        foreach (byte[] packet in packets)
        {
            for (int length = 0; length <= packet.Length; length++)
            {
                BtleAdvertising.TryParse(packet[..length], out BtleAdvertisement a);
                Assert.True(a.Data.Offset + a.Data.Length <= length);
            }
            for (int round = 0; round < 20_000; round++)
            {
                byte[] spoiled = packet[..random.Next(4, packet.Length + 1)];
                for (int i = random.Next(4); i >= 0 && spoiled.Length > 4; i--)
                {
                    spoiled[random.Next(4, spoiled.Length)] = (byte)random.Next(256);
                }
                BtleAdvertising.TryParse(spoiled, out BtleAdvertisement a);
                _ = a.Data.Of(spoiled).Length + a.Content.Name.Of(spoiled).Length + a.Content.OpenDroneId.Of(spoiled).Length;
            }
        }
    }

    [SharedFact]
    public void The_shared_capture_has_one_advertising_packet_and_its_CRC_is_right()
    {
        var found = new List<BtleAdvertisement>();
        foreach ((_, byte[] frame, _) in SharedCaptures.Frames(SharedCaptures.File("ble-pairing.pcap")))
        {
            if (BtleAdvertising.TryParse(frame, out BtleAdvertisement a) == ParseStatus.Ok)
            {
                found.Add(a);
            }
        }
        // The other 1,603 packets are of a data channel, from which a real server makes eight devices that do not exist.
        BtleAdvertisement connect = Assert.Single(found);
        Assert.Equal(BtlePdu.ConnectInd, connect.Pdu);
        Assert.Equal(Anomalies.None, connect.Anomalies);
        Assert.Equal("63:5B:46:E8:B3:81", connect.Address.ToString());
        Assert.Equal("74:DA:EA:91:47:E3", connect.Target.ToString());
    }
}
