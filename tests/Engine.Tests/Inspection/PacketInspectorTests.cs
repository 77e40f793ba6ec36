using KismetOrleans.Engine.Inspection;
using KismetOrleans.Engine.Logging;
using KismetOrleans.Packets;
using KismetOrleans.Packets.Files;
using KismetOrleans.Records.Server;
using KismetOrleans.SampleGenerator;
using KismetOrleans.Wire;

namespace KismetOrleans.Engine.Tests.Inspection;

/// <summary>A packet is shown as the layers that it has, each in its place, and what cannot be read is said.</summary>
public sealed class PacketInspectorTests
{
    // To the access point 02:00:00:00:00:0A, from :01, for :02, sequence number 1.
    private const string ToAccessPoint = "08010000" + "02000000000A" + "020000000001" + "020000000002" + "1000";
    private static readonly MacAddress s_client = new(0x0200_0000_0001);

    [Fact]
    public void A_dhcp_message_is_shown_down_to_its_options()
    {
        byte[] packet = [.. Convert.FromHexString(ToAccessPoint), .. NetworkPackets.Dhcp(NetworkPackets.Request, s_client, 0x1234, 0x0A14_0065, 0x0A14_0001, "annas-phone", "android-dhcp-14")];
        PacketView view = Inspect(packet);
        Assert.Null(view.Error);
        PacketLayer frame = Assert.Single(view.Layers);
        PacketLayer llc = Assert.Single(frame.Layers), ip = Assert.Single(llc.Layers), udp = Assert.Single(ip.Layers), dhcp = Assert.Single(udp.Layers);
        Assert.Equal(
            [("IEEE 802.11 data", 0, 24), ("LLC and SNAP", 24, 8), ("IPv4", 32, 20), ("UDP", 52, 8), ("DHCP", 60, packet.Length - 60)],
            new[] { frame, llc, ip, udp, dhcp }.Select(static layer => (layer.Name, layer.Offset, layer.Length)));
        Assert.All(All(view.Layers), static layer => Assert.Null(layer.Error));
        Assert.Equal(new("BSSID", "02:00:00:00:00:0A", 4, 6), Field(frame, "BSSID"));
        Assert.Equal(new("Destination", "02:00:00:00:00:02", 16, 6), Field(frame, "Destination"));
        Assert.Equal(new("Source", "0.0.0.0", 44, 4), Field(ip, "Source"));
        Assert.Equal(new("Destination port", "67", 54, 2), Field(udp, "Destination port"));
        Assert.Equal(new("Client hardware address", "02:00:00:00:00:01", 88, 6), Field(dhcp, "Client hardware address"));
        Assert.Equal("annas-phone", dhcp.Fields.Single(static f => f.Name.StartsWith("Option 12,", StringComparison.Ordinal)).Value);
        Assert.Equal("10.20.0.101", dhcp.Fields.Single(static f => f.Name.StartsWith("Option 50,", StringComparison.Ordinal)).Value);
        Assert.Equal("request", dhcp.Fields.Single(static f => f.Name.StartsWith("Option 53,", StringComparison.Ordinal)).Value);
    }

    [Fact]
    public void A_beacon_has_a_layer_for_each_element_and_a_broken_one_says_so()
    {
        // Beacon of "Café" in Latin-1, WPA2-PSK, channel 6, then a vendor element of which 200 bytes are announced and 2 are there.
        byte[] packet = Convert.FromHexString(
            "80000000" + "FFFFFFFFFFFF" + "02000000000A" + "02000000000A" + "0000" + "0102030405060708" + "6400" + "1104"
            + "0004436166E9" + "030106" + "30140100000FAC040100000FAC040100000FAC020000" + "DDC80050");
        PacketLayer frame = Assert.Single(Inspect(packet).Layers);
        Assert.Equal(["Fixed parameters", "SSID", "DS parameter set", "RSN", "Element that ends too early"], frame.Layers.Select(static l => l.Name));
        Assert.Equal(new("SSID", "Caf\\xE9", 38, 4), Field(frame.Layers[1], "SSID"));
        Assert.Equal(new("Channel", "6", 44, 1), Field(frame.Layers[2], "Channel"));
        Assert.Equal("WPA2 WPA2-PSK AES-CCMP", Field(frame.Layers[3], "Security").Value);
        Assert.Equal((packet.Length - 4, 4, "says that it has 200 bytes, and 2 are there"), (frame.Layers[4].Offset, frame.Layers[4].Length, frame.Layers[4].Error));
        Assert.Equal("100 TU", Field(frame.Layers[0], "Beacon interval").Value);
    }

