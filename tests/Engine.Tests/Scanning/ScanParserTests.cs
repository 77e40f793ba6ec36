using KismetOrleans.Engine.Datasources;
using KismetOrleans.Engine.Scanning;
using KismetOrleans.Wire.Dot11;
using static KismetOrleans.Engine.Tests.Scanning.ScanPosts;

namespace KismetOrleans.Engine.Tests.Scanning;

/// <summary>Every key of the documentation of the scanning mode, in the forms that scanners send, becomes the record that it should.</summary>
public sealed class ScanParserTests
{
    private const string Ap = "\"bssid\":\"00:11:22:33:44:01\"";
    private const string Tag = "\"btaddr\":\"AA:bb:CC:00:00:02\"";

    [Fact]
    public void A_WiFi_report_with_all_keys()
    {
        ScanPost post = WiFi($$"""
            {"timestamp": 1700000100, "ssid": "campus", {{Ap}}, "capabilities": "[WPA2-PSK-CCMP][ESS][WPS]", "channel": "42HT40P", "freqkhz": 5210000,
             "signal": -50, "lat": 47.6, "lon": 8.5, "alt": 410.5, "speed": 3.5, "tags": {"floor": "2", "building": "main"}, "other": [1, {"a": null}]}
            """);
        ScanRecord record = Record(post);
        Assert.Equal(VirtualKind.WiFi, post.Kind);
        Assert.Equal(new Guid(Uuid), post.Source);
        Assert.Equal("lobby", post.Name);
        Assert.Equal(Mac("00:11:22:33:44:01"), record.Address);
        Assert.Equal(1_700_000_100_000_000_000, record.TimeNs);
        Assert.Equal(5_210_000u, record.FrequencyKhz);
        Assert.Equal(-50, record.Signal);
        Assert.True(record is { HasRadio: true, HasPlace: true, HasAltitude: true });
        Assert.Equal((47.6, 8.5, 410.5f, 3.5f), (record.Latitude, record.Longitude, record.Altitude, record.Speed));
        Assert.True(Dot11ScanPayload.TryRead(Payload(post), out Dot11ScanPayload payload));
        Assert.Equal("campus", Text(payload.Ssid));
        Assert.Equal("42HT40P", Text(payload.Channel));
        Assert.True(payload is { HasSsid: true, Security: { IsStated: true, IsAdhoc: false } });
        Assert.Equal("WPA2 WPA2-PSK AES-CCMP", CryptText.ToText(payload.Security.Crypt));
        Assert.Equal(CryptBits.Wps, payload.Security.Crypt & CryptBits.Wps);
        List<string> tags = [];
        foreach (ScanPairs.Enumerator tag in payload.Tags)
        {
            tags.Add($"{Text(tag.Name)}={Text(tag.Value)}");
        }
        Assert.Equal(["floor=2", "building=main"], tags);
    }

    [Fact]
    public void A_Bluetooth_report_with_all_keys()
    {
        ScanPost post = Bluetooth($$"""
            {"timestamp": 1700000301, {{Tag}}, "name": "tag", "devicetype": "BTLE", "txpowerlevel": 4, "pathloss": 60, "signal": -70,
             "scan_data": "0201061aFF", "service_data": {"180f": "64", "fe9f": ""}, "lat": 47.6, "lon": 8.5, "tags": {"a": "b"} }
            """);
        ScanRecord record = Record(post);
        Assert.Equal(VirtualKind.Bluetooth, post.Kind);
        Assert.Equal(Mac("AA:BB:CC:00:00:02"), record.Address);
        Assert.Equal(2_400_000u, record.FrequencyKhz);
        Assert.Equal(-70, record.Signal);
        Assert.True(record is { HasRadio: true, HasPlace: true, HasAltitude: false });
        Assert.True(BluetoothScanPayload.TryRead(Payload(post), out BluetoothScanPayload payload));
        Assert.Equal("tag", Text(payload.Name));
        Assert.Equal("BTLE", Text(payload.Type));
        Assert.Equal((short)4, payload.TxPower);
        Assert.Equal((short)60, payload.PathLoss);
        Assert.Equal([2, 1, 6, 0x1A, 0xFF], payload.ScanData.ToArray());
        List<string> services = [];
        foreach (ScanPairs.Enumerator service in payload.ServiceData)
        {
            services.Add($"{Text(service.Name)}={Convert.ToHexString(service.Value)}");
        }
        Assert.Equal(["180f=64", "fe9f="], services);
        Assert.Equal(1, payload.Tags.Count);
    }

    [Fact]
    public void Only_the_address_is_needed()
    {
        ScanPost post = WiFi($"{{{Ap}}}");
        ScanRecord record = Record(post);
        Assert.Equal(ReceivedNs, record.TimeNs);
        Assert.True(record is { HasRadio: false, HasPlace: false, FrequencyKhz: 0, Signal: 0 });
        Assert.True(Dot11ScanPayload.TryRead(Payload(post), out Dot11ScanPayload wifi));
        Assert.True(wifi is { HasSsid: false, Security.IsStated: false } && wifi.Channel.IsEmpty);
        Assert.True(BluetoothScanPayload.TryRead(Payload(Bluetooth($"{{{Tag}}}")), out BluetoothScanPayload bluetooth));
        Assert.True(bluetooth is { TxPower: null, PathLoss: null } && bluetooth.Name.IsEmpty && bluetooth.ScanData.IsEmpty);
    }

