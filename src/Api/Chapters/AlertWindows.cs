using KismetOrleans.Api.Http;
using KismetOrleans.Grains.Server;
using KismetOrleans.Records.Alerts;
using KismetOrleans.Records.Fields;
using KismetOrleans.Records.Json;

namespace KismetOrleans.Api.Chapters;

/// <summary>The alerts as pages, as the web UI asks for them.</summary>
internal static class AlertWindows
{
    // What one page may hold; the backlog is 50 unless it is set.
    private const int MaxWindow = 500;
    private static readonly Comparer<SortKey> s_order = Comparer<SortKey>.Create(static (a, b) => SortKey.Compare(a, b));

    /// <summary>Answers with a page, or with the list where none is asked for.</summary>
    public static async Task AnswerAsync(RecordRequest request, IBackend backend)
    {
        Command command = request.Command;
        if (command.Json.ValueKind == System.Text.Json.JsonValueKind.Undefined)
        {
            throw new CommandException("json: a dictionary is needed, which may be empty");
        }
        RecordContext context = new() { ServerUuid = backend.ServerUuid, Sources = backend.Sources, Now = (uint)backend.Clock.GetUtcNow().ToUnixTimeSeconds() };
        List<AlertRecord> all = [.. await backend.Alerts.SinceAsync(-1)];
        List<AlertRecord> found = all;
        if (command.Variable("search") is { Length: > 0 } term)
        {
            RecordMatcher<AlertRecord> matcher = AlertTable.Table.Searcher(request.Fields, term);
            found = [.. all.Where(alert => matcher.Matches(alert, context) || AlertSeverity.NameOf(alert.Severity).Contains(term, StringComparison.OrdinalIgnoreCase))];
        }
        if (command.Variable("sort") is { Length: > 0 } sort)
        {
            // As in the pages of devices: "asc" has always meant descending here, and the web UI draws its arrows for that.
            RecordOrder<AlertRecord> order = AlertTable.Table.Order(sort);
            IEnumerable<AlertRecord> sorted = found.OrderBy(alert => order.Key(alert, context), s_order);
            found = [.. command.Variable("sort_dir") == "asc" ? sorted.Reverse() : sorted];
        }
        if (command.Variable("page") is null && command.Variable("size") is null && command.Variable("length") is null)
        {
            await Answers.ListAsync(request.Http, AlertTable.Table, found, request.Format, request.Fields);
            return;
        }
        int size = command.Number("length") ?? command.Number("size") ?? 0;
        size = size <= 0 ? MaxWindow : Math.Min(size, MaxWindow);
        int start = (int)Math.Min((long)Math.Max(command.Number("page") ?? 0, 0) * size, int.MaxValue);
        using JsonOut body = Answers.NewBody(request.Http);
        body.Raw("{\"data\":"u8);
        RecordFormat format = request.Format switch
        {
            RecordFormat.EkJson => RecordFormat.TJson,
            RecordFormat.ItJson => RecordFormat.Json,
            _ => request.Format,
        };
        ListWriter.Write(body, AlertTable.Table, found.Skip(start).Take(size), format, request.Fields);
        body.Raw(",\"last_page\":"u8);
        body.Number((long)((found.Count + size - 1) / size));
        body.Raw(",\"last_row\":"u8);
        body.Number((long)found.Count);
        body.Raw(",\"total_row\":"u8);
        body.Number((long)all.Count);
        body.Raw("}"u8);
        await Answers.SendAsync(request.Http, body);
    }
}
