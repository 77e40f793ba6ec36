using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Fields;
using DefaultsField = KismetOrleans.Records.Fields.Field<KismetOrleans.Records.Datasources.DatasourceDefaults>;
using DriverField = KismetOrleans.Records.Fields.Field<KismetOrleans.Records.Datasources.DatasourceDriver>;
using Field = KismetOrleans.Records.Fields.Field<KismetOrleans.Records.Datasources.DatasourceRecord>;

namespace KismetOrleans.Records.Datasources;

public static class DatasourceTable
{
    public static readonly RecordTable<DatasourceRecord> Table = new("datasource",
    [
        Field.UInt64("kismet.datasource.source_number", "number within this server", static s => s.Number),
        Field.UInt32("kismet.datasource.source_key", "checksum of the UUID in capitals", static s => s.Key),
        Field.Flag("kismet.datasource.cmd_pending", "a command awaits its answer, always 0 here", static _ => false),
        Field.Flag("kismet.datasource.paused", "packets are discarded for now", static s => s.Paused),
        Field.Text("kismet.datasource.ipc_binary", "capture program", static s => s.Binary),
        Field.Int64("kismet.datasource.ipc_pid", "process of the capture program", static s => s.Pid),
        Field.Flag("kismet.datasource.running", "packets can arrive", static s => s.Running),
        Field.Text("kismet.datasource.datasource_version", "version of the capture side", static s => s.Version),
        Field.Text("kismet.datasource.remote_ip", "address that a remote source connects from", static s => s.RemoteAddress),
        Field.Flag("kismet.datasource.remote", "fed over the network", static s => s.Remote),
        Field.Flag("kismet.datasource.passive", "exists only as long as others feed it", static s => s.Passive),
        Field.Text("kismet.datasource.name", "name to show", static s => s.Name),
        Field.Uuid("kismet.datasource.uuid", "identifies the source in requests", static s => s.Uuid),
        Field.Text("kismet.datasource.definition", "definition that it was made from", static s => s.Definition),
        Field.Text("kismet.datasource.interface", "interface or file", static s => s.Interface),
        Field.Text(
            "kismet.datasource.capture_interface", "interface that captures, where it is another one",
            static s => s.CaptureInterface),
        Field.Text("kismet.datasource.hardware", "kind of hardware", static s => s.Hardware),
        Field.UInt32("kismet.datasource.dlt", "link type of its packets", static s => s.LinkType),
        Field.Text("kismet.datasource.warning", "something to know that is no error", static s => s.Warning),
        Field.Texts("kismet.datasource.channels", "channels that it can be tuned to", static s => s.Channels),
        Field.Flag("kismet.datasource.hopping", "changes channels by itself", static s => s.Hopping),
        Field.Text("kismet.datasource.channel", "channel that it stays on", static s => s.Channel),
        Field.Double("kismet.datasource.hop_rate", "channels a second", static s => s.HopRate),
        Field.Texts("kismet.datasource.hop_channels", "channels that it hops over", static s => s.HopChannels),
        Field.Flag("kismet.datasource.hop_split", "shares its channels with equal sources", static s => s.HopSplit),
        Field.UInt32("kismet.datasource.hop_offset", "where in its channels it begins", static s => s.HopOffset),
        Field.Flag("kismet.datasource.hop_shuffle", "takes its channels out of order", static s => s.HopShuffle),
        Field.UInt32("kismet.datasource.hop_shuffle_skip", "channels between two that it takes", static s => s.HopShuffleSkip),
        Field.Flag("kismet.datasource.error", "has failed", static s => s.Error),
        Field.Text("kismet.datasource.error_reason", "why it failed", static s => s.ErrorReason),
        Field.UInt64("kismet.datasource.num_packets", "packets so far", static s => s.Packets),
        Field.UInt64("kismet.datasource.num_error_packets", "damaged packets so far", static s => s.ErrorPackets),
        Field.Text(
            "kismet.datasource.check_sequences", "what was found of check sequences, where it is not as told",
            static s => s.CheckSequences.Length == 0 ? null : s.CheckSequences),
        Field.Record("kismet.datasource.packets_rrd", "history of packets", static s => s.PacketsRrd, RrdTable.Table),
        Field.Record("kismet.datasource.packets_datasize_rrd", "history of bytes", static s => s.DataRrd, RrdTable.Table),
        Field.Double(
            "kismet.datasource.replay.share", "share of the capture file that was read",
            static s => s.Replay!.Share, static s => s.Replay is not null),
        Field.Double(
            "kismet.datasource.replay.rate", "packets a second of the replay", static s => s.Replay!.Rate, static s => s.Replay is not null),
        Field.Flag("kismet.datasource.replay.ended", "the replay has ended", static s => s.Replay!.Ended, static s => s.Replay is not null),
        Field.UInt64(
            "kismet.datasource.sensor.dropped", "packets that the sensor's system dropped",
            static s => s.Sensor!.Dropped, static s => s.Sensor is not null),
        Field.UInt64(
            "kismet.datasource.sensor.spool_lost", "packets that the sensor's spool had no room for",
            static s => s.Sensor!.SpoolLost, static s => s.Sensor is not null),
        Field.UInt64(
            "kismet.datasource.sensor.spool_bytes", "bytes that wait in the sensor's spool",
            static s => s.Sensor!.SpoolBytes, static s => s.Sensor is not null),
        Field.UInt64(
            "kismet.datasource.sensor.spool_batches", "batches that wait in the sensor's spool",
            static s => s.Sensor!.SpoolBatches, static s => s.Sensor is not null),
        Field.Double(
            "kismet.datasource.sensor.clock_skew", "seconds that the sensor's clock is ahead of the server's",
            static s => s.Sensor!.ClockSkew, static s => s.Sensor is not null),
        Field.Double(
            "kismet.datasource.sensor.clock_correction", "seconds that were taken off the times of its newest packets",
            static s => s.Sensor!.ClockCorrection, static s => s.Sensor is not null),
        Field.Double(
            "kismet.datasource.sensor.host.cpu", "share of the host's processors that is busy",
            static s => s.Sensor!.Host!.Cpu!.Value, static s => s.Sensor?.Host?.Cpu is not null),
        Field.Double(
            "kismet.datasource.sensor.host.temperature", "the host's hottest part in degrees Celsius",
            static s => s.Sensor!.Host!.Temperature!.Value, static s => s.Sensor?.Host?.Temperature is not null),
        Field.UInt64(
            "kismet.datasource.sensor.host.disk_free", "bytes free where the spool is",
            static s => s.Sensor!.Host!.DiskFree, static s => s.Sensor?.Host is { DiskSize: > 0 }),
        Field.UInt64(
            "kismet.datasource.sensor.host.disk_size", "bytes of that disk",
            static s => s.Sensor!.Host!.DiskSize, static s => s.Sensor?.Host is { DiskSize: > 0 }),
        Field.UInt32(
            "kismet.datasource.sensor.host.queue", "packets that wait to be packed by the agent",
            static s => s.Sensor!.Host!.Queue, static s => s.Sensor?.Host is not null),
        Field.Flag(
            "kismet.datasource.sensor.host.radio_gone", "the radio is not there",
            static s => s.Sensor!.Host!.RadioGone, static s => s.Sensor?.Host is not null),
        Field.Text(
            "kismet.datasource.sensor.agent", "name of the sensor's agent, by which profiles are chosen",
            static s => s.Sensor?.Profile?.Agent),
        Field.Text(
            "kismet.datasource.sensor.site", "site at which the sensor's agent joined",
            static s => s.Sensor?.Profile is { Site.Length: > 0 } profile ? profile.Site : null),
        Field.Text(
            "kismet.datasource.sensor.profile.state", "how far the agent is with its profile: none, trial, applied, failed, rolled back",
            static s => s.Sensor?.Profile?.Stage),
        Field.Text(
            "kismet.datasource.sensor.profile.name", "profile that holds at the agent; empty for none",
            static s => s.Sensor?.Profile?.Name),
        Field.UInt64(
            "kismet.datasource.sensor.profile.version", "version of that profile",
            static s => (ulong)s.Sensor!.Profile!.Version, static s => s.Sensor?.Profile is { Name.Length: > 0 }),
        Field.Text(
            "kismet.datasource.sensor.profile.error", "of a profile that was not taken: which, and why",
            static s => s.Sensor?.Profile is { Error.Length: > 0 } profile ? profile.Error : null),
        Field.Texts(
            "kismet.datasource.sensor.problems", "what is wrong with the sensor: down, deaf, clock, drops, radio, disk, heat; not there while nothing is",
            static s => s.Problems.Count > 0 ? s.Problems : null),
        Field.Record(
            "kismet.datasource.place.location", "where it is, or was when it last knew; not there where nobody told",
            static s => s.Place, GeoPointTable.Table),
        Field.Text(
            "kismet.datasource.place.building", "building that it was put in, or that its definition names", static s => s.Building.Length > 0 ? s.Building : null),
        Field.Int32(
            "kismet.datasource.place.floor", "floor that it was put on, or that its definition names", static s => s.Floor!.Value, static s => s.Floor is not null),
        Field.Flag("kismet.datasource.retry", "is opened again after a failure", static s => s.Retry),
        Field.UInt32("kismet.datasource.retry_attempts", "attempts since it last ran", static s => s.RetryAttempts),
        Field.UInt32("kismet.datasource.total_retry_attempts", "attempts in all", static s => s.TotalRetryAttempts),
        Field.Text("kismet.datasource.info.antenna_type", "antenna in words", static s => s.Antenna.Type),
        Field.Double("kismet.datasource.info.antenna_gain", "gain of the antenna in dBi", static s => s.Antenna.Gain),
        Field.Double(
            "kismet.datasource.info.antenna_orientation", "direction of the antenna in degrees",
            static s => s.Antenna.Orientation),
        Field.Double(
            "kismet.datasource.info.antenna_beamwidth", "opening angle of the antenna in degrees",
            static s => s.Antenna.Beamwidth),
        Field.Text("kismet.datasource.info.amp_type", "amplifier in words", static s => s.Antenna.AmplifierType),
        Field.Double("kismet.datasource.info.amp_gain", "gain of the amplifier in dB", static s => s.Antenna.AmplifierGain),
        Field.UInt32("kismet.datasource.linktype_override", "link type that a user set instead, 0 without", static s => s.LinkTypeOverride),
        Field.Record("kismet.datasource.type_driver", "kind of source", static s => s.Driver, DatasourceDriverTable.Table),
    ]);
}