    [Theory]
    [InlineData("2437", 2_437_000u)]
    [InlineData("\"5955\"", 5_955_000u)]
    [InlineData("69120", 69_120_000u)]
    [InlineData("920", 920_000u)]
    [InlineData("755000", 755_000u)]
    [InlineData("2437000", 2_437_000u)]
    public void A_frequency_in_megahertz_is_understood(string freqkhz, uint khz) =>
        Assert.Equal(khz, Record(WiFi($$"""{ {{Ap}}, "freqkhz": {{freqkhz}} }""")).FrequencyKhz);

    [Theory]
    [InlineData("001122334401")]
    [InlineData("00-11-22-33-44-01")]
    [InlineData("0011.2233.4401")]
    public void An_address_may_have_any_usual_form(string bssid) =>
        Assert.Equal(Mac("00:11:22:33:44:01"), Record(WiFi($$"""{ "bssid": "{{bssid}}" }""")).Address);

    [Fact]
    public void Numbers_may_stand_in_quotes_and_have_fractions()
    {
        ScanRecord record = Record(WiFi($$"""
            { {{Ap}}, "signal": " -48.7 ", "freqkhz": "2437000", "timestamp": "1700000100.25", "lat": "-47.5", "lon": "1e1", "alt": "3", "speed": "0.5"}
            """));
        Assert.Equal(-48, record.Signal);
        Assert.Equal(2_437_000u, record.FrequencyKhz);
        Assert.Equal(1_700_000_100_250_000_000, record.TimeNs);
        Assert.Equal((-47.5, 10, 3f, 0.5f), (record.Latitude, record.Longitude, record.Altitude, record.Speed));
        ScanPost bluetooth = Bluetooth($$"""{ {{Tag}}, "txpowerlevel": "-4", "pathloss": "60"}""");
        Assert.True(BluetoothScanPayload.TryRead(Payload(bluetooth), out BluetoothScanPayload payload));
        Assert.Equal(((short)-4, (short)60), (payload.TxPower, payload.PathLoss));
    }

    [Theory]
    [InlineData("\"6\"", "6")]
    [InlineData("6", "6")]
    [InlineData("\" 36 \"", "36")]
    [InlineData("\"\"", "")]
    [InlineData("null", "")]
    public void A_channel_is_a_text_or_a_number(string given, string channel)
    {
        ScanPost post = WiFi($$"""{ {{Ap}}, "channel": {{given}}}""");
        Assert.True(Dot11ScanPayload.TryRead(Payload(post), out Dot11ScanPayload payload));
        Assert.Equal(channel, Text(payload.Channel));
        Assert.Equal(channel.Length > 0, Record(post).HasRadio);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("\"0\"")]
    [InlineData("null")]
    [InlineData("1750000001")]
    [InlineData("4000000000")]
    public void A_time_that_is_unknown_or_ahead_is_now(string given) =>
        Assert.Equal(ReceivedNs, Record(WiFi($$"""{ {{Ap}}, "timestamp": {{given}}}""")).TimeNs);

    [Fact]
    public void Times_ahead_are_counted()
    {
        ScanPost post = WiFi($$"""{ {{Ap}}, "timestamp": 1750000001}""", $$"""{ {{Ap}}, "timestamp": 1749999999}""");
        Assert.Equal((2, 1), (post.Count, post.AheadOfTime));
    }

    [Theory]
    [InlineData("\"lat\": 0, \"lon\": 0", false)]
    [InlineData("\"lat\": 0, \"lon\": 8.5", true)]
    [InlineData("\"lat\": 51.5, \"lon\": 0", true)]
    [InlineData("\"lat\": null, \"lon\": null", false)]
    [InlineData("\"lat\": -90, \"lon\": 180", true)]
    public void A_place_on_the_equator_is_one_and_no_fix_is_none(string given, bool place) =>
        Assert.Equal(place, Record(WiFi($$"""{ {{Ap}}, {{given}}}""")).HasPlace);

    [Fact]
    public void Keys_and_texts_may_be_escaped()
    {
        ScanPost post = WiFi("""{"\u0062ssid": "00:11:22:33:44:01", "ss\u0069d": "caf\u00e9 \"\ud83d\ude00\""}""");
        Assert.True(Dot11ScanPayload.TryRead(Payload(post), out Dot11ScanPayload payload));
        Assert.Equal("café \"😀\"", Text(payload.Ssid));
    }

    [Fact]
    public void Reports_may_come_before_the_name()
    {
        ScanPost post = Parse($$"""{"reports":[{ {{Ap}} },{ {{Ap}} }],"extra":{"a":[]},"source_name":"n","source_uuid":"{{Uuid.ToUpperInvariant()}}"}""");
        Assert.Equal((2, "n", new Guid(Uuid)), (post.Count, post.Name, post.Source));
    }

    [Fact]
    public void An_empty_list_is_one() => Assert.Equal(0, WiFi().Count);

    [Fact]
    public void Reports_cost_no_allocation()
    {
        byte[] json = System.Text.Encoding.UTF8.GetBytes(Envelope([.. Enumerable.Range(0, 1000).Select(static i =>
            $$"""{"ssid":"net-{{i}}","bssid":"00:11:22:33:{{i / 256:x2}}:{{i % 256:x2}}","capabilities":"[WPA2-PSK-CCMP][ESS]","channel":"6","freqkhz":2437000,"signal":-50,"lat":1.5,"lon":2.5 }""")]));
        ScanPost post = new();
        Measure();
        // The least of some: a collection that another test causes can be charged to this thread.
        Assert.True(Enumerable.Range(0, 5).Min(_ => Measure()) <= 200);
        Assert.Equal(1000, post.Count);

        long Measure()
        {
            post.Reset(VirtualKind.WiFi, ReceivedNs);
            long before = GC.GetAllocatedBytesForCurrentThread();
            ScanParser.Parse(json, post);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }
}
