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
    [InlineData("[RSN-SAE_EXT_KEY-GCMP-256]", "WPA3 WPA3-SAE AES-GCMP256")]
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
    public void Reads_as_a_beacon_would(string capabilities, string text) =>
        Assert.Equal(text, CryptText.ToText(Parse(capabilities, out _)));

    [Fact]
    public void Bits_are_those_of_beacons()
    {
        Assert.Equal(
            CryptBits.Wpa | CryptBits.Wpa2 | CryptBits.AkmPsk | CryptBits.GroupCcmp128 | CryptBits.PairwiseCcmp128 | CryptBits.Wps,
            Parse("[WPA2-PSK-CCMP][ESS][WPS]", out _));
        // As the reference server has them (golden/scan-reports).
        Assert.Equal(274945016842UL, (ulong)Parse("[WPA2-PSK-CCMP][ESS]", out _));
    }

    [Theory]
    [InlineData("[IBSS]", true)]
    [InlineData("[WPA2-PSK-CCMP][IBSS]", true)]
    [InlineData("[ESS]", false)]
    [InlineData("[NOIBSS]", false)]
    public void Adhoc_networks_say_so(string capabilities, bool adhoc)
    {
        _ = Parse(capabilities, out bool isAdhoc);
        Assert.Equal(adhoc, isAdhoc);
    }

    private static CryptBits Parse(string capabilities, out bool isAdhoc) => ScanCapabilities.Parse(Encoding.UTF8.GetBytes(capabilities), out isAdhoc);
}