/// <summary>Fields of a kind of datasource.</summary>
public static class DatasourceDriverTable
{
    public static readonly RecordTable<DatasourceDriver> Table = new("datasource_driver",
    [
        DriverField.Text("kismet.datasource.driver.type", "name in definitions", static d => d.Type),
        DriverField.Text("kismet.datasource.driver.description", "what it captures from", static d => d.Description),
        DriverField.Flag("kismet.datasource.driver.probe_capable", "recognises definitions without a type", static d => d.ProbeCapable),
        DriverField.Flag("kismet.datasource.driver.probe_ipc", "a program of its own recognises them", static d => d.ProbeIpc),
        DriverField.Flag("kismet.datasource.driver.list_capable", "lists interfaces", static d => d.ListCapable),
        DriverField.Flag("kismet.datasource.driver.list_ipc", "a program of its own lists them", static d => d.ListIpc),
        DriverField.Flag("kismet.datasource.driver.local_capable", "captures on this host", static d => d.LocalCapable),
        DriverField.Flag("kismet.datasource.driver.local_ipc", "a program of its own captures", static d => d.LocalIpc),
        DriverField.Flag("kismet.datasource.driver.remote_capable", "captures on other hosts", static d => d.RemoteCapable),
        DriverField.Flag("kismet.datasource.driver.passive_capable", "is fed by others", static d => d.PassiveCapable),
        DriverField.Flag("kismet.datasource.driver.tuning_capable", "has channels", static d => d.TuningCapable),
        DriverField.Flag("kismet.datasource_driver.hop_capable", "can change channels by itself", static d => d.HopCapable),
    ]);
}

