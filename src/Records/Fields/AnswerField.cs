using KismetOrleans.Records.Json;

namespace KismetOrleans.Records.Fields;

/// <summary>A field whose value is worked out when it is asked for, with what the answer's context knows.</summary>
/// <typeparam name="T">Type of the record.</typeparam>
/// <typeparam name="V">Type of the value.</typeparam>
internal sealed class AnswerField<T, V>(FieldInfo info, Func<T, RecordContext, V?> get, ValueKind<V> kind) : RecordField<T>(info)
    where V : class
{
    internal override bool IsNumeric => kind.IsNumeric;

    internal override bool TryWrite(T record, JsonOut json, Label? label, Style style)
    {
        if (get(record, json.Context) is not { } value)
        {
            return false;
        }
        if (label is not null)
        {
            json.Member(label, style);
            style = style.Deeper;
        }
        kind.Write(value, json, style);
        return true;
    }

    internal override SortKey Key(T record, RecordContext context) => get(record, context) is { } value ? kind.Key(value, context) : default;

    internal override bool Test(T record, ValueProbe probe, RecordContext context) =>
        get(record, context) is { } value && (probe.AcceptsAnything || kind.Test(value, probe, context));

    internal override RecordPath<T>? Compile(ReadOnlySpan<string> rest, bool expand) =>
        kind.Compile(rest, expand) is { } inner ? new Through(get, inner) : null;

    private sealed class Through(Func<T, RecordContext, V?> get, RecordPath<V> inner) : RecordPath<T>
    {
        internal override bool IsNumeric => inner.IsNumeric;

        internal override FieldInfo? Info => inner.Info;

        internal override bool TryWrite(T record, JsonOut json, Label? label, Style style) =>
            get(record, json.Context) is { } value && inner.TryWrite(value, json, label, style);

        internal override SortKey Key(T record, RecordContext context) => get(record, context) is { } value ? inner.Key(value, context) : default;

        internal override bool Test(T record, ValueProbe probe, RecordContext context) =>
            get(record, context) is { } value && inner.Test(value, probe, context);
    }
}
