namespace KismetOrleans.Records.Devices;

/// <summary>Lengths on Earth, where ways are so short that it is flat.</summary>
public static class Earth
{
    /// <summary>Metres of a degree of latitude.</summary>
    public const double MetresPerDegree = 111_320;

    /// <summary>Metres of a degree of longitude; never so few, near a pole, that what is divided by them loses its meaning.</summary>
    /// <param name="latitude">Degrees north.</param>
    public static double MetresPerDegreeEast(double latitude) => MetresPerDegree * Math.Max(0.01, Math.Cos(latitude * Math.PI / 180));
}
