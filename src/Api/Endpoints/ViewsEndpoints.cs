using System.Text.Json;
using KismetOrleans.Api.Http;
using KismetOrleans.Api.OpenApi;
using KismetOrleans.Engine.Partitions;
using KismetOrleans.Engine.Server;
using KismetOrleans.Engine.Tracking;
using KismetOrleans.Engine.Views;
using KismetOrleans.Records.Datasources;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Fields;
using KismetOrleans.Records.Json;
using KismetOrleans.Records.Server;

namespace KismetOrleans.Api.Endpoints;

/// <summary>Views: named parts of all devices, whole, by time, or window by window.</summary>
internal static class ViewsEndpoints
{
    public static void MapViews(this IEndpointRouteBuilder routes, IBackend backend)
    {
        UserViewCommands.Map(routes, backend);
        routes.MapRecords("/devices/views/all_views", r => AllViewsAsync(r, backend))
            .GivesList(ViewTable.Table, "All views");
        foreach (string view in Forms)
        {
            routes.MapRecords($"/devices/views/{view}/devices", r => ForViewAsync(r, backend, AnswerAsync))
                .GivesWindow(DeviceTable.Table, "Devices of a view")
                .TakesPartial()
                .TakesDataTable();
            routes.MapRecords($"/devices/views/{view}/last-time/{{time}}/devices", r => ForViewAsync(r, backend, ByTimeAsync))
                .GivesList(DeviceTable.Table, "Devices of a view, not older than a time")
                .TakesPartial()
                .TakesConditions();
            routes.MapRecords($"/devices/views/{view}/by-time/{{time}}/devices", r => ForViewAsync(r, backend, ByTimeAsync))
                .GivesList(DeviceTable.Table, "The same")
                .TakesPartial()
                .TakesConditions();
        }
    }

    /// <summary>Answers for the devices of a phy named in the path.</summary>
    public static Task ByPhyAsync(RecordRequest request, IBackend backend) => ForViewAsync(request, backend, AnswerAsync);

    /// <summary>Answers for a view: a plain list, a DataTables window or a page of the web UI, as the request asks.</summary>
    public static Task AnswerAsync(RecordRequest request, IBackend backend, DeviceView view) => AnswerAsync(request, backend, view, null);

    /// <summary>Answers for those devices of a view that meet conditions.</summary>
    public static Task AnswerAsync(RecordRequest request, IBackend backend, DeviceView view, WhereSpec? only)
    {
        Command command = request.Command;
        bool datatable = command["datatable"].ValueKind is JsonValueKind.True
            || (command["datatable"].ValueKind == JsonValueKind.Number && command["datatable"].TryGetDouble(out double flag) && flag != 0);
        DeviceFilter filter = FilterOf(command, backend, view);
        filter = filter with
        {
            Where = only?.And(filter.Where) ?? filter.Where,
            Search = command.Variable(datatable ? "search[value]" : "search"),
        };
        DeviceShape shape = new(request.Format, request.Fields);
        return datatable ? DatatableAsync(request, backend, filter, shape)
            : PageWindow.IsAskedFor(command) ? PageAsync(request, backend, filter, shape)
            : DeviceLists.StreamAsync(request.Http, filter, shape);
    }

    /// <summary>What a command says of a view's devices: time, patterns and conditions.</summary>
    /// <exception cref="CommandException">A part is malformed.</exception>
    internal static DeviceFilter FilterOf(Command command, IBackend backend, DeviceView view) => new()
    {
        View = view,
        Since = LastTimeOf(command["last_time"], backend),
        Regex = RegexSpec.Parse(command["regex"]),
        Where = WhereSpec.Parse(command["where"], DeviceTable.Table),
    };

    private static Task ByTimeAsync(RecordRequest request, IBackend backend, DeviceView view)
    {
        DeviceFilter filter = new()
        {
            View = view,
            Since = Times.Absolute(Times.OfPath(request), backend),
            Regex = RegexSpec.Parse(request.Command["regex"]),
            Where = WhereSpec.Parse(request.Command["where"], DeviceTable.Table),
        };
        return DeviceLists.StreamAsync(request.Http, filter, new(request.Format, request.Fields));
    }

