using KismetOrleans.Records.Fields;
using KismetOrleans.Records.Json;

namespace KismetOrleans.Api.Http;

/// <summary>Lists that are in memory, with what the lists of devices have: patterns, conditions, search, order and pages.</summary>
internal static class RecordWindows
{
    private static readonly Comparer<SortKey> s_order = Comparer<SortKey>.Create(static (a, b) => SortKey.Compare(a, b));

    /// <summary>What a request chooses of a list, read before the list is made.</summary>
    /// <exception cref="CommandException">A part is malformed.</exception>
    public static Func<IReadOnlyList<T>, Task> Of<T>(RecordRequest request, RecordTable<T> table)
    {
        Command command = request.Command;
        RegexSpec? regex = RegexSpec.Parse(command["regex"]);
        WhereSpec? where = WhereSpec.Parse(command["where"], table);
        RecordOrder<T>? order = command.Variable("sort") is { Length: > 0 } sort ? table.Order(sort) : null;
        PageWindow? page = PageWindow.IsAskedFor(command) ? PageWindow.Of(command) : null;
        return all => AnswerAsync(request, table, all, regex, where, order, page);
    }

    public static IOrderedEnumerable<T> InOrder<T>(this IEnumerable<T> records, RecordOrder<T> order, Command command, RecordContext context) =>
        // As in the pages of devices: "asc" has always meant descending here, and the web UI draws its arrows for that.
        command.Variable("sort_dir") == "asc"
            ? records.OrderByDescending(record => order.Key(record, context), s_order) : records.OrderBy(record => order.Key(record, context), s_order);

    private static async Task AnswerAsync<T>(
        RecordRequest request, RecordTable<T> table, IReadOnlyList<T> all, RegexSpec? regex, WhereSpec? where, RecordOrder<T>? order, PageWindow? page)
    {
        using JsonOut body = Answers.NewBody(request.Http);
        RecordContext context = body.Context;
        IEnumerable<T> found = all;
        if (where is not null)
        {
            RecordConditions<T> conditions = table.Conditions(where);
            found = found.Where(record => conditions.Hold(record, context));
        }
        if (regex is not null)
        {
            RecordMatcher<T> matcher = table.Matcher(regex);
            found = found.Where(record => matcher.Matches(record, context));
        }
        if (request.Command.Variable("search") is { Length: > 0 } term)
        {
            RecordMatcher<T> searcher = table.Searcher(request.Fields, term);
            found = found.Where(record => searcher.Matches(record, context));
        }
        if (order is not null)
        {
            found = found.InOrder(order, request.Command, context);
        }
        if (page is not { } window)
        {
            ListWriter.Write(body, table, found, request.Format, request.Fields);
            await Answers.SendAsync(request.Http, body);
            return;
        }
        T[] rows = [.. found];
        PageWindow.Begin(body);
        ListWriter.Write(body, table, rows.Skip(window.Start).Take(window.Size), PageWindow.InObject(request.Format), request.Fields);
        window.End(body, rows.Length, all.Count);
        await Answers.SendAsync(request.Http, body);
    }
}
