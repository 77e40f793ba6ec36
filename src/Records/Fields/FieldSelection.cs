using System.Text.Json;

namespace KismetOrleans.Records.Fields;

/// <summary>A requested field.</summary>
/// <param name="Path">Path of names joined by <c>/</c>.</param>
/// <param name="Rename">Name to print it under; null for the last name of the path.</param>
[GenerateSerializer, Immutable, Alias("KismetOrleans.SelectedField")]
public sealed record SelectedField([property: Id(0)] string Path, [property: Id(1)] string? Rename);

/// <summary>The fields that a request asks for.</summary>
[GenerateSerializer, Immutable, Alias("KismetOrleans.FieldSelection")]
public sealed class FieldSelection
{
    /// <summary>Fields of a request. A device has about 150 in all.</summary>
    internal const int MaxFields = 1000;

    /// <summary>Makes a selection.</summary>
    /// <exception cref="CommandException">A bound is exceeded.</exception>
    public FieldSelection(IReadOnlyList<SelectedField> fields)
    {
        if (fields.Count > MaxFields)
        {
            throw new CommandException($"fields: more than {MaxFields} fields");
        }
        for (int i = 0; i < fields.Count; i++)
        {
            Check(fields[i], i);
        }
        Fields = fields;
    }

    /// <summary>The fields, in the order of the request.</summary>
    [Id(0)] public IReadOnlyList<SelectedField> Fields { get; }

    /// <summary>Reads <c>[path | [path, name], …]</c>.</summary>
    /// <param name="fields">The value of a command's <c>fields</c>.</param>
    /// <returns>Null when nothing is selected (absent, null or empty), so that records are printed whole.</returns>
    /// <exception cref="CommandException">It is anything else, or exceeds a bound.</exception>
    public static FieldSelection? Parse(JsonElement fields)
    {
        if (fields.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
        {
            return null;
        }
        if (fields.ValueKind != JsonValueKind.Array)
        {
            throw new CommandException("fields: expected an array");
        }
        int count = fields.GetArrayLength();
        if (count > MaxFields)
        {
            throw new CommandException($"fields: more than {MaxFields} fields");
        }
        List<SelectedField> selected = new(count);
        foreach (JsonElement field in fields.EnumerateArray())
        {
            selected.Add(ParseField(field, selected.Count));
        }
        return selected.Count == 0 ? null : new(selected);
    }

    private static SelectedField ParseField(JsonElement field, int index)
    {
        if (field.ValueKind == JsonValueKind.String)
        {
            return new(Text(field, index), null);
        }
        if (field.ValueKind == JsonValueKind.Array && field.GetArrayLength() == 2
            && field[0].ValueKind == JsonValueKind.String && field[1].ValueKind == JsonValueKind.String)
        {
            return new(Text(field[0], index), Text(field[1], index));
        }
        throw new CommandException($"fields[{index}]: expected a string or [path, name]");
    }

    private static string Text(JsonElement text, int index)
    {
        try
        {
            return text.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new CommandException($"fields[{index}]: not valid Unicode");
        }
    }

    private static void Check(SelectedField field, int index)
    {
        if (field.Path.Length > FieldPath.MaxLength || field.Rename?.Length > FieldPath.MaxLength)
        {
            throw new CommandException($"fields[{index}]: longer than {FieldPath.MaxLength} characters");
        }
        int depth = FieldPath.Split(field.Path).Length;
        if (depth is 0 or > FieldPath.MaxDepth)
        {
            throw new CommandException(
                depth == 0 ? $"fields[{index}]: empty path" : $"fields[{index}]: more than {FieldPath.MaxDepth} names in a path");
        }
    }
}
