using System.Text;
using System.Text.Json;
using KismetOrleans.Records.Fields;
using KismetOrleans.Records.Json;

namespace KismetOrleans.Api.Events;

/// <summary>What clients send through websockets: JSON dictionaries.</summary>
internal static class SocketCommand
{
    // Commands are two levels deep.
    private static readonly JsonDocumentOptions s_options = new() { MaxDepth = 16 };

    /// <exception cref="CommandException">It is no JSON dictionary; the message says where.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> message)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(message, s_options);
        }
        catch (JsonException e)
        {
            throw new CommandException($"line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}: {e.Message}");
        }
        if (document.RootElement.ValueKind == JsonValueKind.Object)
        {
            return document;
        }
        string kind = document.RootElement.ValueKind.ToString();
        document.Dispose();
        throw new CommandException($"expected a dictionary, got {kind}");
    }

    /// <summary>A member's text; null without.</summary>
    /// <exception cref="CommandException">It is no text.</exception>
    public static string? Text(this JsonElement command, string key)
    {
        if (!command.TryGetProperty(key, out JsonElement value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString() : throw new CommandException($"{key}: expected a text, got {value.ValueKind}");
        }
        catch (InvalidOperationException)
        {
            throw new CommandException($"{key}: not valid Unicode");
        }
    }

    /// <summary>A member's whole number that is not negative; null without.</summary>
    /// <exception cref="CommandException">It is no such number.</exception>
    public static ulong? Number(this JsonElement command, string key) =>
        !command.TryGetProperty(key, out JsonElement value) || value.ValueKind == JsonValueKind.Null ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetUInt64(out ulong number) ? number
        : throw new CommandException($"{key}: expected a whole number");

    /// <summary>The fields and the format that a command asks for.</summary>
    /// <exception cref="CommandException">They are malformed.</exception>
    public static (RecordFormat Format, FieldSelection? Fields) Shape(JsonElement command)
    {
        RecordFormat format = RecordFormat.Json;
        if (command.Text("format") is { Length: > 0 } name && !RecordFormats.TryParse(name, out format))
        {
            throw new CommandException($"format: there is no '{Shown(name)}'");
        }
        return (format, FieldSelection.Parse(command.TryGetProperty("fields", out JsonElement fields) ? fields : default));
    }

    /// <summary>As much of a client's text as a line of a log may hold.</summary>
    public static string Shown(string text)
    {
        StringBuilder shown = new();
        foreach (char c in text.AsSpan(0, Math.Min(text.Length, 32)))
        {
            _ = shown.Append(char.IsControl(c) || char.IsSurrogate(c) ? '?' : c);
        }
        return shown.ToString();
    }
}
