using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using KismetOrleans.Engine;
using KismetOrleans.Engine.Datasources;
using KismetOrleans.Engine.Observations;
using KismetOrleans.Engine.Partitions;
using KismetOrleans.Engine.Tracking;
using KismetOrleans.Packets;
using KismetOrleans.Packets.Files;
using KismetOrleans.Records.Datasources;
using KismetOrleans.Records.Json;
using KismetOrleans.SampleGenerator;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Files;

namespace KismetOrleans.Fuzz;

/// <summary>What a dissector makes of one sender's frame.</summary>
/// <param name="Name">SSID; "" where it is hidden, null where there is no such element.</param>
/// <param name="Channel">Channel that the frame itself names; "" where it names none.</param>
/// <param name="Security">Words of its security, in order; null where it announces no network.</param>
/// <param name="IsMalformed">Whether the dissector gave up within the frame, or may say less than there is.</param>
/// <param name="Band6">Channel at 6 GHz that it names besides.</param>
/// <param name="Names">All names, where the frame tells of further networks, which a dissector does not keep apart.</param>
internal sealed record Seen(string? Name, string Channel, string? Security, bool IsMalformed = false, string Band6 = "", string?[]? Names = null);

/// <summary>A sender of which tshark and this server's records say different things.</summary>
/// <param name="Frame">Number of the frame, from 1.</param>
/// <param name="What">What differs: transmitter, name, channel, security.</param>
/// <param name="Theirs">What tshark says.</param>
/// <param name="Ours">What our record says.</param>
internal sealed record Difference(int Frame, string What, string Theirs, string Ours);

/// <summary>Compares frames with every element in every order, length and fault: tshark against the records that clients get.</summary>
internal static class Differential
{
    private const string Field = "-e";
    private const int MaxSsid = 32;
    private const string Ssid = "0";
    private const string Rsn = "48";

    // Names that a device asks for besides (84).
    private const string SsidList = "84";
    private const string Ds = "3";
    private const string HtOperation = "61";
    private const string MultipleBssid = "71";
    private const string Band6 = "W6e";

    // Wi-Fi Alliance, WPA3 Specification 3.4, 10.2: RSN overriding, and its second element.
    private static readonly byte[] s_override = [0x50, 0x6F, 0x9A, 0x29], s_override2 = [0x50, 0x6F, 0x9A, 0x2A];

    // 00-0F-AC, as tshark prints it.
    private const string Ieee = "4012";

    // By the numbers of IEEE 802.11-2020, tables 9-149 and 9-151; what both elements offer, as words that our texts have too.
    private static readonly Dictionary<string, string> s_ciphers = new()
    {
        ["1"] = "WEP40",
        ["2"] = "TKIP",
        ["4"] = "AES-CCMP",
        ["5"] = "WEP104",
        ["8"] = "AES-GCMP128",
        ["9"] = "AES-GCMP256",
        ["10"] = "AES-CCMP256",
    };

    private static readonly Dictionary<string, string> s_akms = new()
    {
        ["1"] = "EAP",
        ["2"] = "PSK",
        ["3"] = "EAP",
        ["4"] = "PSK",
        ["5"] = "EAP",
        ["6"] = "PSK",
        ["8"] = "SAE",
        ["9"] = "SAE",
        ["11"] = "EAP",
        ["12"] = "EAP",
        ["13"] = "EAP",
        ["18"] = "OWE",
        ["19"] = "PSK",
        ["20"] = "PSK",
    };

