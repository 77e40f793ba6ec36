namespace KismetOrleans.Records.Devices;

/// <summary>A position (<c>kismet.common.location.*</c>): degrees, metres, km/h.</summary>
public sealed class GeoPoint
{
    /// <summary>No position, printed <c>[0,0]</c>. Not to be changed.</summary>
    public static readonly GeoPoint Unknown = new();

    /// <summary>Degrees north.</summary>
    public double Latitude;

    /// <summary>Degrees east.</summary>
    public double Longitude;

    /// <summary>Metres; 0 is not set.</summary>
    public float Altitude;

    /// <summary>0 or 1 none, 2 two-dimensional, 3 three-dimensional.</summary>
    public byte Fix;

    /// <summary>Unix seconds.</summary>
    public uint Seconds;

    /// <summary>Microseconds.</summary>
    public uint Microseconds;

    /// <summary>Speed in km/h; 0 is not set.</summary>
    public float Speed;

    /// <summary>Heading in degrees; 0 is not set.</summary>
    public float Heading;

    /// <summary>Heading from magnetic north in degrees; 0 is not set.</summary>
    public float MagneticHeading;

    /// <summary>UUID of the GPS that told it; all zeros when none did, as of positions in captures and reports.</summary>
    public Guid Source;

    /// <summary>Whether there is a position at all.</summary>
    public bool HasFix => Fix >= 2;

    /// <summary>A copy that later changes of this one do not reach.</summary>
    public GeoPoint Copy() => (GeoPoint)MemberwiseClone();
}
