using System.Buffers;
using System.Globalization;
using System.Text.Json;
using KismetOrleans.Records.Fields;

namespace KismetOrleans.Engine.Places;

/// <summary>
/// Places as a FeatureCollection (RFC 7946): a feature for each site, building, floor, zone and sensor, by its property <c>kind</c>. What has no shape of its own has no geometry; metres become
/// degrees by the building's corner, which stands in its properties.
/// </summary>
public static class PlacesGeoJson
{
    // Nanodegrees are a tenth of a millimetre: metres come back as they were.
    private const int Digits = 9;

    // A site and a feature for each of what the document can hold.
    private const int MaxDepth = 16;

    /// <summary>Writes places.</summary>
    public static byte[] Write(PlacesDocument document)
    {
        ArrayBufferWriter<byte> bytes = new();
        using (Utf8JsonWriter json = new(bytes))
        {
            json.WriteStartObject();
            json.WriteString("type", "FeatureCollection");
            json.WriteNumber("version", document.Version);
            json.WriteStartArray("features");
            foreach (Site site in document.Sites)
            {
                Write(json, "site", null, default, () => json.WriteString("name", site.Name));
            }
            foreach (Building building in document.Buildings)
            {
                WriteBuilding(json, building);
            }
            foreach (PlacedSensor sensor in document.Sensors)
            {
                Write(json, "sensor", [[sensor.X, sensor.Y]], document.FindBuilding(sensor.Building)!.Axes, () =>
                {
                    json.WriteString("uuid", sensor.Uuid);
                    json.WriteString("building", sensor.Building);
                    json.WriteNumber("floor", sensor.Floor);
                    WriteNumber(json, "z", sensor.Z);
                });
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>Reads and checks places.</summary>
    /// <exception cref="CommandException">They are malformed, or cannot be; the message says where.</exception>
    public static PlacesDocument Parse(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(bytes, new() { MaxDepth = MaxDepth });
            return Read(json.RootElement);
        }
        catch (JsonException e)
        {
            throw new CommandException($"json: line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}: {e.Message}");
        }
    }

    private static PlacesDocument Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object || Text(root, "type", "") != "FeatureCollection" || !root.TryGetProperty("features", out JsonElement list) || list.ValueKind != JsonValueKind.Array)
        {
            throw new CommandException("json: expected a FeatureCollection");
        }
        Feature[] features = [.. list.EnumerateArray().Select(static (one, i) => new Feature(one, $"features[{i}]"))];
        Dictionary<string, Building> buildings = new(StringComparer.OrdinalIgnoreCase);
        foreach (Feature feature in features.Where(static one => one.Kind == "building"))
        {
            Building building = ReadBuilding(feature);
            if (!buildings.TryAdd(building.Name, building))
            {
                throw new CommandException($"{feature.Place}.properties.name: '{building.Name}' is there twice");
            }
        }
        foreach (Feature feature in features.Where(static one => one.Kind == "floor"))
        {
            Building building = BuildingOf(feature, buildings);
            buildings[building.Name] = building with
            {
                Floors = [.. building.Floors, new()
                {
                    Number = feature.Whole("floor"), Name = feature.Text("name"), Height = feature.Real("height"), Outline = feature.Polygon(building.Axes),
                    Plan = feature.Plan(),
                }],
            };
        }
        foreach (Feature feature in features.Where(static one => one.Kind == "zone"))
        {
            (Building building, Floor floor) = FloorOf(feature, buildings);
            Zone zone = new() { Name = feature.Text("name") ?? "", Polygon = feature.Polygon(building.Axes) ?? throw new CommandException($"{feature.Place}.geometry: expected a Polygon") };
            buildings[building.Name] = building with { Floors = [.. building.Floors.Select(one => one == floor ? floor with { Zones = [.. floor.Zones, zone] } : one)] };
        }
        long version = root.TryGetProperty("version", out JsonElement told) && told.ValueKind == JsonValueKind.Number && told.TryGetInt64(out long number) ? number : 0;
        return PlacesCheck.Checked(new()
        {
            Version = version,
            Sites = [.. features.Where(static one => one.Kind == "site").Select(static one => new Site { Name = one.Text("name") ?? "" })],
            Buildings = [.. features.Where(static one => one.Kind == "building").Select(one => buildings[one.Text("name") ?? ""])],
            Sensors = [.. features.Where(static one => one.Kind == "sensor").Select(one => ReadSensor(one, buildings))],
        });
    }

