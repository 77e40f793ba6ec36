using KismetOrleans.Records.Fields;
using Field = KismetOrleans.Records.Fields.Field<KismetOrleans.Records.Ieee802154.Ieee802154Device>;

namespace KismetOrleans.Records.Ieee802154;

/// <summary>Fields of the 802.15.4 part of a device; all are ours.</summary>
internal static class Ieee802154DeviceTable
{
    /// <summary>The 802.15.4 part of a device.</summary>
    public static readonly RecordTable<Ieee802154Device> Table = new("802154_device",
    [
        Field.UInt16("802154.device.pan_id", "identifier of its network", static d => d.Pan ?? 0, static d => d.Pan is not null),
        Field.UInt16(
            "802154.device.short_address", "address that its network gave it", static d => d.ShortAddress ?? 0, static d => d.ShortAddress is not null),
        Field.UInt8("802154.device.last_lqi", "link quality of the last frame, on the receiver's scale", static d => d.LastLqi ?? 0, static d => d.LastLqi is not null),
        Field.UInt8("802154.device.min_lqi", "lowest link quality", static d => d.MinLqi, static d => d.LastLqi is not null),
        Field.UInt8("802154.device.max_lqi", "highest link quality", static d => d.MaxLqi, static d => d.LastLqi is not null),
        Field.Flag("802154.device.coordinator", "it sends beacons", static d => d.IsCoordinator),
    ]);
}
