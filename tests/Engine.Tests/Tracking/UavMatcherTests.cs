using KismetOrleans.Engine.Tracking;
using KismetOrleans.Records.Uav;
using KismetOrleans.SampleGenerator;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Dot11;
using static KismetOrleans.Engine.Tests.Frames;

namespace KismetOrleans.Engine.Tests.Tracking;

/// <summary>Drones are recognised by what they say of themselves, else by address and SSID together.</summary>
public sealed class UavMatcherTests
{
    private static readonly MacAddress s_dji = new(0x6060_1F00_0001);
    private static readonly DroneState s_state = new(50.8, 8.77, 320, 45, 3, 4, -1);
    private readonly Rig _rig = new();

    [Theory]
    [InlineData(0x60601F000001UL, "Mavic_1234", "DJI", "Mavic", "dji_mavic")]
    [InlineData(0x60601F000001UL, "Spark-RC-77", "DJI", "Spark RC", "dji_spark_rc")]
    [InlineData(0x60601F000001UL, "Spark-77", "DJI", "Spark", "dji_spark")]
    [InlineData(0xA0143D000001UL, "BebopDrone-3", "Parrot", "Bebop Drone", "parrot_bebop")]
    [InlineData(0x08EA40000001UL, "YD-UFO-9", "Attop", "UFO", "yd_ufo_1")]
    public void A_rule_needs_address_and_SSID(ulong address, string ssid, string manufacturer, string model, string rule)
    {
        _rig.Hear(Beacon(new(address), ssid)).Hear(Beacon(Ap, ssid)).Hear(Beacon(new(address + 1), "Lounge"));
        UavDevice uav = _rig[new(address)].Uav!;
        Assert.Equal((manufacturer, model, "WifiMatch", rule), (uav.Manufacturer, uav.Model, uav.MatchType, uav.Match!.Id));
        Assert.Null(uav.LastTelemetry);
        Assert.Null(_rig[Ap].Uav);
        Assert.Null(_rig[new(address + 1)].Uav);
    }

    [Fact]
    public void A_probe_response_fits_a_rule_too()
    {
        _rig.Hear(ProbeResponse(s_dji, Client, "TELLO-1"));
        Assert.Equal("dji_tello", _rig[s_dji].Uav!.Match!.Id);
    }

    [Fact]
    public void DJI_tells_who_and_where_it_is()
    {
        _rig.Hear(Beacon(s_dji, "hidden", more: DroneElements.DjiDroneId(1, "0M6TG1A0010001", 16, s_state, 50.79, 8.76)));
        UavDevice uav = _rig[s_dji].Uav!;
        Assert.Equal(("DJI", "Mavic Pro", "DroneID WiFi", "0M6TG1A0010001"), (uav.Manufacturer, uav.Model, uav.MatchType, uav.SerialNumber));
        Assert.Equal((50.79, 8.76), (Math.Round(uav.HomeLocation!.Latitude, 4), Math.Round(uav.HomeLocation.Longitude, 4)));
        UavTelemetry told = Assert.Single(uav.History);
        Assert.Same(told, uav.LastTelemetry);
        Assert.Equal((50.8, 8.77, 320f), (Math.Round(told.Location!.Latitude, 4), Math.Round(told.Location.Longitude, 4), told.Location.Altitude));
        Assert.Equal((byte)3, told.Location.Fix);
        Assert.Equal((true, true), (told.MotorOn, told.Airborne));
        Assert.Equal(Packets.Start, told.Timestamp);
        // Sent as hundredths of degrees, decimetres and centimetres per second.
        Assert.Equal((-3.5, 1.2, 45.0), (told.Pitch, told.Roll, told.Yaw));
        Assert.Equal((45.0, 3.0, 4.0, -1.0), (told.Height, told.VNorth, told.VEast, told.VUp));
    }

