using System.Globalization;
using KismetOrleans.Api.Http;
using KismetOrleans.Api.OpenApi;
using KismetOrleans.Api.Streams;
using KismetOrleans.Engine.Inspection;
using KismetOrleans.Engine.Logging;
using KismetOrleans.Engine.Server;
using KismetOrleans.Records.Fields;
using KismetOrleans.Records.Server;

namespace KismetOrleans.Api.Endpoints;

/// <summary>
/// What the packet log looks like: packets by time, the newest ones without their bytes, and one taken apart. Filters are those of the packets themselves.
/// </summary>
internal static class LoggedPacketsEndpoints
{
    private const int DefaultPackets = 100;
    private const double Micro = 1e6;

    public static void MapLoggedPackets(this IEndpointRouteBuilder routes, ILogs logs, IBackend backend)
    {
        routes.MapRecords("/logging/kismetdb/packets/state", r => StateAsync(r, logs))
            .Gives(PacketLogTable.Table, "Whether packets from the past can be asked for, and how many there are");
        const string filters = LoggingEndpoints.PacketFilterNames + "; also as variables";
        routes.MapRecords("/logging/kismetdb/packets/histogram", r => HistogramAsync(r, logs, backend))
            .Gives(HistogramTable.Table, "Packets from the past that meet all filters, by time")
            .Takes("filter", ValueForm.Map, filters)
            .Takes("from", ValueForm.Number, "unix time where the first bucket begins, negative for seconds ago; the log's first packet unless it is given")
            .Takes("to", ValueForm.Number, "where the last bucket ends; the log's last packet unless it is given")
            .Takes("buckets", ValueForm.Integer, "how many, 1 to 1000");
        routes.MapRecords("/logging/kismetdb/packets/packets", r => NewestAsync(r, logs))
            .GivesList(LoggedPacketTable.Table, "The newest packets from the past that meet all filters, newest first, without their bytes")
            .Takes("filter", ValueForm.Map, filters)
            .Takes("before", ValueForm.Number, "unix time: only older ones, as after the last packet of a page")
            .Takes("limit", ValueForm.Integer, "how many, 1 to 1000");
        routes.MapRecords("/logging/kismetdb/packets/by-id/{id}/packet", r => PacketAsync(r, logs))
            .Gives(PacketViewTable.Table, "One packet from the past, layer by layer");
    }

    private static async Task StateAsync(RecordRequest request, ILogs logs) =>
        await Answers.RecordAsync(
            request.Http, PacketLogTable.Table, logs.History is { } history ? await history.StateAsync(request.Http.RequestAborted) : new(IsOpen: false), request.Format, request.Fields);

    private static Task HistogramAsync(RecordRequest request, ILogs logs, IBackend backend) => AnswerAsync(request, logs, async pictures =>
    {
        Command command = request.Command;
        double now = backend.Clock.GetUtcNow().ToUnixTimeSeconds();
        PacketHistogram histogram = await pictures.HistogramAsync(
            HistoryAnswer.Query(command), HistogramEndpoints.TimeOf(command, "from", now), HistogramEndpoints.TimeOf(command, "to", now), HistogramEndpoints.BucketsOf(command),
            request.Http.RequestAborted);
        HistogramRecord answer = new(
            histogram.Buckets.FromUs / Micro, histogram.Buckets.ToUs / Micro, Array.ConvertAll(histogram.Counts, static count => (double)count), histogram.Counts.Sum());
        await Answers.RecordAsync(request.Http, HistogramTable.Table, answer, request.Format, request.Fields);
    });

    private static Task NewestAsync(RecordRequest request, ILogs logs) => AnswerAsync(request, logs, async pictures =>
    {
        Func<string, string?> filters = HistoryAnswer.Filters(request.Command);
        PacketQuery query = PacketFilters.Read(name => name == "limit" ? null : filters(name));
        if (filters("before") is { } before)
        {
            query = query with { ToUs = Math.Min(query.ToUs, PacketFilters.TimeUs("before", before) - 1) };
        }
        IReadOnlyList<LoggedPacket> packets = await pictures.NewestAsync(query, Limit(filters("limit")), request.Http.RequestAborted);
        await Answers.ListAsync(request.Http, LoggedPacketTable.Table, packets, request.Format, request.Fields);
    });

    private static Task PacketAsync(RecordRequest request, ILogs logs) => AnswerAsync(request, logs, async pictures =>
    {
        if (!PacketId.TryParse(request.Route("id"), out PacketId id))
        {
            throw new CommandException("id: expected kismet.packet.id of a packet of the list");
        }
        if (await pictures.FindAsync(id, request.Http.RequestAborted) is not { } stored)
        {
            await Answers.ErrorAsync(request.Http, "no such packet in the log, or no longer", StatusCodes.Status404NotFound);
            return;
        }
        await Answers.RecordAsync(request.Http, PacketViewTable.Table, PacketInspector.Inspect(stored), request.Format, request.Fields);
    });

    private static int Limit(string? text) => text is null ? DefaultPackets
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int limit) && limit is >= 1 and <= PacketPages.MaxCount ? limit
        : throw new CommandException($"limit: expected a whole number from 1 to {PacketPages.MaxCount}");

    private static async Task AnswerAsync(RecordRequest request, ILogs logs, Func<IPacketPictures, Task> answer)
    {
        if (logs.History is not { } history)
        {
            await Answers.PageAsync(request.Http, StatusCodes.Status404NotFound);
            return;
        }
        try
        {
            await answer(history.Pictures);
        }
        catch (LogException e)
        {
            throw new CommandException(e.Message);
        }
    }
}
