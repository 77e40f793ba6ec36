using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Fields;
using Field = KismetOrleans.Records.Fields.Field<KismetOrleans.Records.Sensors.SensorDevice>;

namespace KismetOrleans.Records.Sensors;

/// <summary>Fields of the sensor part of a device. Each kind of sensor that it is has a record in it.</summary>
internal static class SensorDeviceTable
{
    private static readonly RecordTable<SensorDevice> s_common = new("sensor_device_common",
    [
        Text("sensor.device.model", "model and number", SensorText.Model),
        Text("sensor.device.id", "number that it gives itself", SensorText.Id),
        Text("sensor.device.subchannel", "its channel, 0 without", SensorText.Subchannel),
        Text("sensor.device.battery", "state of its battery", SensorText.Battery),
        Text("sensor.device.rssi", "how strongly it was received in dB", SensorText.Rssi),
        Text("sensor.device.snr", "above the noise in dB", SensorText.Snr),
        Text("sensor.device.noise", "noise in dB", SensorText.Noise),
        Field.Text("sensor.device.last_record", "always empty, kept for older clients", static _ => ""),
    ]);

    private static readonly RecordTable<SensorDevice> s_thermometer = new("sensor_device_thermometer",
    [
        Number("sensor.device.temperature", "°C", SensorNumber.Temperature),
        History("sensor.device.temperature_rrd", SensorNumber.Temperature),
    ]);

    private static readonly RecordTable<SensorDevice> s_weather = new("sensor_device_weatherstation",
    [
        Whole("sensor.device.wind_dir", "direction of the wind in degrees", SensorNumber.WindDirection),
        History("sensor.device.wind_dir_rrd", SensorNumber.WindDirection),
        Number("sensor.device.wind_speed", "speed of the wind in km/h", SensorNumber.WindSpeed),
        History("sensor.device.wind_speed_rrd", SensorNumber.WindSpeed),
        Number("sensor.device.wind_gust", "gusts in km/h", SensorNumber.WindGust),
        History("sensor.device.wind_gust_rrd", SensorNumber.WindGust),
        Number("sensor.device.rain", "rain in mm", SensorNumber.Rain),
        Number("sensor.device.rain_raw", "rain in its own unit", SensorNumber.RainRaw),
        History("sensor.device.rain_rrd", SensorNumber.Rain),
        Number("sensor.device.uv_index", "UV index", SensorNumber.UvIndex),
        History("sensor.device.uv_index_rrd", SensorNumber.UvIndex),
        Whole("sensor.device.lux", "light in lx", SensorNumber.Lux),
        History("sensor.device.lux_rrd", SensorNumber.Lux),
    ]);

    private static readonly RecordTable<SensorDevice> s_tpms = new("sensor_device_tpms",
    [
        Field.Double("sensor.device.tpms.freq", "always 0, kept for older clients", static _ => 0),
        Number("sensor.device.tpms.temperature", "°C", SensorNumber.TyreTemperature),
        Number("sensor.device.tpms.pressure_bar", "pressure in bar, where it tells it so", SensorNumber.PressureBar),
        Number("sensor.device.tpms.pressure_psi", "pressure in psi, where it tells it so", SensorNumber.PressurePsi),
        Number("sensor.device.tpms.pressure_kpa", "pressure in kPa, where it tells it so", SensorNumber.PressureKpa),
        Text("sensor.device.tpms.flags", "flags", SensorText.TyreFlags),
        Text("sensor.device.tpms.state", "state", SensorText.TyreState),
        Text("sensor.device.tpms.checksum", "how its report was checked", SensorText.TyreChecksum),
        Text("sensor.device.tpms.code", "code", SensorText.TyreCode),
    ]);

    private static readonly RecordTable<SensorDevice> s_switch = new("sensor_device_switch",
    [
        Text("sensor.device.switch.1", "first switch", SensorText.Switch1),
        Text("sensor.device.switch.2", "second switch", SensorText.Switch2),
        Text("sensor.device.switch.3", "third switch", SensorText.Switch3),
        Text("sensor.device.switch.4", "fourth switch", SensorText.Switch4),
        Text("sensor.device.switch.5", "fifth switch", SensorText.Switch5),
    ]);

