using KismetOrleans.Records.Fields;
using KismetOrleans.Wire.Dot11;
using Field = KismetOrleans.Records.Fields.Field<KismetOrleans.Records.Dot11.SsidGroup>;

namespace KismetOrleans.Records.Dot11;

/// <summary>Fields of an SSID and its devices.</summary>
public static class SsidGroupTable
{
    private const string Advertising = "dot11.ssidgroup.advertising_devices";
    private const string Responding = "dot11.ssidgroup.responding_devices";
    private const string Probing = "dot11.ssidgroup.probing_devices";

    /// <summary>An SSID and its devices.</summary>
    public static readonly RecordTable<SsidGroup> Table = new("ssidgroup",
    [
        Field.UInt64("dot11.ssidgroup.hash", "hash of the SSID's bytes and their number", static g => g.Hash),
        Field.Text("dot11.ssidgroup.ssid", "SSID in printable form", static g => g.Ssid, "string-pointer"),
        Field.UInt32("dot11.ssidgroup.ssid_len", "bytes of the SSID", static g => g.Length),
        Field.UInt64("dot11.ssidgroup.crypt_set", "versions and ciphers as bits, without key management", static g => g.Crypt),
        Field.Text("dot11.ssidgroup.crypt_string", "the same in words", static g => CryptText.ToText((CryptBits)g.Crypt), "string-pointer"),
        Field.UInt64("dot11.ssidgroup.first_time", "unix second of the first frame that named it", static g => g.FirstTime),
        Field.UInt64("dot11.ssidgroup.last_time", "unix second of the newest frame that named it", static g => g.LastTime),
        Field.List(Advertising, "keys of devices that beacon it", static g => g.Advertising.Ids, Kinds.Key, "map[key, x]"),
        Field.List(Responding, "keys of devices that answer probes with it", static g => g.Responding.Ids, Kinds.Key, "map[key, x]"),
        Field.List(Probing, "keys of devices that ask for it", static g => g.Probing.Ids, Kinds.Key, "map[key, x]"),
        Field.UInt64("dot11.ssidgroup.advertising_devices_len", "how many beacon it", static g => (ulong)g.Advertising.Count),
        Field.UInt64("dot11.ssidgroup.responding_devices_len", "how many answer probes with it", static g => (ulong)g.Responding.Count),
        Field.UInt64("dot11.ssidgroup.probing_devices_len", "how many ask for it", static g => (ulong)g.Probing.Count),
    ]);

    /// <summary>Whether a path or its text names one of the lists of devices.</summary>
    public static bool NamesDevices(string path) =>
        path.Contains("_devices", StringComparison.Ordinal) && !path.Contains("_devices_len", StringComparison.Ordinal);
}
