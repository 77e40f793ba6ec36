using System.Text.Json;
using KismetOrleans.Api.Http;
using KismetOrleans.Engine.Logging;
using KismetOrleans.Engine.Server;
using KismetOrleans.Records.Fields;

namespace KismetOrleans.Api.Streams;

/// <summary>Answers a request with packets of the history, read as fast as the client takes them.</summary>
internal static class HistoryAnswer
{
    /// <summary>The query of a request: variables of the form and of the URL, the dictionary <c>filter</c>, and keys beside it.</summary>
    /// <exception cref="LogException">A filter's value is wrong.</exception>
    /// <exception cref="CommandException">A filter is neither text nor number.</exception>
    public static PacketQuery Query(Command command) => PacketFilters.Read(Filters(command));

    /// <summary>The value of each filter of a request, by its name; null without.</summary>
    /// <exception cref="CommandException">A filter is neither text nor number.</exception>
    public static Func<string, string?> Filters(Command command)
    {
        JsonElement filter = command["filter"];
        if (filter.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Object or JsonValueKind.Null))
        {
            throw new CommandException($"filter: expected a dictionary, got {filter.ValueKind}");
        }
        return name => command.Variable(name) ?? Text(filter, name) ?? Text(command.Json, name);
    }

    /// <exception cref="LogException">The query cannot be answered; nothing was sent.</exception>
    public static async Task SendAsync(HttpContext http, IPacketHistory history, PacketQuery query, IBackend backend, string fileName)
    {
        HistoryExport export = new(backend.Sources);
        await using IPacketHistoryReader reader = await history.OpenAsync(query, export);
        http.Response.ContentType = StreamAnswer.ContentType;
        http.Response.Headers.ContentDisposition = StreamAnswer.Disposition(fileName);
        export.Begin();
        try
        {
            bool more = true;
            while (more)
            {
                more = await reader.ReadAsync(http.RequestAborted);
                await http.Response.BodyWriter.WriteAsync(export.Written, http.RequestAborted);
                export.Clear();
            }
        }
        catch (Exception e) when (e is not OperationCanceledException && http.Response.HasStarted)
        {
            // The log was closed, or its disk fails: the client must not take this for the end of the file.
            http.Abort();
        }
    }

    private static string? Text(JsonElement from, string name) =>
        from.ValueKind != JsonValueKind.Object || !from.TryGetProperty(name, out JsonElement value) ? null : value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Number => value.GetRawText(),
            JsonValueKind.Null => null,
            _ => throw new CommandException($"{name}: expected a text or a number, got {value.ValueKind}"),
        };
}
