namespace KismetOrleans.Records.Devices;

/// <summary>A position (<c>kismet.common.location.*</c>): degrees, metres, km/h.</summary>
[GenerateSerializer, Alias("KismetOrleans.GeoPoint")]
public sealed class GeoPoint
{
    /// <summary>No position, printed <c>[0,0]</c>. Not to be changed.</summary>
    public static readonly GeoPoint Unknown = new();

    /// <summary>Degrees north.</summary>
    [Id(0)] public double Latitude;

    /// <summary>Degrees east.</summary>
    [Id(1)] public double Longitude;

    /// <summary>Metres; 0 is not set.</summary>
    [Id(2)] public float Altitude;

    /// <summary>0 or 1 none, 2 two-dimensional, 3 three-dimensional.</summary>
    [Id(3)] public byte Fix;

    /// <summary>Unix seconds.</summary>
    [Id(4)] public uint Seconds;

    /// <summary>Microseconds.</summary>
    [Id(5)] public uint Microseconds;

    /// <summary>Speed in km/h; 0 is not set.</summary>
    [Id(6)] public float Speed;

    /// <summary>Heading in degrees; 0 is not set.</summary>
    [Id(7)] public float Heading;

    /// <summary>Heading from magnetic north in degrees; 0 is not set.</summary>
    [Id(8)] public float MagneticHeading;

    /// <summary>UUID of the GPS that told it; all zeros when none did, as of positions in captures and reports.</summary>
    [Id(9)] public Guid Source;

    /// <summary>Nanoseconds since 1970 UTC, of which the record keeps microseconds.</summary>
    public long TimeNs
    {
        get => (Seconds * 1_000_000_000L) + (Microseconds * 1000L);
        init => (Seconds, Microseconds) = ((uint)(value / 1_000_000_000), (uint)(value % 1_000_000_000 / 1000));
    }

    /// <summary>Whether there is a position at all.</summary>
    public bool HasFix => Fix >= 2;

    /// <summary>A copy that later changes of this one do not reach.</summary>
    public GeoPoint Copy() => (GeoPoint)MemberwiseClone();
}
