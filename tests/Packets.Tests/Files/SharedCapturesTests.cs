using KismetOrleans.Packets.Files;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Link;

namespace KismetOrleans.Packets.Tests.Files;

/// <summary>
/// The captures beside the repository, where they are there: as many packets as tshark 4 finds, link headers as tshark reads them, and
/// an end that is always clear.
/// </summary>
public sealed class SharedCapturesTests
{
    [SharedTheory]
    [InlineData("auth.pcap", 100, 127)]
    [InlineData("ax210-6ghz.pcap", 1, 127)]
    [InlineData("ble-pairing.pcap", 1604, 256)]
    [InlineData("campus-6k.pcap", 6002, 127)]
    [InlineData("exthdr.pcap", 26, 127)]
    [InlineData("fragattacks-ap.pcapng", 147, 127)]
    [InlineData("fragattacks-client.pcapng", 219, 127)]
    [InlineData("krack.pcapng", 1378, 127)]
    [InlineData("mavic-multi.pcapng", 239, 127)]
    [InlineData("mixed-dot11-105.pcap", 529, 105)]
    [InlineData("mixed-dot11.pcap", 529, 127)]
    [InlineData("odid.pcap", 63, 127)]
    [InlineData("wifi7-oneplus.pcapng", 1, 127)]
    [InlineData("zeek-radiotap.pcap", 3, 127)]
    [InlineData("more/four-phys.pcapng", 400, 127)]
    [InlineData("more/sc6-61_2023-12-14_anonymized.pcap", 27416, 127)]
    [InlineData("more/missing_confirms.pcap", 711, 192)]
    [InlineData("more/zigbee_philips_hue_association.pcap", 348, 283)]
    [InlineData("malformed/802_15_4-oobr-1.pcap", 1, 195)]
    [InlineData("malformed/avs-163.pcap", 529, 163)]
    [InlineData("malformed/derived-bsd-crackle__btle-ll-251__e0.02_s2.pcap", 303, 251)]
    [InlineData("malformed/each-length.pcap", 266, 127)]
    [InlineData("malformed/header-only.pcap", 0, 127)]
    [InlineData("malformed/origlen-less-than-incl.pcap", 529, 127)]
    [InlineData("malformed/radiotap-127.pcap", 529, 127)]
    [InlineData("malformed/radiotap-127.pcap.gz", 529, 127)]
    [InlineData("malformed/radiotap-be.pcapng", 529, 127)]
    [InlineData("malformed/radiotap-bigendian.pcap", 529, 127)]
    [InlineData("malformed/radiotap-nanosec.pcap", 529, 127)]
    [InlineData("malformed/radiotap-nsres.pcapng", 529, 127)]
    [InlineData("malformed/radiotap-snap60.pcap", 529, 127)]
    [InlineData("malformed/radiotap.pcapng", 529, 127)]
    [InlineData("malformed/time-zero.pcap", 529, 127)]
    [InlineData("malformed/usec-overflow.pcap", 529, 127)]
    [InlineData("malformed/version-9.9.pcap", 529, 127)]
    [InlineData("malformed/zero-length-records.pcap", 60, 127)]
    public void A_good_file_has_as_many_packets_as_tshark_finds(string name, long packets, int linkType)
    {
        string path = Path.Combine(SharedMaterial.Root!, $"captures/{name}");
        using CaptureFileReader reader = CaptureFileReader.Open(path);
        Assert.Equal(packets, ReadAll.From(reader, PacketBatch.DefaultBytes).Count);
        Assert.Equal((LinkType)linkType, reader.LinkType);
        Assert.Null(reader.Error);
        Assert.Equal(reader.Length, reader.FilePosition);
    }

    [SharedTheory]
    [InlineData("bad-interface-id.pcapng", 0, "10 packets left out: the packet at byte 48 names interface 7, but the section describes 1")]
    [InlineData("no-idb.pcapng", 0, "10 packets left out: the packet at byte 28 names interface 0, but the section describes 0")]
    [InlineData("cut-in-record-header.pcap", 1, "cut inside a record header at byte 314")]
    [InlineData("incl-len-1m.pcap", 5, "damaged at byte 1843: the record there claims 1048576 bytes of packet, more than 262144")]
    [InlineData("radiotap-modified-kuznetzov-magic.pcap", 0, "cut inside a packet at byte 305")]
    public void A_bad_file_gives_what_it_has_and_says_what_is_wrong(string name, int packets, string error)
    {
        string path = Path.Combine(SharedMaterial.Root!, $"captures/malformed/{name}");
        using CaptureFileReader reader = CaptureFileReader.Open(path);
        Assert.Equal(packets, ReadAll.From(reader).Count);
        Assert.Equal(error, reader.Error);
    }

