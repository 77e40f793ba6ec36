using KismetOrleans.Packets.Sources;
using KismetOrleans.Records.Fields;

namespace KismetOrleans.Engine.Places;

/// <summary>Where a sensor stands for good: metres in a building.</summary>
/// <param name="Building">Its name; "" for a place outside of all that are known.</param>
/// <param name="Floor">The floor; null where that is not known.</param>
/// <param name="Zones">Zones of the floor that it is in.</param>
public sealed record SensorSpot(string Building, int? Floor, IReadOnlyList<string> Zones);

/// <summary>
/// Where sensors stand for good: where they were put, else where their definitions say (<c>place</c>). What moves, or takes its place from a GPS, stands nowhere: where it was when it saw something
/// is not kept with who was where.
/// </summary>
public sealed class SensorSpots(PlacesDocument places)
{
    /// <summary>Where a sensor stands; null for nowhere.</summary>
    /// <param name="definition">Its definition, "" for none.</param>
    public SensorSpot? Of(Guid sensor, string definition)
    {
        if (places.FindSensor(sensor) is { } put)
        {
            return In(put.Building, put.Floor, put.X, put.Y);
        }
        if (definition.Length == 0 || !SourceDefinition.TryParse(definition, out SourceDefinition? read, out _) || read.Place is not { } place)
        {
            return null;
        }
        return place.Building.Length > 0 ? In(place.Building, place.Floor, place.First, place.Second) : OnEarth(place.First, place.Second, read.Floor);
    }

    private SensorSpot OnEarth(double latitude, double longitude, int? floor)
    {
        foreach (Building building in places.Buildings)
        {
            (double x, double y) = building.Axes.ToMetres(latitude, longitude);
            if (building.Outline is { } outline ? Polygon.Contains(outline, x, y) : building.Floors.Any(one => Reaches(one, x, y)))
            {
                // Where there is one floor alone, it is that one.
                return In(building.Name, floor ?? (building.Floors.Count == 1 ? building.Floors[0].Number : null), x, y);
            }
        }
        return new("", floor, []);
    }

    private static bool Reaches(Floor floor, double x, double y) =>
        (floor.Outline is { } outline && Polygon.Contains(outline, x, y)) || floor.Zones.Any(zone => Polygon.Contains(zone.Polygon, x, y));

    private SensorSpot In(string name, int? floor, double x, double y) => places.FindBuilding(name) is not { } building ? new(name, floor, [])
        : new(building.Name, floor, floor is { } number && building.FindFloor(number) is { } known
            ? [.. known.Zones.Where(zone => Polygon.Contains(zone.Polygon, x, y)).Select(static zone => zone.Name)] : []);
}

/// <summary>A place that is asked for: all that is not null must be so.</summary>
/// <param name="Site">Name of a site.</param>
/// <param name="Building">Name of a building.</param>
/// <param name="Floor">Number of a floor.</param>
/// <param name="Zone">Name of a zone.</param>
public sealed record PlaceChoice(string? Site, string? Building, int? Floor, string? Zone)
{
    /// <summary>Whether a spot is in the place.</summary>
    public bool Has(SensorSpot spot, PlacesDocument places) =>
        (Building is null || Same(Building, spot.Building))
        && (Site is null || (places.FindBuilding(spot.Building)?.Site is { } site && Same(Site, site)))
        && (Floor is null || Floor == spot.Floor)
        && (Zone is null || spot.Zones.Any(zone => Same(Zone, zone)));

    /// <summary>Makes sure that there is such a place.</summary>
    /// <param name="spots">Where sensors stand: definitions may name buildings and floors that the document does not.</param>
    /// <exception cref="CommandException">There is none; the message says which part of it.</exception>
    public void Check(PlacesDocument places, IReadOnlyCollection<SensorSpot> spots)
    {
        if (Site is not null && !places.Sites.Any(site => Same(Site, site.Name)))
        {
            throw new CommandException($"site: there is no site '{Short(Site)}'");
        }
        if (Building is not null && places.FindBuilding(Building) is null && !spots.Any(spot => Same(Building, spot.Building)))
        {
            throw new CommandException($"building: there is no building '{Short(Building)}'");
        }
        Building[] chosen = [.. places.Buildings.Where(building =>
            (Building is null || Same(Building, building.Name)) && (Site is null || (building.Site is { } site && Same(Site, site))))];
        if (Floor is { } number && !chosen.Any(building => building.FindFloor(number) is not null) && !spots.Any(spot => (this with { Zone = null }).Has(spot, places)))
        {
            throw new CommandException($"floor: there is no floor {number}{(Building is null ? "" : $" of building '{Short(Building)}'")}");
        }
        if (Zone is not null && !chosen.Any(building => building.Floors.Any(floor => (Floor is null || Floor == floor.Number) && floor.Zones.Any(zone => Same(Zone, zone.Name)))))
        {
            throw new CommandException($"zone: there is no zone '{Short(Zone)}' there");
        }
    }

    private static bool Same(string one, string other) => one.Equals(other, StringComparison.OrdinalIgnoreCase);

    private static string Short(string text) => text[..Math.Min(text.Length, 64)];
}
