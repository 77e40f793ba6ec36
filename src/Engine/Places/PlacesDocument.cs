using System.Text.Json;
using System.Text.Json.Serialization;
using KismetOrleans.Records.Fields;

namespace KismetOrleans.Engine.Places;

/// <summary>
/// The sites that are watched: their buildings, floors and zones, and the sensors that were put on a floor. It changes as a whole. Metres count along a building's own axes from its own corner,
/// as in <c>place=building:floor:x,y,z</c> of a source.
/// </summary>
public sealed record PlacesDocument
{
    /// <summary>Bytes of its JSON at most.</summary>
    public const int MaxBytes = 1024 * 1024;

    public static readonly PlacesDocument Empty = new();

    // By reflection: what is generated at build time gives members that are not there no initial value.
    private static readonly JsonSerializerOptions s_kept = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        RespectNullableAnnotations = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        AllowDuplicateProperties = false,
    };

    private static readonly JsonSerializerOptions s_given = new(s_kept) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

    /// <summary>When it was changed, Unix milliseconds; another number for each change, 0 before the first.</summary>
    public long Version { get; init; }

    public IReadOnlyList<Site> Sites { get; init; } = [];

    public IReadOnlyList<Building> Buildings { get; init; } = [];

    /// <summary>Sensors that stand where they were put here, whatever their definitions say.</summary>
    public IReadOnlyList<PlacedSensor> Sensors { get; init; } = [];

    /// <summary>The building of a name; null without.</summary>
    public Building? FindBuilding(string name) => Buildings.FirstOrDefault(building => building.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The sensor of a UUID; null where it was put nowhere.</summary>
    public PlacedSensor? FindSensor(Guid uuid) => Sensors.FirstOrDefault(sensor => sensor.Uuid == uuid);

    /// <summary>Names of the pictures that floors have.</summary>
    [JsonIgnore]
    public IEnumerable<string> Pictures => Buildings.SelectMany(static building => building.Floors).Select(static floor => floor.Plan?.Picture).OfType<string>();

    /// <summary>Reads and checks JSON.</summary>
    /// <exception cref="CommandException">It is none, or says what cannot be; the message says where.</exception>
    public static PlacesDocument Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            PlacesDocument read = JsonSerializer.Deserialize<PlacesDocument>(json, s_given) ?? throw new CommandException("json: expected a dictionary");
            return PlacesCheck.Checked(read);
        }
        catch (JsonException e)
        {
            string place = e.Path is { Length: > 2 } path && path[0] == '$' ? path[1..].TrimStart('.') : "json";
            throw new CommandException($"{place}: line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}: is not known there, or not of the form that is expected");
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, escaped.
            throw new CommandException("json: not valid Unicode");
        }
    }

    /// <summary>Reads a plan as the JSON has it.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    internal static FloorPlan? PlanOf(JsonElement json) => json.Deserialize<FloorPlan>(s_given);

    /// <summary>Writes a plan as the JSON has it.</summary>
    internal static void Write(Utf8JsonWriter json, FloorPlan plan) => JsonSerializer.Serialize(json, plan, s_kept);

    /// <summary>Takes what <see cref="ToBytes"/> of this version or a later one wrote; what that knows more is left out.</summary>
    public static PlacesDocument Read(ReadOnlySpan<byte> bytes) => bytes.IsEmpty ? Empty : JsonSerializer.Deserialize<PlacesDocument>(bytes, s_kept)!;

    /// <summary>Its JSON.</summary>
    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, s_kept);
}

/// <summary>Buildings that belong together.</summary>
public sealed record Site
{
    public string Name { get; init; } = "";
}

/// <summary>A building, or a yard: one with floor 0 alone.</summary>
public sealed record Building
{
    /// <summary>Its name, of which no other building is, whatever its site.</summary>
    public string Name { get; init; } = "";

    /// <summary>Name of its site; null for none.</summary>
    public string? Site { get; init; }

    /// <summary>Degrees north of the corner from which metres count.</summary>
    [JsonPropertyName("lat")]
    public double Latitude { get; init; } = double.NaN;

    /// <summary>Degrees east of that corner.</summary>
    [JsonPropertyName("lon")]
    public double Longitude { get; init; } = double.NaN;

    /// <summary>Metres above sea level of that corner; null where that is not known.</summary>
    [JsonPropertyName("alt")]
    public double? Altitude { get; init; }

    /// <summary>Direction of y, degrees from north towards east.</summary>
    public double Bearing { get; init; }

    /// <summary>Its ground as corners [x, y] in metres; null where it reaches as far as its floors.</summary>
    public IReadOnlyList<double[]>? Outline { get; init; }

    public IReadOnlyList<Floor> Floors { get; init; } = [];

    /// <summary>Its metres on Earth.</summary>
    [JsonIgnore]
    internal BuildingAxes Axes => new(Latitude, Longitude, Bearing);

    /// <summary>The floor of a number; null without.</summary>
    public Floor? FindFloor(int number) => Floors.FirstOrDefault(floor => floor.Number == number);
}

/// <summary>A floor of a building.</summary>
public sealed record Floor
{
    /// <summary>Its number, as the site counts; <see cref="KismetOrleans.Packets.Sources.SourcePlace.LowestFloor"/> to <see cref="KismetOrleans.Packets.Sources.SourcePlace.HighestFloor"/>.</summary>
    [JsonPropertyName("floor")]
    public int Number { get; init; } = int.MinValue;

    /// <summary>What it is called beside its number; null without.</summary>
    public string? Name { get; init; }

    /// <summary>Metres from the height of the building's corner up to its ground; null where that is not known.</summary>
    public double? Height { get; init; }

    /// <summary>Where it reaches as corners [x, y] in metres; null for as far as the building.</summary>
    public IReadOnlyList<double[]>? Outline { get; init; }

    /// <summary>A picture of it; null without.</summary>
    public FloorPlan? Plan { get; init; }

    public IReadOnlyList<Zone> Zones { get; init; } = [];
}

/// <summary>A part of a floor; zones may overlap.</summary>
public sealed record Zone
{
    /// <summary>Its name, of which no other zone of its floor is.</summary>
    public string Name { get; init; } = "";

    /// <summary>Corners [x, y] in metres.</summary>
    public IReadOnlyList<double[]> Polygon { get; init; } = [];
}

/// <summary>A sensor that was put on a floor.</summary>
public sealed record PlacedSensor
{
    /// <summary>UUID of the source.</summary>
    public Guid Uuid { get; init; }

    public string Building { get; init; } = "";

    public int Floor { get; init; } = int.MinValue;

    /// <summary>Metres along the building's x.</summary>
    public double X { get; init; } = double.NaN;

    /// <summary>Metres along the building's y.</summary>
    public double Y { get; init; } = double.NaN;

    /// <summary>Metres above the height of the building's corner; null for those of its floor.</summary>
    public double? Z { get; init; }
}
