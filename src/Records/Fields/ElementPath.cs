using KismetOrleans.Records.Json;

namespace KismetOrleans.Records.Fields;

/// <summary>A container's element itself, where a path ends at it.</summary>
/// <typeparam name="C">Type of the element.</typeparam>
internal sealed class ElementPath<C>(ValueKind<C> kind) : RecordPath<C>
{
    internal override bool IsNumeric => kind.IsNumeric;

    /// <summary>The rest of a path after an element's key.</summary>
    public static RecordPath<C>? Compile(ValueKind<C> kind, ReadOnlySpan<string> rest, bool expand) =>
        rest.IsEmpty ? new ElementPath<C>(kind) : kind.Compile(rest, expand);

    internal override bool TryWrite(C record, JsonOut json, Label? label, Style style)
    {
        if (label is not null)
        {
            json.Member(label, style);
            style = style.Deeper;
        }
        kind.Write(record, json, style);
        return true;
    }

    internal override SortKey Key(C record, RecordContext context) => kind.Key(record, context);

    internal override bool Test(C record, ValueProbe probe, RecordContext context) =>
        probe.AcceptsAnything || kind.Test(record, probe, context);
}
/// <summary>A path that means several values: it can be tested, but neither printed nor ordered.</summary>
/// <typeparam name="T">Type of the container.</typeparam>
internal abstract class ExpandedPath<T> : RecordPath<T>
{
    internal override bool IsNumeric => false;

    internal override bool TryWrite(T record, JsonOut json, Label? label, Style style) => false;

    internal override SortKey Key(T record, RecordContext context) => default;
}
