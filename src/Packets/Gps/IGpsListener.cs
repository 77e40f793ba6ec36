namespace KismetOrleans.Packets.Gps;

/// <summary>What a receiver reports.</summary>
public readonly record struct GpsFix
{
    /// <summary>Degrees north.</summary>
    public double Latitude { get; init; }

    /// <summary>Degrees east.</summary>
    public double Longitude { get; init; }

    /// <summary>Metres; of meaning with <see cref="Fix"/> 3.</summary>
    public float Altitude { get; init; }

    /// <summary>2 for a place, 3 with its altitude; below, it does not know.</summary>
    public byte Fix { get; init; }

    /// <summary>km/h.</summary>
    public float Speed { get; init; }

    /// <summary>Degrees from north.</summary>
    public float Heading { get; init; }

    /// <summary>Degrees from magnetic north.</summary>
    public float MagneticHeading { get; init; }

    /// <summary>The receiver's own time, nanoseconds since 1970 UTC; 0 when it gave none.</summary>
    public long TimeNs { get; init; }
}

/// <summary>Who takes what a <see cref="GpsReader"/> reads.</summary>
public interface IGpsListener
{
    /// <summary>It was reached.</summary>
    void Connected();

    /// <summary>It cannot be reached, or not any more.</summary>
    void Lost(string reason);

    /// <summary>It reported where it is, or that it does not know.</summary>
    void Report(in GpsFix fix);

    /// <summary>It sent something that is no position.</summary>
    void Touch();
}
