using KismetOrleans.Records.Fields;
using Field = KismetOrleans.Records.Fields.Field<KismetOrleans.Records.Server.MessageRecord>;
using ListField = KismetOrleans.Records.Fields.Field<KismetOrleans.Records.Server.MessageList>;

namespace KismetOrleans.Records.Server;

/// <summary>Fields of a message of the server.</summary>
public static class MessageTable
{
    public static readonly RecordTable<MessageRecord> Table = new("message",
    [
        Field.Text("kismet.messagebus.message_string", "text", static m => m.Text),
        Field.Int32(
            "kismet.messagebus.message_flags", "weight: debug 1, information 2, error 4, alert 8, fatal 16",
            static m => (long)m.Flags),
        Field.UInt64("kismet.messagebus.message_time", "unix second", static m => m.Seconds),
    ]);
}

/// <summary>Fields of messages since a time.</summary>
public static class MessageListTable
{
    /// <summary>Messages since a time, and the time of this answer.</summary>
    public static readonly RecordTable<MessageList> Table = new("message_list",
    [
        ListField.List("kismet.messagebus.list", "messages, oldest first", static l => l.Messages, MessageTable.Table),
        ListField.UInt64("kismet.messagebus.timestamp", "unix second of this answer", static l => l.Seconds),
    ]);
}
