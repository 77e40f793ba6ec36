using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Fields;

namespace KismetOrleans.Api.Http;

/// <summary>
/// A table of devices by RFC 4180, in UTF-8, made of their JSON row by row. What others put on the air, as an SSID, stands in it: a text that a spreadsheet
/// would take for a formula gets an apostrophe before it. Times are UTC by ISO 8601.
/// </summary>
/// <param name="fields">The columns; of two that have one name the first is kept.</param>
/// <param name="output">Where it is written.</param>
internal sealed class CsvTable(FieldSelection fields, IBufferWriter<byte> output)
{
    public const string ContentType = "text/csv; charset=utf-8";

    // What spreadsheets begin a formula with, also as wide characters, or pass over before one (OWASP, CSV injection).
    private const string FormulaStarts = "=+-@\t\r\n＝＋－＠";
    private static readonly SearchValues<char> s_quoted = SearchValues.Create(",\"\r\n;");
    private readonly Column[] _columns = [.. fields.Fields.Select(Column.Of).DistinctBy(static column => column.Name)];
    private readonly StringBuilder _row = new();
    private readonly string?[] _cells = new string?[fields.Fields.Count];

    /// <summary>Writes the columns' names.</summary>
    public void Header()
    {
        for (int i = 0; i < _columns.Length; i++)
        {
            _cells[i] = Safe(_columns[i].Name);
        }
        WriteRow();
    }

    /// <summary>Writes a device's row.</summary>
    /// <param name="json">Its object, with the columns as fields.</param>
    public void Add(ReadOnlySpan<byte> json)
    {
        Array.Clear(_cells);
        Utf8JsonReader reader = new(json);
        _ = reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            _ = reader.Read();
            int i = Array.FindIndex(_columns, column => column.Name == name);
            string? cell = CellOf(ref reader, json, i < 0 ? null : _columns[i]);
            if (i >= 0)
            {
                _cells[i] = cell;
            }
        }
        WriteRow();
    }

    private static string? CellOf(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, Column? column)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                return Safe(reader.GetString()!);
            case JsonTokenType.Number when column is { IsNumber: false } && reader.ValueSpan.SequenceEqual("0"u8):
                // A field that the device has not.
                return null;
            case JsonTokenType.Number when column is { IsTime: true } && reader.TryGetInt64(out long seconds):
                return seconds == 0 ? null : DateTimeOffset.FromUnixTimeSeconds(seconds).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
            case JsonTokenType.StartObject or JsonTokenType.StartArray:
                int start = (int)reader.TokenStartIndex;
                reader.Skip();
                return Encoding.UTF8.GetString(json[start..(int)reader.BytesConsumed]);
            case JsonTokenType.Null:
                return null;
            default:
                return Encoding.UTF8.GetString(reader.ValueSpan);
        }
    }

    private static string Safe(string text) => text.Length > 0 && FormulaStarts.Contains(text[0], StringComparison.Ordinal) ? "'" + text : text;

    private void WriteRow()
    {
        _ = _row.Clear();
        for (int i = 0; i < _columns.Length; i++)
        {
            _ = i > 0 ? _row.Append(',') : _row;
            string cell = _cells[i] ?? "";
            _ = cell.AsSpan().ContainsAny(s_quoted) ? _row.Append('"').Append(cell.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"') : _row.Append(cell);
        }
        _ = _row.Append("\r\n");
        _ = Encoding.UTF8.GetBytes(_row.ToString(), output);
    }

    private sealed record Column(string Name, bool IsNumber, bool IsTime)
    {
        public static Column Of(SelectedField field)
        {
            string last = field.Path.Split('/', StringSplitOptions.RemoveEmptyEntries)[^1];
            bool isNumber = RecordNumber<Device>.TryPrepare(DeviceTable.Table, field.Path, out _);
            return new(field.Rename ?? last, isNumber, isNumber && last.EndsWith("_time", StringComparison.Ordinal));
        }
    }
}
