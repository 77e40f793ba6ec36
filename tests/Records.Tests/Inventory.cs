using KismetOrleans.Records.Adsb;
using KismetOrleans.Records.Alerts;
using KismetOrleans.Records.Bluetooth;
using KismetOrleans.Records.Datasources;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Dot11;
using KismetOrleans.Records.Fields;
using KismetOrleans.Records.Ieee802154;
using KismetOrleans.Records.Presence;
using KismetOrleans.Records.Sensors;
using KismetOrleans.Records.Server;
using KismetOrleans.Records.Uav;

namespace KismetOrleans.Records.Tests;

/// <summary>Which table stands for which record type of the inventory, and which table a nested record's field has.</summary>
internal static class Inventory
{
    /// <summary>The tables of this project, whatever other tests register.</summary>
    public static IEnumerable<IRecordTable> Own => TrackedFields.Tables.Where(static t => !t.Name.StartsWith("test_"));

    /// <summary>Tables that the inventory does not have: records that are ours, and one that the original says nothing of.</summary>
    public static readonly IRecordTable[] Ours = [AdsbMapTable.Table, LocationEstimateTable.Table, IncidentTable.Table, IncidentTable.Changes, PacketFilterTable.Blocks, ClassFilterTable.Table, PacketFilterTable.Table, HistogramTable.Table, TrendTable.Table, JoinTokenTable.Table, SensorKeyTable.Table, ProfileTable.Table, CoverageTable.Table, CoverageTable.Sensors, SsidScanTable.Table, SsidScanTable.Locks, LoggedPacketTable.Table, LoginSessionTable.Table, PacketViewTable.Table, PacketViewTable.Layers, PacketViewTable.Fields, SeenByTable.Signals, SessionTable.Table, TrackTable.Table, TrackTable.Points, AdsbDeviceTable.Table, AdsbDeviceTable.Registration, MeterDeviceTable.Table, SensorDeviceTable.Table, .. SensorDeviceTable.Parts, .. PresenceTables.All];

    public static readonly Dictionary<string, IRecordTable> Tables = Own
        .Where(static t => t != GeoPointTable.Corner && t != Ieee802154DeviceTable.Table && t != FingerprintTable.Table && !Ours.Contains(t))
        .ToDictionary(static t => t.Name);

    /// <summary>Tables of records, and of the elements of lists and maps of records, by the field that holds them.</summary>
    public static readonly Dictionary<string, IRecordTable> Nested = new()
    {
        ["kismet.device.base.packets.rrd"] = RrdTable.Table,
        ["kismet.device.base.tx_packets.rrd"] = RrdTable.Table,
        ["kismet.device.base.rx_packets.rrd"] = RrdTable.Table,
        ["kismet.device.base.datasize.rrd"] = RrdTable.Table,
        ["kismet.datasource.place.location"] = GeoPointTable.Table,
        ["kismet.device.base.seenby"] = SeenByTable.Table,
        ["kismet.device.base.seenby_signal"] = SeenByTable.Signals,
        ["kismet.common.seenby.signal_rrd"] = RrdTable.Table,
        ["kismet.device.base.location_cloud"] = TrackTable.Table,
        ["kis.gps.rrd.samples_100"] = TrackTable.Points,
        ["kismet.device.base.signal"] = SignalTable.Table,
        ["kismet.device.base.location"] = LocationTable.Table,
        ["kismet.common.signal.signal_rrd"] = RrdTable.Table,
        ["kismet.common.signal.peak_loc"] = GeoPointTable.Table,
        ["kismet.common.location.min_loc"] = GeoPointTable.Corner,
        ["kismet.common.location.max_loc"] = GeoPointTable.Corner,
        ["kismet.common.location.avg_loc"] = GeoPointTable.Table,
        ["kismet.common.location.last"] = GeoPointTable.WithMotion,
        ["kismet.gps.location"] = GeoPointTable.WithMotion,
        ["kismet.gps.last_location"] = GeoPointTable.WithMotion,
        ["kismet.gps.type_driver"] = GpsDriverTable.Table,
        ["kismet.common.seenby.source"] = DatasourceTable.Table,
        ["kismet.datasource.type_driver"] = DatasourceDriverTable.Table,
        ["kismet.datasource.packets_rrd"] = RrdTable.Table,
        ["kismet.datasource.packets_datasize_rrd"] = RrdTable.Table,
        ["dot11.device"] = Dot11DeviceTable.Table,
        ["dot11.device.advertised_ssid_map"] = AdvertisedSsidTable.Table,
        ["dot11.device.responded_ssid_map"] = AdvertisedSsidTable.Table,
        ["dot11.device.last_beaconed_ssid_record"] = AdvertisedSsidTable.Table,
        ["dot11.device.probed_ssid_map"] = ProbedSsidTable.Table,
        ["dot11.device.last_probed_ssid_record"] = ProbedSsidTable.Table,
        ["dot11.device.client_map"] = Dot11ClientTable.Table,
        ["dot11.client.ipdata"] = IpDataTable.Table,
        ["dot11.device.wpa_handshake_list"] = EapolTable.Table,
        ["dot11.eapol.packet"] = PacketTable.Table,
        ["dot11.device.wpa_nonce_list"] = NonceTable.Table,
        ["dot11.device.wpa_anonce_list"] = NonceTable.Table,
        ["dot11.device.pmkid_packet"] = PacketTable.Table,
        ["dot11.device.ssid_beacon_packet"] = PacketTable.Table,
        ["bluetooth.device"] = BluetoothDeviceTable.Table,
        ["btle.device"] = BtleDeviceTable.Table,
        ["uav.device"] = UavDeviceTable.Table,
        ["802154.device"] = Ieee802154DeviceTable.Table,
        ["uav.last_telemetry"] = UavTelemetryTable.Table,
        ["uav.telemetry_history"] = UavTelemetryTable.Table,
        ["uav.telemetry.location"] = GeoPointTable.Table,
        ["uav.telemetry.home_location"] = GeoPointTable.Table,
        ["uav.telemetry.app_location"] = GeoPointTable.Table,
        ["uav.type"] = UavMatchTable.Table,
        ["kismet.channeltracker.frequency_map"] = ChannelTable.Table,
        ["kismet.channeltracker.channel_map"] = ChannelTable.Table,
        ["kismet.channelrec.packets_rrd"] = RrdTable.Table,
        ["kismet.channelrec.data_rrd"] = RrdTable.Table,
        ["kismet.channelrec.device_rrd"] = RrdTable.Table,
        ["kismet.channelrec.signal"] = SignalTable.Table,
        ["kismet.messagebus.list"] = MessageTable.Table,
        ["kismet.system.memory.rrd"] = RrdTable.Table,
        ["kismet.system.devices.rrd"] = RrdTable.Table,
        ["kismet.packetchain.peak_packets_rrd"] = RrdTable.Table,
        ["kismet.packetchain.packets_rrd"] = RrdTable.Table,
        ["kismet.packetchain.error_packets_rrd"] = RrdTable.Table,
        ["kismet.packetchain.dupe_packets_rrd"] = RrdTable.Table,
        ["kismet.packetchain.queued_packets_rrd"] = RrdTable.Table,
        ["kismet.packetchain.dropped_packets_rrd"] = RrdTable.Table,
        ["kismet.packetchain.processed_packets_rrd"] = RrdTable.Table,
        ["kismet.log.type_driver"] = LogDriverTable.Table,
    };
}
