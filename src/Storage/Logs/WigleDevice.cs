using System.Text.Json;
using KismetOrleans.Engine.Partitions;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Fields;
using KismetOrleans.Records.Json;
using KismetOrleans.Wire.Dot11;

namespace KismetOrleans.Storage.Logs;

/// <summary>What a WiGLE file tells of a device.</summary>
/// <param name="FirstTime">Unix second in which it was first seen.</param>
/// <param name="Name">SSID of its newest beacon, empty where it is hidden; of Bluetooth, its name.</param>
/// <param name="Crypt">Security of that SSID.</param>
/// <param name="FrequencyKhz">Where it was seen last.</param>
/// <param name="IsClassic">Bluetooth, and not low energy.</param>
internal sealed record WigleDevice(long FirstTime, string Name, CryptBits Crypt, uint FrequencyKhz = 0, bool IsClassic = false)
{
    private const string Record = "dot11.device/dot11.device.last_beaconed_ssid_record/dot11.advertisedssid.";
    private const string FirstName = "first", SsidName = "ssid", CryptName = "crypt", DeviceName = "name", FrequencyName = "frequency", KindName = "kind";

    // Values of the Bluetooth record: classic 1, low energy 2, unknown 0.
    private const int LowEnergy = 2;

    public static readonly DeviceShape Shape = new(RecordFormat.Json, FieldSelection.Parse(JsonSerializer.SerializeToElement(new[]
    {
        new[] { "kismet.device.base.first_time", FirstName },
        [Record + "ssid", SsidName],
        [Record + "crypt_bitfield", CryptName],
        ["kismet.device.base.name", DeviceName],
        ["kismet.device.base.frequency", FrequencyName],
        ["bluetooth.device/bluetooth.device.type", KindName],
    })));

    private static readonly (CryptBits Bits, string Text)[] s_keys =
    [
        (CryptBits.AkmPsk | CryptBits.AkmPskSha256 | CryptBits.AkmPskSha384, "PSK"),
        (CryptBits.AkmPskFt | CryptBits.AkmPskSha384Ft, "FT/PSK"),
        (CryptBits.Akm1X | CryptBits.Akm1XSha256 | CryptBits.Akm1XSha384, "EAP"),
        (CryptBits.Akm1XFt | CryptBits.Akm1XFtSha384, "FT/EAP"),
        (CryptBits.AkmCckm, "CCKM"),
    ];

    // These are told of with WPA3 alone, as phones do: a network that has PSK too is two.
    private static readonly (CryptBits Bits, string Text)[] s_keys3 =
    [
        (CryptBits.AkmSae | CryptBits.AkmSaeExt, "SAE"),
        (CryptBits.AkmSaeFt | CryptBits.AkmSaeFtExt, "FT/SAE"),
        (CryptBits.AkmSuiteBSha256 | CryptBits.AkmSuiteBSha384, "EAP"),
        (CryptBits.AkmOwe, "OWE"),
        (CryptBits.AkmDpp, "DPP"),
    ];

    private static readonly (CryptBits Bits, string Text)[] s_ciphers =
    [
        (CryptBits.PairwiseWep40, "WEP40"),
        (CryptBits.PairwiseWep104, "WEP104"),
        (CryptBits.PairwiseTkip, "TKIP"),
        (CryptBits.PairwiseCcmp128, "CCMP"),
        (CryptBits.PairwiseCcmp256, "CCMP-256"),
        (CryptBits.PairwiseGcmp128, "GCMP"),
        (CryptBits.PairwiseGcmp256, "GCMP-256"),
    ];

    /// <summary>Reads what <see cref="Shape"/> gives.</summary>
    public static WigleDevice Read(DeviceId id, ReadOnlyMemory<byte> json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        JsonElement device = document.RootElement;
        return new(
            device.GetProperty(FirstName).GetInt64(), Text(device, id.Phy == Phy.Dot11 ? SsidName : DeviceName),
            device.TryGetProperty(CryptName, out JsonElement crypt) && crypt.TryGetUInt64(out ulong bits) ? (CryptBits)bits : CryptBits.None,
            (uint)device.GetProperty(FrequencyName).GetDouble(), id.Phy == Phy.Bluetooth && device.GetProperty(KindName).GetInt32() != LowEnergy);
    }

    /// <summary>Security as WiGLE prints it: <c>[WPA2-PSK-CCMP][WPA3-SAE-CCMP][WPS]</c>; "" where there is none.</summary>
    public static string Mode(CryptBits crypt)
    {
        List<string> modes = [];
        string keys = Names(s_keys, crypt);
        string keys3 = Names(s_keys3, crypt);
        string ciphers = Names(s_ciphers, crypt);
        if ((crypt & CryptBits.Wpa1) != 0)
        {
            modes.Add($"[WPA{keys}{ciphers}]");
        }
        if ((crypt & CryptBits.Wpa2) != 0 && (keys.Length > 0 || keys3.Length == 0))
        {
            modes.Add($"[WPA2{keys}{ciphers}]");
        }
        if ((crypt & CryptBits.Wpa3) != 0 || keys3.Length > 0)
        {
            modes.Add($"[WPA3{(keys3.Length > 0 ? keys3 : keys)}{ciphers}]");
        }
        if (modes.Count == 0 && (crypt & CryptBits.Wpa) != 0)
        {
            // Some kind of WPA, of which nobody told the version.
            modes.Add($"[WPA{keys}{ciphers}]");
        }
        if ((crypt & CryptBits.Wapi) != 0)
        {
            modes.Add((crypt & (CryptBits.Akm1X | CryptBits.Wpa)) == CryptBits.Akm1X ? "[WAPI-WAPI-CERT-SMS4-SMS4]" : "[WAPI-WAPI-PSK-SMS4-SMS4]");
        }
        if ((crypt & CryptBits.AkmOsen) != 0)
        {
            modes.Add("[OSEN-OSEN-CCMP]");
        }
        if (modes.Count == 0 && (crypt & CryptBits.Wep) != 0)
        {
            modes.Add("[WEP]");
        }
        if ((crypt & CryptBits.Wps) != 0)
        {
            modes.Add("[WPS]");
        }
        return string.Concat(modes);
    }

    private static string Names((CryptBits Bits, string Text)[] names, CryptBits crypt)
    {
        string joined = string.Join('+', names.Where(name => (crypt & name.Bits) != 0).Select(static name => name.Text));
        return joined.Length == 0 ? "" : "-" + joined;
    }

    // An absent field is 0.
    private static string Text(JsonElement device, string name) =>
        device.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
