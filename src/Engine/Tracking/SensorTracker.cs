using KismetOrleans.Engine.Observations;
using KismetOrleans.Engine.Partitions;
using KismetOrleans.Engine.Reports;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Sensors;
using KismetOrleans.Wire;

namespace KismetOrleans.Engine.Tracking;

/// <summary>What reports in JSON say about sensors and meters. Which numbers and texts are whose follows rtl_433's DATA_FORMAT.md.</summary>
internal sealed class SensorTracker(DeviceSet devices, DeviceUpdater updater, TrackingOptions options)
{
    private const double KmhOfMs = 3.6;
    private const double KmhOfMih = 1.609344;
    private const double MmOfInch = 25.4;

    // Kinds of messages that a meter sends: those of its maker, and the few that decode by chance.
    private const int MaxModels = 8;
    private readonly AdsbTracker _aircraft = new(devices, updater);

    public void Apply(in Observation o, ObservationBatch batch)
    {
        ReadOnlySpan<byte> packet = batch.Bytes(o);
        Span<ReportFields.Value> room = stackalloc ReportFields.Value[(int)ReportKey.Count];
        if (!JsonReport.TryRead(packet, room, out ReportFields fields))
        {
            return;
        }
        if ((ReportKind)packet[0] == ReportKind.Adsb)
        {
            _aircraft.Apply(o, batch, fields);
            return;
        }
        if (!JsonReport.TryIdentify((ReportKind)packet[0], fields, out Phy phy, out MacAddress address, out _))
        {
            return;
        }
        DeviceId id = new(phy, address);
        if (!devices.Owns(id))
        {
            return;
        }
        Device device = devices.FindOrAdd(id, out bool added);
        updater.Update(device, o, batch, Role.Sender | Role.OnAir, Hearing.First);
        device.Channel = fields.WholeText(ReportKey.Channel, device.Channel);
        if (phy == Phy.Meter)
        {
            Meter(device, (ReportKind)packet[0], fields, batch.Clock);
        }
        else
        {
            Sensor(device, added, fields, batch.Clock);
        }
    }

    private void Sensor(Device device, bool added, in ReportFields fields, uint clock)
    {
        SensorDevice sensor = device.Sensor ??= new();
        if (added)
        {
            string model = fields.Text(ReportKey.Model, "");
            string number = fields.WholeText(ReportKey.Id, "");
            device.Name = sensor[SensorText.Model] = model.Length > 0 && number.Length > 0 ? $"{model}-{number}" : model.Length > 0 ? model : number.Length > 0 ? number : "Sensor";
            device.Type = "Sensor";
            device.Manufacturer = "RF Sensor";
            sensor[SensorText.Subchannel] = "0";
        }
        sensor[SensorText.Id] = fields.WholeText(fields.Has(ReportKey.Id) ? ReportKey.Id : ReportKey.Device, sensor[SensorText.Id]);
        sensor[SensorText.Subchannel] = fields.WholeText(ReportKey.Channel, sensor[SensorText.Subchannel]);
        sensor[SensorText.Battery] = fields.Text(fields.Has(ReportKey.Battery) ? ReportKey.Battery : ReportKey.BatteryOk, sensor[SensorText.Battery]);
        sensor[SensorText.Rssi] = fields.WholeText(ReportKey.Rssi, sensor[SensorText.Rssi]);
        sensor[SensorText.Snr] = fields.WholeText(ReportKey.Snr, sensor[SensorText.Snr]);
        sensor[SensorText.Noise] = fields.WholeText(ReportKey.Noise, sensor[SensorText.Noise]);
        sensor.Parts |= PartsOf(fields);
        Air(sensor, fields, clock);
        Weather(sensor, fields, clock);
        if ((sensor.Parts & SensorParts.Tpms) != 0)
        {
            Tyre(sensor, fields);
        }
        for (int i = 0; i < 5; i++)
        {
            sensor[SensorText.Switch1 + i] = fields.Text(ReportKey.Switch1 + i, sensor[SensorText.Switch1 + i]);
        }
        if ((sensor.Parts & SensorParts.Insteon) != 0)
        {
            sensor[SensorText.FromId] = fields.Text(ReportKey.FromId, sensor[SensorText.FromId]);
            for (int i = 0; i < 5; i++)
            {
                sensor[SensorText.ToId + i] = fields.Text(ReportKey.ToId + i, sensor[SensorText.ToId + i]);
            }
        }
    }

