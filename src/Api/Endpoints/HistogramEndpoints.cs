using KismetOrleans.Api.Http;
using KismetOrleans.Api.OpenApi;
using KismetOrleans.Engine.Partitions;
using KismetOrleans.Engine.Server;
using KismetOrleans.Engine.Tracking;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Fields;
using KismetOrleans.Records.Server;

namespace KismetOrleans.Api.Endpoints;

/// <summary>Histograms: how the devices of a view are spread over a field's numbers.</summary>
internal static class HistogramEndpoints
{
    private const int DefaultBuckets = 100;

    public static void MapHistograms(this IEndpointRouteBuilder routes, IBackend backend)
    {
        foreach (string view in ViewsEndpoints.Forms)
        {
            routes.MapRecords($"/devices/views/{view}/histogram", r => ViewsEndpoints.ForViewAsync(r, backend, AnswerAsync))
                .Gives(HistogramTable.Table, "Devices of a view by a number that they have")
                .Takes("field", ValueForm.Text, "field path of a number", required: true)
                .Takes("from", ValueForm.Number, "where the first bucket begins; of a time, negative for seconds ago", required: true)
                .Takes("to", ValueForm.Number, "where the last bucket ends; of a time, now unless it is given")
                .Takes("buckets", ValueForm.Integer, "how many, 1 to 1000")
                .TakesConditions()
                .TakesLastTime()
                .TakesVariable("search", ValueForm.Text, "text that one of the chosen fields has");
        }
    }

    private static async Task AnswerAsync(RecordRequest request, IBackend backend, DeviceView view)
    {
        Command command = request.Command;
        DeviceBuckets wanted = Wanted(command, backend);
        DeviceFilter filter = ViewsEndpoints.FilterOf(command, backend, view) with { Search = command.Text("search") };
        // Fields are those that are searched, as in the list that the histogram is of.
        DeviceHistogram counted = await backend.Partitions.HistogramAsync(filter, new(request.Format, request.Fields), wanted, request.Http.RequestAborted);
        HistogramRecord answer = new(wanted.Buckets.From, wanted.Buckets.To, Array.ConvertAll(counted.Counts, static count => (double)count), counted.Total)
        {
            Rest = new(counted.Below, counted.Above, counted.Absent),
        };
        await Answers.RecordAsync(request.Http, HistogramTable.Table, answer, request.Format);
    }

    private static DeviceBuckets Wanted(Command command, IBackend backend)
    {
        string field = command.Text("field") ?? throw new CommandException("field: is missing");
        if (field.Length > FieldPath.MaxLength || !RecordNumber<Device>.TryPrepare(DeviceTable.Table, field, out _))
        {
            throw new CommandException($"field: '{field[..Math.Min(field.Length, 64)]}' is no field that is a number");
        }
        bool isTime = field.EndsWith("_time", StringComparison.Ordinal);
        double now = backend.Clock.GetUtcNow().ToUnixTimeSeconds();
        double from = Bound("from") ?? throw new CommandException("from: is missing");
        // What happens in this second is inside.
        double to = Bound("to") ?? (isTime ? now + 1 : throw new CommandException("to: is missing"));
        return new(field, new(from, to > from ? to : throw new CommandException("to: expected more than from"), BucketsOf(command)));

        double? Bound(string key) => isTime ? TimeOf(command, key, now) : command.Real(key);
    }

    /// <summary>How many buckets a command asks for.</summary>
    /// <exception cref="CommandException">It is no number of them.</exception>
    internal static int BucketsOf(Command command) => command.Real("buckets") switch
    {
        null => DefaultBuckets,
        >= 1 and <= Buckets.MaxCount and { } count when double.IsInteger(count) => (int)count,
        _ => throw new CommandException($"buckets: expected a whole number from 1 to {Buckets.MaxCount}"),
    };

    /// <summary>A time of a command: in unix time, or negative for seconds ago; null unless it is given.</summary>
    internal static double? TimeOf(Command command, string key, double now) => command.Real(key) is { } time ? time < 0 ? now + time : time : null;
}
