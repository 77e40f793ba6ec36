using System.Text;
using KismetOrleans.Engine.Scanning;
using KismetOrleans.Wire.Dot11;

namespace KismetOrleans.Engine.Tests.Scanning;

/// <summary>Security in scanners' words reads as the same network's beacon would, where Kismet's own reader has faults too.</summary>
public sealed class ScanCapabilitiesTests
{
    [Theory]
    [InlineData("[WPA2-PSK-CCMP][ESS][WPS]", "WPA2 WPA2-PSK AES-CCMP")]
    [InlineData("[WPA-PSK-TKIP+CCMP]", "WPA1 WPA1-PSK TKIP AES-CCMP")]
    [InlineData("[WPA2-PSK-TKIP][ESS]", "WPA2 WPA2-PSK TKIP")]
    [InlineData("[WPA-PSK-CCMP][WPA2-PSK-CCMP][ESS]", "WPA2 WPA2-PSK AES-CCMP")]
    [InlineData("[WPA2-PSK-CCMP][RSN-PSK-CCMP][ESS][WPS]", "WPA2 WPA2-PSK AES-CCMP")]
    [InlineData("[WPA2-EAP-CCMP]", "WPA2 WPA2-EAP AES-CCMP")]
    [InlineData("[WPA2-EAP/SHA1-CCMP]", "WPA2 WPA2-EAP AES-CCMP")]
    [InlineData("[WPA-EAP-TKIP][WPA2-EAP-TKIP+CCMP][ESS]", "WPA2 WPA2-EAP TKIP AES-CCMP")]
    [InlineData("[RSN-EAP/SHA256-CCMP]", "WPA2 WPA2-EAP-SHA256 AES-CCMP")]
    [InlineData("[RSN-FT/EAP-CCMP]", "WPA2 WPA2-EAP-FT AES-CCMP")]
    [InlineData("[WPA2-PSK+SAE-CCMP]", "WPA3 WPA3-PSK WPA3-SAE AES-CCMP")]
    [InlineData("[WPA2-PSK+FT/PSK+PSK-SHA256-CCMP]", "WPA2 WPA2-PSK WPA2-PSK WPA2-PSK AES-CCMP")]
    [InlineData("[WPA3-SAE-CCMP]", "WPA3 WPA3-SAE AES-CCMP")]
    [InlineData("[RSN-SAE-CCMP]", "WPA3 WPA3-SAE AES-CCMP")]
    [InlineData("[RSN-SAE_EXT_KEY-GCMP-256]", "WPA3 WPA3-SAE-EXT AES-GCMP256")]
    [InlineData("[RSN-FT/SAE_EXT_KEY-GCMP-256]", "WPA3 WPA3-SAE-EXT-FT AES-GCMP256")]
    [InlineData("[WPA2-SAE-EXT-KEY-CCMP]", "WPA3 WPA3-SAE-EXT AES-CCMP")]
    [InlineData("[RSN-EAP_SUITE_B_192-GCMP-256][MFPR][MFPC]", "WPA3 WPA3-EAP-SUITEB-SHA384 AES-GCMP256")]
    [InlineData("[RSN-PSK-CCMP-128]", "WPA2 WPA2-PSK AES-CCMP")]
    [InlineData("[RSN-PSK-GCMP-128]", "WPA2 WPA2-PSK AES-GCMP128")]
    [InlineData("[RSN-PSK-CCMP256]", "WPA2 WPA2-PSK AES-CCMP256")]
    [InlineData("[RSN-OWE-CCMP]", "WPA3 OWE AES-CCMP")]
    [InlineData("[RSN-OWE_TRANSITION-CCMP][ESS]", "Open")]
    [InlineData("[WEP]", "WEP")]
    [InlineData("[WEP][ESS]", "WEP")]
    [InlineData("[WEP40]", "WEP40")]
    [InlineData("[WEP104]", "WEP104")]
    [InlineData("[ESS]", "Open")]
    [InlineData("[IBSS]", "Open")]
    [InlineData("[WPS][ESS]", "Open")]
    [InlineData("", "Open")]
    [InlineData("WPA2-PSK-CCMP", "WPA2 WPA2-PSK AES-CCMP")]
    [InlineData("[WPA_PSK]", "WPA1 WPA1-PSK")]
    [InlineData("[WPA2_PSK]", "WPA2 WPA2-PSK")]
    [InlineData("WPA_WPA2_PSK", "WPA2 WPA2-PSK")]
    [InlineData("WIFI_AUTH_WPA2_PSK", "WPA2 WPA2-PSK")]
    [InlineData("wifi_auth_wpa_wpa2_psk", "WPA2 WPA2-PSK")]
    [InlineData("[WPA3_PSK]", "WPA3 WPA3-SAE")]
    [InlineData("[WPA2_WPA3_PSK]", "WPA3 WPA3-PSK WPA3-SAE")]
    [InlineData("[WPA3_SAE]", "WPA3 WPA3-SAE")]
    [InlineData("WPA3_EXT_PSK", "WPA3 WPA3-SAE-EXT")]
    [InlineData("WPA3_EXT_PSK_MIXED_MODE", "WPA3 WPA3-SAE WPA3-SAE-EXT")]
    [InlineData("[WPA2_ENTERPRISE]", "WPA2 WPA2-EAP")]
    [InlineData("WIFI_AUTH_WPA2_WPA3_ENTERPRISE", "WPA3 WPA3-EAP")]
    [InlineData("WIFI_AUTH_WPA3_ENT_192", "WPA3 WPA3-EAP-SUITEB-SHA384")]
    [InlineData("WIFI_AUTH_OWE", "WPA3 OWE")]
    [InlineData("WIFI_AUTH_DPP", "WPA2 WPA2-DPP")]
    [InlineData("[WPA2-DPP-CCMP]", "WPA2 WPA2-DPP AES-CCMP")]
    [InlineData("WIFI_AUTH_OPEN", "Open")]
    [InlineData("WIFI_AUTH_WEP", "WEP")]
    [InlineData("ENC_TYPE_NONE", "Open")]
    [InlineData("[wpa2-psk-ccmp][ess]", "WPA2 WPA2-PSK AES-CCMP")]
    [InlineData("WPA2PSK", "WPA2 WPA2-PSK")]
    [InlineData("WPAWPA2PSK", "WPA2 WPA2-PSK")]
    [InlineData("WPA2-Personal", "WPA2 WPA2-PSK")]
    [InlineData("WPA2-Enterprise", "WPA2 WPA2-EAP")]
    [InlineData("WPA2 802.1X", "WPA2 WPA2-EAP")]
    [InlineData("WPA/WPA2(PSK/AES,TKIP/TKIP)", "WPA2 WPA2-PSK TKIP AES-CCMP")]
    [InlineData("RTW_SECURITY_WPA2_AES_PSK", "WPA2 WPA2-PSK AES-CCMP")]
    [InlineData("[OWE-TRANS-OPEN][ESS]", "Open")]
    [InlineData("[WPA2-OWE-CCMP][OWE-TRANS][ESS]", "WPA3 OWE AES-CCMP")]
    [InlineData("[OWE_TRANSITION]", "Open")]
    [InlineData("[WPA2-EAP-SUITE-B-192-GCMP-256][ESS]", "WPA3 WPA3-EAP-SUITEB-SHA384 AES-GCMP256")]
    [InlineData("[WPA2-EAP-SUITE-B-GCMP]", "WPA3 WPA3-EAP-SUITEB-SHA256 AES-GCMP128")]
    [InlineData("[WPA2-EAP+EAP-SUITE-B-192-GCMP-256]", "WPA3 WPA3-EAP WPA3-EAP-SUITEB-SHA384 AES-GCMP256")]
    [InlineData("[WPA2-FILS-SHA256-CCMP]", "WPA3 WPA3-FILS AES-CCMP")]
    [InlineData("[WPA2-EAP+FILS-SHA256-CCMP][ESS][FILS]", "WPA3 WPA3-FILS WPA3-EAP AES-CCMP")]
    [InlineData("[RSN-EAP-FILS-SHA384-CCMP]", "WPA3 WPA3-FILS AES-CCMP")]
    [InlineData("[WPA2-PSK-CCMP][FILS][DPP][ESS]", "WPA2 WPA2-PSK AES-CCMP")]
    [InlineData("[WPA2-FT/EAP-SHA384-GCMP-256]", "WPA3 WPA3-EAP-FT-SHA384 AES-GCMP256")]
    [InlineData("[WPA2-EAP-SHA384-GCMP-256]", "WPA3 WPA3-EAP-SHA384 AES-GCMP256")]
    [InlineData("[RSN-OWE-CCMP-128][ESS][MFPR][MFPC]", "WPA3 OWE AES-CCMP")]
    [InlineData("[MFPC][ESS]", "WPA2")]
    [InlineData("[WAPI-WAPI-PSK-SMS4-SMS4][ESS]", "WAPI WAPI-PSK SMS4")]
    [InlineData("[WAPI-WAPI-CERT-SMS4-SMS4][ESS]", "WAPI WAPI-CERT SMS4")]
    [InlineData("WIFI_AUTH_WAPI_PSK", "WAPI WAPI-PSK SMS4")]
    [InlineData("[OSEN-OSEN-CCMP]", "OSEN AES-CCMP")]
    [InlineData("[WPA2-CCKM-TKIP]", "WPA2 WPA2-CCKM TKIP")]
    public void Reads_as_a_beacon_would(string capabilities, string text) =>
        Assert.Equal(text, CryptText.ToText(Parse(capabilities).Crypt));

