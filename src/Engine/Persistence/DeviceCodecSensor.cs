using KismetOrleans.Records.Adsb;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Sensors;

namespace KismetOrleans.Engine.Persistence;

/// <summary>
/// Sensors, meters and aircraft. Numbers and texts stand one after the other behind how many there are: a version that knows more reads the rest as not told, one that knows fewer passes over it. Times are whole, not
/// told by the device's, as with all that is appended to it.
/// </summary>
internal static class DeviceCodecSensor
{
    public static void WriteIf(SensorDevice? sensor, DeviceCodecWriter writer)
    {
        if (sensor is null)
        {
            return;
        }
        int start = writer.Begin();
        writer.UInt((uint)sensor.Parts);
        writer.UInt((uint)SensorText.Count);
        for (SensorText text = 0; text < SensorText.Count; text++)
        {
            writer.Text(sensor[text]);
        }
        writer.UInt((uint)SensorNumber.Count);
        for (SensorNumber number = 0; number < SensorNumber.Count; number++)
        {
            writer.Double(sensor[number]);
        }
        // Each behind its number plus one; 0 ends them.
        for (SensorNumber number = 0; number < SensorNumber.Count; number++)
        {
            if (sensor.History(number) is { } history)
            {
                writer.UInt((uint)number + 1);
                Write(history, writer);
            }
        }
        writer.UInt(0);
        writer.End(start);
    }

    public static void WriteIf(MeterDevice? meter, DeviceCodecWriter writer)
    {
        if (meter is null)
        {
            return;
        }
        int start = writer.Begin();
        writer.UInt(meter.Id);
        writer.Text(meter.Type);
        writer.UInt(meter.TypeCode);
        writer.UInt(meter.PhysicalTamper);
        writer.UInt(meter.EndpointTamper);
        writer.Double(meter.Consumption);
        writer.UInt((uint)meter.Models.Length);
        foreach (string model in meter.Models)
        {
            writer.Text(model);
        }
        writer.Byte(meter.ConsumptionRrd is null ? (byte)0 : (byte)1);
        Write(meter.ConsumptionRrd, writer);
        writer.End(start);
    }

    public static void WriteIf(AdsbDevice? aircraft, DeviceCodecWriter writer)
    {
        if (aircraft is null)
        {
            return;
        }
        int start = writer.Begin();
        writer.UInt(aircraft.Icao);
        writer.Text(aircraft.Callsign);
        writer.UInt(aircraft.EvenLatitude);
        writer.UInt(aircraft.EvenLongitude);
        writer.UInt(aircraft.EvenTime);
        writer.UInt(aircraft.OddLatitude);
        writer.UInt(aircraft.OddLongitude);
        writer.UInt(aircraft.OddTime);
        writer.Single(aircraft.Altitude);
        writer.Single(aircraft.Speed);
        writer.Single(aircraft.Heading);
        writer.Byte(aircraft.Registration is null ? (byte)0 : (byte)1);
        if (aircraft.Registration is { } known)
        {
            writer.Byte(known.Kind);
            writer.Text(known.Mark);
            writer.Text(known.Type);
            writer.Text(known.Model);
            writer.Text(known.Owner);
        }
        writer.End(start);
    }

    public static AdsbDevice ReadAircraft(ref DeviceCodecReader outer)
    {
        DeviceCodecReader reader = outer.Part();
        return new()
        {
            Icao = reader.UInt32(),
            Callsign = reader.Text(),
            EvenLatitude = reader.UInt32(),
            EvenLongitude = reader.UInt32(),
            EvenTime = reader.UInt32(),
            OddLatitude = reader.UInt32(),
            OddLongitude = reader.UInt32(),
            OddTime = reader.UInt32(),
            Altitude = reader.Single(),
            Speed = reader.Single(),
            Heading = reader.Single(),
            Registration = reader.HasMore && reader.Byte() != 0 ? ReadRegistration(ref reader) : null,
        };
    }

    private static AircraftRegistration ReadRegistration(ref DeviceCodecReader reader) => new()
    {
        Kind = reader.Byte(),
        Mark = reader.Text(),
        Type = reader.Shared(),
        Model = reader.Shared(),
        Owner = reader.Shared(),
    };

    public static SensorDevice Read(ref DeviceCodecReader outer)
    {
        DeviceCodecReader reader = outer.Part();
        SensorDevice sensor = new() { Parts = (SensorParts)reader.UInt16() };
        int texts = reader.Count();
        for (int i = 0; i < texts; i++)
        {
            string text = reader.Shared();
            if (i < (int)SensorText.Count)
            {
                sensor[(SensorText)i] = text;
            }
        }
        int numbers = reader.Count(sizeof(double));
        for (int i = 0; i < numbers; i++)
        {
            double number = reader.Double();
            if (i < (int)SensorNumber.Count)
            {
                sensor[(SensorNumber)i] = number;
            }
        }
        while (reader.UInt32() is > 0 and uint place)
        {
            Rrd history = ReadRrd(ref reader);
            if (place <= (uint)SensorNumber.Count)
            {
                sensor.Keep((SensorNumber)(place - 1), history);
            }
        }
        return sensor;
    }

    public static MeterDevice ReadMeter(ref DeviceCodecReader outer)
    {
        DeviceCodecReader reader = outer.Part();
        MeterDevice meter = new()
        {
            Id = reader.UInt64(),
            Type = reader.Shared(),
            TypeCode = reader.UInt32(),
            PhysicalTamper = reader.UInt32(),
            EndpointTamper = reader.UInt32(),
            Consumption = reader.Double(),
            Models = new string[reader.Count()],
        };
        for (int i = 0; i < meter.Models.Length; i++)
        {
            meter.Models[i] = reader.Shared();
        }
        meter.ConsumptionRrd = reader.Byte() == 0 ? null : ReadRrd(ref reader);
        return meter;
    }

    private static void Write(Rrd? history, DeviceCodecWriter writer)
    {
        uint clock = writer.BaseClock;
        writer.BaseClock = 0;
        DeviceCodecRrd.WriteIf(history, writer);
        writer.BaseClock = clock;
    }

    private static Rrd ReadRrd(ref DeviceCodecReader reader)
    {
        uint clock = reader.Scratch.BaseClock;
        reader.Scratch.BaseClock = 0;
        Rrd history = DeviceCodecRrd.Read(ref reader);
        reader.Scratch.BaseClock = clock;
        return history;
    }
}
