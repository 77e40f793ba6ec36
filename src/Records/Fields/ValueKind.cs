using KismetOrleans.Records.Json;

namespace KismetOrleans.Records.Fields;

/// <summary>How values of one type are printed, searched, ordered and stepped into. Immutable and thread-safe.</summary>
/// <typeparam name="V">Type of the values.</typeparam>
public abstract class ValueKind<V>
{
    /// <summary>What values look like in JSON.</summary>
    internal abstract ValueShape Shape { get; }

    /// <summary>Whether values are ordered as numbers rather than as text.</summary>
    internal virtual bool IsNumeric => false;

    /// <summary>Prints a value.</summary>
    /// <param name="value">The value, not null.</param>
    /// <param name="style">Format, and the depth of the value if it is an object or array.</param>
    internal abstract void Write(V value, JsonOut json, Style style);

    /// <summary>The value's place in an order; nothing for values that have none.</summary>
    internal virtual SortKey Key(V value, RecordContext context) => default;

    /// <summary>Whether the probe accepts the value, or one of its elements. Records have nothing to accept.</summary>
    internal virtual bool Test(V value, ValueProbe probe, RecordContext context) => false;

    /// <summary>Compiles a path that begins inside a value; null when it leads nowhere.</summary>
    /// <param name="path">Components, at least one.</param>
    /// <param name="expand">Whether lists and maps stand for all of their elements.</param>
    internal virtual RecordPath<V>? Compile(ReadOnlySpan<string> path, bool expand) => null;
}

/// <summary>A compiled way from a record to a value. Immutable and thread-safe.</summary>
/// <typeparam name="T">Type of the record.</typeparam>
public abstract class RecordPath<T>
{
    /// <summary>Whether values are ordered as numbers rather than as text.</summary>
    internal abstract bool IsNumeric { get; }

    /// <summary>The field that the value belongs to; null inside a map.</summary>
    internal virtual FieldInfo? Info => null;

    /// <summary>Prints the value with a name, or bare without one.</summary>
    /// <returns>False, with nothing printed, when the value is absent.</returns>
    internal abstract bool TryWrite(T record, JsonOut json, Label? label, Style style);

    /// <summary>The value's place in an order; nothing when it is absent.</summary>
    internal abstract SortKey Key(T record, RecordContext context);

    /// <summary>Whether the probe accepts the value, or one of its elements.</summary>
    internal abstract bool Test(T record, ValueProbe probe, RecordContext context);
}

/// <summary>What is looked for in values. Thread-safe.</summary>
internal abstract class ValueProbe
{
    /// <summary>Whether it is enough that there is a value, whichever.</summary>
    public virtual bool AcceptsAnything => false;

    /// <summary>Whether this text is looked for.</summary>
    public abstract bool Accepts(ReadOnlySpan<char> text);

    /// <summary>Whether these bytes are.</summary>
    public abstract bool AcceptsBytes(ReadOnlySpan<byte> bytes);

    /// <summary>Whether this number is. Most look for texts alone.</summary>
    public virtual bool AcceptsNumber(double number) => false;
}
