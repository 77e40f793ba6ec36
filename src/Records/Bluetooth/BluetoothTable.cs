using KismetOrleans.Records.Fields;
using BtleField = KismetOrleans.Records.Fields.Field<KismetOrleans.Records.Bluetooth.BtleDevice>;
using Field = KismetOrleans.Records.Fields.Field<KismetOrleans.Records.Bluetooth.BluetoothDevice>;

namespace KismetOrleans.Records.Bluetooth;

/// <summary>Fields of the scanned Bluetooth part of a device.</summary>
internal static class BluetoothDeviceTable
{
    public static readonly RecordTable<BluetoothDevice> Table = new("bluetooth_device",
    [
        Field.UInt8("bluetooth.device.type", "kind: classic 1, low energy 2, unknown 0", static d => d.Kind),
        Field.Text("bluetooth.device.major_class", "major class in words", static d => d.MajorClass),
        Field.Text("bluetooth.device.minor_class", "minor class in words", static d => d.MinorClass),
        Field.Texts("bluetooth.device.service_uuid_vec", "UUIDs of its services", static d => d.ServiceUuids, type: "vector[x]"),
        Field.Texts(
            "bluetooth.device.solicitation_uuid_vec", "UUIDs of services that it looks for",
            static d => d.SolicitationUuids, type: "vector[x]"),
        Field.Bytes("bluetooth.device.scan_data_bytes", "bytes of its scan response", static d => d.ScanData),
        Field.MapByText(
            "bluetooth.device.service_data_bytes", "bytes of its service data, by UUID",
            static d => d.ServiceData, Kinds.Bytes),
        Field.MapByText(
            "bluetooth.device.manufacturer_data_bytes", "bytes of manufacturers' data, by company identifier; only where there are some",
            static d => d.ManufacturerData, Kinds.Bytes),
        Field.Int16("bluetooth.device.txpower", "transmit power in dBm", static d => d.TxPower),
        Field.Int16("bluetooth.device.pathloss", "path loss in dB", static d => d.PathLoss),
    ]);
}

/// <summary>Fields of the sniffed Bluetooth Low Energy part of a device.</summary>
internal static class BtleDeviceTable
{
    /// <summary>The sniffed Bluetooth Low Energy part of a device: its advertising flags.</summary>
    public static readonly RecordTable<BtleDevice> Table = new("btle_device",
    [
        BtleField.Flag("btle.device.le_limited_discoverable", "discoverable for a while", static d => d.LimitedDiscoverable),
        BtleField.Flag("btle.device.le_general_discoverable", "discoverable at any time", static d => d.GeneralDiscoverable),
        BtleField.Flag("btle.device.br_edr_unsupported", "no classic Bluetooth", static d => d.BrEdrUnsupported),
        BtleField.Flag(
            "btle.device.simultaneous_br_edr_controller", "its controller does both at once",
            static d => d.SimultaneousController),
        BtleField.Flag("btle.device.simultaneous_br_edr_host", "its host does both at once", static d => d.SimultaneousHost),
    ]);
}
