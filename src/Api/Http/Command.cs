using System.Globalization;
using System.Text;
using System.Text.Json;
using KismetOrleans.Records.Fields;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace KismetOrleans.Api.Http;

/// <summary>
/// What a client sent with a request: the command dictionary (form variable <c>json</c>, or the body itself) and the form and query
/// variables. A GET's body is ignored; it has <c>fields</c> and <c>regex</c> in its query.
/// </summary>
internal sealed class Command : IDisposable
{
    /// <summary>Bytes of a body that a query's command may have. Ten thousand addresses fit.</summary>
    public const int MaxBodyBytes = 1024 * 1024;

    // Commands are two or three levels deep.
    private const int MaxJsonDepth = 32;
    private const int MaxVariables = 256;
    private const int FirstBytes = 4 * 1024;
    private readonly JsonDocument? _document;
    private readonly IReadOnlyDictionary<string, StringValues> _form;
    private readonly IQueryCollection _query;

    private Command(JsonDocument? document, IReadOnlyDictionary<string, StringValues> form, IQueryCollection query)
    {
        _document = document;
        _form = form;
        _query = query;
    }

    /// <summary>The command dictionary; undefined without one.</summary>
    public JsonElement Json => _document?.RootElement ?? default;

    /// <summary>A key of the command dictionary; undefined without.</summary>
    public JsonElement this[string key] =>
        Json.ValueKind == JsonValueKind.Object && Json.TryGetProperty(key, out JsonElement value) ? value : default;

    /// <summary>A form or query variable; null without.</summary>
    public string? Variable(string name) =>
        _form.TryGetValue(name, out StringValues value) || _query.TryGetValue(name, out value) ? value.ToString() : null;

    /// <summary>Whether a form or query variable is 1 or true; not without it.</summary>
    /// <exception cref="CommandException">It is there and neither that nor 0 or false.</exception>
    public bool Switch(string name) => Variable(name) switch
    {
        null or "" or "0" => false,
        "1" => true,
        { } text when bool.TryParse(text, out bool value) => value,
        { } text => throw new CommandException($"{name}: expected true or false, got '{text[..Math.Min(text.Length, 32)]}'"),
    };

