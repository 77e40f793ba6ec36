using KismetOrleans.Engine.Datasources;
using KismetOrleans.Engine.Observations;
using KismetOrleans.Engine.Scanning;
using KismetOrleans.Engine.Tests.Scanning;
using KismetOrleans.Engine.Tracking;
using KismetOrleans.Records.Bluetooth;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Dot11;
using KismetOrleans.Wire;
using static KismetOrleans.Engine.Tests.Scanning.ScanPosts;

namespace KismetOrleans.Engine.Tests.Tracking;

/// <summary>What scan reports do to the records of access points and Bluetooth devices.</summary>
public sealed class ScanTrackerTests
{
    private static readonly MacAddress s_ap = Mac("00:11:22:33:44:01");
    private readonly DeviceSet _devices = new(0, 1, new FakeManufacturers());
    private readonly ScanTracker _tracker;
    private readonly ObservationBatch _batch = new();

    public ScanTrackerTests() => _tracker = new(_devices, new(_devices, new()), new(UavRules.BuiltIn, _devices.Anomalies));

    [Fact]
    public void A_report_makes_an_access_point()
    {
        WiFi("""{"timestamp":1700000100,"ssid":"campus","bssid":"00:11:22:33:44:01","capabilities":"[WPA2-PSK-CCMP][ESS]","channel":"6","freqkhz":2437000,"signal":-50}""");
        Device device = Ap();
        Assert.Equal(("Wi-Fi AP", "campus", "6", 2437000u), (device.Type, device.CommonName, device.Channel, device.FrequencyKhz));
        Assert.Equal("WPA2 WPA2-PSK AES-CCMP", device.Crypt);
        Assert.Equal((byte)BasicType.AccessPoint, device.BasicTypeSet);
        Assert.Equal((1UL, 1UL, 0UL, 1UL, 0UL), (device.Packets, device.TxPackets, device.RxPackets, device.LlcPackets, device.DataPackets));
        Assert.Equal((1700000100u, 1700000100u, 99u), (device.FirstTime, device.LastTime, device.ModTime));
        Assert.Equal((-50, Wire.Link.SignalKind.Dbm), (device.Signal!.Last, device.Signal.Kind));
        Assert.Equal(Dot11TypeSet.BeaconAp, device.Dot11!.TypeSet);
        Assert.Equal(s_ap, device.Dot11.LastBssid);
        AdvertisedSsid ssid = Assert.Single(device.Dot11.Advertised!);
        Assert.Same(ssid, device.Dot11.LastBeaconed);
        Assert.Equal(("campus", (byte)6, false, 1680110758u), (ssid.Ssid, ssid.Length, ssid.Cloaked, ssid.Hash));
        Assert.Equal((1700000100u, 1700000100u, "WPA2 WPA2-PSK AES-CCMP"), (ssid.FirstTime, ssid.LastTime, ssid.CryptText));
        Assert.False(ssid.Beacon || ssid.ProbeResponse);
        Assert.Equal(1, _devices.AccessPoints);
        SeenBy seen = Assert.Single(device.SeenBy);
        Assert.Equal(((ushort)7, 1u), (seen.SourceNumber, seen.Packets));
    }

    [Fact]
    public void An_adhoc_network_is_one()
    {
        WiFi("""{"bssid":"00:11:22:33:44:01","ssid":"mesh","capabilities":"[IBSS]"}""");
        Assert.Equal(("Wi-Fi Ad-Hoc", (byte)BasicType.Peer), (Ap().Type, Ap().BasicTypeSet));
        Assert.Equal(Dot11TypeSet.BeaconAp | Dot11TypeSet.Adhoc, Ap().Dot11!.TypeSet);
    }

    [Fact]
    public void Times_of_the_past_move_first_times_back_and_last_times_nowhere()
    {
        WiFi("""{"timestamp":1700000200,"bssid":"00:11:22:33:44:01","ssid":"campus","capabilities":"[ESS]"}""");
        WiFi("""{"timestamp":1700000100,"bssid":"00:11:22:33:44:01","ssid":"campus","capabilities":"[ESS]"}""");
        Device device = Ap();
        AdvertisedSsid ssid = device.Dot11!.Advertised![0];
        Assert.Equal((1700000100u, 1700000200u, 2UL), (device.FirstTime, device.LastTime, device.Packets));
        Assert.Equal((1700000100u, 1700000200u), (ssid.FirstTime, ssid.LastTime));
        Assert.Equal((1700000100u, 1700000200u, 2u), (device.SeenBy[0].FirstTime, device.SeenBy[0].LastTime, device.SeenBy[0].Packets));
    }

