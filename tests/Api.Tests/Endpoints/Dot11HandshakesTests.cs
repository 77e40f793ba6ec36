using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Text.Json;

namespace KismetOrleans.Api.Tests.Endpoints;

/// <summary>Handshakes as pcap files: what was kept, in order of time behind a beacon, as tools that check passphrases take it.</summary>
[Collection(CampusCollection.Name)]
public sealed class Dot11HandshakesTests(Campus campus)
{
    // Of the networks of tools/SampleGenerator whose handshakes can be checked.
    private const string Passphrase = "correct horse battery staple";
    private const string Kept = "dot11.device.wpa_handshake_list";
    private readonly HttpClient _client = campus.Client;

    [Fact]
    public async Task A_file_has_the_frames_that_the_record_shows_behind_a_beacon()
    {
        JsonElement[] networks = [.. Networks()];
        Assert.True(networks.Length >= 4, $"{networks.Length} networks");
        foreach (JsonElement network in networks)
        {
            string key = network.Text("kismet.device.base.key");
            JsonProperty[] clients = [.. Wifi(network).GetProperty(Kept).EnumerateObject()];
            string[] all = Expected(clients.SelectMany(static client => client.Value.EnumerateArray()));
            foreach (string path in (string[])[$"{key}/pcap/handshake.pcap", $"{key}/pcap/{key}-handshake.pcap", $"{key}/pcap/{key.ToLowerInvariant()}-handshake.pcap"])
            {
                Assert.Equal(all, Keys(await FileAsync(path, $"{network.Text("kismet.device.base.macaddr")}-handshake.pcap")));
            }
            foreach (JsonProperty client in clients)
            {
                string name = $"{network.Text("kismet.device.base.macaddr")}-{client.Name}-handshake.pcap";
                Assert.Equal(Expected(client.Value.EnumerateArray()), Keys(await FileAsync($"{key}/device/{client.Name}/pcap/handshake.pcap", name)));
            }
        }
    }

    [Fact]
    public async Task A_PMKID_is_in_a_file_of_its_own()
    {
        JsonElement network = Assert.Single(Networks(), static network => Wifi(network).TryGetProperty("dot11.device.pmkid_packet", out _));
        string key = network.Text("kismet.device.base.key");
        string[] frames = Keys(await FileAsync($"{key}/pcap/handshake-pmkid.pcap", $"{network.Text("kismet.device.base.macaddr")}-handshake-pmkid.pcap"));
        Assert.Equal([Wifi(network).GetProperty("dot11.device.pmkid_packet").Text("kismet.packet.data")], frames);
    }

    [Fact]
    public async Task Who_has_no_handshake_gets_a_file_without_packets()
    {
        string ap = campus.Devices.Values.First(static d => d.Text("kismet.device.base.type") == "Wi-Fi AP" && !Wifi(d).TryGetProperty(Kept, out _)).Text("kismet.device.base.key");
        string client = campus.Devices.Values.First(static d => d.Text("kismet.device.base.type") == "Wi-Fi Client").Text("kismet.device.base.key");
        foreach (string path in (string[])[$"{ap}/pcap/handshake.pcap", $"{ap}/pcap/handshake-pmkid.pcap", $"{ap}/device/02:00:00:00:00:99/pcap/handshake.pcap", $"{client}/pcap/handshake.pcap"])
        {
            Assert.Empty(Frames(await _client.GetByteArrayAsync($"/phy/phy80211/by-key/{path}")));
        }
    }

    [Theory]
    [InlineData("nonsense/pcap/handshake.pcap", "unable to parse string value")]
    [InlineData("4202770D00000000_99/pcap/handshake.pcap", "unknown device")]
    [InlineData("4202770D00000000_99/pcap/handshake-pmkid.pcap", "unknown device")]
    [InlineData("4202770D00000000_99/pcap/4202770D00000000_99-handshake.pcap", "unknown device")]
    [InlineData("4202770D00000000_99/device/02:00:00:00:00:99/pcap/handshake.pcap", "unknown device")]
    [InlineData("1234567800000000_99/pcap/handshake.pcap", "unknown device")]
    [InlineData("{key}/device/nonsense/pcap/handshake.pcap", "unable to parse string value")]
    public async Task What_is_not_there_is_an_error(string path, string error) =>
        (await _client.AskAsync("/phy/phy80211/by-key/" + campus.Fill(path))).QueryError(error);

    [Theory]
    [InlineData("{key}/pcap/handshake.pcapng")]
    [InlineData("{key}/pcap/4202770D00000000_99-handshake.pcap")]
    [InlineData("{key}/device/{mac}/pcap/handshake-pmkid.pcap")]
    public async Task Another_file_is_not_found(string path) => (await _client.AskAsync("/phy/phy80211/by-key/" + campus.Fill(path))).NotFound();

