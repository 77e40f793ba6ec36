using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Fields;
using DriverField = KismetOrleans.Records.Fields.Field<KismetOrleans.Records.Server.GpsDriver>;
using Field = KismetOrleans.Records.Fields.Field<KismetOrleans.Records.Server.GpsRecord>;

namespace KismetOrleans.Records.Server;

/// <summary>A kind of GPS (<c>kismet.gps.type.*</c>).</summary>
/// <param name="Priority">Of one that names none of its own; the lowest number wins.</param>
/// <param name="Singleton">There can be one only.</param>
[GenerateSerializer, Immutable, Alias("KismetOrleans.GpsDriver")]
public sealed record GpsDriver(
    [property: Id(0)] string Class, [property: Id(1)] string Description, [property: Id(2)] int Priority, [property: Id(3)] bool Singleton);

/// <summary>A GPS (<c>kismet.gps.*</c>).</summary>
[GenerateSerializer, Immutable, Alias("KismetOrleans.GpsRecord")]
public sealed record GpsRecord
{
    [Id(0)] public required string Name { get; init; }
    [Id(1)] public required string Description { get; init; }
    [Id(2)] public required GpsDriver Driver { get; init; }

    /// <summary>UUID.</summary>
    [Id(3)] public required Guid Uuid { get; init; }

    /// <summary>Definition as given.</summary>
    [Id(4)] public required string Definition { get; init; }

    /// <summary>The lowest number wins.</summary>
    [Id(5)] public int Priority { get; init; }

    /// <summary>Whether it answers.</summary>
    [Id(6)] public bool Connected { get; init; }

    /// <summary>Whether it is tried again when it cannot.</summary>
    [Id(7)] public bool Reconnect { get; init; }

    /// <summary>Never where this server is, only where a sensor is that names it.</summary>
    [Id(8)] public bool DataOnly { get; init; }

    /// <summary>Where it is; <see cref="GeoPoint.Unknown"/> when it does not know, or has not said for too long.</summary>
    [Id(9)] public GeoPoint Location { get; init; } = GeoPoint.Unknown;

    /// <summary>Where it was before.</summary>
    [Id(10)] public GeoPoint LastLocation { get; init; } = GeoPoint.Unknown;

    /// <summary>Unix second in which it said anything last; 0 for never.</summary>
    [Id(11)] public uint DataTime { get; init; }

    /// <summary>Unix second in which it knew where it is last; 0 for never.</summary>
    [Id(12)] public uint SignalTime { get; init; }

    /// <summary>What is wrong with it, "" when nothing.</summary>
    [Id(13)] public string Error { get; init; } = "";
}

/// <summary>Fields of a kind of GPS.</summary>
public static class GpsDriverTable
{
    /// <summary>A kind of GPS.</summary>
    public static readonly RecordTable<GpsDriver> Table = new("gps_type",
    [
        DriverField.Text("kismet.gps.type.class", "name in definitions", static d => d.Class),
        DriverField.Text("kismet.gps.type.description", "what it is", static d => d.Description),
        DriverField.Int32("kismet.gps.type.priority", "priority of one that names none, the lowest wins", static d => d.Priority),
        DriverField.Text("kismet.gps.type.default_name", "name of one that has none", static d => d.Class),
        DriverField.Flag("kismet.gps.type.singleton", "there can be one only", static d => d.Singleton),
    ]);
}

/// <summary>Fields of a GPS.</summary>
public static class GpsTable
{
    /// <summary>A GPS.</summary>
    public static readonly RecordTable<GpsRecord> Table = new("gps",
    [
        Field.Text("kismet.gps.name", "name to show", static g => g.Name),
        Field.Text("kismet.gps.description", "where its positions come from", static g => g.Description),
        Field.Flag("kismet.gps.connected", "it answers", static g => g.Connected),
        Field.Flag("kismet.gps.reconnect", "is tried again when it does not answer", static g => g.Reconnect),
        Field.Record("kismet.gps.location", "where it is", static g => g.Location, GeoPointTable.WithMotion),
        Field.Record("kismet.gps.last_location", "where it was before", static g => g.LastLocation, GeoPointTable.WithMotion),
        Field.Uuid("kismet.gps.uuid", "identifies it in requests", static g => g.Uuid),
        Field.Text("kismet.gps.definition", "definition that it was made from", static g => g.Definition),
        Field.Int32("kismet.gps.priority", "the lowest that has a fix is the server's position", static g => g.Priority),
        Field.Flag("kismet.gps.data_only", "tells where a sensor is, never where the server is", static g => g.DataOnly),
        Field.UInt64("kismet.gps.data_time", "unix second in which it said anything last", static g => g.DataTime),
        Field.UInt64("kismet.gps.signal_time", "unix second in which it had a fix last", static g => g.SignalTime),
        Field.Record("kismet.gps.type_driver", "its kind", static g => g.Driver, GpsDriverTable.Table),
        Field.Text("kismet.gps.error", "why it does not answer, empty when it does", static g => g.Error.Length > 0 ? g.Error : null),
    ]);
}