    [Fact]
    public void What_is_said_twice_counts_twice()
    {
        WiFi("""{"bssid":"00:11:22:33:44:01","signal":-50}""", """{"bssid":"00:11:22:33:44:01","signal":-50}""");
        Assert.Equal(2UL, Ap().Packets);
    }

    [Fact]
    public void An_unchanged_ssid_keeps_its_security_when_a_report_does_not_tell()
    {
        WiFi("""{"bssid":"00:11:22:33:44:01","ssid":"campus","capabilities":"[WPA2-PSK-CCMP][ESS]"}""");
        WiFi("""{"bssid":"00:11:22:33:44:01","ssid":"campus","signal":-48}""");
        AdvertisedSsid ssid = Assert.Single(Ap().Dot11!.Advertised!);
        Assert.Equal(("WPA2 WPA2-PSK AES-CCMP", "WPA2 WPA2-PSK AES-CCMP"), (ssid.CryptText, Ap().Crypt));
        WiFi("""{"bssid":"00:11:22:33:44:01","ssid":"campus","capabilities":"[ESS]"}""");
        Assert.Equal(("Open", "Open", 0UL), (ssid.CryptText, Ap().Crypt, ssid.CryptSet));
    }

    [Fact]
    public void Without_capabilities_an_ssid_is_known_and_its_security_is_not()
    {
        WiFi("""{"bssid":"00:11:22:33:44:01","ssid":"campus"}""");
        AdvertisedSsid ssid = Assert.Single(Ap().Dot11!.Advertised!);
        Assert.Equal(("campus", "", ""), (ssid.Ssid, ssid.CryptText, Ap().Crypt));
    }

    [Theory]
    [InlineData("[WPA2_PSK]")]
    [InlineData("[RSN]")]
    [InlineData("[WIFI_AUTH_OF_TOMORROW][ESS]")]
    [InlineData("")]
    public void Who_says_less_of_a_known_network_changes_nothing(string brief)
    {
        WiFi("""{"bssid":"00:11:22:33:44:01","ssid":"campus","capabilities":"[WPA2-PSK-CCMP][MFPC][ESS]"}""");
        WiFi($$"""{"bssid":"00:11:22:33:44:01","ssid":"campus","capabilities":"{{brief}}"}""");
        AdvertisedSsid ssid = Assert.Single(Ap().Dot11!.Advertised!);
        Assert.Equal(("WPA2 WPA2-PSK AES-CCMP", true, false), (ssid.CryptText, ssid.MfpSupported, ssid.MfpRequired));
        Assert.Empty(_devices.Alerts.Take());
    }

    [Fact]
    public void Who_says_more_of_a_known_network_refines_it_without_an_alert()
    {
        WiFi("""{"bssid":"00:11:22:33:44:01","ssid":"campus","capabilities":"[WPA2_PSK]"}""");
        WiFi("""{"bssid":"00:11:22:33:44:01","ssid":"campus","capabilities":"[WPA2-PSK-CCMP][ESS]"}""");
        Assert.Equal("WPA2 WPA2-PSK AES-CCMP", Assert.Single(Ap().Dot11!.Advertised!).CryptText);
        Assert.Empty(_devices.Alerts.Take());
    }

    [SharedFact]
    public void Words_of_ESP32_firmwares_and_phones_read_as_listed()
    {
        ScanPost post = new();
        post.Reset(VirtualKind.WiFi, ReceivedNs);
        ScanParser.Parse(File.ReadAllBytes(Path.Combine(SharedMaterial.Root!, "cases/esp32-capabilities.json")), post);
        Apply(post);
        string[] expected =
        [
            "a WPA2 WPA2-PSK", "b WPA2 WPA2-PSK", "c WPA3 WPA3-SAE", "d WPA3 WPA3-PSK WPA3-SAE", "e WPA2 WPA2-EAP", "f WPA3 WPA3-SAE", "g Open",
            "h WPA3 WPA3-EAP-SUITEB-SHA384 AES-GCMP256", "i WPA3 OWE AES-CCMP", "j WAPI WAPI-PSK SMS4",
        ];
        Device[] devices = [.. _devices.All.ToArray().OrderBy(static device => device.Name, StringComparer.Ordinal)];
        Assert.Equal(expected, devices.Select(static device => $"{device.Name} {device.Crypt}"));
        AdvertisedSsid protectedOne = devices[8].Dot11!.Advertised![0];
        Assert.True(protectedOne is { MfpSupported: true, MfpRequired: true });
    }

