using KismetOrleans.Records.Fields;
using Field = KismetOrleans.Records.Fields.Field<KismetOrleans.Records.Dot11.Fingerprint>;

namespace KismetOrleans.Records.Dot11;

public static class FingerprintTable
{
    /// <summary>How a device is expected to look.</summary>
    public static readonly RecordTable<Fingerprint> Table = new("fingerprint",
    [
        Field.Mac("dot11.fingerprint.macaddr", "the device", static f => f.Address),
        Field.UInt32("dot11.fingerprint.beacon_hash", "hash that its beacons should have, 0 for any", static f => f.Beacon),
        Field.UInt32("dot11.fingerprint.probe_hash", "hash that its probe requests should have, 0 for any", static f => f.Probe),
        Field.UInt32("dot11.fingerprint.response_hash", "hash that its probe responses should have, 0 for any", static f => f.Response),
        Field.Flag("dot11.fingerprint.allowed", "whether it may look otherwise", static f => f.Allowed),
    ]);
}
