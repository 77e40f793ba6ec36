using KismetOrleans.Records.Fields;
using DriverField = KismetOrleans.Records.Fields.Field<KismetOrleans.Records.Server.LogDriver>;
using Field = KismetOrleans.Records.Fields.Field<KismetOrleans.Records.Server.LogRecord>;

namespace KismetOrleans.Records.Server;

/// <summary>A kind of log (<c>kismet.logfile.type.*</c>).</summary>
/// <param name="Class">Name in paths and settings, and of its files' ends.</param>
/// <param name="Singleton">Whether only one can be open at a time.</param>
[GenerateSerializer, Immutable, Alias("KismetOrleans.LogDriver")]
public sealed record LogDriver(
    [property: Id(0)] string Class, [property: Id(1)] string Name, [property: Id(2)] string Description, [property: Id(3)] bool Singleton);

/// <summary>A log, open or closed (<c>kismet.logfile.*</c>).</summary>
/// <param name="Uuid">Identifies it, however often its file is changed for a new one.</param>
/// <param name="Path">Its newest file.</param>
/// <param name="Template">What the paths of its files are made of.</param>
/// <param name="Open">Whether it is written.</param>
/// <param name="Dropped">Packets that it was too slow for.</param>
/// <param name="Error">Why it was closed by itself; null where it was not.</param>
[GenerateSerializer, Immutable, Alias("KismetOrleans.LogRecord")]
public sealed record LogRecord(
    [property: Id(0)] Guid Uuid, [property: Id(1)] LogDriver Driver, [property: Id(2)] string Path, [property: Id(3)] string Template,
    [property: Id(4)] bool Open, [property: Id(5)] ulong Packets = 0, [property: Id(6)] ulong Dropped = 0, [property: Id(7)] string? Error = null);

/// <summary>Fields of a kind of log.</summary>
public static class LogDriverTable
{
    public static readonly RecordTable<LogDriver> Table = new("log_driver",
    [
        DriverField.Text("kismet.logfile.type.class", "name of the kind in paths and settings", static d => d.Class),
        DriverField.Text("kismet.logfile.type.name", "name of the kind to show", static d => d.Name),
        DriverField.Text("kismet.logfile.type.description", "what such a log holds", static d => d.Description),
        DriverField.Flag("kismet.logfile.type.stream", "is written as things happen; all are", static _ => true),
        DriverField.Flag("kismet.logfile.type.singleton", "only one can be open at a time", static d => d.Singleton),
    ]);
}

public static class LogTable
{
    public static readonly RecordTable<LogRecord> Table = new("log",
    [
        Field.Uuid("kismet.logfile.uuid", "identifies the log", static l => l.Uuid),
        Field.Text("kismet.logfile.description", "why it was closed by itself, else empty", static l => l.Error ?? ""),
        Field.Text("kismet.logfile.path", "its newest file", static l => l.Path),
        Field.Text("kismet.logfile.template", "what the paths of its files are made of", static l => l.Template),
        Field.Flag("kismet.logfile.open", "is being written", static l => l.Open),
        Field.Record("kismet.log.type_driver", "kind of the log", static l => l.Driver, LogDriverTable.Table),
        Field.UInt64("kismet.logfile.packets", "packets written", static l => l.Packets, static l => l.Packets > 0),
        Field.UInt64("kismet.logfile.dropped", "packets that it was too slow for", static l => l.Dropped, static l => l.Dropped > 0),
    ]);
}
