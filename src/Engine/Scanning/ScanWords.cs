namespace KismetOrleans.Engine.Scanning;

/// <summary>The words that scanners use of security, however they spell them.</summary>
internal enum ScanWord : byte
{
    Unknown,

    /// <summary>Known, and of no meaning for security.</summary>
    Idle,
    Wpa1,
    Rsn,
    Wpa3,
    Wapi,
    Osen,
    Wep,
    Wps,
    Psk,
    Eap,
    Sae,
    Owe,
    Fils,
    Dpp,
    Pasn,
    Cckm,
    Tdls,
    Certificate,
    Suite,
    Fast,
    Extended,
    Mixed,
    Sha,
    Sha256,
    Sha384,
    Tkip,
    Ccmp,
    Gcmp,
    Of40,
    Of104,
    Of128,
    Of192,
    Of256,
    Of384,
    Peap,
    Tls,
    Ttls,
    Leap,
    Open,
    None,
    Transitional,
    Transition,
    Ess,
    Ibss,
    MfpCapable,
    MfpRequired,
}

/// <summary>Finds words: those of Android (<c>RSN-EAP_SUITE_B_192-GCMP-256</c>), wpa_supplicant, ESP-IDF (<c>WIFI_AUTH_WPA2_WPA3_PSK</c>), Windows and NetworkManager.</summary>
internal static class ScanWords
{
    /// <summary>INFRASTRUCTURE.</summary>
    private const int Longest = 14;

    public static ScanWord Of(ReadOnlySpan<char> text) => text switch
    {
        "WPA" or "WPA1" => ScanWord.Wpa1,
        "WPA2" or "RSN" or "RSNA" => ScanWord.Rsn,
        "WPA3" => ScanWord.Wpa3,
        "WAPI" => ScanWord.Wapi,
        "OSEN" => ScanWord.Osen,
        "WEP" => ScanWord.Wep,
        "WPS" or "QSS" => ScanWord.Wps,
        "PSK" or "PERSONAL" => ScanWord.Psk,
        "EAP" or "ENT" or "ENTERPRISE" or "1X" or "8021X" => ScanWord.Eap,
        "SAE" => ScanWord.Sae,
        "OWE" => ScanWord.Owe,
        "FILS" => ScanWord.Fils,
        "DPP" => ScanWord.Dpp,
        "PASN" => ScanWord.Pasn,
        "CCKM" => ScanWord.Cckm,
        "TDLS" => ScanWord.Tdls,
        "CERT" or "CERTIFICATE" => ScanWord.Certificate,
        "SUITE" or "SUITEB" => ScanWord.Suite,
        "FT" => ScanWord.Fast,
        "EXT" => ScanWord.Extended,
        "MIXED" => ScanWord.Mixed,
        "SHA" => ScanWord.Sha,
        "SHA256" => ScanWord.Sha256,
        "SHA384" => ScanWord.Sha384,
        "TKIP" => ScanWord.Tkip,
        "CCMP" or "CCM" or "AES" => ScanWord.Ccmp,
        "GCMP" or "GCM" => ScanWord.Gcmp,
        "40" or "64" => ScanWord.Of40,
        "104" => ScanWord.Of104,
        "128" => ScanWord.Of128,
        "192" => ScanWord.Of192,
        "256" => ScanWord.Of256,
        "384" => ScanWord.Of384,
        "PEAP" => ScanWord.Peap,
        "TLS" => ScanWord.Tls,
        "TTLS" => ScanWord.Ttls,
        "LEAP" => ScanWord.Leap,
        "OPEN" => ScanWord.Open,
        "NONE" => ScanWord.None,
        "TRANS" => ScanWord.Transitional,
        "TRANSITION" => ScanWord.Transition,
        "ESS" or "BSS" or "INFRASTRUCTURE" => ScanWord.Ess,
        "IBSS" or "ADHOC" => ScanWord.Ibss,
        "MFPC" => ScanWord.MfpCapable,
        "MFPR" => ScanWord.MfpRequired,
        "WIFI" or "AUTH" or "ENC" or "TYPE" or "SECURITY" or "MODE" or "ONLY" or "KEY" or "BIT" or "B" or "802" or "SHA1" or "SMS4" or "PREAUTH" or "H2E" or "PK"
            or "PBC" or "PIN" or "REG" or "P2P" or "HS20" or "HS2" or "PASSPOINT" or "MESH" or "DMG" or "PBSS" or "FST" or "UTF" or "8" or "HT" or "VHT" or "HE"
            or "EHT" => ScanWord.Idle,
        _ => ScanWord.Unknown,
    };

    /// <summary>Letters of the longest word that a text begins with, 0 where it begins with none. Single letters and digits are too easily hit.</summary>
    public static int Prefix(ReadOnlySpan<char> text)
    {
        for (int length = Math.Min(text.Length, Longest); length > 1; length--)
        {
            if (Of(text[..length]) != ScanWord.Unknown)
            {
                return length;
            }
        }
        return 0;
    }
}
