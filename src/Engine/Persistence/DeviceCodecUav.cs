using KismetOrleans.Records.Uav;

namespace KismetOrleans.Engine.Persistence;

internal static class DeviceCodecUav
{
    [Flags]
    private enum Parts : byte
    {
        LastTelemetry = 1,

        // The newest telemetry is that of the history, not one beside it.
        LastOfHistory = 2,
        HomeLocation = 4,
        AppLocation = 8,
        Match = 16,
        OperatorId = 32,
    }

    [Flags]
    private enum Flags : byte
    {
        Location = 1,
        MotorOn = 2,
        Airborne = 4,
    }

    public static void Write(UavDevice device, DeviceCodecWriter writer)
    {
        int start = writer.Begin();
        bool lastOfHistory = device.History.Count > 0 && ReferenceEquals(device.LastTelemetry, device.History[^1]);
        Parts parts = (lastOfHistory ? Parts.LastOfHistory : device.LastTelemetry is null ? 0 : Parts.LastTelemetry)
            | (device.HomeLocation is null ? 0 : Parts.HomeLocation)
            | (device.AppLocation is null ? 0 : Parts.AppLocation)
            | (device.Match is null ? 0 : Parts.Match)
            | (device.OperatorId is null ? 0 : Parts.OperatorId);
        writer.Byte((byte)parts);
        writer.Text(device.Manufacturer);
        writer.Text(device.Model);
        writer.Text(device.SerialNumber);
        writer.Text(device.MatchType);
        writer.UInt((uint)device.History.Count);
        foreach (UavTelemetry telemetry in device.History)
        {
            Write(telemetry, writer);
        }
        if ((parts & Parts.LastTelemetry) != 0)
        {
            Write(device.LastTelemetry!, writer);
        }
        DeviceCodecLocation.WriteIf(device.HomeLocation, writer);
        DeviceCodecLocation.WriteIf(device.AppLocation, writer);
        if (device.Match is not null)
        {
            Write(device.Match, writer);
        }
        if (device.OperatorId is not null)
        {
            writer.Text(device.OperatorId);
        }
        writer.End(start);
    }

    public static UavDevice Read(ref DeviceCodecReader outer)
    {
        DeviceCodecReader reader = outer.Part();
        Parts parts = (Parts)reader.Byte();
        UavDevice device = new()
        {
            Manufacturer = reader.Shared(),
            Model = reader.Shared(),
            SerialNumber = reader.Text(),
            MatchType = reader.Shared(),
        };
        for (int left = reader.Count(); left > 0; left--)
        {
            device.History.Add(ReadTelemetry(ref reader));
        }
        if ((parts & Parts.LastOfHistory) != 0)
        {
            device.LastTelemetry = device.History.Count > 0 ? device.History[^1] : throw DeviceCodecReader.Spoiled("the last of no telemetry");
        }
        else if ((parts & Parts.LastTelemetry) != 0)
        {
            device.LastTelemetry = ReadTelemetry(ref reader);
        }
        device.HomeLocation = (parts & Parts.HomeLocation) == 0 ? null : DeviceCodecLocation.ReadPoint(ref reader);
        device.AppLocation = (parts & Parts.AppLocation) == 0 ? null : DeviceCodecLocation.ReadPoint(ref reader);
        device.Match = (parts & Parts.Match) == 0 ? null : ReadMatch(ref reader);
        device.OperatorId = (parts & Parts.OperatorId) == 0 ? null : reader.Text();
        return device;
    }

    private static void Write(UavTelemetry telemetry, DeviceCodecWriter writer)
    {
        int start = writer.Begin();
        writer.Byte((byte)((telemetry.Location is null ? 0 : Flags.Location)
            | (telemetry.MotorOn ? Flags.MotorOn : 0)
            | (telemetry.Airborne ? Flags.Airborne : 0)));
        writer.Double(telemetry.Timestamp);
        writer.Double(telemetry.Yaw);
        writer.Double(telemetry.Pitch);
        writer.Double(telemetry.Roll);
        writer.Double(telemetry.Height);
        writer.Double(telemetry.VNorth);
        writer.Double(telemetry.VEast);
        writer.Double(telemetry.VUp);
        DeviceCodecLocation.WriteIf(telemetry.Location, writer);
        writer.End(start);
    }

    private static UavTelemetry ReadTelemetry(ref DeviceCodecReader outer)
    {
        DeviceCodecReader reader = outer.Part();
        Flags flags = (Flags)reader.Byte();
        return new()
        {
            MotorOn = (flags & Flags.MotorOn) != 0,
            Airborne = (flags & Flags.Airborne) != 0,
            Timestamp = reader.Double(),
            Yaw = reader.Double(),
            Pitch = reader.Double(),
            Roll = reader.Double(),
            Height = reader.Double(),
            VNorth = reader.Double(),
            VEast = reader.Double(),
            VUp = reader.Double(),
            Location = (flags & Flags.Location) == 0 ? null : DeviceCodecLocation.ReadPoint(ref reader),
        };
    }

    private static void Write(UavMatch match, DeviceCodecWriter writer)
    {
        int start = writer.Begin();
        writer.Text(match.Id);
        writer.Text(match.Name);
        writer.Text(match.Model);
        writer.Address(match.Address);
        writer.Int(match.PrefixLength);
        writer.Text(match.SsidRegex);
        writer.Byte(match.Partial ? (byte)1 : (byte)0);
        writer.End(start);
    }

    private static UavMatch ReadMatch(ref DeviceCodecReader outer)
    {
        DeviceCodecReader reader = outer.Part();
        return new(
            reader.Shared(), reader.Shared(), reader.Shared(), reader.Address(), reader.Int32(), reader.Shared(), reader.Byte() != 0);
    }
}