    /// <summary>A form or query variable as a number.</summary>
    /// <exception cref="CommandException">It is there and not a number.</exception>
    public int? Number(string name) => Variable(name) switch
    {
        null or "" => null,
        { } text when int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) => number,
        { } text => throw new CommandException($"{name}: expected a number, got '{text[..Math.Min(text.Length, 32)]}'"),
    };

    /// <summary>A key of the command dictionary, or a variable, as a text; null without.</summary>
    /// <exception cref="CommandException">It is there and no text.</exception>
    public string? Text(string key) => this[key] switch
    {
        { ValueKind: JsonValueKind.Undefined or JsonValueKind.Null } => Variable(key),
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        { } other => throw new CommandException($"{key}: expected a text, got {other.ValueKind}"),
    };

    /// <summary>A key of the command dictionary, or a variable, as a number; null without.</summary>
    /// <exception cref="CommandException">It is there and no number.</exception>
    public double? Real(string key)
    {
        string? text = NumberText(key);
        return text is null or "" ? null
            : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double real) && double.IsFinite(real) ? real
            : throw new CommandException($"{key}: expected a number, got '{text[..Math.Min(text.Length, 32)]}'");
    }

    /// <summary>A key of the command dictionary, or a variable, as a whole number between bounds.</summary>
    /// <param name="otherwise">What it is where it is not there; null where it has to be.</param>
    /// <exception cref="CommandException">It is not there, or no such number.</exception>
    public long Whole(string key, long least, long most, long? otherwise = null)
    {
        string? text = NumberText(key);
        return text is null && otherwise is { } value ? value
            : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long whole) && whole >= least && whole <= most ? whole
            : throw new CommandException($"{key}: expected a whole number from {least} to {most}");
    }

    /// <summary>A key of the command dictionary as a list of texts; null without.</summary>
    /// <param name="expected">What each of them is to be.</param>
    /// <param name="read">Reads one; null where it is something else.</param>
    /// <exception cref="CommandException">It is there and no such list.</exception>
    public IReadOnlyList<string>? Texts(string key, int most, string expected, Func<string, string?> read)
    {
        JsonElement value = this[key];
        if (value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
        {
            return null;
        }
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() > most)
        {
            throw new CommandException($"{key}: expected a list of up to {most} texts");
        }
        return [.. value.EnumerateArray().Select((one, i) => (one.ValueKind == JsonValueKind.String ? read(one.GetString()!) : null)
            ?? throw new CommandException(string.Create(CultureInfo.InvariantCulture, $"{key}[{i}]: expected {expected}")))];
    }

    /// <summary>A key of the command dictionary, or a variable, as whole seconds since 1970.</summary>
    /// <exception cref="CommandException">It is not there, or no such number.</exception>
    public long Seconds(string key)
    {
        string? text = NumberText(key);
        return text is null ? throw new CommandException($"{key}: is missing")
            : decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal seconds) && seconds is >= 0 and <= uint.MaxValue ? (long)seconds
            : throw new CommandException($"{key}: expected seconds since 1970, got '{text[..Math.Min(text.Length, 32)]}'");
    }

    /// <exception cref="CommandException">The body is malformed; the message says where.</exception>
    /// <exception cref="BadHttpRequestException">The body is too large (413).</exception>
    public static async Task<Command> ReadAsync(HttpRequest request)
    {
        if (!HttpMethods.IsPost(request.Method))
        {
            return new(OfQuery(request.Query), new Dictionary<string, StringValues>(), request.Query);
        }
        ArraySegment<byte> bytes = await ReadBodyAsync(request);
        // Editors of Windows, and .NET's own encoding, put a mark in front of UTF-8.
        string body = WithoutMark(Encoding.UTF8.GetString(bytes));
        string start = body.TrimStart();
        // Some clients post bare JSON under the form's content type.
        bool bare = start.StartsWith('{') || (request.ContentType?.StartsWith("application/json", StringComparison.OrdinalIgnoreCase) ?? false);
        Dictionary<string, StringValues> form = bare || start.Length == 0 ? []
            : MultipartForm.BoundaryOf(request.ContentType) is { } boundary ? await ReadMultipartAsync(bytes, boundary)
            : ReadForm(body);
        string? json = bare ? body : form.TryGetValue("json", out StringValues value) ? WithoutMark(value.ToString()) : null;
        return new(string.IsNullOrWhiteSpace(json) ? null : Parse(json), form, request.Query);
    }

    public void Dispose() => _document?.Dispose();

    private string? NumberText(string key) => this[key] is { ValueKind: JsonValueKind.Number } number ? number.GetRawText() : Text(key);

    // What a GET has in place of a command: ?fields=one,another and ?regex=[["field","expression"]], each also as JSON.
    private static JsonDocument? OfQuery(IQueryCollection query)
    {
        if (!query.ContainsKey("fields") && !query.ContainsKey("regex"))
        {
            return null;
        }
        List<string> members = [];
        foreach (string key in (string[])["fields", "regex"])
        {
            string text = query[key].ToString().Trim();
            if (text.Length > 0)
            {
                string value = text.StartsWith('[') ? text
                    : key == "fields" ? JsonSerializer.Serialize(text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
                    : throw new CommandException($"{key}: expected a JSON list");
                members.Add($"\"{key}\":{value}");
            }
        }
        return Parse($"{{{string.Join(',', members)}}}");
    }

    private static string WithoutMark(string text) => text.StartsWith('\uFEFF') ? text[1..] : text;

    private static async Task<Dictionary<string, StringValues>> ReadMultipartAsync(ArraySegment<byte> bytes, string boundary)
    {
        try
        {
            return await MultipartForm.ReadAsync(new MemoryStream(bytes.Array!, bytes.Offset, bytes.Count), boundary);
        }
        catch (InvalidDataException e)
        {
            throw new CommandException(e.Message);
        }
    }

    private static async Task<ArraySegment<byte>> ReadBodyAsync(HttpRequest request)
    {
        if (request.ContentLength > MaxBodyBytes)
        {
            throw TooLarge();
        }
        // Room grows with what has come: what a client says that it will send costs him nothing.
        int most = (int)(request.ContentLength ?? (MaxBodyBytes + 1));
        byte[] buffer = new byte[Math.Min(most, FirstBytes)];
        int length = 0;
        while (true)
        {
            if (length == buffer.Length)
            {
                if (request.ContentLength == length)
                {
                    break;
                }
                Array.Resize(ref buffer, Math.Min(buffer.Length * 2, most));
            }
            int read = await request.Body.ReadAsync(buffer.AsMemory(length), request.HttpContext.RequestAborted);
            if (read == 0)
            {
                break;
            }
            length += read;
            if (length > MaxBodyBytes)
            {
                throw TooLarge();
            }
        }
        return new(buffer, 0, length);
    }

    private static BadHttpRequestException TooLarge() =>
        new($"body of more than {MaxBodyBytes} bytes", StatusCodes.Status413PayloadTooLarge);

    private static Dictionary<string, StringValues> ReadForm(string body)
    {
        using FormReader reader = new(body) { ValueCountLimit = MaxVariables, ValueLengthLimit = MaxBodyBytes };
        try
        {
            return reader.ReadForm();
        }
        catch (InvalidDataException e)
        {
            throw new CommandException($"form: {e.Message}");
        }
    }

    private static JsonDocument Parse(string json)
    {
        try
        {
            JsonDocument document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = MaxJsonDepth });
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                if (json.Contains("\\u", StringComparison.Ordinal))
                {
                    RequireUnicode(document.RootElement, "");
                }
                return document;
            }
            JsonValueKind kind = document.RootElement.ValueKind;
            document.Dispose();
            throw new CommandException($"json: expected a dictionary, got {kind}");
        }
        catch (JsonException e)
        {
            throw new CommandException($"json: line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}: {e.Message}");
        }
    }

    // Half a surrogate pair, escaped, is well-formed JSON; asking for the text would throw wherever that is first done.
    private static void RequireUnicode(JsonElement element, string place)
    {
        try
        {
            if (element.ValueKind == JsonValueKind.String)
            {
                _ = element.GetString();
            }
            else if (element.ValueKind == JsonValueKind.Array)
            {
                int i = 0;
                foreach (JsonElement member in element.EnumerateArray())
                {
                    RequireUnicode(member, $"{place}[{i++}]");
                }
            }
            else if (element.ValueKind == JsonValueKind.Object)
            {
                foreach (JsonProperty member in element.EnumerateObject())
                {
                    RequireUnicode(member.Value, place.Length == 0 ? member.Name : $"{place}.{member.Name}");
                }
            }
        }
        catch (InvalidOperationException)
        {
            throw new CommandException($"{(place.Length == 0 ? "json" : place)}: not valid Unicode");
        }
    }
}
