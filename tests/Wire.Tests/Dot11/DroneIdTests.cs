using System.Text.Json;
using KismetOrleans.Wire.Dot11;

namespace KismetOrleans.Wire.Tests.Dot11;

/// <summary>DJI DroneID flight records and Open Drone ID messages.</summary>
public sealed class DroneIdTests
{
    // Version 1: pitch 5°, roll −5°, yaw 90°; otherwise as SampleFrames.DjiVersion2.
    private const string DjiVersion1 =
        "586213 10 01 4D00 F30F 53455249414C30303030303030303031 B2A11A00 7A288500 7800 1E00 6400 9CFF 3200 F401 0CFE 2823" +
        "B2A11A00 7A288500 3A 00 0000000000000000000000000000000000000000";

    // Location: airborne, height above ground, direction 270°, 5 m/s, climbing 2 m/s, 50.0000001° N 10° E, pressure altitude not known,
    // 120 m over the ellipsoid, height 30 m, then accuracies, time 1,234.5 s in the hour.
    private const string Location = "12 26 5A 14 04 0165CD1D 00E1F505 0000 C008 0C08 3333 3930 00 00";

    private const string SelfId = "32 00 73757276657900000000000000000000000000000000 00";

    // System: live operator, 50° N 10.5° E, one aircraft, radius 50 m, ceiling and floor unknown, operator 110 m.
    private const string System = "42 01 0065CD1D 402C4206 0100 05 0000 0000 00 AC08 00000000 00";

    private const string OperatorId = "52 00 4F503132330000000000000000000000000000 00 000000";

    [Fact]
    public void A_flight_record_of_version_2_is_read()
    {
        byte[] payload = Make.Hex(SampleFrames.DjiVersion2);
        Assert.Equal(ParseStatus.Ok, DjiDroneId.TryParse(payload, out DjiDroneId d));
        Assert.Equal("SERIAL0000000001", d.Serial.Text(payload));
        Assert.Equal(77, d.Sequence);
        Assert.True(d.State.HasFlag(DjiState.MotorOn | DjiState.Airborne | DjiState.GpsValid));
        Assert.Equal(10.0, d.Longitude, 4);
        Assert.Equal(50.0, d.Latitude, 4);
        Assert.Equal(120, d.Altitude);
        Assert.Equal(30, d.Height);
        Assert.Equal((100, -100, 50), (d.NorthSpeed, d.EastSpeed, d.UpSpeed));
        Assert.Equal(90, d.Yaw, 4);
        Assert.Equal(1_700_000_000_000UL, d.Time);
        Assert.Equal(50.0, d.AppLatitude, 4);
        Assert.Equal(10.0, d.AppLongitude, 4);
        Assert.Equal(50.0, d.HomeLatitude, 4);
        Assert.Equal(10.0, d.HomeLongitude, 4);
        Assert.Equal(58, d.ProductType);
    }

    [Fact]
    public void A_flight_record_of_version_1_has_pitch_and_roll()
    {
        Assert.Equal(ParseStatus.Ok, DjiDroneId.TryParse(Make.Hex(DjiVersion1), out DjiDroneId d));
        Assert.Equal(5, d.Pitch, 4);
        Assert.Equal(-5, d.Roll, 4);
        Assert.Equal(90, d.Yaw, 4);
        Assert.Equal(50.0, d.HomeLatitude, 4);
        Assert.Equal(58, d.ProductType);
        Assert.Equal(0, d.AppLatitude);
    }

    [Theory]
    [InlineData(SampleFrames.DjiVersion2, 70)]
    [InlineData(DjiVersion1, 58)]
    public void Shorter_records_are_malformed(string hex, int least)
    {
        byte[] payload = Make.Hex(hex);
        Assert.Equal(ParseStatus.Ok, DjiDroneId.TryParse(payload.AsSpan(0, least), out _));
        for (int length = 5; length < least; length++)
        {
            Assert.Equal(ParseStatus.Malformed, DjiDroneId.TryParse(payload.AsSpan(0, length), out _));
        }
    }

    [Theory]
    [InlineData("586213 11 02")] // flight purpose
    [InlineData("586213 10 03")] // a version that nobody has described
    public void Other_records_are_unsupported(string payload) =>
        Assert.Equal(ParseStatus.Unsupported, DjiDroneId.TryParse(Make.Hex(payload), out _));

