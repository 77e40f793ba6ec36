using KismetOrleans.Records.Fields;
using Field = KismetOrleans.Records.Fields.Field<KismetOrleans.Records.Server.StreamRecord>;

namespace KismetOrleans.Records.Server;

/// <summary>An open export of packets (<c>kismet.stream.*</c>).</summary>
/// <param name="Id">Number, never given twice.</param>
/// <param name="Seconds">Unix second in which it was opened.</param>
/// <param name="Name">Name, for example of the file that it becomes.</param>
/// <param name="Type">Format: <c>pcapng</c>.</param>
/// <param name="Path">Where it goes: <c>httpd</c> for web clients.</param>
/// <param name="Size">Bytes written.</param>
[GenerateSerializer, Immutable, Alias("KismetOrleans.StreamRecord")]
public sealed record StreamRecord(
    [property: Id(0)] long Id, [property: Id(1)] ulong Seconds, [property: Id(2)] string Name, [property: Id(3)] string Type,
    [property: Id(4)] string Path, [property: Id(5)] string Description, [property: Id(6)] ulong Packets, [property: Id(7)] ulong Size);

/// <summary>Fields of an open export of packets.</summary>
public static class StreamTable
{
    /// <summary>An open export of packets.</summary>
    public static readonly RecordTable<StreamRecord> Table = new("stream",
    [
        Field.Whole("kismet.stream.stream_id", "number of the stream, a whole one", static s => s.Id),
        Field.UInt64("kismet.stream.time", "unix second in which it was opened", static s => s.Seconds),
        Field.Text("kismet.stream.name", "its name, often that of the file", static s => s.Name),
        Field.Text("kismet.stream.type", "format of what is written", static s => s.Type),
        Field.Text("kismet.stream.path", "where it goes, httpd for web clients", static s => s.Path),
        Field.Text("kismet.stream.description", "what it holds", static s => s.Description),
        Field.UInt64("kismet.stream.packets", "packets written", static s => s.Packets),
        Field.UInt64("kismet.stream.size", "bytes written", static s => s.Size),
        Field.UInt64("kismet.stream.max_packets", "packets after which it ends; 0: no bound", static _ => 0),
        Field.UInt64("kismet.stream.max_size", "bytes after which it ends; 0: no bound", static _ => 0),
        Field.Flag("kismet.stream.paused", "is paused; streams are not, so always 0", static _ => false),
    ]);
}