    private static async Task DatatableAsync(RecordRequest request, IBackend backend, DeviceFilter filter, DeviceShape shape)
    {
        Command command = request.Command;
        (int start, int length) = DatatableWindow(command);
        DeviceOrder? order = SortPath(command) is { } path ? new(path, command.Variable("order[0][dir]") == "desc") : null;
        DeviceWindows.Window window = await DeviceWindows.SelectAsync(
            backend.Partitions, filter, shape, order, start, length, request.Http.RequestAborted);
        using JsonOut body = Answers.NewBody(request.Http);
        body.Raw("{\"draw\": "u8);
        body.Number((long)(command.Number("draw") ?? 0));
        body.Raw(",\"recordsTotal\": "u8);
        body.Number((long)window.Total);
        body.Raw(",\"recordsFiltered\": "u8);
        body.Number((long)window.Matching);
        body.Raw(",\"data\": "u8);
        await DeviceLists.WriteAsync(backend, window.Ids, InObject(shape), body, request.Http.RequestAborted);
        body.Raw("}"u8);
        await Answers.SendAsync(request.Http, body);
    }

    // Tables of another kind say which page they show.
    private static (int Start, int Length) DatatableWindow(Command command)
    {
        if (PageWindow.IsAskedFor(command) && command.Variable("start") is null)
        {
            PageWindow page = PageWindow.Of(command);
            return (page.Start, page.Size);
        }
        int length = command.Number("length") ?? command.Number("size") ?? PageWindow.MaxSize;
        // 0 asks for all, −1 for as many as there can be.
        return (Math.Max(command.Number("start") ?? 0, 0), length == 0 ? int.MaxValue : length < 0 ? PageWindow.MaxSize : Math.Min(length, PageWindow.MaxSize));
    }

    private static async Task PageAsync(RecordRequest request, IBackend backend, DeviceFilter filter, DeviceShape shape)
    {
        Command command = request.Command;
        PageWindow page = PageWindow.Of(command);
        // The web UI's "asc" has always meant descending here, and it draws its arrows for that.
        DeviceOrder? order = command.Variable("sort") is { Length: > 0 } sort ? new(sort, command.Variable("sort_dir") == "asc") : null;
        DeviceWindows.Window window = await DeviceWindows.SelectAsync(backend.Partitions, filter, shape, order, page.Start, page.Size, request.Http.RequestAborted);
        using JsonOut body = Answers.NewBody(request.Http);
        PageWindow.Begin(body);
        await DeviceLists.WriteAsync(backend, window.Ids, InObject(shape), body, request.Http.RequestAborted);
        page.End(body, window.Matching, window.Total);
        await Answers.SendAsync(request.Http, body);
    }

    private static DeviceShape InObject(DeviceShape shape) => shape with { Format = PageWindow.InObject(shape.Format) };

    // colmap: column number → ["path", …] or [["path", "rename"], …]; a list counts from 0.
    private static string? SortPath(Command command)
    {
        if (command.Variable("order[0][column]") is not { Length: > 0 } column)
        {
            return null;
        }
        JsonElement path = command["colmap"] switch
        {
            { ValueKind: JsonValueKind.Object } map when map.TryGetProperty(column, out JsonElement named) => named,
            { ValueKind: JsonValueKind.Array } list when command.Number("order[0][column]") is { } number && number >= 0 && number < list.GetArrayLength() => list[number],
            _ => default,
        };
        if (path.ValueKind == JsonValueKind.Undefined)
        {
            return null;
        }
        for (int depth = 0; depth < 3 && path.ValueKind == JsonValueKind.Array && path.GetArrayLength() > 0; depth++)
        {
            path = path[0];
        }
        return path.ValueKind == JsonValueKind.String ? path.GetString() : throw new CommandException($"colmap.{column}: expected a field path");
    }

    /// <summary>The second that a command's <c>last_time</c> means; null without.</summary>
    /// <exception cref="CommandException">It is no number.</exception>
    internal static uint? LastTimeOf(JsonElement time, IBackend backend) => time.ValueKind switch
    {
        JsonValueKind.Undefined or JsonValueKind.Null => null,
        JsonValueKind.Number when Times.TryParse(time.GetRawText(), out double seconds) => Times.Absolute(seconds, backend),
        JsonValueKind.String when Times.TryParse(time.GetString(), out double seconds) => Times.Absolute(seconds, backend),
        _ => throw new CommandException("last_time: expected a number of seconds"),
    };

