using System.Text;
using System.Text.Json;
using KismetOrleans.Engine.Reports;
using KismetOrleans.Engine.Tests.Partitions;
using KismetOrleans.Wire;

namespace KismetOrleans.Engine.Tests.Tracking;

/// <summary>Reports of rtl_433 and rtlamr become sensors and meters. The lines are of our own making, in the form that rtl_433's DATA_FORMAT.md gives.</summary>
public sealed class SensorTrackerTests
{
    [Fact]
    public void A_thermometer_has_the_key_and_the_fields_that_Kismet_gives_it()
    {
        JsonElement device = Hear("""{"time":"2026-01-01 10:00:00","model":"Acme-T1","id":4660,"channel":2,"battery_ok":1,"temperature_C":-3.5,"humidity":71,"freq":433.92,"rssi":-0.9,"snr":21.5,"noise":-22.4}""").Single();
        Assert.Equal(
            ("RFSENSOR", "Sensor", "Acme-T1-4660", "RF Sensor", "2", 433_920),
            (Text(device, "kismet.device.base.phyname"), Text(device, "kismet.device.base.type"), Text(device, "kismet.device.base.name"), Text(device, "kismet.device.base.manuf"),
                Text(device, "kismet.device.base.channel"), (int)device.GetProperty("kismet.device.base.frequency").GetDouble()));
        // 16 bits of the number with the local bit, then the sum of the model's letters, lowest byte first.
        Assert.Equal($"12:34:{Sum("Acme-T1")}", Text(device, "kismet.device.base.macaddr"));
        JsonElement sensor = device.GetProperty("sensor.device");
        JsonElement common = sensor.GetProperty("sensor.device.common");
        Assert.Equal(
            ("Acme-T1-4660", "4660", "2", "1", "0", "21", "-22"),
            (Text(common, "sensor.device.model"), Text(common, "sensor.device.id"), Text(common, "sensor.device.subchannel"), Text(common, "sensor.device.battery"),
                Text(common, "sensor.device.rssi"), Text(common, "sensor.device.snr"), Text(common, "sensor.device.noise")));
        Assert.Equal(-3.5, sensor.GetProperty("sensor.device.thermometer").GetProperty("sensor.device.temperature").GetDouble());
        Assert.Equal(71, sensor.GetProperty("sensor.device.moisturesensor").GetProperty("sensor.device.moisture").GetInt32());
        Assert.Equal(71, sensor.GetProperty("sensor.device.moisturesensor").GetProperty("sensor.device.moisture_rrd").GetProperty("kismet.common.rrd.last_value").GetInt32());
        Assert.False(sensor.TryGetProperty("sensor.device.tpms", out _));
        Assert.Equal(1, device.GetProperty("kismet.device.base.packets.data").GetInt32());
    }

    [Fact]
    public void A_tyre_a_contact_a_station_and_a_smart_home_have_their_records()
    {
        JsonElement tyre = Part("""{"model":"Acme-Tyre","type":"TPMS","id":"da22b333","flags":"4d","pressure_PSI":30.25,"temperature_F":68,"mic":"CRC"}""", "tpms");
        Assert.Equal((30.25, 20.0, "4d", "CRC"), (tyre.GetProperty("sensor.device.tpms.pressure_psi").GetDouble(), tyre.GetProperty("sensor.device.tpms.temperature").GetDouble(), Text(tyre, "sensor.device.tpms.flags"), Text(tyre, "sensor.device.tpms.checksum")));
        JsonElement contact = Part("""{"model":"Acme-Door","id":"a55b4b","switch1":"OPEN","switch5":"CLOSED"}""", "switch");
        Assert.Equal(("OPEN", "", "CLOSED"), (Text(contact, "sensor.device.switch.1"), Text(contact, "sensor.device.switch.2"), Text(contact, "sensor.device.switch.5")));
        JsonElement station = Part("""{"model":"Acme-Wind","id":129,"wind_dir_deg":180,"wind_avg_m_s":10,"wind_max_km_h":44.5,"rain_mm":1.5,"uv_index":3,"lux":1200}""", "weatherstation");
        Assert.Equal(
            (180, 36.0, 44.5, 1.5, 1200),
            (station.GetProperty("sensor.device.wind_dir").GetInt32(), station.GetProperty("sensor.device.wind_speed").GetDouble(), station.GetProperty("sensor.device.wind_gust").GetDouble(),
                station.GetProperty("sensor.device.rain").GetDouble(), station.GetProperty("sensor.device.lux").GetInt32()));
        JsonElement home = Part("""{"model":"Insteon","from_id":"CCFF79","to_id":"9F39E6","msg_type":7,"msg_str":"NAK \u00e4","hopsmax":3,"hopsleft":0}""", "insteon");
        Assert.Equal(("CCFF79", "9F39E6", "7", "NAK ä", "3", "0"), (Text(home, "sensor.device.from_id"), Text(home, "sensor.device.to_id"), Text(home, "sensor.device.msg_type"), Text(home, "sensor.device.msg_str"), Text(home, "sensor.device.hopsmax"), Text(home, "sensor.device.hopsleft")));
        JsonElement storm = Part("""{"model":"Acme-Storm","id":1,"strike_count":12,"storm_dist":8,"active":1,"rfi":0}""", "lightningsensor");
        Assert.Equal((12, 1), (storm.GetProperty("sensor.device.lightning_strike_count").GetInt32(), storm.GetProperty("sensor.device.lightning_storm_active").GetInt32()));
        JsonElement air = Part("""{"model":"Acme-Air","id":1,"pm2_5_ug_m3":7,"estimated_pm10_0_ug_m3":9}""", "aqi");
        Assert.Equal((7, 9), (air.GetProperty("sensor.device.pm2_5").GetInt32(), air.GetProperty("sensor.device.pm10").GetInt32()));
    }

