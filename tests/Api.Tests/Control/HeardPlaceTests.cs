using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using KismetOrleans.Wire.Bluetooth;

namespace KismetOrleans.Api.Tests.Control;

/// <summary>What was heard at a known place, of every kind of network: each row of a WiGLE file is one by its rules, and a kismetdb tells Kismet's tools where.</summary>
public sealed partial class HeardPlaceTests : IDisposable
{
    private const uint Radiotap = 127, BtleWithRadio = 256, HciWithDirection = 201;
    private const string Rsn = "30 14 0100 000FAC04 0100 000FAC04 0100 000FAC02 0000";
    private const string Transition = "30 18 0100 000FAC04 0100 000FAC04 0200 000FAC02 000FAC08 8000";
    private const string Sae = "30 18 0100 000FAC04 0100 000FAC04 0200 000FAC08 000FAC18 C000";
    private const string SaeAlone = "30 14 0100 000FAC04 0100 000FAC04 0100 000FAC08 C000";

    // Up to 4 networks: the next address with a name and an RSN of its own, the one after it without a name.
    private const string Others = "47 32 02 00 24 53 02 1100 00 05 6775657374 55 01 01 " + Rsn + "00 09 53 02 0100 00 00 55 01 02";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ko-heard-");
    private readonly List<ProbeFile> _files = [];