    [Fact]
    public void Bits_are_those_of_beacons()
    {
        Assert.Equal(
            CryptBits.Wpa | CryptBits.Wpa2 | CryptBits.AkmPsk | CryptBits.GroupCcmp128 | CryptBits.PairwiseCcmp128 | CryptBits.Wps,
            Parse("[WPA2-PSK-CCMP][ESS][WPS]").Crypt);
        // As the reference server has them (golden/scan-reports).
        Assert.Equal(274945016842UL, (ulong)Parse("[WPA2-PSK-CCMP][ESS]").Crypt);
    }

    [Theory]
    [InlineData("[IBSS]", true)]
    [InlineData("[WPA2-PSK-CCMP][IBSS]", true)]
    [InlineData("[ESS]", false)]
    [InlineData("[NOIBSS]", false)]
    public void Adhoc_networks_say_so(string capabilities, bool adhoc) => Assert.Equal(adhoc, Parse(capabilities).IsAdhoc);

    [Theory]
    [InlineData("[ESS]", true)]
    [InlineData("[WPS][ESS]", true)]
    [InlineData("OPEN", true)]
    [InlineData("[OWE-TRANS-OPEN]", true)]
    [InlineData("[WPA2_PSK]", true)]
    [InlineData("", false)]
    [InlineData("[WPS]", false)]
    [InlineData("[FILS]", false)]
    [InlineData("[DPP]", false)]
    [InlineData("[WIFI_AUTH_UNKNOWN]", false)]
    [InlineData("[WPA9-XYZ][ESS]", false)]
    [InlineData("[ESSENTIAL]", false)]
    [InlineData("[WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWPA2]", false)]
    public void A_word_that_says_nothing_says_nothing(string capabilities, bool tells) => Assert.Equal(tells, Parse(capabilities).IsStated);

    [Theory]
    [InlineData("[RSN-SAE-CCMP][MFPR][MFPC]", true, true)]
    [InlineData("[RSN-SAE-CCMP][MFPC]", true, false)]
    [InlineData("[RSN-PSK-CCMP][ESS]", false, false)]
    public void Protection_of_management_frames_is_read(string capabilities, bool supported, bool required)
    {
        ScanSecurity said = Parse(capabilities);
        Assert.Equal((supported, required), (said.MfpSupported, said.MfpRequired));
    }

    private static ScanSecurity Parse(string capabilities) => ScanCapabilities.Parse(Encoding.UTF8.GetBytes(capabilities));
}