    [Fact]
    public void A_meter_is_one_whichever_message_or_program_tells_of_it_and_runs_forwards()
    {
        JsonElement device = Hear(
            (ReportKind.Rtl433, """{"model":"ERT-SCM","id":22156790,"physical_tamper":2,"ert_type":7,"encoder_tamper":1,"consumption_data":6823900,"freq":915.358}"""),
            (ReportKind.Rtl433, """{"model":"IDM","ERTType":23,"ERTSerialNumber":22156790,"LastConsumptionCount":6823922,"DifferentialConsumptionIntervals":[11,9,[8],{"id":1}],"MeterType":"Electric"}"""),
            (ReportKind.Rtl433, """{"model":"NETIDM","ERTSerialNumber":22156790,"LastConsumptionCount":-2109669263,"MeterType":"Electric"}"""),
            (ReportKind.RtlAmr, """{"Time":"2026-01-01T10:00:00Z","Type":"SCM","Message":{"ID":22156790,"Type":7,"TamperPhy":1,"TamperEnc":0,"Consumption":6823930}}"""),
            (ReportKind.RtlAmr, """{"valid":true,"meterid":22156790,"metertype":7,"phytamper":1,"endptamper":0,"consumption":6823940}"""),
            (ReportKind.RtlAmr, """{"valid":false,"meterid":22156791,"metertype":7,"consumption":1}""")).Single();
        Assert.Equal(
            ("METER", "Electric Meter", "Electric-22156790", "RF METER", "02:00:F6:15:52:01", 5),
            (Text(device, "kismet.device.base.phyname"), Text(device, "kismet.device.base.type"), Text(device, "kismet.device.base.name"), Text(device, "kismet.device.base.manuf"),
                Text(device, "kismet.device.base.macaddr"), device.GetProperty("kismet.device.base.packets.total").GetInt32()));
        JsonElement meter = device.GetProperty("meter.device");
        Assert.Equal((22_156_790L, "Electric", 6_823_940.0), (meter.GetProperty("meter.device.meter_id").GetInt64(), Text(meter, "meter.device.meter_type"), meter.GetProperty("meter.device.consumption").GetDouble()));
        Assert.Equal(["ERT-SCM", "IDM", "NETIDM"], meter.GetProperty("meter.device.model_vec").EnumerateArray().Select(static m => m.GetString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("""{"model":"Acme"}x""")]
    [InlineData("""{"time":"2026-01-01 10:00:00","src":"SDR","lvl":"notice","msg":"exact sample rate"}""")]
    [InlineData("""{"model":"IDM","id":1}""")]
    [InlineData("""{"model":"Acme","id":{"id":""")]
    public void What_tells_of_no_device_is_counted_as_an_error(string json)
    {
        Slices slices = new(3);
        slices.Hear(new Packets().Add([1, .. Encoding.UTF8.GetBytes(json)], LinkType.JsonReport).ToBatch());
        Assert.Empty(slices.ToJson());
        Assert.Equal(1, slices.Dissector(1).ErrorPackets);
        Assert.False(JsonReport.IsOne(ReportKind.Rtl433, Encoding.UTF8.GetBytes(json)));
    }

    [Fact]
    public void Whatever_bytes_come_nothing_fails()
    {
        byte[] line = Encoding.UTF8.GetBytes("""{"model":"Acme-T1","id":4660,"channel":"A\"","battery":"OK","temperature_C":1e400,"humidity":"x","switch1":null,"msg_str":"\ud800","rssi":true}""");
        Random random = new(7);
        Slices slices = new(2);
        for (int i = 0; i < 3000; i++)
        {
            byte[] odd = [(byte)random.Next(4), .. line];
            for (int change = random.Next(4); change > 0; change--)
            {
                odd[random.Next(odd.Length)] = (byte)random.Next(256);
            }
            slices.Hear(new Packets().Add(odd.AsSpan(0, random.Next(odd.Length + 1)), LinkType.JsonReport).ToBatch());
        }
        Assert.All(slices.All, static partition => Assert.Empty(partition.Failed));
    }

    private static JsonElement Part(string json, string part) => Hear(json).Single().GetProperty("sensor.device").GetProperty($"sensor.device.{part}");

    private static List<JsonElement> Hear(string json) => Hear((ReportKind.Rtl433, json));

    private static List<JsonElement> Hear(params (ReportKind Kind, string Json)[] reports)
    {
        Packets packets = new();
        foreach ((ReportKind kind, string json) in reports)
        {
            packets.Add([(byte)kind, .. Encoding.UTF8.GetBytes(json)], LinkType.JsonReport);
        }
        return [.. new Slices(3).Hear(packets.ToBatch()).All.SelectMany(static partition => Slices.ReadAll(partition))];
    }

    private static string Text(JsonElement record, string field) => record.GetProperty(field).GetString()!;

    // Kismet's two running sums, lowest byte first.
    private static string Sum(string text)
    {
        uint a = 0;
        uint b = 0;
        foreach (char c in text)
        {
            b += a += c;
        }
        return string.Join(':', BitConverter.GetBytes((a & 0xFFFF) + (b << 16)).Select(static one => one.ToString("X2", null)));
    }
}
