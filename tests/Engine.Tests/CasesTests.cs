using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Dot11;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Link;

namespace KismetOrleans.Engine.Tests;

/// <summary>Small captures that other people's reports are made of, beside the repository: each with its right answer.</summary>
public sealed class CasesTests
{
    private static string Case(string name) => Path.Combine(SharedMaterial.Root!, "cases", name);

    [SharedFact]
    public void One_broken_element_costs_no_network_its_name()
    {
        AdvertisedSsid[] networks = Networks(new Rig().HearFile(Case("broken-tails.pcap")));
        Assert.Equal(17, networks.Select(static network => network.Ssid).Where(static name => name.Length > 0).Distinct().Count());
        // The first bytes of two say no more than that there is an RSN element, or a WPA element.
        Assert.Equal(
            ["rsn-1-octet WPA2", "wpa-broken WPA1 TKIP"],
            networks.Where(static network => network.CryptText != "WPA2 WPA2-PSK AES-CCMP").Select(static network => $"{network.Ssid} {network.CryptText}"));
    }

    [SharedFact]
    public void Networks_whose_beacons_another_sends_exist_too()
    {
        Dictionary<string, AdvertisedSsid> networks = Networks(new Rig().HearFile(Case("roles.pcap"))).Where(static network => network.Ssid.Contains("tx-", StringComparison.Ordinal) || network.Ssid == "tx-bss")
            .ToDictionary(static network => network.Ssid);
        Assert.Equal(["nontx-1", "nontx-2", "tx-bss"], networks.Keys.Order());
        Assert.Equal("WPA3 OWE AES-CCMP", networks["nontx-2"].CryptText);
        // What its own profile leaves out is as in the beacon that is sent.
        Assert.Equal((networks["tx-bss"].CryptText, networks["tx-bss"].Channel, networks["tx-bss"].MaxRate), (networks["nontx-1"].CryptText, networks["nontx-1"].Channel, networks["nontx-1"].MaxRate));
    }

    [SharedFact]
    public void Beacons_below_1_GHz_and_at_60_GHz_make_networks()
    {
        Rig rig = new Rig().HearFile(Case("s1g-dmg.pcap"));
        Assert.Equal(["halow-net 44ah WPA3 WPA3-SAE AES-CCMP", "halow-cssid  Open"], Networks(rig).Select(static network => $"{network.Ssid} {network.Channel} {network.CryptText}"));
        // The short beacon between two full ones is of the same network; that at 60 GHz has elements that end nowhere.
        Assert.Equal([2UL, 1UL, 1UL], ((MacAddress[])[new(0x0200_0003_0001), new(0x0200_0003_0002), new(0x0200_0003_0004)]).Select(address => rig[address].Packets));
        Assert.Equal(["44ah", "915MHz", "2"], ((MacAddress[])[new(0x0200_0003_0001), new(0x0200_0003_0002), new(0x0200_0003_0004)]).Select(address => rig[address].Channel));
    }

    [SharedFact]
    public void RSN_is_WPA2_whatever_its_pairwise_cipher() => Assert.Equal(
        [
            "rsn-tkip-only WPA2 WPA2-PSK TKIP", "rsn-tkip-eap WPA2 WPA2-EAP TKIP", "rsn-use-group WPA2 WPA2-PSK AES-CCMP", "rsn-ccmp WPA2 WPA2-PSK AES-CCMP",
            "wpa-ccmp WPA1 WPA1-PSK TKIP AES-CCMP", "rsn-gcmp128 WPA2 WPA2-PSK AES-GCMP128", "wpa1ccmp+rsn-tkip WPA2 WPA2-PSK TKIP AES-CCMP",
            "rsn-sae-tkip WPA3 WPA3-SAE TKIP",
        ],
        Networks(new Rig().HearFile(Case("rsn-tkip.pcap"))).Select(static network => $"{network.Ssid} {network.CryptText}"));

    [SharedFact]
    public void Every_kind_of_security_has_its_name()
    {
        AdvertisedSsid[] networks = Networks(new Rig().HearFile(Case("security-and-names.pcap")));
        Dictionary<string, string> found = networks.Where(static network => network.Ssid.Length > 0).ToDictionary(static network => network.Ssid, static network => network.CryptText);
        Dictionary<string, string> expected = new()
        {
            ["open"] = "Open",
            ["wep"] = "WEP",
            ["wpa1-psk"] = "WPA1 WPA1-PSK TKIP",
            ["sae-psk"] = "WPA3 WPA3-PSK WPA3-SAE AES-CCMP",
            ["sae-ext"] = "WPA3 WPA3-SAE-EXT AES-CCMP AES-GCMP256",
            ["ft-sae-ext"] = "WPA3 WPA3-SAE-EXT WPA3-SAE-EXT-FT AES-CCMP",
            ["owe"] = "WPA3 OWE AES-CCMP",
            ["owe-trans-open"] = "Open",
            ["suiteb192"] = "WPA3 WPA3-EAP-SUITEB-SHA384 AES-GCMP256",
            ["pasn"] = "WPA2 WPA2-PASN AES-CCMP",
            ["eap-sha384"] = "WPA3 WPA3-EAP-FT-SHA384 WPA3-EAP-SHA384 AES-CCMP",
            ["tdls7"] = "WPA2 WPA2-TDLS AES-CCMP",
            ["vendor-akm"] = "WPA2 WPA2-PSK WPA2-DPP AES-CCMP",
            ["cckm"] = "WPA2 WPA2-CCKM AES-CCMP",
            ["wep40group"] = "WPA2 WPA2-PSK WEP40",
            ["usegroup"] = "WPA2 WPA2-PSK AES-CCMP",
            ["rsn-empty"] = "WPA2",
            ["rsn-version-only"] = "WPA2 WPA2-EAP AES-CCMP",
            ["rsn-nocaps"] = "WPA2 WPA2-PSK AES-CCMP",
            ["rsn-badcount"] = "WPA2 AES-CCMP",
            ["wapi"] = "WAPI WAPI-PSK SMS4",
            ["osen"] = "OSEN AES-CCMP",
            ["rsno"] = "WPA3 WPA3-PSK WPA3-SAE WPA3-SAE-EXT AES-CCMP AES-GCMP256",
        };
        Assert.All(expected, pair => Assert.Equal(pair, new(pair.Key, found[pair.Key])));
        Assert.Contains("late-ssid", found.Keys);
        Assert.Contains("first", found.Keys);
    }