    [Fact]
    public void Without_ssid_and_capabilities_there_is_a_device_only()
    {
        WiFi("""{"bssid":"00:11:22:33:44:01","signal":-55}""");
        Assert.Empty(Ap().Dot11!.Advertised!);
        Assert.Equal(("", "00:11:22:33:44:01", ""), (Ap().Name, Ap().CommonName, Ap().Channel));
    }

    [Fact]
    public void A_hidden_network_goes_by_its_address()
    {
        WiFi("""{"bssid":"00:11:22:33:44:01","ssid":"","capabilities":"[ESS]"}""");
        AdvertisedSsid ssid = Assert.Single(Ap().Dot11!.Advertised!);
        Assert.Equal((true, "", "00:11:22:33:44:01"), (ssid.Cloaked, ssid.Ssid, Ap().Name));
    }

    [Fact]
    public void A_second_ssid_is_a_second_record()
    {
        WiFi("""{"bssid":"00:11:22:33:44:01","ssid":"a","capabilities":"[ESS]"}""", """{"bssid":"00:11:22:33:44:01","ssid":"b","capabilities":"[WEP]"}""");
        Assert.Equal(["a", "b"], Ap().Dot11!.Advertised!.Select(static ssid => ssid.Ssid));
        Assert.Equal(("b", "WEP"), (Ap().Name, Ap().Crypt));
    }

    [Fact]
    public void Bytes_that_are_no_text_are_escaped_once()
    {
        byte[] json = System.Text.Encoding.Latin1.GetBytes(Envelope("""{"bssid":"00:11:22:33:44:01","ssid":"caf\u00E9"}""".Replace("\\u00E9", "\u00E9", StringComparison.Ordinal)));
        ScanPost post = new();
        post.Reset(VirtualKind.WiFi, ReceivedNs);
        ScanParser.Parse(json, post);
        Apply(post);
        Assert.Equal("caf\\xE9", Ap().Name);
    }

    [Fact]
    public void The_channel_follows_the_frequency_when_none_is_given()
    {
        WiFi("""{"bssid":"00:11:22:33:44:01","freqkhz":5180000}""");
        Assert.Equal("36", Ap().Channel);
    }

    [Fact]
    public void A_place_with_speed_is_kept()
    {
        WiFi("""{"bssid":"00:11:22:33:44:01","timestamp":1700000100,"signal":-40,"lat":47.5,"lon":8.5,"alt":400,"speed":5}""");
        GeoPoint last = Ap().Location!.Last!;
        Assert.Equal((47.5, 8.5, 400f, 5f, (byte)3, 1700000100u), (last.Latitude, last.Longitude, last.Altitude, last.Speed, last.Fix, last.Seconds));
        Assert.Equal(47.5, Ap().Signal!.PeakLocation!.Latitude);
    }

    [Fact]
    public void Tags_add_up_and_end_somewhere()
    {
        WiFi("""{"bssid":"00:11:22:33:44:01","tags":{"floor":"1","room":"a"}}""", """{"bssid":"00:11:22:33:44:01","tags":{"floor":"2"}}""");
        Assert.Equal([new("floor", "2"), new("room", "a")], Ap().Tags!);
        WiFi([.. Enumerable.Range(0, 200).Select(static i => $$$"""{"bssid":"00:11:22:33:44:01","tags":{"t{{{i}}}":""}}""")]);
        Assert.Equal(64, Ap().Tags!.Count);
    }

    [Fact]
    public void A_network_that_is_also_sniffed_is_the_same_record()
    {
        // A beacon's SSID has the hash of its bytes, as a report's.
        WiFi("""{"bssid":"00:11:22:33:44:01","ssid":"campus","capabilities":"[ESS]"}""");
        Assert.Equal(Dot11Ssids.HashOf("campus"u8), Ap().Dot11!.Advertised![0].Hash);
    }

