using KismetOrleans.Engine.Observations;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Dot11;
using KismetOrleans.Records.Uav;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Dot11;

namespace KismetOrleans.Engine.Tracking;

/// <summary>Recognises drones: by what they say of themselves (DJI DroneID, Open Drone ID), else, among Wi-Fi devices, by address and SSID.</summary>
public sealed class UavMatcher(UavRules rules, AnomalyCounts anomalies)
{
    /// <summary>Reports that are kept of a drone: it sends about one a second, and clients draw the last stretch.</summary>
    internal const int MaxTelemetry = 128;

    private const double CentimetresPerMetre = 100;
    private const double DecimetresPerMetre = 10;

    /// <summary>Looks at a beacon or probe response that is not a repetition of the one before.</summary>
    /// <param name="elements">The bytes that <paramref name="e"/> points into.</param>
    internal void Apply(Device device, AdvertisedSsid ssid, in Dot11Elements e, ReadOnlySpan<byte> elements, in Observation o)
    {
        if ((e.Seen & ElementsSeen.DjiDroneId) != 0)
        {
            ApplyDji(device, e.DjiDroneId.Of(elements), o.TimeNs);
        }
        if ((e.Seen & ElementsSeen.OpenDroneId) != 0)
        {
            ApplyOpenDroneId(device, e.OpenDroneId.Of(elements), o.TimeNs);
        }
        if ((e.Seen & ElementsSeen.FrenchDroneId) != 0)
        {
            ApplyFrench(device, e.FrenchDroneId.Of(elements), o.TimeNs);
        }
        if (device.Uav is null && rules.Find(device.Id.Address, ssid.Ssid) is { } rule)
        {
            device.Uav = new() { Manufacturer = rule.Name, Model = rule.Model, MatchType = "WifiMatch", Match = rule };
        }
    }

    /// <summary>Looks at an action frame: Open Drone ID is a service of Wi-Fi Aware.</summary>
    internal void ApplyAction(Device device, ReadOnlySpan<byte> frame, in Observation o)
    {
        ParseStatus status = NanService.TryFindOpenDroneId(frame[Math.Min((int)o.Frame.BodyOffset, frame.Length)..], out Slice message);
        if (status == ParseStatus.Malformed && !o.Frame.IsCut)
        {
            anomalies.Note(Anomalies.DroneIdMalformed);
        }
        if (status == ParseStatus.Ok)
        {
            ApplyOpenDroneId(device, message.Of(frame[o.Frame.BodyOffset..]), o.TimeNs);
        }
    }

    /// <summary>Takes an Open Drone ID broadcast into its sender.</summary>
    /// <param name="payload">Message counter and messages.</param>
    /// <param name="timeNs">When it was seen.</param>
    internal void ApplyOpenDroneId(Device device, ReadOnlySpan<byte> payload, long timeNs)
    {
        ParseStatus status = OpenDroneId.TryParse(payload, out OpenDroneId drone);
        if (status == ParseStatus.Malformed)
        {
            anomalies.Note(Anomalies.DroneIdMalformed);
            return;
        }
        if (drone.Seen == OpenDroneIdSeen.None)
        {
            return;
        }
        UavDevice uav = device.Uav ??= new();
        uav.MatchType = "OpenDroneID";
        if ((drone.Seen & OpenDroneIdSeen.BasicId) != 0 && (drone.IsSerialNumber || uav.SerialNumber.Length == 0))
        {
            uav.SerialNumber = Text(uav.SerialNumber, drone.Id.Of(payload));
        }
        if ((drone.Seen & OpenDroneIdSeen.OperatorId) != 0 && drone.OperatorId.Length > 0)
        {
            uav.OperatorId = Text(uav.OperatorId ?? "", drone.OperatorId.Of(payload));
        }
        if ((drone.Seen & OpenDroneIdSeen.System) != 0)
        {
            uav.AppLocation = Place(drone.OperatorLatitude, drone.OperatorLongitude, Known(drone.OperatorAltitude), timeNs) ?? uav.AppLocation;
        }
        if ((drone.Seen & OpenDroneIdSeen.Location) == 0)
        {
            return;
        }
        // Direction over ground and speed along it (ASTM F3411-22a, 5.4.5.7) as the parts that the record has.
        double degrees = drone.Direction < 360 ? drone.Direction : 0;
        double direction = degrees * Math.PI / 180;
        Report(uav, new()
        {
            Location = Place(drone.Latitude, drone.Longitude, Known(drone.GeodeticAltitude), timeNs),
            Timestamp = timeNs / 1e9,
            Yaw = degrees,
            Height = Known(drone.Height),
            VNorth = Math.Cos(direction) * Known(drone.Speed),
            VEast = Math.Sin(direction) * Known(drone.Speed),
            VUp = Known(drone.VerticalSpeed),
            Airborne = drone.Status == OpenDroneId.StatusAirborne,
        });
    }

