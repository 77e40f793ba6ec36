using System.Diagnostics.CodeAnalysis;

namespace KismetOrleans.Records.Json;

/// <summary>How a record is printed, chosen by the suffix of the request's path.</summary>
public enum RecordFormat
{
    /// <summary>Compact JSON (<c>json</c>, <c>cmd</c>, <c>jcmd</c>).</summary>
    Json,

    /// <summary>Indented JSON with a description before each field (<c>prettyjson</c>).</summary>
    PrettyJson,

    /// <summary>One object a line, <c>_</c> for <c>.</c> in field names (<c>ekjson</c>).</summary>
    EkJson,

    /// <summary>One object a line (<c>itjson</c>).</summary>
    ItJson,

    /// <summary>Compact JSON, <c>_</c> for <c>.</c> in field names (<c>tjson</c>).</summary>
    TJson,
}

/// <summary>The suffixes of paths that name a format.</summary>
public static class RecordFormats
{
    /// <summary>Finds the format of a suffix, case-sensitive and without its dot.</summary>
    /// <returns>False when no format has this suffix.</returns>
    public static bool TryParse([NotNullWhen(true)] string? suffix, out RecordFormat format)
    {
        RecordFormat? found = suffix switch
        {
            "json" or "cmd" or "jcmd" => RecordFormat.Json,
            "prettyjson" => RecordFormat.PrettyJson,
            "ekjson" => RecordFormat.EkJson,
            "itjson" => RecordFormat.ItJson,
            "tjson" => RecordFormat.TJson,
            _ => null,
        };
        format = found.GetValueOrDefault();
        return found.HasValue;
    }

    /// <summary>Whether lists of this format are one object a line, without brackets and commas.</summary>
    internal static bool IsLines(this RecordFormat format) => format is RecordFormat.EkJson or RecordFormat.ItJson;
}

/// <summary>Format and nesting depth of the object that is being printed.</summary>
/// <param name="Depth">Depth of the object itself, 0 for the outermost; only indentation depends on it.</param>
internal readonly record struct Style(RecordFormat Format, int Depth)
{
    public bool IsPretty => Format == RecordFormat.PrettyJson;

    public bool IsUnderscored => Format is RecordFormat.EkJson or RecordFormat.TJson;

    public Style Deeper => new(Format, Depth + 1);
}