    private static void WriteBuilding(Utf8JsonWriter json, Building building)
    {
        Write(json, "building", building.Outline, building.Axes, () =>
        {
            json.WriteString("name", building.Name);
            WriteText(json, "site", building.Site);
            json.WriteNumber("lat", building.Latitude);
            json.WriteNumber("lon", building.Longitude);
            WriteNumber(json, "alt", building.Altitude);
            json.WriteNumber("bearing", building.Bearing);
        });
        foreach (Floor floor in building.Floors)
        {
            Write(json, "floor", floor.Outline, building.Axes, () =>
            {
                json.WriteString("building", building.Name);
                json.WriteNumber("floor", floor.Number);
                WriteText(json, "name", floor.Name);
                WriteNumber(json, "height", floor.Height);
                if (floor.Plan is { } plan)
                {
                    json.WritePropertyName("plan");
                    PlacesDocument.Write(json, plan);
                }
            });
            foreach (Zone zone in floor.Zones)
            {
                Write(json, "zone", zone.Polygon, building.Axes, () =>
                {
                    json.WriteString("name", zone.Name);
                    json.WriteString("building", building.Name);
                    json.WriteNumber("floor", floor.Number);
                });
            }
        }
    }

    // One corner is a point; of a polygon the first one closes it.
    private static void Write(Utf8JsonWriter json, string kind, IReadOnlyList<double[]>? corners, BuildingAxes axes, Action properties)
    {
        json.WriteStartObject();
        json.WriteString("type", "Feature");
        if (corners is null)
        {
            json.WriteNull("geometry");
        }
        else
        {
            json.WriteStartObject("geometry");
            json.WriteString("type", corners.Count == 1 ? "Point" : "Polygon");
            json.WritePropertyName("coordinates");
            if (corners.Count == 1)
            {
                WritePosition(json, corners[0], axes);
            }
            else
            {
                json.WriteStartArray();
                json.WriteStartArray();
                foreach (double[] corner in corners.Append(corners[0]))
                {
                    WritePosition(json, corner, axes);
                }
                json.WriteEndArray();
                json.WriteEndArray();
            }
            json.WriteEndObject();
        }
        json.WriteStartObject("properties");
        json.WriteString("kind", kind);
        properties();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WritePosition(Utf8JsonWriter json, double[] metres, BuildingAxes axes)
    {
        (double latitude, double longitude) = axes.ToEarth(metres[0], metres[1]);
        json.WriteStartArray();
        json.WriteNumberValue(Math.Round(longitude, Digits));
        json.WriteNumberValue(Math.Round(latitude, Digits));
        json.WriteEndArray();
    }

    private static void WriteText(Utf8JsonWriter json, string name, string? text)
    {
        if (text is not null)
        {
            json.WriteString(name, text);
        }
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, double? number)
    {
        if (number is { } value)
        {
            json.WriteNumber(name, value);
        }
    }

    // One that another program has drawn has no corner: then it is the south-western one of its box.
    private static Building ReadBuilding(Feature feature)
    {
        double[][]? ring = feature.Ring();
        double? latitude = feature.Real("lat") ?? ring?.Min(static corner => corner[1]);
        double? longitude = feature.Real("lon") ?? ring?.Min(static corner => corner[0]);
        Building building = new()
        {
            Name = feature.Text("name") ?? "",
            Site = feature.Text("site"),
            Latitude = latitude ?? throw new CommandException($"{feature.Place}: a building without a Polygon needs lat and lon of its corner"),
            Longitude = longitude ?? throw new CommandException($"{feature.Place}: a building without a Polygon needs lat and lon of its corner"),
            Altitude = feature.Real("alt"),
            Bearing = feature.Real("bearing") ?? 0,
        };
        return building with { Outline = feature.Polygon(building.Axes) };
    }

    private static PlacedSensor ReadSensor(Feature feature, Dictionary<string, Building> buildings)
    {
        (Building building, Floor floor) = FloorOf(feature, buildings);
        (double x, double y) = building.Axes.ToMetres(feature.Point()[1], feature.Point()[0]);
        return new()
        {
            Uuid = Guid.TryParse(feature.Text("uuid"), out Guid uuid) ? uuid : throw new CommandException($"{feature.Place}.properties.uuid: expected the UUID of a source"),
            Building = building.Name,
            Floor = floor.Number,
            X = x,
            Y = y,
            Z = feature.Real("z"),
        };
    }

    private static Building BuildingOf(Feature feature, Dictionary<string, Building> buildings)
    {
        string name = feature.Text("building") ?? "";
        return buildings.TryGetValue(name, out Building? building) ? building
            : throw new CommandException($"{feature.Place}.properties.building: there is no building '{name[..Math.Min(name.Length, 64)]}'");
    }

    private static (Building Building, Floor Floor) FloorOf(Feature feature, Dictionary<string, Building> buildings)
    {
        Building building = BuildingOf(feature, buildings);
        int number = feature.Whole("floor");
        return (building, building.FindFloor(number) ?? throw new CommandException($"{feature.Place}.properties.floor: building '{building.Name}' has no floor {number}"));
    }

    private static string? Text(JsonElement json, string name, string place) => !json.TryGetProperty(name, out JsonElement value) || value.ValueKind == JsonValueKind.Null ? null
        : value.ValueKind == JsonValueKind.String ? Unicode(value, place + name) : throw new CommandException($"{place}{name}: expected a text");

    private static string Unicode(JsonElement value, string place)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new CommandException($"{place}: not valid Unicode");
        }
    }

    private sealed class Feature
    {
        private readonly JsonElement _geometry;
        private readonly JsonElement _properties;

        public Feature(JsonElement json, string place)
        {
            Place = place;
            if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty("properties", out _properties) || _properties.ValueKind != JsonValueKind.Object)
            {
                throw new CommandException($"{place}: expected a Feature with properties");
            }
            Kind = Text("kind") ?? "";
            if (Kind is not ("site" or "building" or "floor" or "zone" or "sensor"))
            {
                throw new CommandException($"{place}.properties.kind: expected site, building, floor, zone or sensor");
            }
            _geometry = json.TryGetProperty("geometry", out JsonElement geometry) && geometry.ValueKind == JsonValueKind.Object ? geometry : default;
        }

        public string Place { get; }

        public string Kind { get; }

        public string? Text(string name) => PlacesGeoJson.Text(_properties, name, $"{Place}.properties.");

        public double? Real(string name) => !_properties.TryGetProperty(name, out JsonElement value) || value.ValueKind == JsonValueKind.Null ? null
            : value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double real) && double.IsFinite(real) ? real : throw new CommandException($"{Place}.properties.{name}: expected a number");

        public FloorPlan? Plan()
        {
            try
            {
                return _properties.TryGetProperty("plan", out JsonElement plan) ? PlacesDocument.PlanOf(plan) : null;
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException)
            {
                throw new CommandException($"{Place}.properties.plan: is not of the form that is expected");
            }
        }

        public int Whole(string name) => Real(name) is { } real && real == Math.Floor(real) && Math.Abs(real) < int.MaxValue ? (int)real
            : throw new CommandException($"{Place}.properties.{name}: expected a whole number");

        public double[][]? Polygon(BuildingAxes axes) => Ring() is not { } ring ? null : [.. ring.Select(corner =>
        {
            (double x, double y) = axes.ToMetres(corner[1], corner[0]);
            return (double[])[x, y];
        })];

        // Null where there is no geometry.
        public double[][]? Ring()
        {
            if (_geometry.ValueKind == JsonValueKind.Undefined)
            {
                return null;
            }
            if (PlacesGeoJson.Text(_geometry, "type", $"{Place}.geometry.") != "Polygon" || !_geometry.TryGetProperty("coordinates", out JsonElement rings)
                || rings.ValueKind != JsonValueKind.Array || rings.GetArrayLength() != 1 || rings[0].ValueKind != JsonValueKind.Array)
            {
                throw new CommandException($"{Place}.geometry: expected a Polygon without holes");
            }
            return rings[0].GetArrayLength() > Places.Polygon.MaxCorners + 1
                ? throw new CommandException($"{Place}.geometry: expected 3 to {Places.Polygon.MaxCorners} corners")
                : [.. rings[0].EnumerateArray().Select((corner, i) => Position(corner, string.Create(CultureInfo.InvariantCulture, $"{Place}.geometry.coordinates[0][{i}]")))];
        }

        public double[] Point() => _geometry.ValueKind == JsonValueKind.Object && PlacesGeoJson.Text(_geometry, "type", $"{Place}.geometry.") == "Point"
            && _geometry.TryGetProperty("coordinates", out JsonElement at) ? Position(at, $"{Place}.geometry.coordinates") : throw new CommandException($"{Place}.geometry: expected a Point");

        // An altitude may follow.
        private static double[] Position(JsonElement json, string place)
        {
            if (json.ValueKind != JsonValueKind.Array || json.GetArrayLength() is < 2 or > 3 || json[0].ValueKind != JsonValueKind.Number || json[1].ValueKind != JsonValueKind.Number
                || !json[0].TryGetDouble(out double longitude) || !json[1].TryGetDouble(out double latitude) || !(Math.Abs(longitude) <= 180) || !(Math.Abs(latitude) <= 90))
            {
                throw new CommandException($"{place}: expected degrees east, up to 180, and degrees north, up to 90");
            }
            return [longitude, latitude];
        }
    }
}
