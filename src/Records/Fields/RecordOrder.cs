using KismetOrleans.Records.Json;

namespace KismetOrleans.Records.Fields;

/// <summary>Orders records by the value at a path. Immutable and thread-safe.</summary>
/// <typeparam name="T">Type of the record.</typeparam>
public sealed class RecordOrder<T>
{
    private readonly RecordPath<T>? _path;

    internal RecordOrder(RecordPath<T>? path) => _path = path;

    /// <summary>Whether keys are numbers, so that <see cref="SortKey.Number"/> alone decides.</summary>
    public bool IsNumeric => _path is null || _path.IsNumeric;

    /// <summary>A record's place; nothing (before everything else) when the value is absent.</summary>
    public SortKey Key(T record, RecordContext context) => _path is null ? default : _path.Key(record, context);
}