    private static SensorParts PartsOf(in ReportFields fields) =>
        (fields.HasAny(ReportKey.TemperatureC, ReportKey.TemperatureF) ? SensorParts.Thermometer : 0)
        | (fields.HasAny(ReportKey.Moisture, ReportKey.Humidity) ? SensorParts.Moisture : 0)
        | (fields.HasAny(ReportKey.Direction, ReportKey.Lux) ? SensorParts.WeatherStation : 0)
        | (fields.IsText(ReportKey.Type) && fields.Raw(ReportKey.Type).SequenceEqual("TPMS"u8) ? SensorParts.Tpms : 0)
        | (fields.HasAny(ReportKey.Switch0, ReportKey.Switch6) ? SensorParts.Switch : 0)
        | (fields.Has(ReportKey.FromId) || fields.HasAny(ReportKey.ToId, ReportKey.HopsLeft) ? SensorParts.Insteon : 0)
        | (fields.HasAny(ReportKey.StrikeCount, ReportKey.Rfi) ? SensorParts.Lightning : 0)
        | (fields.HasAny(ReportKey.Pm25, ReportKey.Pm10) ? SensorParts.AirQuality : 0);

    private void Air(SensorDevice sensor, in ReportFields fields, uint clock)
    {
        if (fields.TryNumber(ReportKey.TemperatureF, out double fahrenheit))
        {
            Note(sensor, SensorNumber.Temperature, (fahrenheit - 32) / 1.8, clock);
        }
        Note(sensor, SensorNumber.Temperature, fields, ReportKey.TemperatureC, clock);
        Note(sensor, SensorNumber.Moisture, fields, ReportKey.Moisture, clock);
        Note(sensor, SensorNumber.Moisture, fields, ReportKey.Humidity, clock);
        Note(sensor, SensorNumber.Pm25, fields, ReportKey.Pm25, clock);
        Note(sensor, SensorNumber.Pm10, fields, ReportKey.Pm10, clock);
        Note(sensor, SensorNumber.StrikeCount, fields, ReportKey.StrikeCount, clock);
        Set(sensor, SensorNumber.StormDistance, fields, ReportKey.StormDist);
        Set(sensor, SensorNumber.StormActive, fields, ReportKey.Active);
        Set(sensor, SensorNumber.LightningRfi, fields, ReportKey.Rfi);
    }

    private void Weather(SensorDevice sensor, in ReportFields fields, uint clock)
    {
        if ((sensor.Parts & SensorParts.WeatherStation) == 0)
        {
            return;
        }
        Note(sensor, SensorNumber.WindDirection, fields, ReportKey.Direction, clock);
        Note(sensor, SensorNumber.WindDirection, fields, ReportKey.WindDirection, clock);
        Note(sensor, SensorNumber.WindDirection, fields, ReportKey.WindDirDeg, clock);
        Note(sensor, SensorNumber.WindSpeed, fields, ReportKey.WindSpeed, clock);
        Note(sensor, SensorNumber.WindSpeed, fields, ReportKey.WindStrength, clock);
        Note(sensor, SensorNumber.WindSpeed, fields, ReportKey.WindAvgKmh, clock);
        Note(sensor, SensorNumber.WindSpeed, fields, ReportKey.WindAvgMs, clock, KmhOfMs);
        Note(sensor, SensorNumber.WindSpeed, fields, ReportKey.WindAvgMih, clock, KmhOfMih);
        Note(sensor, SensorNumber.WindSpeed, fields, ReportKey.Speed, clock);
        Note(sensor, SensorNumber.WindGust, fields, ReportKey.Gust, clock);
        Note(sensor, SensorNumber.WindGust, fields, ReportKey.WindMaxKmh, clock);
        Note(sensor, SensorNumber.WindGust, fields, ReportKey.WindMaxMs, clock, KmhOfMs);
        Note(sensor, SensorNumber.WindGust, fields, ReportKey.WindMaxMih, clock, KmhOfMih);
        Note(sensor, SensorNumber.Rain, fields, ReportKey.RainIn, clock, MmOfInch);
        Note(sensor, SensorNumber.Rain, fields, ReportKey.RainMm, clock);
        Note(sensor, SensorNumber.Rain, fields, ReportKey.Rain, clock);
        Set(sensor, SensorNumber.RainRaw, fields, ReportKey.RainRaw);
        Note(sensor, SensorNumber.UvIndex, fields, ReportKey.UvIndex, clock);
        Note(sensor, SensorNumber.Lux, fields, ReportKey.Lux, clock);
    }

