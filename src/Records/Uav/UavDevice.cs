using KismetOrleans.Records.Devices;
using KismetOrleans.Wire;

namespace KismetOrleans.Records.Uav;

/// <summary>The drone part of a device (<c>uav.*</c>).</summary>
public sealed class UavDevice
{
    public string Manufacturer = "";
    public string Model = "";
    public string SerialNumber = "";

    /// <summary>Its operator's identifier; null where it does not tell.</summary>
    public string? OperatorId;

    /// <summary>How it was recognised: WifiMatch, DroneID, …</summary>
    public string MatchType = "";

    /// <summary>Newest telemetry; null until the first.</summary>
    public UavTelemetry? LastTelemetry;

    /// <summary>Telemetry, oldest first, bounded.</summary>
    public List<UavTelemetry> History = [];

    /// <summary>Where it started; null until known.</summary>
    public GeoPoint? HomeLocation;

    /// <summary>Where its operator is; null until known.</summary>
    public GeoPoint? AppLocation;

    /// <summary>The rule that matched; null when none did.</summary>
    public UavMatch? Match;
}

/// <summary>
/// One report of a drone (<c>uav.telemetry.*</c>), in metres, metres per second and degrees whichever system sent it.
/// </summary>
public sealed class UavTelemetry
{
    public GeoPoint? Location;

    /// <summary>Unix time in seconds with fraction.</summary>
    public double Timestamp;

    public double Yaw;
    public double Pitch;
    public double Roll;

    /// <summary>Height above the start.</summary>
    public double Height;

    public double VNorth;
    public double VEast;
    public double VUp;
    public bool MotorOn;
    public bool Airborne;
}

/// <summary>A rule that recognises drones by address and SSID (<c>uav.manufmatch.*</c>).</summary>
/// <param name="Id">Identifier of the rule.</param>
/// <param name="Address">Address prefix, zero padded.</param>
/// <param name="PrefixLength">Bits of the prefix; 0 for any address.</param>
/// <param name="SsidRegex">Pattern of the SSID, "" for any.</param>
/// <param name="Partial">Whether one of the two suffices.</param>
public sealed record UavMatch(string Id, string Name, string Model, MacAddress Address, int PrefixLength, string SsidRegex, bool Partial)
{
    /// <summary>Stands for a rule where there is none.</summary>
    internal static readonly UavMatch None = new("", "", "", default, 0, "", false);
}