    [SharedFact]
    public void Serial_numbers_of_the_shared_capture_contain_the_servers()
    {
        var serials = new HashSet<string>();
        foreach ((_, byte[] frame, bool cut) in SharedCaptures.Frames(SharedCaptures.File("mavic-multi.pcapng")))
        {
            if (Dot11Parser.TryParse(frame, cut, out Dot11Frame f) == ParseStatus.Ok && f.Kind == FrameKind.Beacon)
            {
                byte[] elements = frame[f.ElementsOffset..];
                Dot11ElementsParser.TryParse(elements, f.Kind, cut, out Dot11Elements e);
                byte[] payload = e.DjiDroneId.Of(elements).ToArray();
                if (DjiDroneId.TryParse(payload, out DjiDroneId d) == ParseStatus.Ok)
                {
                    serials.Add(d.Serial.Text(payload));
                    // All of them were made up over Switzerland.
                    Assert.InRange(d.Latitude, 46, 48);
                    Assert.InRange(d.Longitude, 7, 8);
                }
            }
        }
        using JsonDocument devices = SharedCaptures.Golden("mavic-multi/all_devices.json");
        string printed = devices.RootElement.EnumerateArray()
            .Where(device => device.TryGetProperty("uav.device", out _))
            .Select(device => device.GetProperty("uav.device").GetProperty("uav.serialnumber").GetString()!)
            .Single();
        Assert.Equal(15, serials.Count);
        Assert.Contains(printed, serials);
    }

    [Fact]
    public void A_pack_of_messages_is_read()
    {
        string[] messages = [SampleFrames.BasicId, Location, SelfId, System, OperatorId, "22 10" + new string('0', 46)];
        Assert.All(messages, message => Assert.Equal(25, Make.Hex(message).Length));
        byte[] payload = Make.Hex("07 F2 19 06" + string.Concat(messages));
        Assert.Equal(ParseStatus.Ok, OpenDroneId.TryParse(payload, out OpenDroneId d));
        Assert.Equal((OpenDroneIdSeen)63, d.Seen);
        Assert.Equal(7, d.Counter);
        Assert.Equal("MADE0001", d.Id.Text(payload));
        Assert.Equal((1, 2), (d.IdType, d.AircraftType));
        Assert.Equal(2, d.Status);
        Assert.Equal(270, d.Direction);
        Assert.Equal(5, d.Speed);
        Assert.Equal(2, d.VerticalSpeed);
        Assert.Equal(50.0000001, d.Latitude, 8);
        Assert.Equal(10, d.Longitude, 8);
        Assert.True(double.IsNaN(d.PressureAltitude));
        Assert.Equal(120, d.GeodeticAltitude);
        Assert.Equal(30, d.Height);
        Assert.True(d.IsHeightOverGround);
        Assert.Equal(12345, d.TimeInHour);
        Assert.Equal("survey", d.SelfId.Text(payload));
        Assert.Equal(1, d.OperatorLocationType);
        Assert.Equal(50, d.OperatorLatitude, 8);
        Assert.Equal(10.5, d.OperatorLongitude, 8);
        Assert.Equal(110, d.OperatorAltitude);
        Assert.Equal((1, 50), (d.AreaCount, d.AreaRadius));
        Assert.Equal("OP123", d.OperatorId.Text(payload));
        Assert.Equal(1, d.AuthenticationType);
    }

    [Fact]
    public void A_serial_number_is_preferred_to_another_identifier()
    {
        string session = SampleFrames.BasicId.Replace("02 12 4D", "02 42 58");
        byte[] payload = Make.Hex("00 F2 19 02" + SampleFrames.BasicId + session);
        OpenDroneId.TryParse(payload, out OpenDroneId d);
        Assert.Equal("MADE0001", d.Id.Text(payload));
        payload = Make.Hex("00 F2 19 02" + session + SampleFrames.BasicId);
        OpenDroneId.TryParse(payload, out d);
        Assert.Equal("MADE0001", d.Id.Text(payload));
    }

    [Fact]
    public void Speeds_in_coarse_steps_and_unknown_ones_are_told_apart()
    {
        OpenDroneId.TryParse(Make.Hex("00" + Location.Replace("26 5A 14 04", "21 5A 04 7E")), out OpenDroneId d);
        Assert.Equal(4 * 0.75 + 63.75, d.Speed);
        Assert.Equal(90, d.Direction);
        Assert.True(double.IsNaN(d.VerticalSpeed));
        Assert.False(d.IsHeightOverGround);
        OpenDroneId.TryParse(Make.Hex("00" + Location.Replace("26 5A 14 04", "21 5A FF 7E")), out d);
        Assert.True(double.IsNaN(d.Speed));
    }

    [Theory]
    [InlineData("")]
    [InlineData("07 02 12")]
    [InlineData("07 F2 18 01" + SampleFrames.BasicId)] // messages of 24 bytes
    [InlineData("07 F2 19 0A" + SampleFrames.BasicId)] // ten messages
    [InlineData("07 F2 19 02" + SampleFrames.BasicId)] // one of two
    public void Packs_that_contradict_the_format_are_malformed(string payload) =>
        Assert.Equal(ParseStatus.Malformed, OpenDroneId.TryParse(Make.Hex(payload), out _));

    [Fact]
    public void The_messages_before_a_fault_are_kept()
    {
        byte[] payload = Make.Hex("07 F2 19 02" + SampleFrames.BasicId + "1226");
        Assert.Equal(ParseStatus.Malformed, OpenDroneId.TryParse(payload, out OpenDroneId d));
        Assert.Equal(OpenDroneIdSeen.BasicId, d.Seen);
    }
}