    private void ApplyFrench(Device device, ReadOnlySpan<byte> payload, long timeNs)
    {
        if (FrenchDroneId.TryParse(payload, out FrenchDroneId drone) == ParseStatus.Malformed)
        {
            anomalies.Note(Anomalies.DroneIdMalformed);
        }
        if (drone.Id.IsEmpty && drone.SerialNumber.IsEmpty && !drone.HasPosition)
        {
            return;
        }
        UavDevice uav = device.Uav ??= new();
        uav.MatchType = uav.MatchType is "" or "WifiMatch" ? "DroneID FR" : uav.MatchType;
        if (uav.MatchType == "DroneID FR")
        {
            uav.SerialNumber = Text(uav.SerialNumber, (drone.SerialNumber.IsEmpty ? drone.Id : drone.SerialNumber).Of(payload));
            uav.Manufacturer = uav.Manufacturer.Length == 0 ? Text("", drone.Manufacturer.Of(payload)) : uav.Manufacturer;
        }
        uav.HomeLocation = Place(drone.HomeLatitude, drone.HomeLongitude, 0, timeNs) ?? uav.HomeLocation;
        if (!drone.HasPosition)
        {
            return;
        }
        double direction = drone.Direction * Math.PI / 180;
        Report(uav, new()
        {
            Location = Place(drone.Latitude, drone.Longitude, Known(drone.Altitude), timeNs),
            Timestamp = timeNs / 1e9,
            Yaw = drone.Direction,
            Height = Known(drone.Height),
            VNorth = Math.Cos(direction) * drone.Speed,
            VEast = Math.Sin(direction) * drone.Speed,
            // It is sent from take-off to landing.
            Airborne = true,
        });
    }

    private void ApplyDji(Device device, ReadOnlySpan<byte> payload, long timeNs)
    {
        ParseStatus status = DjiDroneId.TryParse(payload, out DjiDroneId dji);
        if (status != ParseStatus.Ok)
        {
            // DJI has other elements, too; those are not for us.
            anomalies.Note(status == ParseStatus.Malformed && DjiDroneId.IsFlightRecord(payload) ? Anomalies.DroneIdMalformed : Anomalies.None);
            return;
        }
        UavDevice uav = device.Uav ??= new();
        uav.Manufacturer = "DJI";
        uav.MatchType = "DroneID WiFi";
        uav.Model = UavTable.DjiModel(dji.ProductType);
        uav.SerialNumber = Text(uav.SerialNumber, dji.Serial.Of(payload));
        uav.HomeLocation = Place(dji.HomeLatitude, dji.HomeLongitude, 0, timeNs) ?? uav.HomeLocation;
        uav.AppLocation = Place(dji.AppLatitude, dji.AppLongitude, 0, timeNs) ?? uav.AppLocation;
        Report(uav, new()
        {
            Location = Place(dji.Latitude, dji.Longitude, dji.Altitude, timeNs),
            Timestamp = timeNs / 1e9,
            Yaw = dji.Yaw,
            Pitch = dji.Pitch,
            Roll = dji.Roll,
            Height = dji.Height / DecimetresPerMetre,
            VNorth = dji.NorthSpeed / CentimetresPerMetre,
            VEast = dji.EastSpeed / CentimetresPerMetre,
            VUp = dji.UpSpeed / CentimetresPerMetre,
            MotorOn = (dji.State & DjiState.MotorOn) != 0,
            Airborne = (dji.State & DjiState.Airborne) != 0,
        });
    }

    private static void Report(UavDevice uav, UavTelemetry telemetry)
    {
        if (uav.History.Count >= MaxTelemetry)
        {
            uav.History.RemoveRange(0, uav.History.Count - MaxTelemetry + 1);
        }
        uav.History.Add(telemetry);
        uav.LastTelemetry = telemetry;
    }

    // A report a second says the same of who it is.
    private static string Text(string old, ReadOnlySpan<byte> bytes) => TextMatch.Equals(bytes, old) ? old : SsidText.PrintableName(bytes);

    // The record has no word for "not known" but 0.
    private static double Known(double value) => double.IsNaN(value) ? 0 : value;

    private static GeoPoint? Place(double latitude, double longitude, double altitude, long timeNs) =>
        (latitude == 0 && longitude == 0) || Math.Abs(latitude) > 90 || Math.Abs(longitude) > 180 ? null : new()
        {
            Latitude = latitude,
            Longitude = longitude,
            Altitude = (float)altitude,
            Fix = (byte)(altitude == 0 ? 2 : 3),
            TimeNs = timeNs,
        };
}
