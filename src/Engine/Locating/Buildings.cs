using KismetOrleans.Engine.Places;
using KismetOrleans.Packets;
using KismetOrleans.Packets.Sources;

namespace KismetOrleans.Engine.Locating;

/// <summary>
/// Where buildings stand, so that a place in one of them is a place on Earth: as the places say that are edited (<see cref="PlacesDocument"/>), else as the settings do. Also where sensors were put there.
/// </summary>
public sealed class Buildings
{
    private readonly Dictionary<string, (SourcePlace Corner, double Bearing)> _byName = new(StringComparer.OrdinalIgnoreCase);

    private volatile PlacesDocument _places = PlacesDocument.Empty;

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

    /// <summary>Version of the places; what was found before it changed may be elsewhere now.</summary>
    public long Version => _places.Version;

    /// <summary>Takes other places.</summary>
    public void Renew(PlacesDocument places) => _places = places;

    /// <summary>Where a source was put; null where it was not.</summary>
    internal SourcePlace? Placed(Guid source) => _places.FindSensor(source) is { } sensor
        ? new(sensor.Building, sensor.Floor, sensor.X, sensor.Y, sensor.Z ?? _places.FindBuilding(sensor.Building)?.FindFloor(sensor.Floor)?.Height) : null;

    /// <summary>The place on Earth; null where it is in a building that is not known.</summary>
    public PacketPosition? Find(SourcePlace place)
    {
        if (place.Building.Length == 0)
        {
            return new(place.First, place.Second, place.Third ?? 0, Fix(place.Third));
        }
        if (Axes(place.Building) is not { } building)
        {
            return null;
        }
        (double latitude, double longitude) = building.Axes.ToEarth(place.First, place.Second);
        double? altitude = building.Altitude + place.Third;
        return new(latitude, longitude, altitude ?? 0, Fix(altitude));
    }

    private (BuildingAxes Axes, double? Altitude)? Axes(string name) =>
        _places.FindBuilding(name) is { } building ? (building.Axes, building.Altitude)
        : _byName.TryGetValue(name, out (SourcePlace Corner, double Bearing) setting) ? (new(setting.Corner.First, setting.Corner.Second, setting.Bearing), setting.Corner.Third)
        : null;

    private static byte Fix(double? altitude) => altitude is null ? (byte)2 : (byte)3;
}