    public void Dispose()
    {
        _files.ForEach(static file => file.Dispose());
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Each_row_of_a_WiGLE_file_is_one_by_its_rules()
    {
        await RunAsync("wiglecsv");
        string[] lines = (await File.ReadAllTextAsync(Assert.Single(_folder.GetFiles()).FullName)).TrimEnd('\n').Split('\n');
        Assert.Matches("^WigleWifi-1\\.6,appRelease=Kismet[^,]+,model=Kismet,release=[^,]+,device=kismet,display=kismet,board=kismet,brand=kismet,star=Sol,body=3,subBody=0$", lines[0]);
        Assert.Equal("MAC,SSID,AuthMode,FirstSeen,Channel,Frequency,RSSI,CurrentLatitude,CurrentLongitude,AltitudeMeters,AccuracyMeters,RCOIs,MfgrId,Type", lines[1]);
        string[][] rows = [.. lines.Skip(2).Select(Columns).OrderBy(static row => row[0], StringComparer.Ordinal)];
        Assert.All(rows, static row =>
        {
            Assert.Equal(14, row.Length);
            Assert.Matches("^([0-9A-F]{2}:){5}[0-9A-F]{2}$", row[0]);
            Assert.Matches(@"^2023-11-14 22:1\d:\d\d$", row[3]);
            Assert.Equal(("-52.50000000", "13.25000000", "35", "0", "", ""), (row[7], row[8], row[9], row[10], row[11], row[12]));
        });
        Assert.Equal(
            [
                "02:00:00:00:20:01|plain|[ESS]|1|2412|-50|WIFI",
                "02:00:00:00:20:02||[WPA2-PSK-CCMP][ESS]|6|2437|-50|WIFI",
                "02:00:00:00:20:04|both|[WPA2-PSK-CCMP][WPA3-SAE-CCMP][ESS]|36|5180|-50|WIFI",
                "02:00:00:00:20:05|new|[WPA3-SAE-CCMP][ESS]|2|5935|-50|WIFI",
                "02:00:00:00:20:06|alone|[WPA3-SAE-CCMP][ESS]|1|5955|-50|WIFI",
                "02:00:00:00:20:07|two\\x0D\\x0Alines, \"named\"|[WEP][ESS]|14|2484|-50|WIFI",
                "02:00:00:00:20:08|naïve ☕|[WPA2-PSK-CCMP][ESS]|177|5885|-50|WIFI",
                "02:00:00:00:20:09|hall|[ESS]|6|2437|-50|WIFI",
                "02:00:00:00:20:0A|guest|[WPA2-PSK-CCMP][ESS]|6|2437|-50|WIFI",
                "02:00:00:00:20:0B||[ESS]|6|2437|-50|WIFI",
                "06:00:00:00:20:03|mine|[IBSS]|11|2462|-50|WIFI",
                "C0:00:00:00:00:01|tag|Misc [LE]|0||-61|BLE",
                "C0:00:00:00:00:03||Misc [LE]|0||-64|BLE",
                "C0:00:00:00:00:04||Misc [LE]|0||-61|BLE",
                "C0:00:00:00:00:05|campus|Misc [LE]|0||-61|BLE",
                "F0:00:00:00:00:02||Misc [BT]|0||-60|BT",
            ],
            rows.Select(static row => $"{row[0]}|{row[1]}|{row[2]}|{row[4]}|{row[5]}|{row[6]}|{row[13]}"));
    }

    [Fact]
    public async Task A_kismetdb_is_of_version_10_and_has_Bluetooth_where_tools_look_for_it()
    {
        await RunAsync("kismet");
        string file = Assert.Single(_folder.GetFiles()).FullName;
        if (await ToolAsync("sqlite3", file, "SELECT db_version FROM KISMET; SELECT phyname, devmac, lat, lon, alt, signal, length(datasource), type, json FROM data ORDER BY devmac; "
            + "SELECT sourcemac FROM packets WHERE dlt = 256 ORDER BY ts_sec, ts_usec; SELECT json FROM snapshots WHERE snaptype = 'GPS' AND lat = -52.5 AND lon = 13.25 LIMIT 1;") is not { } said)
        {
            return;
        }
        string[] lines = said.TrimEnd('\n').Split('\n');
        Assert.Equal(
            [
                "10", "BTLE|C0:00:00:00:00:01|-52.5|13.25|35.0|-61|36|Sighting|{}", "Bluetooth|C0:00:00:00:00:03|-52.5|13.25|35.0|-64|36|Sighting|{}",
                "BTLE|C0:00:00:00:00:04|-52.5|13.25|35.0|-61|36|Sighting|{}", "BTLE|C0:00:00:00:00:05|-52.5|13.25|35.0|-61|36|Sighting|{}",
                "Bluetooth|F0:00:00:00:00:02|-52.5|13.25|35.0|-60|36|Sighting|{}",
                // The last goes on with the advertisement of the one before, and names nobody itself.
                "C0:00:00:00:00:01", "C0:00:00:00:00:04", "C0:00:00:00:00:05", "C0:00:00:00:00:05",
            ],
            lines[..10]);
        using JsonDocument gps = JsonDocument.Parse(lines[10]);
        Assert.Equal(
            [13.25, -52.5],
            gps.RootElement.GetProperty("kismet.gps.last_location").GetProperty("kismet.common.location.geopoint").EnumerateArray().Select(static n => n.GetDouble()));
        Assert.DoesNotContain("null", lines[10], StringComparison.Ordinal);
        if (Environment.GetEnvironmentVariable("KISMET_TOOLS") is { } tools)
        {
            // Kismet's own, where somebody has built them.
            await NoWarningAsync(Path.Combine(tools, "to_wiglecsv"), "-s", "-i", file, "-o", Path.Combine(_folder.FullName, "w.csv"));
            await NoWarningAsync(Path.Combine(tools, "to_pcap"), "-s", "-i", file, "-o", Path.Combine(_folder.FullName, "w.pcapng"));
            await NoWarningAsync(Path.Combine(tools, "to_gpx"), "-s", "-i", file, "-o", Path.Combine(_folder.FullName, "w.gpx"));
            await NoWarningAsync(Path.Combine(tools, "to_kml"), "-s", "-i", file, "-o", Path.Combine(_folder.FullName, "w.kml"));
            await NoWarningAsync(Path.Combine(tools, "statistics"), "-s", "-i", file);
            Assert.Equal(5, (await File.ReadAllLinesAsync(Path.Combine(_folder.FullName, "w.csv"))).Count(static line => line.Contains("Misc [", StringComparison.Ordinal)));
        }
    }

    private static async Task NoWarningAsync(string tool, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(tool, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> said = process.StandardOutput.ReadToEndAsync();
        Assert.DoesNotMatch("WARNING|ERROR|newer Kismet", await process.StandardError.ReadToEndAsync());
        _ = await said;
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }

    private async Task RunAsync(string kind)
    {
        string wifi = Of(Radiotap,
            Beacon(1, 2412, "0100", "plain"u8, ""), Beacon(2, 2437, "1100", "\0\0\0\0"u8, Rsn), Beacon(3, 2462, "0200", "mine"u8, "", kind == "wiglecsv" ? "060000002003" : null),
            Beacon(4, 5180, "1100", "both"u8, Transition), Beacon(5, 5935, "1100", "new"u8, Sae), Beacon(6, 5955, "1100", "alone"u8, SaeAlone),
            Beacon(7, 2484, "1100", "two\r\nlines, \"named\""u8, ""), Beacon(8, 5885, "1100", "naïve ☕"u8, Rsn),
            // Kismet's tools warn of a device that sends no packet itself, as of every receiver.
            Beacon(9, 2437, "0100", "hall"u8, kind == "wiglecsv" ? Others : ""));
        // Advertising channel 37 with a signal of -61 dBm: ADV_IND of C0:00:00:00:00:01, flags, name "tag".
        // Then an element past the end; then extended advertising on channel 20 that goes on, 3 ms later, on 21.
        string btle = Of(BtleWithRadio, static i => (uint)Math.Min(i, 2),
            Btle(0, [.. Hex("40 0E 0100000000C0 020106 0409"), .. "tag"u8]), Btle(0, Hex("40 0D 0400000000C0 020106 0909 6E6F")),
            Btle(22, [.. Hex("47 11 0C 19 0500000000C0 3412 15 6400 0709"), .. "ca"u8]), Btle(23, [.. Hex("47 08 03 08 3412"), .. "mpus"u8]));
        // Inquiry result with RSSI of F0:00:00:00:00:02; LE advertising report of C0:00:00:00:00:03.
        string hci = Of(
            HciWithDirection, Hex("00000001 04 22 0F 01 0200000000F0 01 00 0C025A 1234 C4"), Hex("00000001 04 3E 0C 02 01 00 01 0300000000C0 00 C0"));
        await using TestServer server = await TestServer.StartAsync(
            "--Gps:0", "virtual:lat=-52.5,lon=13.25,alt=35", "--Log:Types", kind, "--Log:Prefix", _folder.FullName, "-c", wifi, "-c", btle, "-c", hci);
        await server.WaitForSourcesAsync(3);
    }

    private string Of(uint linkType, params byte[][] frames) => Of(linkType, null, frames);

    private string Of(uint linkType, Func<int, uint>? seconds, params byte[][] frames)
    {
        ProbeFile file = ProbeFile.Of(linkType, frames, seconds);
        _files.Add(file);
        return file.Path;
    }

    private static byte[] Btle(byte channel, byte[] pdu)
    {
        uint crc = BtleCrc.ComputeAdvertising(pdu);
        return [channel, .. Hex("C3 00 00 00000000 0200 D6BE898E"), .. pdu, (byte)crc, (byte)(crc >> 8), (byte)(crc >> 16)];
    }

    // Radiotap with channel and a signal of -50 dBm; a beacon of 02:00:00:00:20:<number>.
    private static byte[] Beacon(int number, int mhz, string capabilities, ReadOnlySpan<byte> ssid, string elements, string? network = null) =>
    [
        .. Hex($"0000 0D00 28000000 {mhz & 0xFF:X2}{mhz >> 8:X2} 0000 CE"), .. Hex($"80000000 FFFFFFFFFFFF 0200000020{number:X2} {network ?? $"0200000020{number:X2}"} 0000"),
        .. Hex("0000000000000000 6400" + capabilities), 0, (byte)ssid.Length, .. ssid, .. Hex("010402040B16" + elements),
    ];

    private static byte[] Hex(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));

    // Columns of RFC 4180.
    private static string[] Columns(string line) =>
        [.. Column().Matches(line).Select(static match => match.Groups[1].Success ? match.Groups[1].Value.Replace("\"\"", "\"", StringComparison.Ordinal) : match.Groups[2].Value)];

    [GeneratedRegex("(?:^|(?<=,))(?:\"((?:[^\"]|\"\")*)\"|([^\",]*))(?=,|$)")]
    private static partial Regex Column();

    // Null where the tool is not installed.
    private static async Task<string?> ToolAsync(string tool, params string[] arguments)
    {
        if (!(Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, tool))))
        {
            return null;
        }
        using Process process = Process.Start(new ProcessStartInfo(tool, arguments) { RedirectStandardOutput = true, StandardOutputEncoding = Encoding.UTF8 })!;
        string said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return said;
    }
}