    [Fact]
    public void A_key_of_a_handshake_is_told_by_its_number()
    {
        string key = "02" + "010A" + "0010" + "0000000000000001" + string.Concat(Enumerable.Repeat("AB", 32)) + new string('0', 32) + new string('0', 32)
            + string.Concat(Enumerable.Repeat("CD", 16)) + "0002" + "3000";
        byte[] packet = Convert.FromHexString(ToAccessPoint + "AAAA03000000888E" + "0203" + $"{key.Length / 2:X4}" + key);
        PacketLayer eapol = Assert.Single(Assert.Single(Assert.Single(Inspect(packet).Layers).Layers).Layers);
        PacketLayer shown = Assert.Single(eapol.Layers);
        Assert.Equal(("EAPOL", "EAPOL-Key, message 2 of 4", 36), (eapol.Name, shown.Name, shown.Offset));
        Assert.Equal(new("Nonce", string.Concat(Enumerable.Repeat("AB", 32)), 49, 32), Field(shown, "Nonce"));
        Assert.Equal(new("MIC", string.Concat(Enumerable.Repeat("CD", 16)), 113, 16), Field(shown, "MIC"));
        Assert.Equal("3000", Field(shown, "Key data").Value);
    }

    [Theory]
    [InlineData("AAAA030000000800" + "45001234", "LLC and SNAP", "IPv4: ends too early")] // cut within the header of IPv4
    [InlineData("AAAA030000000800" + "450000FF000000004011000001020304050607080043004400080000", "UDP", "IPv4: ends too early")] // says 255 bytes and has 28
    [InlineData("AAAA030000000800" + "4500001C000000004006000001020304050607080043004400080000", "TCP", "TCP: ends too early")] // eight bytes of TCP
    [InlineData("AAAA030000000800" + "45000028000000004006000001020304050607080050C0000000000100000000100204000000000000", "TCP", "TCP: says that it is shorter than a header")]
    [InlineData("AAAA030000000806" + "0001080006040001020000000001", "ARP", "ARP: ends too early")]
    [InlineData("AAAA0300000086DD" + "60000000", "LLC and SNAP", "IPv6: ends too early")]
    [InlineData("AAAA03000000888E" + "0203005F0200", "EAPOL-Key", "EAPOL: ends too early|EAPOL-Key: eapol malformed")]
    public void What_contradicts_its_format_is_shown_as_far_as_it_goes(string body, string deepest, string errors)
    {
        PacketView view = Inspect(Convert.FromHexString(ToAccessPoint + body));
        PacketLayer[] layers = [.. All(view.Layers)];
        Assert.Contains(layers, layer => layer.Name == deepest && layer.Fields.Count + layer.Length > 0);
        Assert.Equal(errors.Split('|'), layers.Where(static layer => layer.Error is not null).Select(static layer => $"{layer.Name}: {layer.Error}"));
        CheckPlaces(view);
    }

    [Fact]
    public void What_the_capture_cut_is_no_fault_of_the_sender()
    {
        byte[] whole = [.. Convert.FromHexString(ToAccessPoint), .. NetworkPackets.Udp(1, 2, 1000, 2000, new byte[500])];
        PacketView view = Inspect(whole[..80], originalLength: whole.Length);
        Assert.Equal($"the capture cut it: 80 of {whole.Length} bytes", view.Error);
        Assert.Equal(["IPv4: cut by the capture", "UDP: cut by the capture"], All(view.Layers).Where(static l => l.Error is not null).Select(static l => $"{l.Name}: {l.Error}"));
    }

    [Fact]
    public void A_packet_without_bytes_and_one_of_an_unknown_link_type_say_so()
    {
        PacketView none = Inspect([]);
        Assert.Equal(("the log has no bytes of this packet", 0), (none.Error, none.Layers.Count));
        PacketLayer unknown = Assert.Single(Inspect([1, 2, 3], LinkType.None + 1).Layers);
        Assert.Equal(("Link type 1", "link type unsupported"), (unknown.Name, unknown.Error));
    }

    [Fact]
    public void A_wrong_check_sequence_is_told()
    {
        // Radiotap with flags "FCS at the end", then an acknowledgement whose check sequence is 0.
        byte[] packet = Convert.FromHexString("00000900" + "02000000" + "10" + "D4000000" + "020000000001" + "00000000");
        PacketLayer fcs = Inspect(packet, LinkType.Radiotap).Layers[^1];
        Assert.Equal(("Frame check sequence", packet.Length - 4, "does not match the frame"), (fcs.Name, fcs.Offset, fcs.Error));
    }

    [Fact]
    public void A_right_check_sequence_that_nothing_tells_of_is_found()
    {
        byte[] ack = Convert.FromHexString("D4000000" + "020000000001");
        byte[] packet = [.. ack, .. System.IO.Hashing.Crc32.Hash(ack)];
        PacketLayer[] layers = [.. Inspect(packet).Layers];
        Assert.Equal(
            [("IEEE 802.11 acknowledgement", 0, 10, null), ("Frame check sequence", 10, 4, null)], layers.Select(static l => (l.Name, l.Offset, l.Length, l.Error)));
        Assert.Empty(layers[0].Layers);
    }

