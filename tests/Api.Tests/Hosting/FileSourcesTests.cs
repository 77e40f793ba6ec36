using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace KismetOrleans.Api.Tests.Hosting;

/// <summary>Files in which other programs keep devices are sources: a kismetdb with its packets, WiGLE's CSV and netxml as scan reports.</summary>
public sealed class FileSourcesTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ko-files-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_kismetdb_gives_the_devices_with_their_times_and_places_again()
    {
        string[] before;
        await using (TestServer server = await TestServer.StartAsync(
            "--Gps:0", "virtual:lat=52.5,lon=13.25,alt=35", "--Log:Types", "kismet", "--Log:Prefix", _folder.FullName, "-c", Repository.Campus))
        {
            await server.WaitForSourcesAsync(1);
            before = await DevicesAsync(server);
        }
        string file = Assert.Single(_folder.GetFiles()).FullName;
        await using TestServer again = await TestServer.ReplayAsync(file);
        JsonElement source = Assert.Single((await again.Client.AskAsync("/datasource/all_sources.json")).Ok().List);
        Assert.Equal("kismetdb", source.GetProperty("kismet.datasource.type_driver").Text("kismet.datasource.driver.type"));
        Assert.Equal(("", 1), (source.Text("kismet.datasource.error_reason"), source.Number("kismet.datasource.running")));
        string[] after = await DevicesAsync(again);
        Assert.True(before.Length > 50, $"{before.Length} devices");
        Assert.Equal(string.Join("\n", before), string.Join("\n", after));
        Assert.Contains(after, static device => device.Contains("|[13.25,52.5]", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("walk.csv", "")]
    [InlineData("walk.csv.gz", "")]
    [InlineData("walk.txt", ":type=wiglecsv")]
    public async Task A_WiGLE_CSV_gives_its_networks_and_Bluetooth_devices(string name, string options)
    {
        string path = Write(name, """
            WigleWifi-1.6,appRelease=2.9,model=X,release=14,device=d,display=d,board=b,"brand=Moog, LLC",star=Sol,body=3,subBody=0
            MAC,SSID,AuthMode,FirstSeen,Channel,Frequency,RSSI,CurrentLatitude,CurrentLongitude,AltitudeMeters,AccuracyMeters,RCOIs,MfgrId,Type
            02:00:00:00:30:01,"one, ""two""
            three",[WPA2-PSK-CCMP][ESS],2024-05-06 07:08:09,36,5180,-61,48.5,11.25,520,3,,,WIFI
            02:00:00:00:30:01,"one, ""two""
            three",[WPA2-PSK-CCMP][ESS],2024-05-06 07:09:09,36,5180,-51,48.75,11.25,520,3,,,WIFI
            02:00:00:00:30:02,,[ESS],2024-05-06 07:08:10,6,2437,-70,48.5,11.25,520,3,,,WIFI
            C0:00:00:00:30:03,watch,Misc [LE],2024-05-06 07:08:11,0,,-80,48.5,11.25,520,3,,76,BLE
            310260_1,cell,LTE;us,2024-05-06 07:08:11,0,,-80,48.5,11.25,520,3,,,LTE
            02:00:00:00:30,short,[ESS],2024-05-06 07:08:10,6,2437,-70,48.5,11.25,520,3,,,WIFI
            02:00:00:00:30:05,timeless,[ESS],yesterday,6,2437,-70,48.5,11.25,520,3,,,WIFI
            """);
        await using TestServer server = await TestServer.ReplayAsync(path + options);
        Assert.Equal(
            string.Join('\n',
                "02:00:00:00:30:01|Wi-Fi AP|1714979289|1714979349|-51|one, \"two\"\nthree|WPA2 WPA2-PSK AES-CCMP|36|[11.25,48.75]",
                "02:00:00:00:30:02|Wi-Fi AP|1714979290|1714979290|-70||Open|6|[11.25,48.5]",
                "C0:00:00:00:30:03|BTLE|1714979291|1714979291|-80|watch||FHSS|[11.25,48.5]"),
            string.Join('\n', await DevicesAsync(server)));
        JsonElement source = Assert.Single((await server.Client.AskAsync("/datasource/all_sources.json")).Ok().List);
        Assert.Equal("3 entries left out, the first because line 9 is of the type 'LTE', which is neither Wi-Fi nor Bluetooth", source.Text("kismet.datasource.error_reason"));
        Assert.Equal((4, "wiglecsv"), (source.Number("kismet.datasource.num_packets"), source.GetProperty("kismet.datasource.type_driver").Text("kismet.datasource.driver.type")));
    }

    [Fact]
    public async Task A_netxml_gives_its_networks()
    {
        string path = Write("old.netxml", """
            <?xml version="1.0" encoding="ISO-8859-1"?>
            <!DOCTYPE detection-run SYSTEM "http://kismetwireless.net/kismet-3.1.0.dtd">
            <detection-run kismet-version="2016.07.R1" start-time="Mon May  6 07:00:00 2024">
            <wireless-network number="1" type="infrastructure" first-time="Mon May  6 07:08:09 2024" last-time="Mon May 16 07:09:09 2022">
              <SSID first-time="Mon May  6 07:08:09 2024" last-time="Mon May  6 07:09:09 2024"><type>Beacon</type><encryption>WPA+PSK</encryption>
                <encryption>WPA+AES-CCM</encryption><wpa-version>WPA2</wpa-version><essid cloaked="false">caf&#233; &amp; bar</essid></SSID>
              <BSSID>02:00:00:00:31:01</BSSID><channel>6</channel><freqmhz>2432 3</freqmhz><freqmhz>2437 12</freqmhz>
              <snr-info><last_signal_dbm>-60</last_signal_dbm></snr-info>
              <gps-info><avg-lat>48.500000</avg-lat><avg-lon>11.250000</avg-lon><avg-alt>520.0</avg-alt></gps-info>
              <wireless-client number="1" type="fromds"><client-mac>02:00:00:00:31:99</client-mac></wireless-client>
            </wireless-network>
            <wireless-network number="2" type="infrastructure" first-time="Mon May  6 07:08:10 2024" last-time="Mon May  6 07:08:10 2024">
              <SSID first-time="Mon May  6 07:08:10 2024" last-time="Mon May  6 07:08:10 2024"><encryption>None</encryption><essid cloaked="true"></essid></SSID>
              <BSSID>02:00:00:00:31:02</BSSID><channel>1</channel></wireless-network>
            <wireless-network number="3" type="probe" first-time="Mon May  6 07:08:10 2024" last-time="Mon May  6 07:08:10 2024"><BSSID>02:00:00:00:31:03</BSSID></wireless-network>
            </detection-run>
            """);
        await using TestServer server = await TestServer.ReplayAsync(path);
        Assert.Equal(
            [
                "02:00:00:00:31:01|Wi-Fi AP|1714979289|1714979349|-60|café & bar|WPA2 WPA2-PSK AES-CCMP|6|[11.25,48.5]",
                "02:00:00:00:31:02|Wi-Fi AP|1714979290|1714979290|0||Open|1|",
            ],
            await DevicesAsync(server));
        JsonElement source = Assert.Single((await server.Client.AskAsync("/datasource/all_sources.json")).Ok().List);
        Assert.Equal("1 entries left out, the first because line 15: a station without a network", source.Text("kismet.datasource.error_reason"));
    }

    [Theory]
    [InlineData("x.csv", "MAC,SSID\n", "is no CSV of WiGLE, whose first line begins with WigleWifi-")]
    [InlineData("x.netxml", "<html/>", "is no netxml, whose root is detection-run")]
    [InlineData("x.netxml", "no XML", "is no netxml: ")]
    [InlineData("x.kismet", "SQLite format 4", "SQLite: ")]
    public async Task A_file_of_another_kind_is_an_error_of_its_source(string name, string content, string error)
    {
        string path = Write(name, content);
        await using TestServer server = await TestServer.ReplayAsync(path);
        JsonElement source = Assert.Single((await server.Client.AskAsync("/datasource/all_sources.json")).Ok().List);
        Assert.Contains($"{path}: cannot be read: {error}", source.Text("kismet.datasource.error_reason"), StringComparison.Ordinal);
        Assert.Equal(0, source.Number("kismet.datasource.running"));
    }

    private string Write(string name, string content)
    {
        string path = Path.Combine(_folder.FullName, name);
        byte[] bytes = Encoding.UTF8.GetBytes(content.Replace("encoding=\"ISO-8859-1\"", "encoding=\"UTF-8\"", StringComparison.Ordinal));
        using Stream file = name.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(File.Create(path), CompressionLevel.Fastest) : File.Create(path);
        file.Write(bytes);
        return path;
    }

    private static async Task<string[]> DevicesAsync(TestServer server) =>
        [.. (await server.Client.AskAsync("/devices/views/all/devices.json")).Ok().List.Select(Line).Order(StringComparer.Ordinal)];

    private static string Line(JsonElement device)
    {
        string ssid = device.TryGetProperty("dot11.device", out JsonElement dot11) && dot11.TryGetProperty("dot11.device.last_beaconed_ssid_record", out JsonElement record)
            && record.ValueKind == JsonValueKind.Object ? record.Text("dot11.advertisedssid.ssid") : device.Text("kismet.device.base.name");
        long signal = device.TryGetProperty("kismet.device.base.signal", out JsonElement s) ? s.Number("kismet.common.signal.max_signal") : 0;
        string place = device.TryGetProperty("kismet.device.base.location", out JsonElement l) && l.TryGetProperty("kismet.common.location.last", out JsonElement last)
            ? string.Create(CultureInfo.InvariantCulture, $"[{string.Join(',', last.GetProperty("kismet.common.location.geopoint").EnumerateArray().Select(static n => n.GetDouble().ToString(CultureInfo.InvariantCulture)))}]") : "";
        return $"{device.Text("kismet.device.base.macaddr")}|{device.Text("kismet.device.base.type")}|{device.Number("kismet.device.base.first_time")}|"
            + $"{device.Number("kismet.device.base.last_time")}|{signal}|{ssid}|{device.Text("kismet.device.base.crypt")}|{device.Text("kismet.device.base.channel")}|{place}";
    }
}
