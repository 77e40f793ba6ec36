using KismetOrleans.Packets;
using KismetOrleans.Packets.Sources;
using KismetOrleans.Records.Devices;

namespace KismetOrleans.Engine.Locating;

/// <summary>Where buildings stand, so that a place in one of them is a place on Earth.</summary>
public sealed class Buildings
{
    private readonly Dictionary<string, (SourcePlace Corner, double Bearing)> _byName = new(StringComparer.OrdinalIgnoreCase);

    public static readonly Buildings None = new([]);

    /// <summary>Reads the settings.</summary>
    /// <param name="settings">By name: <c>lat,lon[,alt[,bearing]]</c> of the corner from which x and y count, and the direction of y in degrees from north towards east, 0 without.</param>
    /// <exception cref="ArgumentException">A building's corner is none.</exception>
    public Buildings(IEnumerable<KeyValuePair<string, string?>> settings)
    {
        foreach ((string name, string? text) in settings)
        {
            string corner = text ?? "";
            double bearing = 0;
            string[] parts = corner.Split(',');
            if (parts.Length == 4)
            {
                corner = string.Join(',', parts[..3]);
                bearing = double.TryParse(parts[3], System.Globalization.CultureInfo.InvariantCulture, out double value) && Math.Abs(value) <= 360 ? value : double.NaN;
            }
            if (!SourcePlace.TryParse(corner, out SourcePlace? place, out _) || place.Building.Length > 0 || double.IsNaN(bearing))
            {
                throw new ArgumentException($"Buildings:{name}: '{text}' is not lat,lon[,alt[,bearing]]", nameof(settings));
            }
            _byName[name] = (place, bearing);
        }
    }

    /// <summary>The place on Earth; null where it is in a building that is not known.</summary>
    public PacketPosition? Find(SourcePlace place)
    {
        if (place.Building.Length == 0)
        {
            return new(place.First, place.Second, place.Third ?? 0, Fix(place.Third));
        }
        if (!_byName.TryGetValue(place.Building, out (SourcePlace Corner, double Bearing) building))
        {
            return null;
        }
        (double sin, double cos) = Math.SinCos(building.Bearing * Math.PI / 180);
        double east = (place.First * cos) + (place.Second * sin);
        double north = (place.Second * cos) - (place.First * sin);
        double latitude = Math.Clamp(building.Corner.First + (north / Earth.MetresPerDegree), -90, 90);
        double longitude = building.Corner.Second + (east / Earth.MetresPerDegreeEast(building.Corner.First));
        double? altitude = building.Corner.Third + place.Third;
        return new(latitude, Math.IEEERemainder(longitude, 360), altitude ?? 0, Fix(altitude));
    }

    private static byte Fix(double? altitude) => altitude is null ? (byte)2 : (byte)3;
}
