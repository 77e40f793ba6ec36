using KismetOrleans.Records.Json;

namespace KismetOrleans.Records.Fields;

/// <summary>Prints records in one format with one selection of fields. Immutable and thread-safe.</summary>
/// <typeparam name="T">Type of the record.</typeparam>
public sealed class RecordWriter<T>
{
    private const string UnknownField = "field.unknown.not.registered";
    private static readonly byte[] s_zero = [.. "0"u8];
    private static readonly byte[] s_zeroWithPoint = [.. "0.0"u8];
    private readonly RecordTable<T> _table;
    private readonly RecordFormat _format;
    private readonly Member[]? _members;

    internal RecordWriter(RecordTable<T> table, RecordFormat format, FieldSelection? selection)
    {
        _table = table;
        _format = format;
        if (selection is null)
        {
            return;
        }
        List<Member> members = new(selection.Fields.Count);
        HashSet<string> names = [];
        foreach (SelectedField field in selection.Fields)
        {
            Member member = Compile(table, field);
            // Of fields that print under the same name, the first one stays.
            if (names.Add(member.Label.Name))
            {
                members.Add(member);
            }
        }
        _members = [.. members];
    }

    public RecordFormat Format => _format;

    /// <summary>Prints one object, without anything around it.</summary>
    /// <param name="json">Where to; its context gives the clock and the sources.</param>
    /// <param name="depth">Levels of indentation around the object, for the indented format.</param>
    public void Write(T record, JsonOut json, int depth = 0)
    {
        Style style = new(_format, depth);
        if (_members is null)
        {
            _table.Write(record, json, style);
            return;
        }
        int start = json.Open((byte)'{', style);
        foreach (Member member in _members)
        {
            if (member.Path is null || !member.Path.TryWrite(record, json, member.Label, style))
            {
                json.Member(member.Label, style);
                json.Raw(member.Zero);
            }
        }
        json.Close(start, (byte)'{', (byte)'}', style);
    }

    private static Member Compile(RecordTable<T> table, SelectedField field)
    {
        RecordPath<T>? path = table.FindPath(field.Path, expand: false);
        string last = FieldPath.Split(field.Path)[^1];
        FieldInfo? info = path?.Info ?? TrackedFields.Find(last);
        // Inside a map there is no field; the key names the value.
        bool known = path is not null || info is not null;
        string name = string.IsNullOrEmpty(field.Rename) ? known ? last : UnknownField : field.Rename;
        return new(path, new(name, info?.Type ?? "unknown", info?.Description ?? "no field of this name is known"), info?.Shape.Form == ValueForm.Number ? s_zeroWithPoint : s_zero);
    }

    /// <summary>A requested field.</summary>
    /// <param name="Path">Way to its value; null when there is none.</param>
    /// <param name="Label">Name that it is printed under.</param>
    /// <param name="Zero">What stands for it where a record does not have it.</param>
    private readonly record struct Member(RecordPath<T>? Path, Label Label, byte[] Zero);
}