    [Fact]
    public void Open_Drone_ID_tells_who_and_where_it_and_its_operator_are()
    {
        _rig.Hear(Beacon(Ap, "ODID", more: DroneElements.OpenDroneId(1, "1581F4FEC2255000A1B2", "DEU87", s_state, 50.7, 8.7)));
        UavDevice uav = _rig[Ap].Uav!;
        Assert.Equal(("OpenDroneID", "1581F4FEC2255000A1B2", "DEU87"), (uav.MatchType, uav.SerialNumber, uav.OperatorId));
        Assert.Equal((50.7, 8.7), (Math.Round(uav.AppLocation!.Latitude, 5), Math.Round(uav.AppLocation.Longitude, 5)));
        UavTelemetry told = uav.LastTelemetry!;
        Assert.Equal((50.8, 8.77, 320f), (Math.Round(told.Location!.Latitude, 5), Math.Round(told.Location.Longitude, 5), told.Location.Altitude));
        Assert.Equal((53, 45.0, -1.0, true), ((int)told.Yaw, told.Height, told.VUp, told.Airborne));
        // 53° at 5 m/s, the heading rounded to a degree.
        Assert.Equal((3.0, 4.0), (Math.Round(told.VNorth, 1), Math.Round(told.VEast, 1)));
    }

    [Fact]
    public void Open_Drone_ID_is_read_under_its_older_OUI_too()
    {
        byte[] element = DroneElements.OpenDroneId(1, "1581F4FEC2255000A1B2", "DEU87", s_state, 50.7, 8.7);
        (element[2], element[3], element[4]) = (0x90, 0x3A, 0xE6);
        _rig.Hear(Beacon(Ap, "ODID", more: element));
        UavDevice uav = _rig[Ap].Uav!;
        Assert.Equal(("OpenDroneID", "1581F4FEC2255000A1B2"), (uav.MatchType, uav.SerialNumber));
        Assert.Equal(50.8, Math.Round(uav.LastTelemetry!.Location!.Latitude, 5));
    }

    [Fact]
    public void A_drone_tells_by_the_French_rules_who_and_where_it_is()
    {
        // OUI and type; version 1; identifier; 48.85000° N, −2.35000° E, 120 m above the sea, 80 m above home; home; 10 m/s, 90°.
        byte[] values =
        [
            0x6A, 0x5C, 0x35, 1, 1, 1, 1, 2, 30, .. "DTGABC000000000000000000001234"u8, 4, 4, 0x00, 0x4A, 0x8A, 0x08, 5, 4, 0xFF, 0xFC, 0x6A, 0x08, 6, 2, 0, 120, 7, 2, 0, 80,
            8, 4, 0x00, 0x4A, 0x8A, 0x12, 9, 4, 0xFF, 0xFC, 0x6A, 0x12, 10, 1, 10, 11, 2, 0, 90,
        ];
        _rig.Hear(Beacon(Ap, "balise", more: [221, (byte)values.Length, .. values]));
        UavDevice uav = _rig[Ap].Uav!;
        Assert.Equal(("DroneID FR", "DTGABC000000000000000000001234", "DTG"), (uav.MatchType, uav.SerialNumber, uav.Manufacturer));
        Assert.Equal((48.8501, -2.3499), (Math.Round(uav.HomeLocation!.Latitude, 5), Math.Round(uav.HomeLocation.Longitude, 5)));
        UavTelemetry told = Assert.Single(uav.History);
        Assert.Equal((48.85, -2.35, 120f, 80.0, 90.0), (Math.Round(told.Location!.Latitude, 5), Math.Round(told.Location.Longitude, 5), told.Location.Altitude, told.Height, told.Yaw));
        Assert.Equal((0.0, 10.0, true), (Math.Round(told.VNorth, 3), Math.Round(told.VEast, 3), told.Airborne));
    }

    [Fact]
    public void What_the_French_rules_do_not_allow_costs_what_comes_after_it()
    {
        // A latitude of two bytes behind the identifier.
        byte[] values = [0x6A, 0x5C, 0x35, 1, 2, 6, .. "DTGABC"u8, 4, 2, 0, 1];
        _rig.Hear(Beacon(Ap, "balise", more: [221, (byte)values.Length, .. values]));
        UavDevice uav = _rig[Ap].Uav!;
        Assert.Equal(("DTGABC", 0), (uav.SerialNumber, uav.History.Count));
        Assert.Equal(1, _rig.Devices.Anomalies[Anomalies.DroneIdMalformed]);
    }