    /// <summary>Whether tshark is installed.</summary>
    public static bool IsPossible { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(static folder => File.Exists(Path.Combine(folder, "tshark")));

    /// <summary>Makes frames and compares.</summary>
    /// <param name="frames">How many.</param>
    /// <param name="seed">Where the random numbers begin.</param>
    /// <param name="capture">File that gets them, and stays.</param>
    public static async Task<IReadOnlyList<Difference>> CompareAsync(int frames, int seed, string capture)
    {
        ArrayBufferWriter<byte> file = new();
        PcapWriter.WriteHeader(file, LinkType.Radiotap);
        OddFrames odd = new(seed);
        HashSet<int> endEarly = [];
        // RSN overriding, which tshark 4.0 does not read.
        HashSet<int> overridden = [];
        HashSet<int> whole = [];
        for (int i = 1; i <= frames; i++)
        {
            byte[] frame = odd.Make(i);
            _ = EndsEarly(frame) && endEarly.Add(i);
            _ = odd.IsWhole && whole.Add(i);
            _ = (frame.AsSpan().IndexOf(s_override) >= 0 || frame.AsSpan().IndexOf(s_override2) >= 0) && overridden.Add(i);
            PcapWriter.WritePacket(file, 1_700_000_000_000_000_000 + i * 1_000_000L, frame);
        }
        await File.WriteAllBytesAsync(capture, file.WrittenMemory);
        Dictionary<string, (int Frame, Seen Seen)> theirs = await TsharkAsync(capture);
        Dictionary<string, Seen> ours = Ours(capture);
        List<Difference> differences = [];
        foreach ((string sender, (int frame, Seen read)) in theirs)
        {
            Seen their = endEarly.Contains(frame) ? read with { IsMalformed = true } : read;
            if (!ours.TryGetValue(sender, out Seen? our))
            {
                differences.Add(new(frame, "transmitter", sender, "none"));
                continue;
            }
            if (our.Security is null && their.Name is null)
            {
                // Of a frame whose SSID was lost to its fault no network is made: what was spoiled is not what was not sent.
                continue;
            }
            if (their.Names is { } names)
            {
                if (whole.Contains(frame) && their.Security is not null)
                {
                    CheckNetworks(sender, frame, names, our.Name ?? "");
                }
                continue;
            }
            Check("name", their.Name ?? "", our.Name ?? "");
            if (!(our.Channel.EndsWith(Band6, StringComparison.Ordinal) && their.Band6 == our.Channel))
            {
                // A frame that names one at 6 GHz too may be taken at either word.
                Check("channel", their.Channel, our.Channel);
            }
            if (!(their is { IsMalformed: true, Security: "WEP" or "Open" } || overridden.Contains(frame)))
            {
                // Privacy alone is WEP only where nothing else may have been lost; who gives up before the elements guesses.
                Check("security", their.Security ?? "", our.Security ?? "");
            }

            void Check(string what, string here, string there)
            {
                // Who gives up in the middle knows less of what follows; he must not know more.
                if (here != there && !(their.IsMalformed && (IsWithin(here, there) || what == "channel" && there.Length > 0)))
                {
                    differences.Add(new(frame, what, here, there));
                }
            }
        }
        return differences;

        // The networks of a Multiple BSSID element are named m1, m2 … and have the addresses behind the sender's. tshark takes the elements of a profile for
        // the frame's own, and does not read these then: the frame's own name is what the generator gave it.
        void CheckNetworks(string sender, int frame, string?[] names, string own)
        {
            if (own.Length > 0 && !own.StartsWith($"n{frame}", StringComparison.Ordinal))
            {
                differences.Add(new(frame, "name", $"n{frame}", own));
            }
            _ = MacAddress.TryParse(sender, out MacAddress first);
            foreach (string name in names.OfType<string>().Where(static name => name is ['m', _]))
            {
                string address = new MacAddress(first.Value + (ulong)(name[1] - '0')).ToString();
                if (!ours.TryGetValue(address, out Seen? network) || network.Name != name)
                {
                    differences.Add(new(frame, "network", $"{address} {name}", network?.Name ?? "none"));
                }
            }
        }
    }

    private static bool IsWithin(string less, string more) => less.Split(' ', StringSplitOptions.RemoveEmptyEntries).All(word => more.Split(' ').Contains(word == "WPA1" && more.Contains("RSN", StringComparison.Ordinal) ? "RSN" : word));

    private static async Task<Dictionary<string, (int Frame, Seen Seen)>> TsharkAsync(string capture)
    {
        ProcessStartInfo start = new("tshark", [
            "-n", "-r", capture, "-T", "fields", "-E", "separator=|", "-E", "occurrence=a", "-E", "aggregator=,",
            Field, "frame.number", Field, "wlan.ta", Field, "wlan.fc.type_subtype", Field, "wlan.ssid", Field, "wlan.ds.current_channel", Field, "wlan.ht.info.primarychannel",
            Field, "wlan.tag.number", Field, "wlan.rsn.gcs.type", Field, "wlan.rsn.pcs.type", Field, "wlan.rsn.akms.type", Field, "wlan.wfa.ie.wpa.version",
            Field, "wlan.wfa.ie.wpa.mcs.type", Field, "wlan.wfa.ie.wpa.ucs.type", Field, "wlan.wfa.ie.wpa.type", Field, "wlan.fixed.capabilities.privacy", Field, "_ws.malformed", Field, "wlan.rsn.gcs.oui", Field, "wlan.rsn.pcs.oui", Field, "wlan.rsn.akms.oui",
            Field, "wlan.ext_tag.he_operation.6ghz.primary_channel", Field, "wlan.wfa.ie.wpa.akms.type",
        ])
        { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process tshark = Process.Start(start)!;
        Task<string> errors = tshark.StandardError.ReadToEndAsync();
        Dictionary<string, (int Frame, Seen Seen)> seen = [];
        while (await tshark.StandardOutput.ReadLineAsync() is { } line)
        {
            string[] parts = line.Split('|');
            if (parts.Length == 21 && parts[1].Length > 0)
            {
                seen[parts[1].ToUpperInvariant()] = (int.Parse(parts[0], CultureInfo.InvariantCulture), Read(parts));
            }
        }
        await tshark.WaitForExitAsync();
        return tshark.ExitCode == 0 ? seen : throw new InvalidOperationException($"tshark: {await errors}");
    }

    private static Seen Read(string[] parts)
    {
        // What a device asks for is no network of its own.
        bool announces = parts[2] is "0x0008" or "0x0005";
        string[] tags = List(parts[6]);
        SortedSet<string> words = new(StringComparer.Ordinal);
        bool isRsn = tags.Contains(Rsn);
        bool isWpa = parts[10].Length > 0;
        _ = isRsn && words.Add("RSN");
        _ = isWpa && !isRsn && words.Add("WPA1");
        foreach (string cipher in (string[])[.. Known(parts[7], parts[16]), .. Known(parts[8], parts[17]), .. List(parts[11]), .. List(parts[12])])
        {
            words.Add(s_ciphers.GetValueOrDefault(cipher, ""));
        }
        // Versions of tshark have two names for the key management of WPA.
        foreach (string akm in (string[])[.. Known(parts[9], parts[18]), .. List(parts[20].Length > 0 ? parts[20] : parts[13])])
        {
            words.Add(s_akms.GetValueOrDefault(akm, ""));
        }
        _ = words.Remove("");
        if (isRsn && parts[15].Length == 0)
        {
            // What a whole element leaves out has its default (clause 9.4.2.24.1).
            _ = List(parts[8]).Length == 0 && words.Add("AES-CCMP");
            _ = List(parts[9]).Length == 0 && words.Add("EAP");
        }
        if (words.Count == 0)
        {
            words.Add(List(parts[14]).FirstOrDefault() is "1" or "True" ? "WEP" : "Open");
        }
        return new(
            List(parts[3]).FirstOrDefault() is { } name && (tags.Contains(Ssid) || !tags.Contains(SsidList)) ? Name(name) : null,
            announces ? Own(parts[4], Ds).Concat(Own(parts[5], HtOperation)).FirstOrDefault(static one => one != "0") ?? "" : "",
            announces ? string.Join(' ', words) : null,
            parts[15].Length > 0 || tags.Count(static tag => tag == Rsn) > 1,
            List(parts[19]).FirstOrDefault() + Band6,
            tags.Contains(MultipleBssid) ? [.. List(parts[3]).Select(Name)] : null);

        // Not those of neighbours, whose reports hold elements too.
        IEnumerable<string> Own(string channels, string tag) => tags.Contains(tag) ? List(channels) : [];
    }

    // Of suites of other organisations only these know what they are.
    private static IEnumerable<string> Known(string types, string organisations) => List(types).Zip(List(organisations)).Where(static one => one.Second == Ieee).Select(static one => one.First);

    // Whether the last element runs past the end, or less than an element is left.
    private static bool EndsEarly(ReadOnlySpan<byte> frame)
    {
        const int radiotap = 9;
        const int header = 24;
        int at = radiotap + header + (frame[radiotap] switch { 0x40 => 0, 0x00 => 4, _ => 12 });
        while (at + 2 <= frame.Length)
        {
            at += 2 + frame[at + 1];
        }
        return at != frame.Length;
    }

    private static string[] List(string part) => part.Split(',', StringSplitOptions.RemoveEmptyEntries);

    // tshark 4 prints bytes. More than 32 are no SSID (clause 9.4.2.2).
    private static string? Name(string hex) =>
        hex.Length % 2 != 0 || !hex.All(char.IsAsciiHexDigit) ? hex == "<MISSING>" ? "" : hex
        : hex.Length > 2 * MaxSsid ? null : SsidText.IsCloaked(Convert.FromHexString(hex)) ? "" : SsidText.Printable(Convert.FromHexString(hex));

    private static Dictionary<string, Seen> Ours(string capture)
    {
        PartitionEnvironment environment = new(1, new TrackingOptions(), new NoManufacturers(), new NoSource(), Guid.Empty, TimeProvider.System);
        DevicePartition partition = new(0, environment);
        FrameDissector dissector = new();
        ObservationBatch[] observations = [new()];
        using CaptureFileReader reader = CaptureFileReader.Open(capture);
        PacketBatch batch = new();
        uint clock = 1_700_000_000;
        while (reader.TryRead(batch))
        {
            observations[0].Reset(1, clock++);
            dissector.Dissect(batch, observations);
            _ = partition.Apply(observations[0]);
        }
        Dictionary<string, Seen> seen = [];
        for (int cursor = 0; cursor >= 0;)
        {
            using DeviceChunk chunk = partition.Queries.Read(new(), new(RecordFormat.ItJson, null), cursor);
            foreach (string line in Encoding.UTF8.GetString(chunk.Body.WrittenSpan).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                using JsonDocument device = JsonDocument.Parse(line);
                Seen record = Read(device.RootElement.GetProperty("dot11.device"));
                // A DS parameter set is the device's channel, HT operation that of its network.
                string channel = Text(device.RootElement, "kismet.device.base.channel");
                seen[Text(device.RootElement, "kismet.device.base.macaddr")] = record.Security is not null && channel.Length > 0 ? record with { Channel = channel } : record;
            }
            cursor = chunk.Next;
        }
        return seen;
    }

    private static Seen Read(JsonElement device)
    {
        if (First(device, "dot11.device.advertised_ssid_map") is { } network || First(device, "dot11.device.responded_ssid_map") is { } answered && (network = answered).ValueKind != JsonValueKind.Undefined)
        {
            return new(Text(network, "dot11.advertisedssid.ssid"), Text(network, "dot11.advertisedssid.channel"), Words(Text(network, "dot11.advertisedssid.crypt_string")));
        }
        return new(First(device, "dot11.device.probed_ssid_map") is { } asked ? Text(asked, "dot11.probedssid.ssid") : "", "", null);
    }

    private static JsonElement? First(JsonElement device, string map) =>
        device.TryGetProperty(map, out JsonElement records) && records.GetArrayLength() > 0 ? records[0] : null;

    private static string Text(JsonElement record, string name) => record.TryGetProperty(name, out JsonElement value) ? value.GetString()! : "";

    // WPA2 WPA2-PSK AES-CCMP, in the words of the other side.
    private static string Words(string text) => string.Join(' ', text.Split(' ').Select(static word =>
        word is "WPA2" or "WPA3" ? "RSN"
        : word.StartsWith("WPA", StringComparison.Ordinal) && word.Split('-') is { Length: > 1 } parts ? parts[1]
        : word).ToHashSet().Order(StringComparer.Ordinal));

    private sealed class NoManufacturers : IManufacturers
    {
        public string? Find(MacAddress address) => null;

        public string? FindOui(uint oui) => null;
    }

    private sealed class NoSource : ISourceDirectory
    {
        public IReadOnlyList<DatasourceRecord> All => [];

        public DatasourceRecord? Find(ushort number) => null;
    }
}
