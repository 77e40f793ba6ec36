using KismetOrleans.Api.Http;
using KismetOrleans.Api.OpenApi;
using KismetOrleans.Api.Streams;
using KismetOrleans.Engine.Logging;
using KismetOrleans.Engine.Server;
using KismetOrleans.Records.Fields;
using KismetOrleans.Records.Server;

namespace KismetOrleans.Api.Endpoints;

/// <summary>Logs: which there are, starting and stopping them, notes for them, and the packets that they hold.</summary>
internal static class LoggingEndpoints
{
    internal const string PacketFilterNames =
        "timestamp_start, timestamp_end, datasource, device_id, dlt, frequency, frequency_min, frequency_max, signal_min, signal_max, address_source, address_dest, "
        + "address_trans, location_lat_min, location_lat_max, location_lon_min, location_lon_max, size_min, size_max, tag";

    private const int MaxNote = 4096;
    private static readonly string[] s_both = ["GET", "POST"];

    public static void MapLogging(this IEndpointRouteBuilder routes, ILogs logs, IBackend backend)
    {
        routes.MapRecords("/logging/drivers", r => Answers.ListAsync(r.Http, LogDriverTable.Table, LogDrivers.All, r.Format, r.Fields))
            .GivesList(LogDriverTable.Table, "Kinds of logs");
        routes.MapRecords("/logging/active", r => Answers.ListAsync(r.Http, LogTable.Table, logs.All, r.Format, r.Fields))
            .GivesList(LogTable.Table, "Logs");
        routes.MapCommand("/logging/by-class/{class}/start", r => StartAsync(r, logs))
            .Gives(LogTable.Table, "Begins a log")
            .Takes("title", ValueForm.Text, "title in the file's name");
        routes.MapCommand("/logging/by-uuid/{uuid}/stop", r => StopAsync(r, logs))
            .GivesText("Ends a log");
        routes.MapMethods("/logging/kismetdb/pcap/{title}.pcapng", s_both, (RequestDelegate)(http => HistoryAsync(http, logs, backend)))
            .GivesPackets("Packets from the past that meet all filters")
            .Takes("filter", ValueForm.Map, PacketFilterNames + ", limit; also as variables");
        routes.MapCommandPost("/logging/kismetdb/pcap/drop", r => DropAsync(r, logs))
            .GivesText("Removes old packets")
            .Takes("drop_before", ValueForm.Integer, "Unix second", required: true);
        routes.MapCommandPost("/poi/create_poi", r => NoteAsync(r, logs))
            .GivesText("Notes a point of interest in the log")
            .Takes("note", ValueForm.Text, "in words");
        // As in Kismet, which never gives notes back here: they are snapshots of its log.
        routes.MapRecords("/poi/list_poi", static r => Answers.ListAsync<LogDriver>(r.Http, LogDriverTable.Table, [], r.Format))
            .GivesJson("Always an empty list: notes are in the log");
    }

    private static async Task StartAsync(RecordRequest request, ILogs logs)
    {
        if (LogDrivers.Find(request.Route("class")) is not { } driver)
        {
            await Answers.ErrorAsync(request.Http, "invalid logclass");
            return;
        }
        string? title = request.Command.Text("title");
        if (title is not null && LogTemplate.WrongTitle(title) is { } wrong)
        {
            throw new CommandException($"title: {wrong}");
        }
        try
        {
            LogRecord log = await logs.StartAsync(driver, title);
            await Answers.RecordAsync(request.Http, LogTable.Table, log, request.Format, request.Fields);
        }
        catch (LogException e)
        {
            await Answers.ErrorAsync(request.Http, $"unable to open log: {e.Message}");
        }
    }

    private static async Task StopAsync(RecordRequest request, ILogs logs)
    {
        if (!Guid.TryParse(request.Route("uuid"), out Guid uuid))
        {
            await Answers.ErrorAsync(request.Http, "unable to parse string value");
            return;
        }
        await (await logs.StopAsync(uuid) ? DoneAsync(request.Http, "OK") : Answers.ErrorAsync(request.Http, "no such log"));
    }

    private static async Task HistoryAsync(HttpContext http, ILogs logs, IBackend backend)
    {
        try
        {
            using Command command = await Command.ReadAsync(http.Request);
            if (logs.History is not { } history)
            {
                await Answers.PageAsync(http, StatusCodes.Status404NotFound);
                return;
            }
            await HistoryAnswer.SendAsync(http, history, HistoryAnswer.Query(command), backend, $"{http.Request.RouteValues["title"]}.pcapng");
        }
        catch (Exception e) when (e is CommandException or LogException && !http.Response.HasStarted)
        {
            await Answers.BadRequestAsync(http, e.Message);
        }
        catch (BadHttpRequestException e) when (!http.Response.HasStarted)
        {
            await Answers.PageAsync(http, e.StatusCode);
        }
    }

    private static async Task DropAsync(RecordRequest request, ILogs logs)
    {
        if (logs.History is not { } history)
        {
            await Answers.PageAsync(request.Http, StatusCodes.Status404NotFound);
            return;
        }
        _ = await history.DropBeforeAsync(request.Command.Seconds("drop_before"));
        await DoneAsync(request.Http, "Packets removed");
    }

    private static async Task NoteAsync(RecordRequest request, ILogs logs)
    {
        string note = request.Command.Text("note") ?? "";
        if (note.Length > MaxNote)
        {
            throw new CommandException($"note: longer than {MaxNote} characters");
        }
        await (await logs.NoteAsync(note) ? DoneAsync(request.Http, "POI created") : Answers.ErrorAsync(request.Http, "kismetdb log not enabled"));
    }

    private static Task DoneAsync(HttpContext http, string text)
    {
        http.Response.ContentType = Answers.Json;
        return http.Response.WriteAsync(text + "\n", http.RequestAborted);
    }
}
