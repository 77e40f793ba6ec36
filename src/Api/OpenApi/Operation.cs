using KismetOrleans.Api.Streams;
using KismetOrleans.Records.Fields;

namespace KismetOrleans.Api.OpenApi;

internal enum AnswerForm
{
    Record,
    List,

    /// <summary>An object with a record under each key.</summary>
    Map,

    /// <summary>A list of records, or a window of it: as DataTables wants it, or as a page.</summary>
    Window,

    /// <summary>JSON of no table.</summary>
    Json,

    Text,
    File,

    /// <summary>A websocket; 101.</summary>
    Socket,
}

/// <summary>What the document of the API says of a path, beside what its route says.</summary>
/// <param name="Table">The records of the answer.</param>
/// <param name="ContentType">Type of a text or file.</param>
internal sealed record Operation(string Summary, AnswerForm Form, IRecordTable? Table = null, string ContentType = "application/json")
{
    /// <summary>Type of its body, where that is no command; null where it is.</summary>
    public string? BodyType { get; init; }

    /// <summary>Keys of its command, and variables.</summary>
    public IReadOnlyList<Argument> Arguments { get; init; } = [];
}

/// <summary>Something that a path takes beside what stands in the path.</summary>
/// <param name="Form">What it looks like in JSON.</param>
/// <param name="IsRequired">Whether it must be there.</param>
/// <param name="IsVariable">A variable of the query or form rather than a key of the command.</param>
internal sealed record Argument(string Name, ValueForm Form, string Description, bool IsRequired = false, bool IsVariable = false);

/// <summary>A route that the document leaves out, since it only says what is wrong with a request.</summary>
internal sealed record Unlisted;

/// <summary>Describes routes where they are mapped.</summary>
internal static class Operations
{
    public static IEndpointConventionBuilder Gives(this IEndpointConventionBuilder route, IRecordTable table, string summary) =>
        route.With(new(summary, AnswerForm.Record, table));

    public static IEndpointConventionBuilder GivesList(this IEndpointConventionBuilder route, IRecordTable table, string summary) =>
        route.With(new(summary, AnswerForm.List, table));

    /// <summary>Answers with an object that has records under its keys.</summary>
    public static IEndpointConventionBuilder GivesMap(this IEndpointConventionBuilder route, IRecordTable table, string summary) =>
        route.With(new(summary, AnswerForm.Map, table));

    public static IEndpointConventionBuilder GivesWindow(this IEndpointConventionBuilder route, IRecordTable table, string summary) =>
        route.With(new(summary, AnswerForm.Window, table) { Arguments = s_window });

    /// <summary>Answers with JSON that no table describes.</summary>
    public static IEndpointConventionBuilder GivesJson(this IEndpointConventionBuilder route, string summary, string contentType = "application/json") =>
        route.With(new(summary, AnswerForm.Json, ContentType: contentType));

    public static IEndpointConventionBuilder GivesText(this IEndpointConventionBuilder route, string summary, string contentType = "application/json") =>
        route.With(new(summary, AnswerForm.Text, ContentType: contentType));

    /// <summary>Answers with a capture file.</summary>
    public static IEndpointConventionBuilder GivesPackets(this IEndpointConventionBuilder route, string summary) =>
        route.With(new(summary, AnswerForm.File, ContentType: StreamAnswer.ContentType));

    public static IEndpointConventionBuilder GivesSocket(this IEndpointConventionBuilder route, string summary) =>
        route.With(new(summary, AnswerForm.Socket));

    public static IEndpointConventionBuilder Takes(
        this IEndpointConventionBuilder route, string name, ValueForm form, string description, bool required = false) =>
        route.Add(new Argument(name, form, description, required));

    public static IEndpointConventionBuilder TakesVariable(this IEndpointConventionBuilder route, string name, ValueForm form, string description) =>
        route.Add(new Argument(name, form, description, IsVariable: true));

    /// <summary>Takes a body that is no command.</summary>
    public static IEndpointConventionBuilder TakesBody(this IEndpointConventionBuilder route, string contentType) =>
        route.Change(operation => operation with { BodyType = contentType });

    /// <summary>Takes patterns and conditions that choose records.</summary>
    public static IEndpointConventionBuilder TakesConditions(this IEndpointConventionBuilder route) =>
        route.Takes("regex", ValueForm.List, "pairs of a field path and a regular expression; a record must match one of them")
            .Takes("where", ValueForm.List, "conditions [field path, operator, value], all of which must hold; operators are =, !=, <, <=, >, >=, between, contains, ~ (regular expression) and has");

    /// <summary>Takes what chooses devices of a view, and what DataTables sends.</summary>
    public static IEndpointConventionBuilder TakesDataTable(this IEndpointConventionBuilder route) => route
        .TakesConditions()
        .TakesLastTime()
        .Takes("datatable", ValueForm.Flag, "whether a window as DataTables wants it is asked for")
        .Takes("colmap", ValueForm.Map, "field path of each of its columns, by the column's number; or a list of them")
        .TakesVariable("draw", ValueForm.Integer, "number of the question of DataTables")
        .TakesVariable("start", ValueForm.Integer, "first record of its window")
        .TakesVariable("search[value]", ValueForm.Text, "its search")
        .TakesVariable("order[0][column]", ValueForm.Integer, "column that it orders by")
        .TakesVariable("order[0][dir]", ValueForm.Text, "asc or desc");

    /// <summary>Takes whether a list may lack devices that nobody can tell of at the moment.</summary>
    public static IEndpointConventionBuilder TakesPartial(this IEndpointConventionBuilder route) => route.TakesVariable(
        "partial", ValueForm.Flag, "in the query: true for a list without the partitions that do not answer, which the header X-Missing-Partitions names, in the place of 503");

    public static IEndpointConventionBuilder TakesLastTime(this IEndpointConventionBuilder route) =>
        route.Takes("last_time", ValueForm.Integer, "Unix second, negative for seconds ago: only what is not older");

    private static readonly Argument[] s_window =
    [
        new("page", ValueForm.Integer, "number of a page, from 0", IsVariable: true),
        new("length", ValueForm.Integer, "records of a window, also called size", IsVariable: true),
        new("sort", ValueForm.Text, "field path that orders pages", IsVariable: true),
        new("sort_dir", ValueForm.Text, "asc gives the greatest first, as Kismet's web page expects", IsVariable: true),
        new("search", ValueForm.Text, "text that one of the chosen fields has", IsVariable: true),
    ];

    private static IEndpointConventionBuilder With(this IEndpointConventionBuilder route, Operation operation)
    {
        route.Add(endpoint => endpoint.Metadata.Add(operation));
        return route;
    }

    private static IEndpointConventionBuilder Add(this IEndpointConventionBuilder route, Argument argument) =>
        route.Change(operation => operation with { Arguments = [.. operation.Arguments, argument] });

    private static IEndpointConventionBuilder Change(this IEndpointConventionBuilder route, Func<Operation, Operation> change)
    {
        route.Add(endpoint =>
        {
            int at = endpoint.Metadata.ToList().FindLastIndex(static one => one is Operation);
            endpoint.Metadata[at] = change((Operation)endpoint.Metadata[at]);
        });
        return route;
    }
}
