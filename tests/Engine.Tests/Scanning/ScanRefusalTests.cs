using System.Text;
using KismetOrleans.Engine.Datasources;
using KismetOrleans.Engine.Scanning;
using static KismetOrleans.Engine.Tests.Scanning.ScanPosts;

namespace KismetOrleans.Engine.Tests.Scanning;

/// <summary>What cannot be taken is refused with the entry and the key, and nothing breaks the parser.</summary>
public sealed class ScanRefusalTests
{
    private const string Ap = "\"bssid\":\"00:11:22:33:44:01\"";
    private const string Tag = "\"btaddr\":\"00:11:22:33:44:01\"";

    [Theory]
    [InlineData("\"signal\": \"loud\"", "signal: expected a number")]
    [InlineData("\"signal\": \"\"", "signal: expected a number")]
    [InlineData("\"signal\": true", "signal: expected a number")]
    [InlineData("\"signal\": \"NaN\"", "signal: expected a number")]
    [InlineData("\"signal\": \"1e999\"", "signal: expected a number")]
    [InlineData("\"signal\": -300", "signal: not between -256 and 127")]
    [InlineData("\"signal\": 1e30", "signal: not between -256 and 127")]
    [InlineData("\"signal\": [-50]", "signal: expected a number")]
    [InlineData("\"freqkhz\": -1", "freqkhz: not between 0 and 4294967295")]
    [InlineData("\"channel\": 6.5", "channel: expected a text or a whole number")]
    [InlineData("\"channel\": {}", "channel: expected a text or a whole number")]
    [InlineData("\"channel\": \"123456789012345678901234567890123\"", "channel: longer than 32 bytes")]
    [InlineData("\"timestamp\": -5", "timestamp: expected seconds since 1970")]
    [InlineData("\"timestamp\": 1700000100000", "timestamp: expected seconds since 1970")]
    [InlineData("\"timestamp\": \"yesterday\"", "timestamp: expected a number")]
    [InlineData("\"lat\": 91, \"lon\": 0", "lat: not between -90 and 90")]
    [InlineData("\"lat\": 47, \"lon\": 180.5", "lon: not between -180 and 180")]
    [InlineData("\"lat\": 47", "lon: missing, though lat is there")]
    [InlineData("\"lon\": 47, \"lat\": null", "lat: missing, though lon is there")]
    [InlineData("\"alt\": \"high\"", "alt: expected a number")]
    [InlineData("\"ssid\": 7", "ssid: expected a text")]
    [InlineData("\"ssid\": \"\\ud800\"", "ssid: not valid Unicode")]
    [InlineData("\"capabilities\": []", "capabilities: expected a text")]
    [InlineData("\"tags\": [\"a\"]", "tags: expected a dictionary")]
    [InlineData("\"tags\": {\"a\": 1}", "tags.a: expected a text")]
    [InlineData("\"bssid\": \"00:11:22:33:44\"", "bssid: expected a MAC address")]
    [InlineData("\"bssid\": \"00:11:22:33:44:0g\"", "bssid: expected a MAC address")]
    [InlineData("\"bssid\": \"00.11.22.33.44.01\"", "bssid: expected a MAC address")]
    [InlineData("\"bssid\": \"00:00:00:00:00:00\"", "bssid: not the address of a station")]
    [InlineData("\"bssid\": \"FF:FF:FF:FF:FF:FF\"", "bssid: not the address of a station")]
    [InlineData("\"bssid\": 12", "bssid: expected a text")]
    [InlineData("\"bssid\": null", "bssid: missing")]
    public void A_WiFi_report_is_refused_by_entry_and_key(string wrong, string message) =>
        Assert.Equal($"reports[2].{message}", Refused(VirtualKind.WiFi, $"{{{Ap}}}", $"{{{Ap}}}", $"{{{Ap}, {wrong}}}"));

    [Theory]
    [InlineData("\"txpowerlevel\": 40000", "txpowerlevel: not between -32768 and 32767")]
    [InlineData("\"pathloss\": \"much\"", "pathloss: expected a number")]
    [InlineData("\"scan_data\": \"abc\"", "scan_data: expected hexadecimal digits, two an byte")]
    [InlineData("\"scan_data\": \"zz\"", "scan_data: expected hexadecimal digits, two an byte")]
    [InlineData("\"service_data\": \"64\"", "service_data: expected a dictionary")]
    [InlineData("\"service_data\": {\"180f\": \"6\"}", "service_data.180f: expected hexadecimal digits, two an byte")]
    [InlineData("\"service_data\": {\"180f\": 64}", "service_data.180f: expected a text")]
    [InlineData("\"name\": {}", "name: expected a text")]
    [InlineData("\"devicetype\": 1", "devicetype: expected a text")]
    [InlineData("\"btaddr\": \"00:00:00:00:00:00\"", "btaddr: not the address of a device")]
    [InlineData("\"signal\": \"x\"", "signal: expected a number")]
    public void A_Bluetooth_report_is_refused_by_entry_and_key(string wrong, string message) =>
        Assert.Equal($"reports[1].{message}", Refused(VirtualKind.Bluetooth, $"{{{Tag}}}", $"{{{Tag}, {wrong}}}"));