    [Fact]
    public void Open_Drone_ID_without_height_has_a_position_without_height()
    {
        byte[] element = DroneElements.OpenDroneId(1, "1", "", s_state, 50.7, 8.7);
        // Element header 2, OUI 3, type, counter, pack header 3, basic ID 25; in the location message bytes 15 and 16 are the geodetic altitude.
        int location = 2 + 3 + 1 + 1 + 3 + 25;
        Assert.Equal(0x12, element[location]);
        (element[location + 15], element[location + 16]) = (0, 0);
        _rig.Hear(Beacon(Ap, "ODID", more: element));
        Assert.Equal((0f, (byte)2), (_rig[Ap].Uav!.LastTelemetry!.Location!.Altitude, _rig[Ap].Uav!.LastTelemetry!.Location!.Fix));
    }

    [Fact]
    public void What_a_drone_does_not_know_is_no_number_in_the_record()
    {
        byte[] element = DroneElements.OpenDroneId(1, "1", "", s_state, 50.7, 8.7);
        int location = 2 + 3 + 1 + 1 + 3 + 25;
        // Direction 361 and speed 255 in steps of 0.75 (flags east-west and fast), vertical speed 63 m/s (126), no height: all "not known".
        element[location + 1] |= 0x03;
        (element[location + 2], element[location + 3], element[location + 4]) = (181, 255, 126);
        (element[location + 17], element[location + 18]) = (0, 0);
        _rig.Hear(Beacon(Ap, "ODID", more: element));
        UavTelemetry told = _rig[Ap].Uav!.LastTelemetry!;
        Assert.Equal((0.0, 0.0, 0.0, 0.0, 0.0), (told.Yaw, told.VNorth, told.VEast, told.VUp, told.Height));
    }

    [Fact]
    public void Telemetry_is_bounded_and_the_oldest_goes()
    {
        for (ushort i = 0; i < 140; i++)
        {
            byte[] element = DroneElements.DjiDroneId(i, "1", 16, s_state with { Latitude = 50 + (i / 1000.0) }, 50, 8);
            _rig.Hear(Beacon(s_dji, "x", i, more: element), i);
        }
        UavDevice uav = _rig[s_dji].Uav!;
        Assert.Equal(128, uav.History.Count);
        Assert.Equal((Packets.Start + 12.0, Packets.Start + 139.0), (uav.History[0].Timestamp, uav.History[^1].Timestamp));
        Assert.Same(uav.History[^1], uav.LastTelemetry);
    }

    [Fact]
    public void A_position_of_zero_is_none()
    {
        _rig.Hear(Beacon(s_dji, "x", more: DroneElements.DjiDroneId(1, "1", 99, default, 0, 0)));
        Assert.Null(_rig[s_dji].Uav!.LastTelemetry!.Location);
        Assert.Null(_rig[s_dji].Uav!.HomeLocation);
        Assert.Equal("Unknown", _rig[s_dji].Uav!.Model);
    }

    [Fact]
    public void A_broken_identification_is_left_out()
    {
        byte[] broken = DroneElements.DjiDroneId(1, "1", 16, s_state, 0, 0)[..40];
        broken[1] = 38;
        _rig.Hear(Beacon(s_dji, "x", more: broken));
        Assert.Null(_rig[s_dji].Uav);
        Assert.Equal("x", _rig[s_dji].Name);
    }

    [Fact]
    public void Open_Drone_ID_comes_as_a_service_of_Wi_Fi_Aware_too()
    {
        _rig.Hear(Nan(DroneElements.OpenDroneId(1, "1581F4FEC2255000A1B2", "DEU87", s_state, 50.7, 8.7)));
        UavDevice uav = _rig[Client].Uav!;
        Assert.Equal(("OpenDroneID", "1581F4FEC2255000A1B2", 45.0), (uav.MatchType, uav.SerialNumber, uav.LastTelemetry!.Height));
        Assert.Null(_rig[Ap].Uav);
        Assert.Equal(0, _rig.Devices.Anomalies[Anomalies.DroneIdMalformed]);
    }