    [Fact]
    public void Packets_in_packets_and_thousands_of_elements_end_at_a_limit()
    {
        // IPv4 in IPv4, as often as 60,000 bytes hold it.
        byte[] nested = new byte[60_000];
        Convert.FromHexString(ToAccessPoint + "AAAA030000000800").CopyTo(nested, 0);
        for (int at = 32; at + 20 <= nested.Length; at += 20)
        {
            int left = nested.Length - at;
            byte[] header = [0x45, 0, (byte)(left >> 8), (byte)left, 0, 0, 0, 0, 64, 4, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8];
            header.CopyTo(nested, at);
        }
        Assert.Equal("too deep to be shown", All(Inspect(nested).Layers).Single(static l => l.Error is not null).Error);

        byte[] elements = [.. Convert.FromHexString("80000000" + "FFFFFFFFFFFF" + "02000000000A" + "02000000000A" + "0000" + "0000000000000000" + "6400" + "0100"), .. new byte[40_000]];
        PacketView many = Inspect(elements);
        Assert.Equal("larger than is shown: layers or values are left out", many.Error);
        Assert.Equal(1024, All(many.Layers).Count());
    }

    [Fact]
    public void Every_packet_of_the_sample_is_read_to_its_end()
    {
        List<StoredPacket> packets = Sample();
        Assert.True(packets.Count > 3000);
        foreach (StoredPacket packet in packets)
        {
            PacketView view = PacketInspector.Inspect(packet);
            CheckPlaces(view);
            // Every byte belongs to a layer: what nobody reads is data.
            bool[] covered = new bool[packet.Bytes.Length];
            foreach (PacketLayer layer in All(view.Layers))
            {
                covered.AsSpan(layer.Offset, layer.Length).Fill(true);
            }
            // An A-MSDU's padding, and what an IP packet's frame has behind it, belong to none.
            Assert.True(covered.Count(static one => !one) <= 3, Convert.ToHexString(packet.Bytes));
        }
        IEnumerable<string> names = packets.SelectMany(static packet => All(PacketInspector.Inspect(packet).Layers)).Select(static layer => layer.Name);
        Assert.Superset(new HashSet<string> { "TCP", "UDP", "DHCP", "ARP", "EAP", "A-MSDU subframe", "Cisco Discovery Protocol", "Open Drone ID", "WPS", "Encrypted data" }, names.ToHashSet());
    }

    [Fact]
    public void Spoiled_packets_never_throw_and_never_point_outside()
    {
        Random random = new(13);
        StoredPacket[] kinds = [.. Sample().GroupBy(static packet => string.Join('>', All(PacketInspector.Inspect(packet).Layers).Select(static l => l.Name))).Select(static g => g.First())];
        for (int round = 0; round < 60_000; round++)
        {
            StoredPacket packet = kinds[random.Next(kinds.Length)];
            byte[] spoiled = packet.Bytes[..random.Next(packet.Bytes.Length + 1)];
            for (int i = random.Next(6); i > 0 && spoiled.Length > 0; i--)
            {
                spoiled[random.Next(spoiled.Length)] = (byte)random.Next(256);
            }
            CheckPlaces(Inspect(spoiled, (LinkType)packet.Packet.LinkType, random.Next(2) == 0 ? spoiled.Length : packet.Bytes.Length));
        }
    }

    private static PacketView Inspect(byte[] bytes, LinkType type = LinkType.Ieee80211, int? originalLength = null) => PacketInspector.Inspect(new(
        new LoggedPacket(0, "IEEE802.11") { LinkType = (int)type, Length = bytes.Length, FullLength = originalLength ?? bytes.Length }, bytes));

    private static IEnumerable<PacketLayer> All(IEnumerable<PacketLayer> layers) => layers.SelectMany(static layer => All(layer.Layers).Prepend(layer));

    private static PacketField Field(PacketLayer layer, string name) => layer.Fields.Single(field => field.Name == name);

    private static void CheckPlaces(PacketView view)
    {
        foreach (PacketLayer layer in All(view.Layers))
        {
            Assert.InRange(layer.Offset, 0, view.Bytes.Length);
            Assert.InRange(layer.Length, 0, view.Bytes.Length - layer.Offset);
            foreach (PacketField field in layer.Fields.Where(static field => field.Offset >= 0))
            {
                Assert.True(field.Offset + field.Length <= view.Bytes.Length, $"{layer.Name}: {field} of {Convert.ToHexString(view.Bytes)}");
            }
        }
    }

    private static List<StoredPacket> Sample()
    {
        List<StoredPacket> packets = [];
        using CaptureFileReader reader = CaptureFileReader.Open(Path.Combine(AppContext.BaseDirectory, "campus.pcapng"));
        PacketBatch batch = new(256 * 1024, 1000);
        while (reader.TryRead(batch))
        {
            for (int i = 0; i < batch.Count; i++)
            {
                CapturedPacket packet = batch.Packets[i];
                packets.Add(new(
                    new LoggedPacket(packet.TimeNs / 1000, "") { LinkType = (int)packet.LinkType, Length = packet.Length, FullLength = packet.OriginalLength }, batch.Span(i).ToArray()));
            }
        }
        return packets;
    }
}