    [Fact]
    public void What_is_too_large_is_refused()
    {
        Assert.Equal("reports[0].ssid: longer than 255 bytes", Refused(VirtualKind.WiFi, $"{{{Ap}, \"ssid\": \"{new string('a', 256)}\"}}"));
        Assert.Equal("reports[0].name: longer than 1024 bytes", Refused(VirtualKind.Bluetooth, $"{{{Tag}, \"name\": \"{new string('a', 1025)}\"}}"));
        string tags = string.Join(",", Enumerable.Range(0, 65).Select(static i => $"\"t{i}\":\"\""));
        Assert.StartsWith("reports[0].tags.t64: more than 64 entries", Refused(VirtualKind.WiFi, $"{{{Ap}, \"tags\": {{{tags}}}}}"), StringComparison.Ordinal);
        string large = string.Join(",", Enumerable.Range(0, 3).Select(static i => $"\"t{i}\":\"{new string('a', 4000)}\""));
        Assert.StartsWith("reports[0].tags.t2: more than", Refused(VirtualKind.WiFi, $"{{{Ap}, \"tags\": {{{large}}}}}"), StringComparison.Ordinal);
        // The largest that is taken, of all parts together.
        string services = string.Join(",", Enumerable.Range(0, 8).Select(static i => $"\"{i}{new string('u', 200)}\":\"{new string('a', 1600)}\""));
        string report = $"{{{Tag}, \"name\": \"{new string('n', 1024)}\", \"scan_data\": \"{new string('0', 4096)}\", \"service_data\": {{{services}}}}}";
        Assert.Equal(1, Bluetooth(report).Count);
    }

    [Theory]
    [InlineData("", "json: missing")]
    [InlineData("[]", "json: expected a dictionary")]
    [InlineData("7", "json: expected a dictionary")]
    [InlineData("{}", "source_uuid: missing")]
    [InlineData("{\"source_uuid\": null}", "source_uuid: missing")]
    [InlineData("{\"source_uuid\": \"not-a-uuid\"}", "source_uuid: expected a UUID, 8-4-4-4-12 hexadecimal digits")]
    [InlineData("{\"source_uuid\": \"{00000000-0000-0000-0000-aabbccdd0001}\"}", "source_uuid: expected a UUID, 8-4-4-4-12 hexadecimal digits")]
    [InlineData("{\"source_uuid\": 5}", "source_uuid: expected a text")]
    [InlineData("{\"source_uuid\": \"" + Uuid + "\"}", "source_name: missing")]
    [InlineData("{\"source_uuid\": \"" + Uuid + "\", \"source_name\": 1}", "source_name: expected a text")]
    [InlineData("{\"source_uuid\": \"" + Uuid + "\", \"source_name\": \"n\"}", "reports: missing")]
    [InlineData("{\"source_uuid\": \"" + Uuid + "\", \"source_name\": \"n\", \"reports\": {}}", "reports: expected an array")]
    [InlineData("{\"source_uuid\": \"" + Uuid + "\", \"source_name\": \"n\", \"reports\": [null]}", "reports[0]: expected a dictionary")]
    [InlineData("{\"source_uuid\": \"" + Uuid + "\", \"reports\": [{}]}", "reports[0].bssid: missing")]
    [InlineData("{not json", "json: not valid JSON at line 1, byte 2")]
    [InlineData("{\"reports\": [{" + Ap + "}, {" + Ap + ",", "reports[1]: not valid JSON at line 1, byte 73")]
    public void The_dictionary_is_refused_by_key(string json, string message) => Assert.Equal(message, Refused(json));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Spoiled_lists_are_taken_or_refused(int seed)
    {
        byte[] wifi = Encoding.UTF8.GetBytes(Envelope(
            $$$"""{"timestamp":1700000100.5,"ssid":"caf\u00e9","bssid":"00:11:22:33:44:01","capabilities":"[WPA-EAP-TKIP+CCMP][IBSS]","channel":6,"signal":"-50","lat":1.5,"lon":-2,"tags":{"a":"b\n"}}"""));
        byte[] bluetooth = Encoding.UTF8.GetBytes(Envelope(
            $$$"""{"btaddr":"00:11:22:33:44:01","name":"n\u00e9","txpowerlevel":4,"pathloss":1,"scan_data":"00ff","service_data":{"180f":"64"},"devicetype":"x"}"""));
        Random random = new(seed);
        ScanPost post = new();
        int refused = 0;
        for (int i = 0; i < 4000; i++)
        {
            VirtualKind kind = (VirtualKind)(i % 2);
            byte[] json = [.. kind == VirtualKind.WiFi ? wifi : bluetooth];
            for (int n = random.Next(1, 4); n > 0; n--)
            {
                json[random.Next(json.Length)] = random.Next(2) == 0 ? (byte)random.Next(256) : "{}[]\",:0-9.eE\\un "u8[random.Next(17)];
            }
            post.Reset(kind, ReceivedNs);
            try
            {
                ScanParser.Parse(json.AsSpan(0, random.Next(4) == 0 ? random.Next(json.Length) : json.Length), post);
            }
            catch (ScanFormatException)
            {
                refused++;
                continue;
            }
            ReadAll(post);
        }
        Assert.InRange(refused, 1000, 3999);
    }

    private static void ReadAll(ScanPost post)
    {
        ReadOnlySpan<byte> rest = post.Records;
        for (int i = 0; i < post.Count; i++)
        {
            int length = ScanRecord.Read(rest, out ScanRecord record);
            Assert.True(length > 0);
            ReadOnlySpan<byte> payload = rest[(length - record.PayloadBytes)..length];
            Assert.True(post.Kind == VirtualKind.WiFi ? Dot11ScanPayload.TryRead(payload, out _) : BluetoothScanPayload.TryRead(payload, out _));
            rest = rest[length..];
        }
        Assert.True(rest.IsEmpty);
    }
}