    [Fact]
    public void A_serial_number_is_preferred_to_a_registration_in_whichever_order_they_come()
    {
        _rig.Hear(Nan(One("02 40 5245470000000000000000000000000000000000 000000"), 1));
        Assert.Equal("REG", _rig[Client].Uav!.SerialNumber);
        _rig.Hear(Nan(One("02 10 5345520000000000000000000000000000000000 000000"), 2)).Hear(Nan(One("02 20 5245470000000000000000000000000000000000 000000"), 3));
        Assert.Equal("SER", _rig[Client].Uav!.SerialNumber);
    }

    [Fact]
    public void A_broken_identification_is_counted_by_its_name()
    {
        _rig.Hear(Nan(One("F0 19 02 00000000"), 1));
        Assert.Equal(1, _rig.Devices.Anomalies[Anomalies.DroneIdMalformed]);
        Assert.Null(_rig[Client].Uav);
    }

    [Fact]
    public void Settings_add_rules()
    {
        Rig rig = new(new()
        {
            Drones =
            [
                new() { Id = "toy", Manufacturer = "Acme", Model = "Toy", Mac = "00:11", Ssid = "^Toy-[0-9]+$" },
                new() { Id = "any", Manufacturer = "Acme", Ssid = "^AnyDrone" },
                new() { Id = "either", Manufacturer = "Other", Mac = "0C:00:00:00", Ssid = "^Either", Partial = true },
            ],
        });
        rig.Hear(Beacon(Ap, "Toy-1")).Hear(Beacon(OtherAp, "Toy-x")).Hear(Beacon(s_dji, "AnyDrone 7")).Hear(Beacon(OtherClient, "Lounge"));
        Assert.Equal(("toy", "Acme", "Toy"), (rig[Ap].Uav!.Match!.Id, rig[Ap].Uav!.Manufacturer, rig[Ap].Uav!.Model));
        Assert.Null(rig[OtherAp].Uav);
        Assert.Equal("any", rig[s_dji].Uav!.Match!.Id);
        Assert.Equal("either", rig[OtherClient].Uav!.Match!.Id);
    }

    [Theory]
    [InlineData("", "00:11:22", "x", "Tracking:Drones:0:Id: missing")]
    [InlineData("dji_mavic", "00:11:22", "x", "Tracking:Drones:0:Id: dji_mavic is there already")]
    [InlineData("a", "", "", "Tracking:Drones:0: neither Mac nor Ssid")]
    [InlineData("a", "00:1", "x", "Tracking:Drones:0:Mac: expected up to six bytes as 60:60:1F, not 00:1")]
    [InlineData("a", "00:11:22:33:44:55:66", "x", "Tracking:Drones:0:Mac: expected up to six bytes as 60:60:1F, not 00:11:22:33:44:55:66")]
    public void A_rule_of_no_use_is_refused_by_its_place(string id, string mac, string ssid, string message) =>
        Assert.Equal(message, Assert.Throws<ArgumentException>(() => UavRules.Of([new() { Id = id, Mac = mac, Ssid = ssid }])).Message);

    [Fact]
    public void A_pattern_that_cannot_be_read_is_refused_by_its_place() =>
        Assert.StartsWith(
            "Tracking:Drones:1:Ssid: ",
            Assert.Throws<ArgumentException>(() => UavRules.Of([new() { Id = "a", Ssid = "a" }, new() { Id = "b", Ssid = "(" }])).Message, StringComparison.Ordinal);

    // A NAN service discovery frame (Wi-Fi Aware, clause 9) of the service org.opendroneid.remoteid: what the element has behind OUI and type.
    private static byte[] Nan(byte[] element, ushort sequence = 0)
    {
        byte[] info = element[6..];
        return FrameBuilder.Management(FrameKind.Action, new(0x516F_9A01_0000), Client, Ap, sequence)
            .Raw([0x04, 0x09, 0x50, 0x6F, 0x9A, 0x13])
            .Raw([0x03, (byte)(10 + info.Length), 0, 0x88, 0x69, 0x19, 0x9D, 0x92, 0x09, 1, 0, 0x10, (byte)info.Length]).Raw(info).ToArray();
    }

    // One message behind an element's header and a counter.
    private static byte[] One(string message) => [0, 0, 0, 0, 0, 0, 1, .. Convert.FromHexString(message.Replace(" ", ""))];
}