    [Fact]
    public async Task Aircrack_finds_the_passphrase_in_every_file_that_has_a_whole_handshake()
    {
        if (!IsInstalled("aircrack-ng") || !IsInstalled("hcxpcapngtool"))
        {
            return;
        }
        int found = 0;
        DirectoryInfo folder = Directory.CreateTempSubdirectory("ko-handshakes-");
        try
        {
            string words = Path.Combine(folder.FullName, "words");
            await File.WriteAllLinesAsync(words, ["another one", Passphrase]);
            foreach (JsonElement network in Networks().Where(static network => IsWhole(Wifi(network).GetProperty(Kept))))
            {
                string file = Path.Combine(folder.FullName, "handshake.pcap");
                await File.WriteAllBytesAsync(file, await _client.GetByteArrayAsync($"/phy/phy80211/by-key/{network.Text("kismet.device.base.key")}/pcap/handshake.pcap"));
                string address = network.Text("kismet.device.base.macaddr");
                Assert.Contains($"KEY FOUND! [ {Passphrase} ]", await RunAsync("aircrack-ng", "-q", "-w", words, "-b", address, file), StringComparison.Ordinal);
                string hashes = Path.Combine(folder.FullName, $"{++found}.22000");
                _ = await RunAsync("hcxpcapngtool", "-o", hashes, file);
                Assert.Contains(
                    $"*{address.Replace(":", "", StringComparison.Ordinal).ToLowerInvariant()}*", await File.ReadAllTextAsync(hashes), StringComparison.Ordinal);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
        Assert.True(found >= 4, $"{found} networks");
    }

    private IEnumerable<JsonElement> Networks() =>
        campus.Devices.Values.Where(static d => d.TryGetProperty("dot11.device", out JsonElement wifi) && wifi.TryGetProperty(Kept, out _));

    private static JsonElement Wifi(JsonElement device) => device.GetProperty("dot11.device");

    private static bool IsWhole(JsonElement kept) => kept.EnumerateObject().Any(static client =>
        client.Value.EnumerateArray().Select(static key => key.Number("dot11.eapol.message_num")).Distinct().Count() == 4);

    private static string[] Expected(IEnumerable<JsonElement> keys) =>
        [.. keys.Select(static key => key.GetProperty("dot11.eapol.packet")).OrderBy(TimeOf).Select(static packet => packet.Text("kismet.packet.data"))];

    private static long TimeOf(JsonElement packet) => (packet.Number("kismet.packet.ts_sec") * 1_000_000) + packet.Number("kismet.packet.ts_usec");

    private async Task<byte[]> FileAsync(string path, string name)
    {
        using HttpResponseMessage response = await _client.GetAsync("/phy/phy80211/by-key/" + path);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/vnd.tcpdump.pcap", response.Content.Headers.ContentType?.ToString());
        Assert.Equal($"attachment; filename=\"{name}\"", response.Content.Headers.ContentDisposition?.ToString());
        return await response.Content.ReadAsByteArrayAsync();
    }

    // What comes behind the frames that name the network: the first is a beacon.
    private static string[] Keys(byte[] file)
    {
        List<(long Micros, byte[] Frame)> frames = Frames(file);
        Assert.Equal(0x80, frames[0].Frame[0]);
        List<(long Micros, byte[] Frame)> keys = frames.FindAll(static frame => (frame.Frame[0] & 0x0C) == 0x08);
        Assert.All(frames.SkipLast(keys.Count), static frame => Assert.Equal(0, frame.Frame[0] & 0x0C));
        Assert.Equal(keys.Select(static key => key.Micros).Order(), keys.Select(static key => key.Micros));
        return [.. keys.Select(static key => Convert.ToHexString(key.Frame))];
    }

    private static List<(long Micros, byte[] Frame)> Frames(ReadOnlySpan<byte> file)
    {
        Assert.Equal((0xA1B2C3D4, 105u), (BinaryPrimitives.ReadUInt32LittleEndian(file), BinaryPrimitives.ReadUInt32LittleEndian(file[20..])));
        List<(long, byte[])> frames = [];
        for (file = file[24..]; !file.IsEmpty;)
        {
            int length = BinaryPrimitives.ReadInt32LittleEndian(file[8..]);
            Assert.Equal(length, BinaryPrimitives.ReadInt32LittleEndian(file[12..]));
            frames.Add(((BinaryPrimitives.ReadUInt32LittleEndian(file) * 1_000_000L) + BinaryPrimitives.ReadUInt32LittleEndian(file[4..]), file.Slice(16, length).ToArray()));
            file = file[(16 + length)..];
        }
        return frames;
    }

    private static bool IsInstalled(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return output + await errors;
    }
}