    /// <summary>Answers for the view that the path names; 404 where there is none.</summary>
    internal static async Task ForViewAsync(RecordRequest request, IBackend backend, Func<RecordRequest, IBackend, DeviceView, Task> answer)
    {
        string id = IdOf(request.Http);
        DeviceView? found = await FindAsync(id, backend);
        await (found is null ? Answers.PageAsync(request.Http, StatusCodes.Status404NotFound) : answer(request, backend, found));
    }

    internal static IReadOnlyList<string> Forms { get; } = ["{view}", "phy/{phy}", "seenby-uuid/{uuid}"];

    /// <summary>The view that a path names in one of the <see cref="Forms"/>.</summary>
    internal static string IdOf(HttpContext http)
    {
        RouteValueDictionary route = http.Request.RouteValues;
        return route["view"]?.ToString() ?? (route["phy"] is { } phy ? $"phy-{phy}" : $"seenby-{route["uuid"]}");
    }

    /// <summary>The view of an id, built in or a user's; null when there is none.</summary>
    internal static async ValueTask<DeviceView?> FindAsync(string id, IBackend backend) =>
        Find(id, backend) ?? (await backend.Views.ListAsync()).FirstOrDefault(view => view.Id == id);

    private static DeviceView? Find(string id, IBackend backend)
    {
        if (id == "all")
        {
            return DeviceView.All;
        }
        if (id == AccessPointView.Name)
        {
            return new AccessPointView();
        }
        if (id.StartsWith("phy-", StringComparison.Ordinal))
        {
            return Phy.All.FirstOrDefault(phy => phy.Name == id[4..]) is { } phy ? new PhyView(phy) : null;
        }
        return id.StartsWith("seenby-", StringComparison.Ordinal)
            && Guid.TryParse(id.AsSpan(7), out Guid uuid)
            && backend.Sources.Find(uuid) is { } source
            ? new SeenByView(source.Number)
            : null;
    }

    private static async Task AllViewsAsync(RecordRequest request, IBackend backend)
    {
        PartitionCounts[] counts = await Task.WhenAll(backend.Partitions.Select(p => p.CountAsync(request.Http.RequestAborted).AsTask()));
        List<ViewRecord> views =
        [
            new(AccessPointView.Name, "Wi-Fi access points", (ulong)counts.Sum(static c => c.AccessPoints), true),
            .. Phy.All.Select(phy => new ViewRecord(
                "phy-" + phy.Name, phy.Name + " devices", (ulong)counts.Sum(c => c.ByPhy[phy.Id]), phy != Phy.Radiation)),
            new("all", "All devices", (ulong)counts.Sum(static c => c.Devices), true),
            .. backend.Sources.All.Select(source => SeenBy(source, counts)),
            .. await UsersAsync(backend, request.Http.RequestAborted),
        ];
        await Answers.ListAsync(request.Http, ViewTable.Table, views, request.Format, request.Fields);
    }

    private static async Task<IEnumerable<ViewRecord>> UsersAsync(IBackend backend, CancellationToken cancellation)
    {
        IReadOnlyList<UserView> views = await backend.Views.ListAsync(cancellation);
        if (views.Count == 0)
        {
            return [];
        }
        int[][] sizes = await Task.WhenAll(backend.Partitions.Select(partition => partition.SizesAsync(views, cancellation).AsTask()));
        return views.Select((view, i) => new ViewRecord(view.Id, view.Description, (ulong)sizes.Sum(share => share[i]), true));
    }

    private static ViewRecord SeenBy(DatasourceRecord source, PartitionCounts[] counts)
    {
        string uuid = source.Uuid.ToString().ToUpperInvariant();
        return new("seenby-" + uuid, $"Devices seen by {source.Name}", (ulong)counts.Sum(c => c.BySource.GetValueOrDefault(source.Number)), true);
    }
}
