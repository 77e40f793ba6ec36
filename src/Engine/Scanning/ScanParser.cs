using System.Buffers.Text;
using System.Text.Json;
using KismetOrleans.Engine.Tracking;

namespace KismetOrleans.Engine.Scanning;

/// <summary>
/// Reads a posted list of scan reports out of its JSON bytes in one pass, without an allocation a report. Keys as the documentation of the
/// scanning mode has them; unknown keys are passed over, numbers may stand in quotes, null is as good as absent. The whole list is looked at before
/// anything of it counts.
/// </summary>
public static class ScanParser
{
    /// <summary>Bytes of what a sender calls a post, at most.</summary>
    internal const int MaxReportId = 128;

    /// <summary>Parses a list.</summary>
    /// <param name="json">Begins with the dictionary.</param>
    /// <param name="post">Where it goes; reset for its kind.</param>
    /// <returns>Bytes that the dictionary takes.</returns>
    /// <exception cref="ScanFormatException">Something is wrong; the message says where, and what. <paramref name="post"/> is of no use then.</exception>
    public static int Parse(ReadOnlySpan<byte> json, ScanPost post)
    {
        EnvelopeReader reader = new(json, post);
        return reader.Read();
    }
}

/// <summary>The dictionary around the reports, and what all reports have in common.</summary>
internal ref struct EnvelopeReader
{
    /// <summary>Longest name of a source, in bytes.</summary>
    private const int MaxSourceName = 1024;

    private readonly ReadOnlySpan<byte> _json;
    private readonly ScanPost _post;
    private ReportReader _report;

    public EnvelopeReader(ReadOnlySpan<byte> json, ScanPost post)
    {
        _json = json;
        _post = post;
        _report = new(json, post);
    }

    public int Read()
    {
        if (_json.IsEmpty)
        {
            throw new ScanFormatException("json: missing");
        }
        try
        {
            return ReadDictionary();
        }
        catch (JsonException e)
        {
            string place = _report.Entry >= 0 ? $"reports[{_report.Entry}]" : "json";
            throw new ScanFormatException($"{place}: not valid JSON at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}");
        }
    }

    private int ReadDictionary()
    {
        ref Utf8JsonReader reader = ref _report.Json;
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw new ScanFormatException("json: expected a dictionary");
        }
        bool hasUuid = false;
        bool hasName = false;
        bool hasReports = false;
        ReadOnlySpan<byte> id = [];
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("source_uuid"u8))
            {
                hasUuid = _report.TryText("source_uuid", int.MaxValue, out ReadOnlySpan<byte> text);
                _post.Source = !hasUuid ? default
                    : Utf8Parser.TryParse(text, out Guid uuid, out int used) && used == text.Length ? uuid
                    : throw new ScanFormatException("source_uuid: expected a UUID, 8-4-4-4-12 hexadecimal digits");
            }
            else if (reader.ValueTextEquals("source_name"u8))
            {
                hasName = _report.TryText("source_name", MaxSourceName, out ReadOnlySpan<byte> text);
                _post.Name = SsidText.Printable(text);
            }
            else if (reader.ValueTextEquals("report_id"u8))
            {
                // Copied: what was decoded may make room for the next text.
                id = _report.TryText("report_id", ScanParser.MaxReportId, out ReadOnlySpan<byte> text) ? text.ToArray() : [];
            }
            else if (reader.ValueTextEquals("reports"u8))
            {
                hasReports = true;
                ReadReports(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }
        int consumed = !hasUuid ? throw new ScanFormatException("source_uuid: missing")
            : !hasName ? throw new ScanFormatException("source_name: missing")
            : !hasReports ? throw new ScanFormatException("reports: missing")
            : (int)reader.BytesConsumed;
        if (!id.IsEmpty)
        {
            _post.Identify(id);
        }
        return consumed;
    }

    private void ReadReports(ref Utf8JsonReader reader)
    {
        _post.Clear();
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray)
        {
            throw new ScanFormatException("reports: expected an array");
        }
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            _report.Entry++;
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                throw new ScanFormatException($"reports[{_report.Entry}]: expected a dictionary");
            }
            _report.Read();
        }
        _report.Entry = -1;
    }
}
