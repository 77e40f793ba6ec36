using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Fields;
using Field = KismetOrleans.Records.Fields.Field<KismetOrleans.Records.Dot11.ProbedSsid>;

namespace KismetOrleans.Records.Dot11;

/// <summary>Fields of an SSID that a device asked for.</summary>
public static class ProbedSsidTable
{
    /// <summary>An SSID that a device asked for.</summary>
    public static readonly RecordTable<ProbedSsid> Table = new("probed_ssid",
    [
        Field.Text("dot11.probedssid.ssid", "SSID, empty when any was asked for", static s => s.Ssid, type: "string-pointer"),
        Field.UInt32("dot11.probedssid.ssidlen", "bytes of the SSID on the air", static s => s.Length),
        Field.Mac("dot11.probedssid.bssid", "access point of an association request, zero for probes", static s => s.Bssid),
        Field.UInt64("dot11.probedssid.first_time", "unix second in which it first asked", static s => s.FirstTime),
        Field.UInt64("dot11.probedssid.last_time", "unix second in which it last asked", static s => s.LastTime),
        Field.UInt64("dot11.probedssid.crypt_bitfield", "ciphers and key management as bits", static s => (ulong)s.Crypt),
        Field.UInt64("dot11.probedssid.crypt_set", "the same bits", static s => (ulong)s.Crypt),
        Field.Text("dot11.probedssid.crypt_string", "the same in words", static s => s.CryptText, type: "string-pointer"),
        Field.Flag("dot11.probedssid.wpa_mfp_required", "management frames must be protected", static s => s.MfpRequired),
        Field.Flag("dot11.probedssid.wpa_mfp_supported", "management frames can be protected", static s => s.MfpSupported),
        Field.Flag("dot11.probedssid.dot11r_mobility", "fast transition (802.11r) is asked for", static _ => true, static s => s.Mobility),
        Field.UInt16("dot11.probedssid.dot11r_mobility_domain_id", "mobility domain", static s => s.MobilityDomain, static s => s.Mobility),
        .. WpsFields.Of("dot11.probedssid", static (ProbedSsid s) => s.Wps),
        Field.Record("dot11.probedssid.location", "where it was seen", static s => s.Location, LocationTable.Table),
    ]);
}
