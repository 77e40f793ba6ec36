using System.Collections.Concurrent;
using KismetOrleans.Records.Fields;
using KismetOrleans.Records.Json;

namespace KismetOrleans.Engine.Events;

/// <summary>How a listener wants the records of events. Thread-safe; those of equal <see cref="Key"/> are written once for all.</summary>
/// <param name="fields">Fields of the record inside each content; null for all.</param>
/// <param name="bare">Whether a record is the whole message, without an object around it that names the topic.</param>
public sealed class EventShape(RecordFormat format, FieldSelection? fields, bool bare = false)
{
    /// <summary>All fields as compact JSON.</summary>
    internal static readonly EventShape Whole = new(RecordFormat.Json, null);

    private readonly ConcurrentDictionary<object, object> _writers = new();

    public RecordFormat Format => format;

    /// <summary>Whether a record is the whole message.</summary>
    internal bool Bare => bare;

    /// <summary>Tells shapes apart.</summary>
    public string Key { get; } = (bare ? "bare " : "") + (fields is null
        ? format.ToString()
        : string.Join('\0', fields.Fields.Select(static field => $"{field.Path}\u0001{field.Rename}").Prepend(format.ToString())));

    internal void Write<T>(RecordTable<T> table, T record, JsonOut json)
    {
        // Prepared once for each table that this listener gets records of.
        RecordWriter<T> writer = (RecordWriter<T>)_writers.GetOrAdd(table, static (key, shape) => shape.Prepare((RecordTable<T>)key), this);
        writer.Write(record, json, 1);
    }

    private RecordWriter<T> Prepare<T>(RecordTable<T> table) => table.Writer(format, fields);
}
