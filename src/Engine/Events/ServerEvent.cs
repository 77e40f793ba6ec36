using System.Text;
using KismetOrleans.Records.Alerts;
using KismetOrleans.Records.Datasources;
using KismetOrleans.Records.Fields;
using KismetOrleans.Records.Json;
using KismetOrleans.Records.Server;

namespace KismetOrleans.Engine.Events;

/// <summary>Something that happened. Immutable; it is written when it is known who wants it, and how.</summary>
public abstract class ServerEvent(EventTopics topic)
{
    public EventTopics Topic => topic;

    /// <summary>About how many bytes it takes while it waits.</summary>
    public virtual int Bytes => 256;

    /// <summary>Writes the whole message: an object whose members are the event's contents.</summary>
    internal virtual void Write(JsonOut json, EventShape shape)
    {
        json.Raw("{"u8);
        WriteContents(json, shape);
        json.Raw("}"u8);
        json.Raw(ObjectWriter.End(shape.Format));
    }

    protected abstract void WriteContents(JsonOut json, EventShape shape);

    /// <summary>Writes the name of a content.</summary>
    protected static void WriteKey(JsonOut json, string key)
    {
        json.String(key);
        json.Raw(": "u8);
    }
}

/// <summary>An event with one record, under the name of its topic.</summary>
/// <param name="record">The record; nobody changes it any more.</param>
public sealed class RecordEvent<T>(EventTopics topic, RecordTable<T> table, T record) : ServerEvent(topic)
{
    public T Record => record;

    internal override void Write(JsonOut json, EventShape shape)
    {
        if (!shape.Bare)
        {
            base.Write(json, shape);
            return;
        }
        shape.Write(table, record, json);
        json.Raw(ObjectWriter.End(shape.Format));
    }

    protected override void WriteContents(JsonOut json, EventShape shape)
    {
        WriteKey(json, EventTopicNames.Of(Topic));
        shape.Write(table, record, json);
    }
}

/// <summary>An event with a text, under the name of its topic.</summary>
public sealed class TextEvent(EventTopics topic, string text) : ServerEvent(topic)
{
    public string Text => text;

    public override int Bytes => 64 + Encoding.UTF8.GetMaxByteCount(text.Length);

    protected override void WriteContents(JsonOut json, EventShape shape)
    {
        WriteKey(json, EventTopicNames.Of(Topic));
        json.String(text);
    }
}

/// <summary>An event that says all by happening.</summary>
public sealed class BareEvent(EventTopics topic) : ServerEvent(topic)
{
    protected override void WriteContents(JsonOut json, EventShape shape)
    {
    }
}

/// <summary>Events by what they tell.</summary>
public static class ServerEvents
{
    public static ServerEvent Of(MessageRecord message) => new RecordEvent<MessageRecord>(EventTopics.Message, MessageTable.Table, message);

    public static ServerEvent Of(AlertRecord alert) => new RecordEvent<AlertRecord>(EventTopics.Alert, AlertTable.Table, alert);

    public static ServerEvent Added(DatasourceRecord source) => new RecordEvent<DatasourceRecord>(EventTopics.NewDatasource, DatasourceTable.Table, source);

    /// <summary>A kismetdb log was opened.</summary>
    public static ServerEvent LogOpened() => new BareEvent(EventTopics.LogOpen);
}
