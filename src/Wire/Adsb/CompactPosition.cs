namespace KismetOrleans.Wire.Adsb;

/// <summary>Positions in compact position reporting: an even and an odd one together are a place anywhere (ICAO Doc 9871).</summary>
public static class CompactPosition
{
    private const double Scale = 131_072;
    private const int Zones = 15;

    /// <summary>The place that an even and an odd position of the same seconds mean.</summary>
    /// <param name="evenLatitude">Encoded latitude of the even one.</param>
    /// <param name="evenLongitude">Its longitude.</param>
    /// <param name="oddLatitude">Encoded latitude of the odd one.</param>
    /// <param name="oddLongitude">Its longitude.</param>
    /// <param name="isOddNewer">Which of them is where it is now.</param>
    /// <param name="latitude">Degrees north.</param>
    /// <param name="longitude">Degrees east.</param>
    /// <returns>False where they do not belong together, as when it flew from one zone to the next.</returns>
    public static bool TryDecode(uint evenLatitude, uint evenLongitude, uint oddLatitude, uint oddLongitude, bool isOddNewer, out double latitude, out double longitude)
    {
        (latitude, longitude) = (0, 0);
        double even = evenLatitude / Scale;
        double odd = oddLatitude / Scale;
        int index = (int)Math.Floor((((4 * Zones) - 1) * even) - (4 * Zones * odd) + 0.5);
        double evenDegrees = North(360.0 / (4 * Zones) * (Modulo(index, 4 * Zones) + even));
        double oddDegrees = North(360.0 / ((4 * Zones) - 1) * (Modulo(index, (4 * Zones) - 1) + odd));
        int zones = ZonesAt(evenDegrees);
        if (zones != ZonesAt(oddDegrees) || Math.Abs(evenDegrees) > 90 || Math.Abs(oddDegrees) > 90)
        {
            return false;
        }
        double evenEast = evenLongitude / Scale;
        double oddEast = oddLongitude / Scale;
        int zone = (int)Math.Floor((evenEast * (zones - 1)) - (oddEast * zones) + 0.5);
        int count = Math.Max(zones - (isOddNewer ? 1 : 0), 1);
        latitude = isOddNewer ? oddDegrees : evenDegrees;
        longitude = 360.0 / count * (Modulo(zone, count) + (isOddNewer ? oddEast : evenEast));
        longitude = longitude >= 180 ? longitude - 360 : longitude;
        return true;
    }

    private static double North(double degrees) => degrees >= 270 ? degrees - 360 : degrees;

    private static int Modulo(int number, int by) => ((number % by) + by) % by;

    // How many zones of longitude there are at a latitude: fewer towards the poles.
    private static int ZonesAt(double latitude)
    {
        latitude = Math.Abs(latitude);
        if (latitude < 1e-9)
        {
            return 59;
        }
        if (latitude >= 87)
        {
            return latitude > 87 ? 1 : 2;
        }
        double width = Math.Cos(Math.PI * latitude / 180);
        return (int)Math.Floor(2 * Math.PI / Math.Acos(1 - ((1 - Math.Cos(Math.PI / (2 * Zones))) / (width * width))));
    }
}
