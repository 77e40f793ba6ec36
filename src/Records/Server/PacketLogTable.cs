using KismetOrleans.Records.Fields;
using Field = KismetOrleans.Records.Fields.Field<KismetOrleans.Records.Server.PacketLogRecord>;

namespace KismetOrleans.Records.Server;

/// <summary>Whether packets are kept, so that a page need not ask for some to find out.</summary>
/// <param name="IsOpen">Whether there are packets from the past to ask for.</param>
public sealed record PacketLogRecord(bool IsOpen);

/// <summary>Fields of the packet log's state.</summary>
public static class PacketLogTable
{
    /// <summary>The packet log's state.</summary>
    public static readonly RecordTable<PacketLogRecord> Table = new("packetlog",
    [
        Field.Flag("kismet.packetlog.open", "whether packets from the past can be asked for", static log => log.IsOpen),
    ]);
}
