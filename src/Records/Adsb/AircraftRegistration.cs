namespace KismetOrleans.Records.Adsb;

/// <summary>What a registry of aircraft says of one (<c>adsb.device.icao_record</c>). Texts that it does not have are empty.</summary>
public sealed class AircraftRegistration
{
    /// <summary>Its registration, as N12345.</summary>
    public string Mark = "";

    /// <summary>Its type, as the registry abbreviates it.</summary>
    public string Type = "";

    /// <summary>Its model.</summary>
    public string Model = "";

    /// <summary>Who owns it.</summary>
    public string Owner = "";

    /// <summary>What kind of aircraft it is, by the letters of the FAA's register (aircraft type): 1 to 9, H, O; U for unknown.</summary>
    public byte Kind = (byte)'U';

    /// <summary>The same in words.</summary>
    public string KindText => (char)Kind switch
    {
        '1' => "Glider",
        '2' => "Balloon",
        '3' => "Blimp/Dirigible",
        '4' => "Fixed wing single engine",
        '5' => "Fixed wing multiple engine",
        '6' => "Helicopter / Rotorcraft",
        '7' => "Weight-shifted-control",
        '8' => "Powered parachute",
        '9' => "Gyroplane",
        'H' => "Hybrid lift",
        'O' => "Other Aircraft",
        _ => "Unknown Aircraft",
    };

    /// <summary>What a device of this kind is called (<c>kismet.device.base.type</c>).</summary>
    public string DeviceType => (char)Kind switch
    {
        '1' or '7' => "Glider",
        '2' => "Balloon",
        '3' => "Blimp",
        '4' or '5' => "Airplane",
        '6' => "Helicopter",
        '8' => "Parachute",
        '9' => "Gyroplane",
        _ => "Aircraft",
    };
}
