using KismetOrleans.Api.Http;
using KismetOrleans.Engine.Server;
using KismetOrleans.Records.Alerts;
using KismetOrleans.Records.Fields;
using KismetOrleans.Records.Json;

namespace KismetOrleans.Api.Endpoints;

/// <summary>The alerts as pages, as the web UI asks for them.</summary>
internal static class AlertWindows
{
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
        List<AlertRecord> all = [.. await backend.Alerts.SinceAsync(-1, request.Http.RequestAborted)];
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
        if (!PageWindow.IsAskedFor(command))
        {
            await Answers.ListAsync(request.Http, AlertTable.Table, found, request.Format, request.Fields);
            return;
        }
        PageWindow page = PageWindow.Of(command);
        using JsonOut body = Answers.NewBody(request.Http);
        PageWindow.Begin(body);
        ListWriter.Write(body, AlertTable.Table, found.Skip(page.Start).Take(page.Size), PageWindow.InObject(request.Format), request.Fields);
        page.End(body, found.Count, all.Count);
        await Answers.SendAsync(request.Http, body);
    }
}
