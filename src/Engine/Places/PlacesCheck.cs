using System.Globalization;
using KismetOrleans.Packets.Sources;
using KismetOrleans.Records.Fields;

namespace KismetOrleans.Engine.Places;

/// <summary>Whether places can be as a document says. Coordinates become whole millimetres, polygons go against the clock, and a last corner that is the first one again is left out.</summary>
internal static class PlacesCheck
{
    // A large company's; a document of so many fills its bytes anyway.
    private const int MaxSites = 256;
    private const int MaxBuildings = 1000;
    private const int MaxSensors = 5000;
    private const int MaxZones = 500;
    private const int MaxPoints = 50;
    private const int MaxName = 100;

    // As those of a source's place.
    private const double MaxMetres = 10_000;

    /// <exception cref="CommandException">They cannot.</exception>
    public static PlacesDocument Checked(PlacesDocument document)
    {
        Count(document.Sites, MaxSites, "sites");
        Count(document.Buildings, MaxBuildings, "buildings");
        Count(document.Sensors, MaxSensors, "sensors");
        if (document.Version < 0)
        {
            throw new CommandException("version: expected that of the document that is replaced, 0 for none");
        }
        Names(document.Sites, static site => site.Name, "sites", "name");
        Names(document.Buildings, static building => building.Name, "buildings", "name");
        PlacesDocument made = document with { Buildings = [.. document.Buildings.Select((building, i) => Checked(building, document, $"buildings[{i}]"))] };
        HashSet<Guid> placed = [];
        return made with
        {
            Sensors = [.. document.Sensors.Select((sensor, i) =>
                placed.Add(sensor.Uuid) ? Checked(sensor, made, $"sensors[{i}]") : throw new CommandException($"sensors[{i}].uuid: {sensor.Uuid} is there twice"))],
        };
    }

    private static Building Checked(Building building, PlacesDocument document, string place)
    {
        if (building.Site is { } site && !document.Sites.Any(one => one.Name.Equals(site, StringComparison.OrdinalIgnoreCase)))
        {
            throw new CommandException($"{place}.site: there is no site '{Short(site)}'");
        }
        Range(building.Latitude, 90, $"{place}.lat");
        Range(building.Longitude, 180, $"{place}.lon");
        Range(building.Altitude ?? 0, MaxMetres, $"{place}.alt");
        Range(building.Bearing, 360, $"{place}.bearing");
        Count(building.Floors, SourcePlace.HighestFloor - SourcePlace.LowestFloor + 1, $"{place}.floors");
        HashSet<int> numbers = [];
        return building with
        {
            Outline = building.Outline is { } outline ? Checked(outline, $"{place}.outline") : null,
            Floors = [.. building.Floors.Select((floor, i) =>
                numbers.Add(floor.Number) ? Checked(floor, $"{place}.floors[{i}]") : throw new CommandException($"{place}.floors[{i}].floor: there are two floors {floor.Number}"))],
        };
    }

    private static Floor Checked(Floor floor, string place)
    {
        if (floor.Number is < SourcePlace.LowestFloor or > SourcePlace.HighestFloor)
        {
            throw new CommandException($"{place}.floor: expected a whole number from {SourcePlace.LowestFloor} to {SourcePlace.HighestFloor}");
        }
        if (floor.Name is { } name)
        {
            Name(name, $"{place}.name");
        }
        Range(floor.Height ?? 0, MaxMetres, $"{place}.height");
        Count(floor.Zones, MaxZones, $"{place}.zones");
        Names(floor.Zones, static zone => zone.Name, $"{place}.zones", "name");
        return floor with
        {
            Outline = floor.Outline is { } outline ? Checked(outline, $"{place}.outline") : null,
            Plan = floor.Plan is { } plan ? Checked(plan, $"{place}.plan") : null,
            Zones = [.. floor.Zones.Select((zone, i) => zone with { Polygon = Checked(zone.Polygon, $"{place}.zones[{i}].polygon") })],
        };
    }