    [Fact]
    public void A_drone_is_recognised_by_address_and_ssid()
    {
        WiFi("""{"bssid":"60:60:1F:01:02:03","ssid":"Mavic_1234"}""");
        Assert.Equal("DJI", Find(Phy.Dot11, "60:60:1F:01:02:03").Uav!.Manufacturer);
    }

    [Fact]
    public void A_Bluetooth_report_makes_a_device()
    {
        Apply(ScanPosts.Bluetooth("""
            {"timestamp":1700000301,"btaddr":"AA:BB:CC:00:00:02","name":"tag","devicetype":"BTLE","signal":-70,"txpowerlevel":4,"pathloss":60,
             "scan_data":"0201","service_data":{"180f":"64"}}
            """));
        Device device = Find(Phy.Bluetooth, "AA:BB:CC:00:00:02");
        Assert.Equal(("tag", "BTLE", "FHSS", 2400000u), (device.Name, device.Type, device.Channel, device.FrequencyKhz));
        Assert.Equal((1UL, 1UL, 1UL, -70), (device.Packets, device.TxPackets, device.LlcPackets, device.Signal!.Last));
        BluetoothDevice bluetooth = device.Bluetooth!;
        Assert.Equal(((short)4, (short)60), (bluetooth.TxPower, bluetooth.PathLoss));
        Assert.Equal([2, 1], bluetooth.ScanData);
        Assert.Equal([0x64], bluetooth.ServiceData["180f"]);
        Assert.Null(device.Dot11);
    }

    [Fact]
    public void A_Bluetooth_device_keeps_what_a_report_does_not_tell()
    {
        Apply(ScanPosts.Bluetooth("""{"btaddr":"AA:BB:CC:00:00:02","name":"tag","devicetype":"BTLE","txpowerlevel":4}"""));
        Apply(ScanPosts.Bluetooth("""{"btaddr":"AA:BB:CC:00:00:02"}"""));
        Device device = Find(Phy.Bluetooth, "AA:BB:CC:00:00:02");
        Assert.Equal(("tag", "BTLE", (short)4, 2UL), (device.Name, device.Type, device.Bluetooth!.TxPower, device.Packets));
        Assert.Null(device.Signal);
    }

    [Fact]
    public void A_Bluetooth_device_of_unknown_type_has_a_name_for_it()
    {
        Apply(ScanPosts.Bluetooth("""{"btaddr":"AA:BB:CC:00:00:03"}"""));
        Device device = Find(Phy.Bluetooth, "AA:BB:CC:00:00:03");
        Assert.Equal(("Bluetooth Device", "AA:BB:CC:00:00:03"), (device.Type, device.CommonName));
    }

    [Fact]
    public void A_spoiled_payload_changes_nothing()
    {
        Observation o = new() { Kind = ObservationKind.Dot11Scan, Source = 7, Location = -1 };
        o.Frame.Source = o.Frame.Bssid = s_ap;
        _batch.Reset(0, 99);
        _batch.Add(o, [0x03, 1, 2]);
        _tracker.Apply(_batch.Items[0], _batch);
        Assert.Null(_devices.Find(new(Phy.Dot11, s_ap)));
    }

    private void WiFi(params string[] reports) => Apply(ScanPosts.WiFi(reports));

    private void Apply(ScanPost post)
    {
        _batch.Reset(0, 99);
        ReadOnlySpan<byte> rest = post.Records;
        while (!rest.IsEmpty)
        {
            int length = ScanRecord.Read(rest, out ScanRecord record);
            record.ToObservation(
                post.Kind == VirtualKind.WiFi ? ObservationKind.Dot11Scan : ObservationKind.BluetoothScan, source: 7, out Observation o);
            if (record.HasPlace)
            {
                o.Location = (short)_batch.Locations.Count;
                _batch.Locations.Add(ScanSender.PlaceOf(record));
            }
            _batch.Add(o, rest[(length - record.PayloadBytes)..length]);
            rest = rest[length..];
        }
        foreach (ref readonly Observation o in _batch.Items)
        {
            _tracker.Apply(o, _batch);
        }
    }

    private Device Ap() => _devices.Find(new(Phy.Dot11, s_ap))!;

    private Device Find(Phy phy, string address) => _devices.Find(new(phy, Mac(address)))!;
}
