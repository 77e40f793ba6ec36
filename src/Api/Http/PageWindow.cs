using KismetOrleans.Records.Json;

namespace KismetOrleans.Api.Http;

/// <summary>A page of a list, as the web UI asks for it: <c>page</c> from 0, and <c>length</c> or <c>size</c>.</summary>
internal readonly record struct PageWindow(int Start, int Size)
{
    /// <summary>What one page may hold; the web UI asks for some dozens.</summary>
    public const int MaxSize = 500;

    /// <summary>Whether a command asks for a page; <c>length</c> and <c>size</c> alone do not.</summary>
    public static bool IsAskedFor(Command command) => command.Variable("page") is not null;

    /// <summary>The page that a command asks for.</summary>
    /// <exception cref="Records.Fields.CommandException">A part of it is no number.</exception>
    public static PageWindow Of(Command command)
    {
        int size = command.Number("length") ?? command.Number("size") ?? 0;
        size = size <= 0 ? MaxSize : Math.Min(size, MaxSize);
        return new((int)Math.Min((long)Math.Max(command.Number("page") ?? 0, 0) * size, int.MaxValue), size);
    }

    /// <summary>The format of its rows: a page is one object whatever was asked for, and takes one line in the formats of lines.</summary>
    public static RecordFormat InObject(RecordFormat format) => format switch
    {
        RecordFormat.EkJson => RecordFormat.TJson,
        RecordFormat.ItJson => RecordFormat.Json,
        _ => format,
    };

    /// <summary>Writes what comes before the rows.</summary>
    public static void Begin(JsonOut body) => body.Raw("{\"data\": "u8);

    /// <summary>Writes what comes after the rows.</summary>
    /// <param name="matching">Rows that were found.</param>
    public void End(JsonOut body, int matching, int total)
    {
        body.Raw(",\"last_page\": "u8);
        body.Number((long)((matching + Size - 1) / Size));
        body.Raw(",\"last_row\": "u8);
        body.Number((long)matching);
        body.Raw(",\"total_row\": "u8);
        body.Number((long)total);
        body.Raw("}"u8);
    }
}
