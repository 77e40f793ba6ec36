namespace KismetOrleans.Engine.Locating;

/// <summary>Where a sensor stands, metres in a plane.</summary>
/// <param name="East">Metres east.</param>
/// <param name="North">Metres north.</param>
/// <param name="Floor">Floor, counted as the site counts them.</param>
public readonly record struct SensorPoint(double East, double North, int Floor);

/// <summary>A device as one radio saw it.</summary>
/// <param name="Sensor">Where that radio was.</param>
/// <param name="IsHighBand">Whether it was seen above 4 GHz, where less arrives.</param>
public readonly record struct SensorSignal(SensorPoint Sensor, float Dbm, bool IsHighBand);

/// <summary>What the signals bear.</summary>
public enum PositionKind
{
    /// <summary>One place saw it: it is near there.</summary>
    Near,

    /// <summary>Two did: it is within an area.</summary>
    Area,

    /// <summary>Three or more did: a point with an ellipse.</summary>
    Point,
}

/// <summary>Where a device is.</summary>
/// <param name="Kind">What the signals bear.</param>
/// <param name="East">Metres east.</param>
/// <param name="North">Metres north.</param>
/// <param name="Places">Places that saw it; several radios of one place are one.</param>
/// <param name="Within68">Ellipse that holds it with a probability of 68 %.</param>
/// <param name="Within95">The same for 95 %.</param>
public readonly record struct PositionEstimate(
    PositionKind Kind, double East, double North, int Floor, int Places, PositionEllipse Within68, PositionEllipse Within95);

/// <summary>An ellipse around a position.</summary>
/// <param name="SemiMajor">Half of the longer axis, metres.</param>
/// <param name="SemiMinor">Half of the shorter one.</param>
/// <param name="Angle">Direction of the longer axis in degrees, from east towards north, at least 0 and less than 180.</param>
public readonly record struct PositionEllipse(double SemiMajor, double SemiMinor, double Angle);
