using KismetOrleans.Records.Fields;
using Field = KismetOrleans.Records.Fields.Field<KismetOrleans.Records.Server.PacketLogRecord>;

namespace KismetOrleans.Records.Server;

/// <summary>Whether packets are kept, and how many, so that a page need not ask for some to find out.</summary>
/// <param name="IsOpen">Whether there are packets from the past to ask for.</param>
/// <param name="Packets">Packets that are kept; in PostgreSQL as its statistics have it, a second behind.</param>
/// <param name="Bytes">Bytes on disk, indices included.</param>
public sealed record PacketLogRecord(bool IsOpen, ulong Packets = 0, ulong Bytes = 0);

/// <summary>Fields of the packet log's state.</summary>
public static class PacketLogTable
{
    /// <summary>The packet log's state.</summary>
    public static readonly RecordTable<PacketLogRecord> Table = new("packetlog",
    [
        Field.Flag("kismet.packetlog.open", "whether packets from the past can be asked for", static log => log.IsOpen),
        Field.UInt64("kismet.packetlog.packets", "packets that are kept; in a cluster as PostgreSQL's statistics have it, a second behind", static log => log.Packets),
        Field.UInt64("kismet.packetlog.bytes", "bytes on disk, indices included", static log => log.Bytes),
    ]);
}