    private static void Tyre(SensorDevice sensor, in ReportFields fields)
    {
        if (fields.TryNumber(ReportKey.TemperatureF, out double fahrenheit))
        {
            sensor[SensorNumber.TyreTemperature] = (fahrenheit - 32) / 1.8;
        }
        Set(sensor, SensorNumber.TyreTemperature, fields, ReportKey.TemperatureC);
        Set(sensor, SensorNumber.PressurePsi, fields, ReportKey.PressurePsi);
        Set(sensor, SensorNumber.PressureBar, fields, ReportKey.PressureBar);
        Set(sensor, SensorNumber.PressureKpa, fields, ReportKey.PressureKpa);
        sensor[SensorText.TyreFlags] = fields.Text(ReportKey.Flags, sensor[SensorText.TyreFlags]);
        sensor[SensorText.TyreState] = fields.Text(ReportKey.State, sensor[SensorText.TyreState]);
        sensor[SensorText.TyreChecksum] = fields.Text(ReportKey.Mic, sensor[SensorText.TyreChecksum]);
        sensor[SensorText.TyreCode] = fields.Text(ReportKey.Code, sensor[SensorText.TyreCode]);
    }

    private static void Set(SensorDevice sensor, SensorNumber number, in ReportFields fields, ReportKey key)
    {
        if (fields.TryNumber(key, out double value))
        {
            sensor[number] = value;
        }
    }

    private void Note(SensorDevice sensor, SensorNumber number, in ReportFields fields, ReportKey key, uint clock, double factor = 1)
    {
        if (fields.TryNumber(key, out double value))
        {
            Note(sensor, number, value * factor, clock);
        }
    }

    private void Note(SensorDevice sensor, SensorNumber number, double value, uint clock)
    {
        sensor[number] = value;
        if (options.DeviceRrds)
        {
            Rrd? history = sensor.History(number);
            if (history is null)
            {
                // What is measured twice in a second was not twice as warm.
                sensor.Keep(number, history = new(RrdAggregate.Peak));
            }
            history.Add(clock, value);
        }
    }

    private void Meter(Device device, ReportKind kind, in ReportFields fields, uint clock)
    {
        bool isRead = kind == ReportKind.RtlAmr ? MeterReport.TryReadRtlAmr(fields, out MeterReport report) : MeterReport.TryReadRtl433(fields, out report);
        if (!isRead)
        {
            return;
        }
        if (device.Meter is not { } meter)
        {
            device.Meter = meter = new() { Id = report.Id, Type = report.Type, TypeCode = report.TypeCode };
            device.Name = $"{report.Type}-{report.Id}";
            device.Type = report.Type == "Meter" ? "Meter" : $"{report.Type} Meter";
            device.Manufacturer = "RF METER";
        }
        meter.PhysicalTamper = report.PhysicalTamper;
        meter.EndpointTamper = report.EndpointTamper;
        Model(meter, fields);
        // A meter does not run backwards: less was read wrongly.
        if (report.Consumption != 0 && report.Consumption >= meter.Consumption)
        {
            meter.Consumption = report.Consumption;
            if (options.DeviceRrds)
            {
                (meter.ConsumptionRrd ??= new(RrdAggregate.Peak)).Add(clock, report.Consumption);
            }
        }
    }

    private static void Model(MeterDevice meter, in ReportFields fields)
    {
        if (!fields.IsText(ReportKey.Model) || meter.Models.Length == MaxModels)
        {
            return;
        }
        foreach (string known in meter.Models)
        {
            if (ReferenceEquals(fields.Text(ReportKey.Model, known), known))
            {
                return;
            }
        }
        meter.Models = [.. meter.Models, fields.Text(ReportKey.Model, "")];
    }
}