    private static readonly RecordTable<SensorDevice> s_insteon = new("sensor_device_insteon",
    [
        Text("sensor.device.from_id", "sender", SensorText.FromId),
        Text("sensor.device.to_id", "receiver", SensorText.ToId),
        Text("sensor.device.msg_type", "kind of message", SensorText.MessageType),
        Text("sensor.device.msg_str", "the same in words", SensorText.MessageText),
        Text("sensor.device.hopsmax", "hops at most", SensorText.HopsMax),
        Text("sensor.device.hopsleft", "hops left", SensorText.HopsLeft),
    ]);

    private static readonly RecordTable<SensorDevice> s_lightning = new("sensor_device_lightningsensor",
    [
        Field.UInt64("sensor.device.lightning_strike_count", "strikes", static s => Unsigned(s[SensorNumber.StrikeCount])),
        History("sensor.device.lightning_strike_count_rrd", SensorNumber.StrikeCount),
        Field.UInt64("sensor.device.lightning_storm_distance", "distance of the storm, without a unit", static s => Unsigned(s[SensorNumber.StormDistance])),
        Field.UInt8("sensor.device.lightning_storm_active", "there is a storm", static s => s[SensorNumber.StormActive] != 0 ? 1UL : 0),
        Field.UInt64("sensor.device.lightning_rfi", "interference", static s => Unsigned(s[SensorNumber.LightningRfi])),
    ]);

    private static readonly RecordTable<SensorDevice> s_moisture = new("sensor_device_moisturesensor",
    [
        Whole("sensor.device.moisture", "humidity of air or soil in percent", SensorNumber.Moisture),
        History("sensor.device.moisture_rrd", SensorNumber.Moisture),
    ]);

    private static readonly RecordTable<SensorDevice> s_air = new("sensor_device_aqi",
    [
        Field.UInt32("sensor.device.pm2_5", "particles of up to 2.5 µm in µg/m³", static s => Unsigned(s[SensorNumber.Pm25])),
        History("sensor.device.pm2_5_rrd", SensorNumber.Pm25),
        Field.UInt32("sensor.device.pm10", "particles of up to 10 µm in µg/m³", static s => Unsigned(s[SensorNumber.Pm10])),
        History("sensor.device.pm10_rrd", SensorNumber.Pm10),
    ]);

    public static readonly RecordTable<SensorDevice> Table = new("sensor_device",
    [
        Field.Record("sensor.device.common", "what all sensors tell", static s => s, s_common),
        Part("sensor.device.thermometer", "temperature", SensorParts.Thermometer, s_thermometer),
        Part("sensor.device.weatherstation", "wind, rain and light", SensorParts.WeatherStation, s_weather),
        Part("sensor.device.tpms", "a tyre", SensorParts.Tpms, s_tpms),
        Part("sensor.device.switch", "switches and contacts", SensorParts.Switch, s_switch),
        Part("sensor.device.insteon", "Insteon's home automation", SensorParts.Insteon, s_insteon),
        Part("sensor.device.lightningsensor", "lightning", SensorParts.Lightning, s_lightning),
        Part("sensor.device.moisturesensor", "humidity", SensorParts.Moisture, s_moisture),
        Part("sensor.device.aqi", "particles in the air", SensorParts.AirQuality, s_air),
    ]);

    public static readonly IReadOnlyList<IRecordTable> Parts = [s_common, s_thermometer, s_weather, s_tpms, s_switch, s_insteon, s_lightning, s_moisture, s_air];

    private static RecordField<SensorDevice> Part(string name, string description, SensorParts part, RecordTable<SensorDevice> table) =>
        Field.Record(name, description, s => (s.Parts & part) != 0 ? s : null, table);

    private static RecordField<SensorDevice> Text(string name, string description, SensorText text) => Field.Text(name, description, s => s[text]);

    private static RecordField<SensorDevice> Number(string name, string description, SensorNumber number) => Field.Double(name, description, s => s[number]);

    private static RecordField<SensorDevice> Whole(string name, string description, SensorNumber number) =>
        Field.Int32(name, description, s => (long)Math.Clamp(s[number], int.MinValue, int.MaxValue));

    private static RecordField<SensorDevice> History(string name, SensorNumber number) => Field.Record(name, "its history", s => s.History(number), RrdTable.Table);

    private static ulong Unsigned(double number) => (ulong)Math.Clamp(number, 0, uint.MaxValue);
}
