namespace KismetOrleans.Records.Adsb;

/// <summary>The aircraft part of a device (<c>adsb.device</c>).</summary>
public sealed class AdsbDevice
{
    /// <summary>Its address, 24 bits.</summary>
    public uint Icao;

    /// <summary>Callsign, "" until it is told.</summary>
    public string Callsign = "";

    /// <summary>What the registry says of it; null where there is none, or it does not have it.</summary>
    public AircraftRegistration? Registration;

    /// <summary>Newest position of the even kind, encoded.</summary>
    public uint EvenLatitude;

    public uint EvenLongitude;

    /// <summary>Unix second of it, 0 for none.</summary>
    public uint EvenTime;

    /// <summary>Newest position of the odd kind, encoded.</summary>
    public uint OddLatitude;

    public uint OddLongitude;

    /// <summary>Unix second of it, 0 for none.</summary>
    public uint OddTime;

    /// <summary>Metres, 0 until they are told.</summary>
    public float Altitude;

    /// <summary>km/h, 0 until they are told.</summary>
    public float Speed;

    /// <summary>Degrees from north, 0 until they are told.</summary>
    public float Heading;
}