    [SharedTheory]
    [InlineData("fcs-dlt105-unsaid.pcap")]
    [InlineData("fcs-dlt105-if_fcslen.pcapng")]
    public void A_check_sequence_that_radio_headers_do_not_tell_of_is_cut_off(string file)
    {
        AdvertisedSsid[] networks = Networks(new Rig().HearFile(Case(file)));
        Assert.Equal(Enumerable.Range(0, 20).Select(static i => $"raw105-{i} WPA2 WPA2-PSK AES-CCMP"), networks.Select(static network => $"{network.Ssid} {network.CryptText}"));
    }

    [SharedFact]
    public void A_check_sequence_that_is_empty_swapped_or_not_flagged_costs_no_name()
    {
        string[] names = [.. Networks(new Rig().HearFile(Case("fcs-radiotap.pcap"))).Select(static network => network.Ssid)];
        Assert.Superset(new HashSet<string> { "flag-good", "flag-zero", "flag-swapped", "unflagged-present", "no-flags-field-fcs", "plain" }, names.ToHashSet());
        Assert.DoesNotContain("badfcs-bit", names);
    }

    [SharedFact]
    public void Metadata_in_place_of_a_check_sequence_cost_no_frame()
    {
        Rig rig = new Rig().HearFile(Case("zb195-ti.pcap"));
        Assert.Equal((4L, 0L), (rig.Dissector.PacketsByPhy[Phy.Ieee802154.Id], rig.Dissector.ErrorPackets));
    }

    [SharedFact]
    public void A_structure_past_the_end_of_an_advertisement_costs_no_device()
    {
        Rig rig = new Rig().HearFile(Case("ble-ad-overrun.pcap"));
        Assert.Equal(["", "", "ok", "one-octet-tail", "tail-overrun"], rig.Devices.All.ToArray().Select(static device => device.Name).Order(StringComparer.Ordinal));
    }

    [SharedFact]
    public void A_country_is_two_letters() => Assert.All(
        Networks(new Rig().HearFile(Case("country.pcap"))).Where(static network => !string.IsNullOrEmpty(network.Country)),
        static network => Assert.Equal(2, network.Country!.Length));

    [SharedFact]
    public void A_request_to_join_names_a_hidden_network()
    {
        Assert.Equal("secret", Assert.Single(Networks(new Rig().HearFile(Case("hidden-assoc.pcap")))).Ssid);
        Assert.Equal("reassc", new Rig().HearFile(Case("roles.pcap"))[new(0x0200_001A_0011)].Name);
    }

    [SharedFact]
    public void Decibels_of_a_scale_and_dBm_are_not_mixed()
    {
        foreach (Device device in new Rig().HearFile(Case("signal-units.pcap")).Devices.All)
        {
            Assert.Equal((SignalKind.Dbm, -60, -60, -60), (device.Signal!.Kind, device.Signal.Last, device.Signal.Min, device.Signal.Max));
        }
    }

    [SharedFact]
    public void Rates_widths_and_channels_of_HE_and_EHT_are_read()
    {
        Dictionary<string, (string Channel, Wire.Dot11.ChannelWidth Width, float Rate)> found = Networks(new Rig().HearFile(Case("phys.pcap")))
            .Where(static network => network.Ssid.StartsWith("he", StringComparison.Ordinal) || network.Ssid.StartsWith("eht", StringComparison.Ordinal))
            .ToDictionary(static network => network.Ssid, static network => (network.Channel, network.Width, network.MaxRate));
        Assert.Equal((1201f, 2402f), (found["he80-5g"].Rate, found["he160-5g"].Rate));
        Assert.Equal(("37W6e", Wire.Dot11.ChannelWidth.Ht160), (found["he6-ch37-160"].Channel, found["he6-ch37-160"].Width));
        Assert.Equal(("1W6e", Wire.Dot11.ChannelWidth.Ht20), (found["he6-ch1-20"].Channel, found["he6-ch1-20"].Width));
        Assert.Equal("2W6e", found["he6-ch2-5935"].Channel);
        Assert.Equal("233W6e", found["he6-ch233"].Channel);
        Assert.Equal(Wire.Dot11.ChannelWidth.Ht320, found["eht320-6"].Width);
    }

    private static AdvertisedSsid[] Networks(Rig rig) =>
        [.. rig.Devices.All.ToArray().OrderBy(static device => device.Id.Address.Value).SelectMany(static device => device.Dot11?.Advertised ?? [])];
}
