using System.Text.RegularExpressions;
using KismetOrleans.Grains.Observations;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Dot11;
using KismetOrleans.Records.Uav;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Dot11;

namespace KismetOrleans.Grains.Tracking;

/// <summary>Recognises drones among Wi-Fi devices: by what they say of themselves (DJI DroneID, Open Drone ID), else by address and SSID.</summary>
public sealed class UavMatcher
{
    // Reports kept; a drone sends about one a second and clients draw the last stretch.
    private const int MaxTelemetry = 128;
    private static readonly ILookup<uint, (UavMatch Rule, Regex Ssid)> s_rules = UavRules.All.ToLookup(
        static rule => rule.Address.Oui,
        static rule => (rule, new Regex(rule.SsidRegex, RegexOptions.CultureInvariant, TimeSpan.FromMilliseconds(50))));

    /// <summary>Looks at a beacon or probe response that is not a repetition of the one before.</summary>
    /// <param name="device">Its sender.</param>
    /// <param name="ssid">Its SSID.</param>
    /// <param name="e">Its elements.</param>
    /// <param name="elements">The octets that <paramref name="e"/> points into.</param>
    /// <param name="o">The observation.</param>
    public void Apply(Device device, AdvertisedSsid ssid, in Dot11Elements e, ReadOnlySpan<byte> elements, in Observation o)
    {
        if ((e.Seen & ElementsSeen.DjiDroneId) != 0)
        {
            ApplyDji(device, e.DjiDroneId.Of(elements), o.TimeNs);
        }
        else if ((e.Seen & ElementsSeen.OpenDroneId) != 0)
        {
            ApplyOpenDroneId(device, e.OpenDroneId.Of(elements), o.TimeNs);
        }
        else if (device.Uav is null && s_rules.Contains(device.Id.Address.Oui))
        {
            ApplyRules(device, ssid);
        }
    }

    private static void ApplyRules(Device device, AdvertisedSsid ssid)
    {
        foreach ((UavMatch rule, Regex pattern) in s_rules[device.Id.Address.Oui])
        {
            if (pattern.IsMatch(ssid.Ssid))
            {
                device.Uav = new() { Manufacturer = rule.Name, Model = rule.Model, MatchType = "WifiMatch", Match = rule };
                return;
            }
        }
    }

    private static void ApplyDji(Device device, ReadOnlySpan<byte> payload, long timeNs)
    {
        if (DjiDroneId.TryParse(payload, out DjiDroneId dji) != ParseStatus.Ok)
        {
            return;
        }
        UavDevice uav = device.Uav ??= new();
        uav.Manufacturer = "DJI";
        uav.MatchType = "DroneID WiFi";
        uav.Model = UavRules.DjiModel(dji.ProductType);
        uav.SerialNumber = SsidText.PrintableName(dji.Serial.Of(payload));
        uav.HomeLocation = Place(dji.HomeLatitude, dji.HomeLongitude, 0, timeNs) ?? uav.HomeLocation;
        uav.AppLocation = Place(dji.AppLatitude, dji.AppLongitude, 0, timeNs) ?? uav.AppLocation;
        Report(uav, new()
        {
            Location = Place(dji.Latitude, dji.Longitude, dji.Altitude, timeNs),
            Timestamp = timeNs / 1e9,
            Yaw = dji.Yaw,
            Pitch = dji.Pitch,
            Roll = dji.Roll,
            Height = dji.Height,
            VNorth = dji.NorthSpeed,
            VEast = dji.EastSpeed,
            VUp = dji.UpSpeed,
            MotorOn = (dji.State & DjiState.MotorOn) != 0,
            Airborne = (dji.State & DjiState.Airborne) != 0,
        });
    }

    private static void ApplyOpenDroneId(Device device, ReadOnlySpan<byte> payload, long timeNs)
    {
        if (OpenDroneId.TryParse(payload, out OpenDroneId drone) is not (ParseStatus.Ok or ParseStatus.Unsupported) || drone.Seen == OpenDroneIdSeen.None)
        {
            return;
        }
        UavDevice uav = device.Uav ??= new();
        uav.MatchType = "OpenDroneID";
        if ((drone.Seen & OpenDroneIdSeen.BasicId) != 0)
        {
            uav.SerialNumber = SsidText.PrintableName(drone.Id.Of(payload));
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
            Airborne = drone.Status == 2,
        });
    }

    private static void Report(UavDevice uav, UavTelemetry telemetry)
    {
        if (uav.History.Count == MaxTelemetry)
        {
            uav.History.RemoveAt(0);
        }
        uav.History.Add(telemetry);
        uav.LastTelemetry = telemetry;
    }

    // The record has no word for "not known" but 0.
    private static double Known(double value) => double.IsNaN(value) ? 0 : value;

    private static GeoPoint? Place(double latitude, double longitude, double altitude, long timeNs) =>
        latitude == 0 && longitude == 0 ? null : new()
        {
            Latitude = latitude,
            Longitude = longitude,
            Altitude = (float)altitude,
            Fix = (byte)(altitude == 0 ? 2 : 3),
            Seconds = (uint)(timeNs / 1_000_000_000),
            Microseconds = (uint)(timeNs % 1_000_000_000 / 1000),
        };
}
