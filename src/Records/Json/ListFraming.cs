using KismetOrleans.Records.Fields;

namespace KismetOrleans.Records.Json;

/// <summary>
/// What stands around and between the objects of a list. Formats of lines have nothing but line ends: an empty list is an empty body.
/// </summary>
public static class ListFraming
{
    /// <summary>Before the first object.</summary>
    public static ReadOnlySpan<byte> Begin(RecordFormat format) => format switch
    {
        RecordFormat.EkJson or RecordFormat.ItJson => default,
        RecordFormat.PrettyJson => "[\r\n "u8,
        _ => "["u8,
    };

    /// <summary>Between two objects, or two runs of objects that are not empty.</summary>
    public static ReadOnlySpan<byte> Separator(RecordFormat format) => format switch
    {
        RecordFormat.EkJson or RecordFormat.ItJson => "\n"u8,
        RecordFormat.PrettyJson => ",\r\n "u8,
        _ => ","u8,
    };

    /// <summary>After the last object.</summary>
    /// <param name="any">Whether there was an object.</param>
    public static ReadOnlySpan<byte> End(RecordFormat format, bool any) => format switch
    {
        RecordFormat.EkJson or RecordFormat.ItJson => any ? "\n"u8 : default,
        RecordFormat.PrettyJson => "\r\n]\r\n"u8,
        _ => "]"u8,
    };
}

public static class ListWriter
{
    public const int ObjectDepth = 1;

    public static void Write<T>(
        JsonOut json, RecordTable<T> table, IEnumerable<T> records, RecordFormat format, FieldSelection? selection = null) =>
        Write(json, table.Writer(format, selection), records);

    internal static void Write<T>(JsonOut json, RecordWriter<T> writer, IEnumerable<T> records)
    {
        RecordFormat format = writer.Format;
        json.Raw(ListFraming.Begin(format));
        bool any = false;
        foreach (T record in records)
        {
            if (any)
            {
                json.Raw(ListFraming.Separator(format));
            }
            writer.Write(record, json, ObjectDepth);
            any = true;
        }
        json.Raw(ListFraming.End(format, any));
    }
}

/// <summary>Whole answers of one object.</summary>
public static class ObjectWriter
{
    /// <summary>Prints an object as an answer of its own: with a line end where the format has lines.</summary>
    public static void Write<T>(
        JsonOut json, RecordTable<T> table, T record, RecordFormat format, FieldSelection? selection = null)
    {
        table.Writer(format, selection).Write(record, json);
        json.Raw(End(format));
    }

    /// <summary>After an object that is an answer of its own.</summary>
    public static ReadOnlySpan<byte> End(RecordFormat format) => format switch
    {
        RecordFormat.EkJson or RecordFormat.ItJson => "\n"u8,
        RecordFormat.PrettyJson => "\r\n"u8,
        _ => default,
    };
}
