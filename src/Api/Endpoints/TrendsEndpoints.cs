using KismetOrleans.Api.Http;
using KismetOrleans.Api.OpenApi;
using KismetOrleans.Engine.Channels;
using KismetOrleans.Engine.Server;
using KismetOrleans.Records.Server;

namespace KismetOrleans.Api.Endpoints;

/// <summary>What was seen by minute, hour and day; kept over restarts.</summary>
internal static class TrendsEndpoints
{
    private static readonly (string Path, TrendSpan Span, string Summary)[] s_spans =
    [
        ("/trends/minutes", TrendSpan.Minute, "Packets, devices, channels and alerts by minute, of the last day"),
        ("/trends/hours", TrendSpan.Hour, "Packets, devices, channels and alerts by hour, of the last 31 days"),
        ("/trends/days", TrendSpan.Day, "Packets, devices, channels and alerts by day (UTC), of the last two years"),
    ];

    public static void MapTrends(this IEndpointRouteBuilder routes, IBackend backend)
    {
        foreach ((string path, TrendSpan span, string summary) in s_spans)
        {
            routes.MapRecords(path, async r => await Answers.ListAsync(
                    r.Http, TrendTable.Table, await backend.TrendsAsync(span, r.Http.RequestAborted), r.Format, r.Fields))
                .GivesList(TrendTable.Table, summary);
        }
    }
}
