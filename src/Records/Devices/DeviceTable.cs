using KismetOrleans.Records.Adsb;
using KismetOrleans.Records.Bluetooth;
using KismetOrleans.Records.Dot11;
using KismetOrleans.Records.Fields;
using KismetOrleans.Records.Ieee802154;
using KismetOrleans.Records.Json;
using KismetOrleans.Records.Sensors;
using KismetOrleans.Records.Uav;
using Field = KismetOrleans.Records.Fields.Field<KismetOrleans.Records.Devices.Device>;

namespace KismetOrleans.Records.Devices;

public static class DeviceTable
{
    public static readonly RecordTable<Device> Table = new("device",
    [
        Field.Key("kismet.device.base.key", "identifies the device in requests", static d => d.Id),
        Field.Mac("kismet.device.base.macaddr", "address", static d => d.Id.Address),
        Field.Text("kismet.device.base.phyname", "radio technology", static d => d.Id.Phy.Name),
        Field.Text("kismet.device.base.name", "name that the device gives itself, empty without", static d => d.Name),
        Field.Text("kismet.device.base.username", "name that a user gave it", static d => d.Username),
        Named(
            "kismet.device.base.commonname", "name to show: the user's, else its own, else its address",
            static d => string.IsNullOrEmpty(d.Username) ? d.Name : d.Username),
        Field.Text("kismet.device.base.type", "kind of device in words", static d => d.Type),
        Field.UInt64(
            "kismet.device.base.basic_type_set", "roles as bits: access point 1, client 2, wired 4, peer 8",
            static d => d.BasicTypeSet),
        Field.Text("kismet.device.base.crypt", "security of its newest network in words", static d => d.Crypt, type: "string-pointer"),
        Field.UInt64(
            "kismet.device.base.basic_crypt_set", "encryption as bits: any 2, layer two 4, layer three 8, WEP 16, decrypted 32",
            static d => d.BasicCryptSet),
        Field.UInt64("kismet.device.base.first_time", "unix second of its first packet", static d => d.FirstTime),
        Field.UInt64("kismet.device.base.last_time", "unix second of its newest packet", static d => d.LastTime),
        Field.UInt64(
            "kismet.device.base.mod_time", "unix second, by this server's clock, in which this record last changed",
            static d => d.ModTime),
        Field.UInt64("kismet.device.base.packets.total", "packets in all", static d => d.Packets),
        Field.UInt64("kismet.device.base.packets.rx_total", "packets sent to it", static d => d.RxPackets),
        Field.UInt64("kismet.device.base.packets.tx_total", "packets that it sent", static d => d.TxPackets),
        Field.UInt64("kismet.device.base.packets.llc", "management and control packets", static d => d.LlcPackets),
        Field.UInt64("kismet.device.base.packets.error", "damaged packets", static d => d.ErrorPackets),
        Field.UInt64("kismet.device.base.packets.data", "packets that carry data", static d => d.DataPackets),
        Field.UInt64("kismet.device.base.packets.crypt", "always 0, kept for older clients", static _ => 0),
        Field.UInt64("kismet.device.base.packets.filtered", "always 0, kept for older clients", static _ => 0),
        Field.UInt64("kismet.device.base.datasize", "bytes of payload", static d => d.DataSize),
        Field.Record("kismet.device.base.packets.rrd", "history of packets", static d => d.PacketsRrd, RrdTable.Table),
        Field.Record("kismet.device.base.tx_packets.rrd", "history of packets that it sent", static d => d.TxRrd, RrdTable.Table),
        Field.Record("kismet.device.base.rx_packets.rrd", "history of packets sent to it", static d => d.RxRrd, RrdTable.Table),
        Field.Record("kismet.device.base.datasize.rrd", "history of payload bytes", static d => d.DataRrd, RrdTable.Table),
        Field.Text("kismet.device.base.channel", "channel, empty when unknown", static d => d.Channel),
        Field.Whole("kismet.device.base.frequency", "frequency of its newest packet in kHz, 0 when unknown", static d => d.FrequencyKhz),
        Field.Frequencies("kismet.device.base.freq_khz_map", "its packets by frequency in kHz", static d => d.Frequencies),
        Field.Text("kismet.device.base.manuf", "maker by the first half of its address", static d => d.Manufacturer),
        Field.UInt32("kismet.device.base.num_alerts", "alerts that named it", static d => d.Alerts),
        Field.List("kismet.device.base.seenby", "sources that saw it, the newest 256", static d => d.SeenBy, SeenByTable.Table, type: "map[int, x]"),
        Field.UInt32("kismet.device.base.seenby_left_out", "how often a source had to go from that list for a newer one; absent where all are in it", static d => d.SeenByLeftOut, static d => d.SeenByLeftOut > 0),
        Field.List("kismet.device.base.seenby_signal", "signal over time at each of these sources; only where a path names it", static d => d.SeenBy, SeenByTable.Signals).OnRequest(),
        Field.Record("kismet.device.base.signal", "signal statistics", static d => d.Signal, SignalTable.Table),
        Field.Record("kismet.device.base.location", "where it was seen", static d => d.Location, LocationTable.Table),
        Field.Record("kismet.device.base.location_cloud", "where it was seen over time; only where a path names it", static d => d.Track, TrackTable.Table).OnRequest(),
        Field.Answer("kismet.device.base.location_estimate", "where it is, as estimated from the signals of all sensors; only where a path names it", static (d, context) => context.Locator?.Find(d, context), LocationEstimateTable.Table),
        Field.MapByText("kismet.device.base.tags", "notes by their names", static d => d.Tags, Kinds.Text),
        Field.MapByText("kismet.device.base.related_devices", "keys of devices that seem to be the same hardware, by what shows it", Related.Of, Kinds.ListOf(Kinds.Key)),
        Field.ServerUuid("kismet.server.uuid", "server that holds this record"),
        Field.Record("dot11.device", "Wi-Fi part", static d => d.Dot11, Dot11DeviceTable.Table),
        Field.Record("bluetooth.device", "scanned Bluetooth part", static d => d.Bluetooth, BluetoothDeviceTable.Table),
        Field.Record("btle.device", "sniffed Bluetooth Low Energy part", static d => d.Btle, BtleDeviceTable.Table),
        Field.Record("uav.device", "drone part", static d => d.Uav, UavDeviceTable.Table),
        Field.Record("802154.device", "802.15.4 part", static d => d.Ieee802154, Ieee802154DeviceTable.Table),
        Field.Record("sensor.device", "sensor part", static d => d.Sensor, SensorDeviceTable.Table),
        Field.Record("meter.device", "meter part", static d => d.Meter, MeterDeviceTable.Table),
        Field.Record("adsb.device", "aircraft part", static d => d.Adsb, AdsbDeviceTable.Table),
    ]);

    private static RecordField<Device> Named(string name, string description, Func<Device, string?> get) =>
        Field.Make(name, "string", description, static d => d, new NameKind(get), null);

    /// <summary>A name, or the address where there is none: printed without making a string of it.</summary>
    private sealed class NameKind(Func<Device, string?> get) : ValueKind<Device>
    {
        internal override ValueShape Shape => ValueShape.Text;

        internal override void Write(Device value, JsonOut json, Style style)
        {
            string? name = get(value);
            if (string.IsNullOrEmpty(name))
            {
                json.Mac(value.Id.Address);
            }
            else
            {
                json.String(name);
            }
        }

        internal override SortKey Key(Device value, RecordContext context)
        {
            string? name = get(value);
            return string.IsNullOrEmpty(name) ? SortKey.OfAddress(value.Id.Address) : new(0, name);
        }

        internal override bool Test(Device value, ValueProbe probe, RecordContext context)
        {
            string? name = get(value);
            return string.IsNullOrEmpty(name) ? MacKind.Test(value.Id.Address, probe) : probe.Accepts(name);
        }
    }
}