/// <summary>Fields of the defaults of new datasources.</summary>
public static class DatasourceDefaultsTable
{
    public static readonly RecordTable<DatasourceDefaults> Table = new("datasource_defaults",
    [
        DefaultsField.Double("kismet.datasourcetracker.default.hop_rate", "channels a second", static d => d.HopRate),
        DefaultsField.Flag("kismet.datasourcetracker.default.hop", "hop where the source can", static d => d.Hop),
        DefaultsField.Flag("kismet.datasourcetracker.default.split", "share channels between equal sources", static d => d.Split),
        DefaultsField.Flag("kismet.datasourcetracker.default.random_order", "take channels out of order", static d => d.RandomOrder),
        DefaultsField.Flag("kismet.datasourcetracker.default.retry_on_error", "open failed sources again", static d => d.RetryOnError),
        DefaultsField.Text("kismet.datasourcetracker.default.remote_cap_listen", "address for remote captures", static d => d.RemoteListen),
        DefaultsField.UInt32("kismet.datasourcetracker.default.remote_cap_port", "port for remote captures", static d => d.RemotePort),
        DefaultsField.Flag(
            "kismet.datasourcetracker.default.remote_cap_timestamp", "stamp remote packets with this server's clock",
            static d => d.RemoteTimestamp),
    ]);
}
