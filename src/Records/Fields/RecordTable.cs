using System.Collections.Frozen;
using KismetOrleans.Records.Json;

namespace KismetOrleans.Records.Fields;

public interface IRecordTable
{
    /// <summary>Name of the record type in the documentation.</summary>
    string Name { get; }

    /// <summary>Its fields, in the order in which they are printed.</summary>
    IReadOnlyList<FieldInfo> FieldInfos { get; }
}

/// <summary>
/// A record type, declared once: its fields in printing order. Printing, field paths, regular expressions, searching, ordering and the
/// documentation all come from it. Immutable and thread-safe.
/// </summary>
/// <typeparam name="T">Type of the record.</typeparam>
public class RecordTable<T> : ValueKind<T>, IRecordTable
{
    private readonly RecordField<T>[] _whole;
    private readonly FrozenDictionary<string, RecordField<T>> _byName;

    /// <summary>Declares a record type.</summary>
    /// <param name="name">Name in the documentation.</param>
    /// <param name="fields">Fields, in the order in which they are printed.</param>
    /// <exception cref="ArgumentException">Two fields share a name.</exception>
    public RecordTable(string name, IEnumerable<RecordField<T>> fields)
        : this(name, _ => fields)
    {
    }

    /// <summary>Declares a record type that may hold records of its own type.</summary>
    /// <param name="name">Name in the documentation.</param>
    /// <param name="fields">Gives the fields, in the order in which they are printed; it gets the type itself as the kind of an element.</param>
    /// <exception cref="ArgumentException">Two fields share a name.</exception>
    internal RecordTable(string name, Func<ValueKind<T>, IEnumerable<RecordField<T>>> fields)
    {
        Name = name;
        // A field that holds the type itself asks for it.
        Shape = new(ValueForm.Record, Record: this);
        RecordField<T>[] all = [.. fields(this)];
        _whole = Array.FindAll(all, static field => !field.IsOnRequest);
        _byName = all.ToFrozenDictionary(static field => field.Field.Name, StringComparer.Ordinal);
        if (_byName.Count != all.Length)
        {
            throw new ArgumentException($"{name}: two fields share a name.", nameof(fields));
        }
        FieldInfos = [.. all.Select(static field => field.Field)];
    }

    public string Name { get; }
    public IReadOnlyList<FieldInfo> FieldInfos { get; }

    internal override ValueShape Shape { get; }

    /// <summary>The fields of a whole record, in printing order.</summary>
    internal ReadOnlySpan<RecordField<T>> Fields => _whole;

    /// <summary>The field of a name; null when there is none.</summary>
    internal RecordField<T>? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Prepares the printing of records. Prepare once, write often: what it gives is immutable and thread-safe.</summary>
    /// <param name="selection">Fields to print; null for all of them.</param>
    public RecordWriter<T> Writer(RecordFormat format, FieldSelection? selection = null) => new(this, format, selection);

    /// <summary>Prepares the matching of records.</summary>
    public RecordMatcher<T> Matcher(RegexSpec spec) => RecordMatcher<T>.ForPatterns(this, spec);

    /// <summary>Prepares the test of conditions.</summary>
    public RecordConditions<T> Conditions(WhereSpec spec) => new(this, spec);

    /// <summary>
    /// Prepares a search for a text, case-insensitively, in the requested fields; in the record's own texts without a selection.
    /// </summary>
    public RecordMatcher<T> Searcher(FieldSelection? selection, string term) => RecordMatcher<T>.ForTerm(this, selection, term);

    /// <summary>Prepares an order by the value at a path. Where the path leads nowhere, all records are equal.</summary>
    public RecordOrder<T> Order(string path) => new(FindPath(path, expand: false));

    /// <summary>Prints the bare value at a path: a scalar, an object or an array.</summary>
    /// <returns>False, with nothing printed, when the path leads nowhere or the value is absent.</returns>
    public bool TryWritePath(T record, string path, JsonOut json, RecordFormat format) =>
        FindPath(path, expand: false) is { } compiled && compiled.TryWrite(record, json, null, new(format, 0));

    internal RecordPath<T>? FindPath(string path, bool expand)
    {
        string[] components = FieldPath.Split(path);
        return components.Length is 0 or > FieldPath.MaxDepth ? null : Compile(components, expand);
    }

    internal override void Write(T value, JsonOut json, Style style)
    {
        int start = json.Open((byte)'{', style);
        foreach (RecordField<T> field in _whole)
        {
            field.TryWrite(value, json, field.Label, style);
        }
        json.Close(start, (byte)'{', (byte)'}', style);
    }

    internal override RecordPath<T>? Compile(ReadOnlySpan<string> path, bool expand)
    {
        RecordField<T>? field = Find(path[0]);
        return field is null || path.Length == 1 ? field : field.Compile(path[1..], expand);
    }
}

/// <summary>Paths of fields: names joined by <c>/</c>.</summary>
public static class FieldPath
{
    /// <summary>Components of a path. The deepest records nest seven levels.</summary>
    internal const int MaxDepth = 16;

    /// <summary>Characters of a path. Sixteen of the longest names would be 900.</summary>
    public const int MaxLength = 1024;

    /// <summary>The components of a path; empty ones are skipped.</summary>
    internal static string[] Split(string path) => path.Split('/', StringSplitOptions.RemoveEmptyEntries);
}
