using KismetOrleans.Records.Json;

namespace KismetOrleans.Records.Fields;

/// <summary>What documentation says of a field.</summary>
/// <param name="Type">Type, in the words of the indented format.</param>
/// <param name="Shape">What its values look like in JSON.</param>
public sealed record FieldInfo(string Name, string Type, string Description, ValueShape Shape);

/// <summary>A field of a record type. Made by <see cref="Field{T}"/>.</summary>
/// <typeparam name="T">Type of the record.</typeparam>
public abstract class RecordField<T> : RecordPath<T>
{
    private protected RecordField(FieldInfo info)
    {
        Field = info;
        Label = new(info.Name, info.Type, info.Description);
    }

    /// <summary>Name, type and description.</summary>
    public FieldInfo Field { get; }

    /// <summary>Whether only a path that names it prints it, and no whole record has it.</summary>
    public bool IsOnRequest { get; private set; }

    internal Label Label { get; }

    internal override FieldInfo Info => Field;

    /// <summary>Leaves it out of whole records: it is large, and nothing that Kismet's clients expect there.</summary>
    internal RecordField<T> OnRequest()
    {
        IsOnRequest = true;
        return this;
    }

    /// <summary>Compiles a path that begins inside this field's value; null when it leads nowhere.</summary>
    internal abstract RecordPath<T>? Compile(ReadOnlySpan<string> rest, bool expand);
}

/// <summary>A field with a getter.</summary>
/// <typeparam name="T">Type of the record.</typeparam>
/// <typeparam name="V">Type of the value.</typeparam>
internal sealed class RecordField<T, V>(FieldInfo info, Func<T, V?> get, ValueKind<V> kind, Func<T, bool>? when) : RecordField<T>(info)
{
    internal override bool IsNumeric => kind.IsNumeric;

    internal override bool TryWrite(T record, JsonOut json, Label? label, Style style)
    {
        if (!TryGet(record, out V value))
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

    internal override SortKey Key(T record, RecordContext context) =>
        TryGet(record, out V value) ? kind.Key(value, context) : default;

    internal override bool Test(T record, ValueProbe probe, RecordContext context) =>
        TryGet(record, out V value) && (probe.AcceptsAnything || kind.Test(value, probe, context));

    internal override RecordPath<T>? Compile(ReadOnlySpan<string> rest, bool expand) =>
        kind.Compile(rest, expand) is { } inner ? new Through(this, inner) : null;

    private bool TryGet(T record, out V value)
    {
        if (when is not null && !when(record))
        {
            value = default!;
            return false;
        }
        V? got = get(record);
        value = got!;
        // The first half spares unoptimised code a box.
        return typeof(V).IsValueType || got is not null;
    }

    /// <summary>A path through this field's value.</summary>
    private sealed class Through(RecordField<T, V> field, RecordPath<V> inner) : RecordPath<T>
    {
        internal override bool IsNumeric => inner.IsNumeric;

        internal override FieldInfo? Info => inner.Info;

        internal override bool TryWrite(T record, JsonOut json, Label? label, Style style) =>
            field.TryGet(record, out V value) && inner.TryWrite(value, json, label, style);

        internal override SortKey Key(T record, RecordContext context) =>
            field.TryGet(record, out V value) ? inner.Key(value, context) : default;

        internal override bool Test(T record, ValueProbe probe, RecordContext context) =>
            field.TryGet(record, out V value) && inner.Test(value, probe, context);
    }
}
