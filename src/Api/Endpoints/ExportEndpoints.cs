using System.Globalization;
using KismetOrleans.Api.Http;
using KismetOrleans.Api.OpenApi;
using KismetOrleans.Engine.Partitions;
using KismetOrleans.Engine.Server;
using KismetOrleans.Engine.Tracking;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Fields;
using KismetOrleans.Records.Json;

namespace KismetOrleans.Api.Endpoints;

/// <summary>Files of a view's devices: all that a list shows, in its order, as JSON or CSV.</summary>
internal static class ExportEndpoints
{
    // Says how many devices come, so that who waits knows how far it is. Those that go meanwhile are left out.
    private const string CountHeader = "X-Devices";

    // Rows of this many devices are some tens of kilobytes.
    private const int RowsAtATime = 256;

    public static void MapExports(this IEndpointRouteBuilder routes, IBackend backend)
    {
        foreach (string view in ViewsEndpoints.Forms)
        {
            Takes(routes.MapRecords($"/devices/views/{view}/export", r => ViewsEndpoints.ForViewAsync(r, backend, JsonAsync))
                .GivesList(DeviceTable.Table, "Devices of a view in an order, all of them"));
            Takes(routes.MapCsv($"/devices/views/{view}/export", r => ViewsEndpoints.ForViewAsync(r, backend, CsvAsync))
                .GivesText("The same as a table; fields are needed", CsvTable.ContentType));
        }
    }

    private static void Takes(IEndpointConventionBuilder route) => route
        .TakesConditions()
        .TakesLastTime()
        .Takes("sort", ValueForm.Text, "field path that orders them; by first sight without")
        .Takes("dir", ValueForm.Text, "asc (without it, too) or desc")
        .Takes("search", ValueForm.Text, "text that one of the fields has")
        .Takes("searched", ValueForm.List, "fields that the search looks into; those of fields without");

    private static async Task JsonAsync(RecordRequest request, IBackend backend, DeviceView view)
    {
        IReadOnlyList<DeviceId> devices = await SelectAsync(request, backend, view);
        await DeviceLists.StreamAsync(request.Http, devices, null, new(request.Format, request.Fields));
    }

    private static async Task CsvAsync(RecordRequest request, IBackend backend, DeviceView view)
    {
        FieldSelection fields = request.Fields ?? throw new CommandException("fields: a table needs them");
        IReadOnlyList<DeviceId> devices = await SelectAsync(request, backend, view);
        HttpResponse response = request.Http.Response;
        response.ContentType = CsvTable.ContentType;
        CsvTable table = new(fields, response.BodyWriter);
        table.Header();
        DeviceShape shape = new(RecordFormat.Json, fields);
        for (int i = 0; i < devices.Count; i += RowsAtATime)
        {
            DeviceId[] some = [.. devices.Skip(i).Take(RowsAtATime)];
            await backend.Partitions.WriteAsync(some, shape, (_, json) => table.Add(json), request.Http.RequestAborted);
            _ = await response.BodyWriter.FlushAsync(request.Http.RequestAborted);
        }
        _ = await response.BodyWriter.FlushAsync(request.Http.RequestAborted);
    }

    private static async Task<IReadOnlyList<DeviceId>> SelectAsync(RecordRequest request, IBackend backend, DeviceView view)
    {
        Command command = request.Command;
        bool descending = command.Text("dir") switch
        {
            null or "" or "asc" => false,
            "desc" => true,
            { } other => throw new CommandException($"dir: expected asc or desc, got '{other[..Math.Min(other.Length, 32)]}'"),
        };
        DeviceOrder? order = command.Text("sort") is { Length: > 0 } path
            ? new(path.Length <= FieldPath.MaxLength ? path : throw new CommandException($"sort: longer than {FieldPath.MaxLength} characters"), descending)
            : null;
        DeviceFilter filter = ViewsEndpoints.FilterOf(command, backend, view) with { Search = command.Text("search") };
        DeviceShape searched = new(request.Format, FieldSelection.Parse(command["searched"]) ?? request.Fields);
        DeviceWindows.Window all = await DeviceWindows.SelectAsync(
            backend.Partitions, filter, searched, order, 0, int.MaxValue, request.Http.RequestAborted);
        request.Http.Response.Headers[CountHeader] = all.Ids.Count.ToString(CultureInfo.InvariantCulture);
        return all.Ids;
    }
}
