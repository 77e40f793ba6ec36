using KismetOrleans.Records.Devices;

namespace KismetOrleans.Engine.Places;

/// <summary>A building's own axes on Earth, which is flat as far as a building goes.</summary>
/// <param name="Latitude">Degrees north of the corner from which metres count.</param>
/// <param name="Longitude">Degrees east of it.</param>
/// <param name="Bearing">Direction of y, degrees from north towards east.</param>
internal readonly record struct BuildingAxes(double Latitude, double Longitude, double Bearing)
{
    /// <summary>Degrees of a place in metres.</summary>
    public (double Latitude, double Longitude) ToEarth(double x, double y)
    {
        (double sin, double cos) = Math.SinCos(Bearing * Math.PI / 180);
        double east = (x * cos) + (y * sin);
        double north = (y * cos) - (x * sin);
        double longitude = Longitude + (east / Earth.MetresPerDegreeEast(Latitude));
        return (Math.Clamp(Latitude + (north / Earth.MetresPerDegree), -90, 90), Math.IEEERemainder(longitude, 360));
    }

    /// <summary>Metres of a place in degrees.</summary>
    public (double X, double Y) ToMetres(double latitude, double longitude)
    {
        (double sin, double cos) = Math.SinCos(Bearing * Math.PI / 180);
        double east = Math.IEEERemainder(longitude - Longitude, 360) * Earth.MetresPerDegreeEast(Latitude);
        double north = (latitude - Latitude) * Earth.MetresPerDegree;
        return ((east * cos) - (north * sin), (east * sin) + (north * cos));
    }
}
