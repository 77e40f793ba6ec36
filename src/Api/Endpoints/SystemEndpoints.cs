using KismetOrleans.Api.Auth;
using KismetOrleans.Api.Http;
using KismetOrleans.Api.OpenApi;
using KismetOrleans.Engine.Server;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Fields;
using KismetOrleans.Records.Json;
using KismetOrleans.Records.Server;

namespace KismetOrleans.Api.Endpoints;

/// <summary>State of the server, its clock, its field names, its rates, its plugins.</summary>
internal static class SystemEndpoints
{
    private static readonly RecordTable<RecordRequest> s_none = new("none", []);
    private static readonly (string Name, string Summary, Func<PacketStats, Rrd> Of)[] s_histories =
    [
        ("peak", "History of the most packets in a second", static s => s.Peak),
        ("rate", "History of all packets", static s => s.Packets),
        ("error", "History of damaged packets", static s => s.Errors),
        ("dupe", "History of packets that were seen before", static s => s.Duplicates),
        ("drop", "History of packets that were dropped", static s => s.Dropped),
        ("processed", "History of packets that reached the devices", static s => s.Processed),
    ];

    public static void MapSystem(this IEndpointRouteBuilder routes, IBackend backend)
    {
        routes.MapRecords("/system/status", r => Answers.RecordAsync(r.Http, SystemStatusTable.Table, Status(backend), r.Format, r.Fields))
            .Gives(SystemStatusTable.Table, "State of the server");
        routes.MapRecords("/system/timestamp", r => Answers.RecordAsync(r.Http, TimestampTable.Table, Now(backend), r.Format, r.Fields))
            .Gives(TimestampTable.Table, "The server's clock");
        routes.MapRecords("/system/user_status", r => Answers.RecordAsync(r.Http, UserStatusTable.Table, new(backend.Status.User), r.Format, r.Fields), Role.None)
            .Gives(UserStatusTable.Table, "Account that the server runs as");
        routes.MapGet("/system/tracked_fields.html", TrackedFieldsAsync)
            .GivesText("All fields that records can have, as a page", "text/html");
        routes.MapRecords("/packetchain/packet_stats", r => PacketStatsAsync(r, backend))
            .Gives(PacketStatsTable.Table, "Histories of packets");
        foreach ((string name, string summary, Func<PacketStats, Rrd> of) in s_histories)
        {
            routes.MapRecords("/packetchain/packet_" + name, async r => await Answers.RecordAsync(r.Http, RrdTable.Table, of(await backend.PacketStatsAsync(r.Http.RequestAborted)), r.Format, r.Fields))
                .Gives(RrdTable.Table, summary);
        }
        // There are no plugins here yet, and the list says so.
        routes.MapRecords("/plugins/all_plugins", r => Answers.ListAsync(r.Http, PluginTable.Table, [], r.Format, r.Fields))
            .GivesList(PluginTable.Table, "Plugins");
        // What Kismet's web page and others ask for beside: this server has no antennas of several sources and no radiation sensors.
        foreach ((string path, string summary) in ((string, string)[])[("/antennas/antennas", "Antennas"), ("/radiation/sensors/all_sensors", "Radiation sensors")])
        {
            routes.MapRecords(path, static r => Answers.RecordAsync(r.Http, s_none, r, r.Format, r.Fields)).GivesJson(summary + ": an object by number, always empty here");
        }
    }

    private static SystemStatus Status(IBackend backend)
    {
        Timestamp now = Now(backend);
        return backend.Status with { Seconds = now.Seconds, Microseconds = now.Microseconds };
    }

    private static Timestamp Now(IBackend backend) => Timestamp.Of(backend.Clock.GetUtcNow());

    private static Task TrackedFieldsAsync(HttpContext http)
    {
        using JsonOut body = Answers.NewBody(http);
        TrackedFields.WriteHtml(body);
        return Answers.SendAsync(http, body, "text/html");
    }

    private static async Task PacketStatsAsync(RecordRequest request, IBackend backend) =>
        await Answers.RecordAsync(request.Http, PacketStatsTable.Table, await backend.PacketStatsAsync(request.Http.RequestAborted), request.Format, request.Fields);
}