    [SharedTheory]
    [InlineData("bad-magic.pcap", "is no pcap or pcapng file")]
    [InlineData("empty.pcap", "is empty")]
    public void A_file_that_is_no_capture_is_refused(string name, string reason)
    {
        string path = Path.Combine(SharedMaterial.Root!, $"captures/malformed/{name}");
        Assert.Equal($"{path}: {reason}", Assert.Throws<CaptureFormatException>(() => CaptureFileReader.Open(path)).Message);
    }

    [SharedFact]
    public void Every_form_of_the_same_capture_has_the_same_packets()
    {
        string[] forms = ["radiotap-bigendian.pcap", "radiotap-nanosec.pcap", "radiotap-127.pcap.gz", "radiotap.pcapng", "radiotap-be.pcapng", "radiotap-nsres.pcapng"];
        string original = Path.Combine(SharedMaterial.Root!, "captures/malformed/radiotap-127.pcap");
        List<ReadPacket> expected = Read(original);
        Assert.All(forms, form => Assert.Equal(expected, Read(Path.Combine(Path.GetDirectoryName(original)!, form))));

        static List<ReadPacket> Read(string path)
        {
            using CaptureFileReader reader = CaptureFileReader.Open(path);
            return ReadAll.From(reader);
        }
    }

    [SharedFact]
    public void Every_file_ends_clearly_and_every_packet_of_it_has_a_parsed_or_refused_link_header()
    {
        string folder = Path.Combine(SharedMaterial.Root!, "captures");
        var batch = new PacketBatch();
        long usable = 0;
        foreach (string path in Directory.EnumerateFiles(folder, "*.pcap*", SearchOption.AllDirectories))
        {
            try
            {
                using CaptureFileReader reader = CaptureFileReader.Open(path);
                while (reader.TryRead(batch))
                {
                    for (int i = 0; i < batch.Count; i++)
                    {
                        ReadOnlySpan<byte> packet = batch.Span(i);
                        ParseStatus status = LinkHeader.TryParse(batch.Packets[i].LinkType, packet, batch.Packets[i].OriginalLength, out RadioHeader header);
                        Assert.Equal(
                            status == ParseStatus.Ok,
                            header.Inner is LinkType.Ieee80211 or LinkType.BtleLinkLayer or LinkType.BluetoothHciH4 or LinkType.Ieee802154NoFcs);
                        Assert.InRange(header.HeaderLength + header.FcsLength, 0, packet.Length);
                        usable += status == ParseStatus.Ok ? 1 : 0;
                    }
                }
            }
            catch (CaptureFormatException e)
            {
                Assert.Contains(Path.GetFileName(path), e.Message, StringComparison.Ordinal);
            }
        }
        Assert.NotEqual(0, usable);
    }

    [SharedTheory]
    // Counted with tshark -T fields: first dBm signal, plain rate, channel flags.
    [InlineData("campus-6k.pcap", 6002, 240, 6002, RadioCarrier.Dot11A, 1586)]
    [InlineData("krack.pcapng", 1378, 540, 1378, RadioCarrier.Dot11G, 211)]
    [InlineData("fragattacks-ap.pcapng", 147, 10, 58, RadioCarrier.Dot11G, 18)]
    [InlineData("auth.pcap", 100, 10, 100, RadioCarrier.Dot11A, 100)]
    public void Link_headers_of_real_captures_say_what_tshark_says(string name, int packets, int greatestRate, int withSignal, RadioCarrier carrier, int ofIt)
    {
        string path = Path.Combine(SharedMaterial.Root!, $"captures/{name}");
        using CaptureFileReader reader = CaptureFileReader.Open(path);
        var batch = new PacketBatch();
        var headers = new List<RadioHeader>();
        while (reader.TryRead(batch))
        {
            for (int i = 0; i < batch.Count; i++)
            {
                Assert.Equal(ParseStatus.Ok, LinkHeader.TryParse(batch.Packets[i].LinkType, batch.Span(i), batch.Packets[i].OriginalLength, out RadioHeader header));
                Assert.Equal(Anomalies.None, header.Anomalies);
                headers.Add(header);
            }
        }
        Assert.Equal(packets, headers.Count);
        Assert.Equal(greatestRate, headers.Max(h => h.Rate100Kbps));
        Assert.Equal(withSignal, headers.Count(h => h.SignalKind == SignalKind.Dbm));
        Assert.Equal(ofIt, headers.Count(h => h.Carrier == carrier));
    }
}
