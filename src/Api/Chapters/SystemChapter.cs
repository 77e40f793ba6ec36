using KismetOrleans.Api.Auth;
using KismetOrleans.Api.Http;
using KismetOrleans.Grains.Server;
using KismetOrleans.Records.Fields;
using KismetOrleans.Records.Json;
using KismetOrleans.Records.Server;

namespace KismetOrleans.Api.Chapters;

/// <summary>State of the server, its clock, its field names, its rates, its plugins.</summary>
public static class SystemChapter
{
    /// <summary>Maps the chapter.</summary>
    public static void MapSystem(this IEndpointRouteBuilder routes, IBackend backend)
    {
        routes.MapRecords("/system/status", r => Answers.RecordAsync(r.Http, SystemStatusTable.Table, Status(backend), r.Format, r.Fields));
        routes.MapRecords("/system/timestamp", r => Answers.RecordAsync(r.Http, TimestampTable.Table, Now(backend), r.Format, r.Fields));
        routes.MapRecords("/system/user_status", r => Answers.RecordAsync(r.Http, UserStatusTable.Table, new(backend.Status.User), r.Format, r.Fields), Role.None);
        routes.MapGet("/system/tracked_fields.html", TrackedFieldsAsync);
        routes.MapRecords("/packetchain/packet_stats", r => PacketStatsAsync(r, backend));
        // There are no plugins here yet, and the list says so.
        routes.MapRecords("/plugins/all_plugins", r => Answers.ListAsync(r.Http, PluginTable.Table, [], r.Format, r.Fields));
    }

    private static SystemStatus Status(IBackend backend)
    {
        Timestamp now = Now(backend);
        return backend.Status with { Seconds = now.Seconds, Microseconds = now.Microseconds };
    }

    private static Timestamp Now(IBackend backend)
    {
        long ticks = backend.Clock.GetUtcNow().Ticks - DateTimeOffset.UnixEpoch.Ticks;
        return new((uint)(ticks / TimeSpan.TicksPerSecond), (uint)(ticks % TimeSpan.TicksPerSecond / TimeSpan.TicksPerMicrosecond));
    }

    private static Task TrackedFieldsAsync(HttpContext http)
    {
        using JsonOut body = Answers.NewBody(http);
        TrackedFields.WriteHtml(body);
        return Answers.SendAsync(http, body, "text/html");
    }

    private static async Task PacketStatsAsync(RecordRequest request, IBackend backend) =>
        await Answers.RecordAsync(request.Http, PacketStatsTable.Table, await backend.PacketStatsAsync(), request.Format, request.Fields);
}
