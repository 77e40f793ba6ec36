using System.Text;
using System.Text.Json;
using KismetOrleans.Wire.Dot11;

namespace KismetOrleans.Wire.Tests.Dot11;

/// <summary>What a real server printed about each network of the shared captures, against what the elements of the same frame give here.</summary>
public sealed class GoldenNetworkTests
{
    private const string Prefix = "dot11.advertisedssid.";

    [SharedTheory]
    [InlineData("campus-6k", "campus-6k.pcap", 30)]
    [InlineData("mixed-dot11", "mixed-dot11.pcap", 12)]
    [InlineData("mixed-dot11-105", "mixed-dot11-105.pcap", 12)]
    [InlineData("krack", "krack.pcapng", 4)]
    [InlineData("fragattacks-ap", "fragattacks-ap.pcapng", 2)]
    [InlineData("fragattacks-client", "fragattacks-client.pcapng", 6)]
    [InlineData("exthdr", "exthdr.pcap", 2)]
    [InlineData("mavic-multi", "mavic-multi.pcapng", 2)]
    [InlineData("odid", "odid.pcap", 4)]
    public void Networks_read_as_the_server_printed_them(string golden, string capture, int least)
    {
        Dictionary<uint, (byte[] Elements, Dot11Elements Parsed)> byChecksum = ParseAll(capture);
        using JsonDocument devices = SharedCaptures.Golden(golden + "/all_devices.json");
        int compared = 0;
        foreach (JsonElement network in Networks(devices.RootElement))
        {
            if (byChecksum.TryGetValue(network.GetProperty(Prefix + "ietag_checksum").GetUInt32(), out var found))
            {
                Compare(network, found.Elements, in found.Parsed);
                compared++;
            }
        }
        Assert.True(compared >= least, $"{compared} networks compared");
    }

    private static void Compare(JsonElement network, byte[] elements, in Dot11Elements e)
    {
        Assert.Equal(network.GetProperty(Prefix + "crypt_bitfield").GetUInt64(), (ulong)e.Crypt);
        Assert.Equal(network.GetProperty(Prefix + "crypt_set").GetUInt64(), CryptText.ToLegacySet(e.Crypt));
        // Deviation 8: the server prints OWE as SAE.
        string crypt = network.GetProperty(Prefix + "crypt_string").GetString()!;
        Assert.Equal((e.Crypt & CryptBits.AkmOwe) != 0 ? crypt.Replace("WPA3-SAE", "OWE") : crypt, CryptText.ToText(e.Crypt));
        // The server does not read what HE and EHT offer.
        double rate = network.GetProperty(Prefix + "maxrate").GetDouble();
        Assert.True((e.Seen & (ElementsSeen.HeCapabilities | ElementsSeen.EhtCapabilities)) != 0 ? e.MaxRate >= rate : e.MaxRate == rate);
        CompareText(network, "ssid", e.Ssid, elements);
        CompareText(network, "wps_manuf", e.WpsManufacturer, elements);
        CompareText(network, "wps_device_name", e.WpsDeviceName, elements);
        CompareText(network, "wps_model_name", e.WpsModelName, elements);
        CompareText(network, "wps_model_number", e.WpsModelNumber, elements);
        CompareText(network, "wps_serial_number", e.WpsSerialNumber, elements);
        if (network.TryGetProperty(Prefix + "wps_state", out JsonElement state))
        {
            Assert.Equal(state.GetInt32(), e.WpsState);
            Assert.Equal(network.GetProperty(Prefix + "wps_version").GetInt32(), e.WpsVersion);
            Assert.Equal(network.GetProperty(Prefix + "wps_config_methods").GetInt32(), e.WpsConfigMethods);
        }
        if (network.GetProperty(Prefix + "beacon").GetInt32() == 0)
        {
            // The server fills the rest for beacons only.
            return;
        }
        Assert.Equal(network.GetProperty(Prefix + "wpa_mfp_required").GetInt32() == 1, e.MfpRequired);
        Assert.Equal(network.GetProperty(Prefix + "wpa_mfp_supported").GetInt32() == 1, e.MfpCapable);
        Assert.Equal(network.GetProperty(Prefix + "dot11r_mobility").GetInt32() == 1, (e.Seen & ElementsSeen.MobilityDomain) != 0);
        Assert.Equal(network.GetProperty(Prefix + "dot11r_mobility_domain_id").GetInt32(), e.MobilityDomain);
        if (network.GetProperty(Prefix + "ht_mode").GetString() is { Length: > 0 } mode)
        {
            Assert.Equal(mode, e.Width.ToString().ToUpperInvariant());
            Assert.Equal(network.GetProperty(Prefix + "channel").GetString(), e.HtPrimaryChannel.ToString());
            if (network.GetProperty(Prefix + "ht_center_1").GetInt32() is > 0 and int center)
            {
                Assert.Equal(center, 5000 + 5 * e.VhtCenter0);
                Assert.Equal(network.GetProperty(Prefix + "ht_center_2").GetInt32(), 5000 + 5 * e.VhtCenter1);
            }
        }
        if (network.GetProperty(Prefix + "dot11d_country").GetString() is { Length: > 0 } country)
        {
            Assert.Equal(country, Encoding.ASCII.GetString(e.Country.Of(elements)[..2]));
        }
    }

    private static void CompareText(JsonElement network, string field, Slice slice, byte[] elements)
    {
        if (network.TryGetProperty(Prefix + field, out JsonElement value) && value.ValueKind == JsonValueKind.String)
        {
            Assert.Equal(value.GetString(), Encoding.UTF8.GetString(slice.Of(elements)).Trim('\0'));
        }
    }

    private static Dictionary<uint, (byte[] Elements, Dot11Elements Parsed)> ParseAll(string capture)
    {
        var found = new Dictionary<uint, (byte[], Dot11Elements)>();
        foreach ((LinkType inner, byte[] frame, bool cut) in SharedCaptures.Frames(SharedCaptures.File(capture)))
        {
            if (inner == LinkType.Ieee80211
                && Dot11Parser.TryParse(frame, cut, out Dot11Frame f) == ParseStatus.Ok
                && f.Kind is FrameKind.Beacon or FrameKind.ProbeResponse or FrameKind.ProbeRequest)
            {
                byte[] elements = frame[f.ElementsOffset..];
                Dot11ElementsParser.TryParse(elements, f.Kind, cut, out Dot11Elements e);
                found.TryAdd(e.Checksum, (elements, e));
            }
        }
        return found;
    }

    private static IEnumerable<JsonElement> Networks(JsonElement at)
    {
        switch (at.ValueKind)
        {
            case JsonValueKind.Object when at.TryGetProperty(Prefix + "ietag_checksum", out _):
                return [at];
            case JsonValueKind.Object:
                return at.EnumerateObject().SelectMany(property => Networks(property.Value));
            case JsonValueKind.Array:
                return at.EnumerateArray().SelectMany(Networks);
            default:
                return [];
        }
    }
}