    private static FloorPlan Checked(FloorPlan plan, string place)
    {
        if (plan.Picture.Length != PlanPicture.IdLength || !plan.Picture.All(char.IsAsciiHexDigitLower))
        {
            throw new CommandException($"{place}.picture: expected the name of a picture, which it got when it was sent");
        }
        if (plan.Width is < 1 or > PlanPicture.MaxSide || plan.Height is < 1 or > PlanPicture.MaxSide)
        {
            throw new CommandException($"{place}: expected width and height of the picture, 1 to {PlanPicture.MaxSide} pixels");
        }
        Count(plan.Points, MaxPoints, $"{place}.points");
        for (int i = 0; i < plan.Points.Count; i++)
        {
            ReferencePoint point = plan.Points[i];
            if (!(point.Right >= 0 && point.Right <= plan.Width && point.Down >= 0 && point.Down <= plan.Height))
            {
                throw new CommandException($"{place}.points[{i}]: px and py are not within the picture");
            }
            Range(point.X, MaxMetres, $"{place}.points[{i}].x");
            Range(point.Y, MaxMetres, $"{place}.points[{i}].y");
        }
        PlanFit fit = PlanFit.Of(plan.Points)
            ?? throw new CommandException($"{place}.points: expected two or more that are apart, in the picture and in metres, with 0.0001 to 10 metres a pixel");
        return plan with { Fit = fit };
    }

    private static PlacedSensor Checked(PlacedSensor sensor, PlacesDocument document, string place)
    {
        if (sensor.Uuid == Guid.Empty)
        {
            throw new CommandException($"{place}.uuid: expected the UUID of a source");
        }
        if (document.FindBuilding(sensor.Building) is not { } building)
        {
            throw new CommandException($"{place}.building: there is no building '{Short(sensor.Building)}'");
        }
        if (!building.Floors.Any(floor => floor.Number == sensor.Floor))
        {
            throw new CommandException($"{place}.floor: building '{building.Name}' has no floor {sensor.Floor}");
        }
        Range(sensor.X, MaxMetres, $"{place}.x");
        Range(sensor.Y, MaxMetres, $"{place}.y");
        Range(sensor.Z ?? 0, MaxMetres, $"{place}.z");
        return sensor with { Building = building.Name, X = Millimetres(sensor.X), Y = Millimetres(sensor.Y), Z = sensor.Z is { } z ? Millimetres(z) : null };
    }

    private static double[][] Checked(IReadOnlyList<double[]> corners, string place)
    {
        if (corners.Count > Polygon.MaxCorners + 1)
        {
            throw new CommandException($"{place}: {Polygon.Fault(corners)}");
        }
        List<double[]> made = [];
        for (int i = 0; i < corners.Count; i++)
        {
            if (corners[i] is not [double x, double y])
            {
                throw new CommandException($"{place}[{i}]: expected [x, y]");
            }
            Range(x, MaxMetres, $"{place}[{i}]");
            Range(y, MaxMetres, $"{place}[{i}]");
            made.Add([Millimetres(x), Millimetres(y)]);
        }
        if (made.Count > 3 && made[^1][0] == made[0][0] && made[^1][1] == made[0][1])
        {
            made.RemoveAt(made.Count - 1);
        }
        if (Polygon.Fault(made) is { } fault)
        {
            throw new CommandException($"{place}: {fault}");
        }
        // The first stays the first.
        return Polygon.Area2(made) < 0 ? [made[0], .. made.Skip(1).Reverse()] : [.. made];
    }

    private static void Count<T>(IReadOnlyList<T> list, int most, string place)
        where T : class
    {
        if (list.Count > most)
        {
            throw new CommandException($"{place}: there is room for {most}, got {list.Count}");
        }
        for (int i = 0; i < list.Count; i++)
        {
            if (list[i] is null)
            {
                throw new CommandException($"{place}[{i}]: expected a dictionary");
            }
        }
    }

    private static void Names<T>(IReadOnlyList<T> list, Func<T, string> nameOf, string place, string member)
    {
        HashSet<string> names = new(StringComparer.OrdinalIgnoreCase);
        for (int i = 0; i < list.Count; i++)
        {
            Name(nameOf(list[i]), $"{place}[{i}].{member}");
            if (!names.Add(nameOf(list[i])))
            {
                throw new CommandException($"{place}[{i}].{member}: '{nameOf(list[i])}' is there twice");
            }
        }
    }

    // As a source's place reads the name of a building: without blanks around it.
    private static void Name(string name, string place)
    {
        if (name.Length is 0 or > MaxName || name.Trim().Length != name.Length || name.Any(char.IsControl))
        {
            throw new CommandException($"{place}: expected 1 to {MaxName} characters, without blanks around them");
        }
    }

    private static void Range(double value, double most, string place)
    {
        if (!(Math.Abs(value) <= most))
        {
            throw new CommandException(string.Create(CultureInfo.InvariantCulture, $"{place}: expected a number from -{most} to {most}"));
        }
    }

    // Without a negative zero.
    private static double Millimetres(double metres) => Math.Round(metres, 3) + 0.0;

    private static string Short(string text) => text[..Math.Min(text.Length, 64)];
}
