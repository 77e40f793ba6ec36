using System.Text.Json;
using KismetOrleans.Api.Auth;
using KismetOrleans.Api.Events;
using KismetOrleans.Api.Http;
using KismetOrleans.Api.OpenApi;
using KismetOrleans.Engine.Partitions;
using KismetOrleans.Engine.Server;
using KismetOrleans.Engine.Tracking;
using KismetOrleans.Records.Datasources;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Fields;
using KismetOrleans.Records.Json;
using KismetOrleans.Records.Server;

namespace KismetOrleans.Api.Endpoints;

internal static class AdsbEndpoints
{
    // As many as one receiver hears at once, with room; a list of all is that of the view.
    private const int MaxAircraft = 2000;
    private const string Point = "kismet.common.location.geopoint";
    private static readonly TimeSpan s_recent = TimeSpan.FromMinutes(10);
    private static readonly FieldSelection s_place = new([new SelectedField($"kismet.device.base.location/kismet.common.location.last/{Point}", null)]);

    public static void MapAdsb(this IEndpointRouteBuilder routes, IBackend backend)
    {
        routes.MapRecords("/phy/ADSB/map_data", r => MapAsync(r, backend))
            .Gives(AdsbMapTable.Table, "Aircraft of the last ten minutes, and the rectangle around them");
        // Kismet's documents have another name of the phy in these two.
        foreach (string phy in (string[])["ADSB", "RTLADSB"])
        {
            routes.MapSocket($"/phy/{phy}/raw.ws", "adsb", (_, socket) => new AircraftSocket(socket, backend, isBeast: false, null).RunAsync(), Role.Adsb)
                .GivesSocket("Messages of aircraft as they come: *8D…; and a line feed");
            routes.MapSocket($"/phy/{phy}/beast.ws", "adsb", (_, socket) => new AircraftSocket(socket, backend, isBeast: true, null).RunAsync(), Role.Adsb)
                .GivesSocket("Messages of aircraft as they come, as frames of Beast");
        }
        routes.MapSocket(
            "/datasource/by-uuid/{uuid}/adsb_raw.ws", "adsb",
            (http, socket) => new AircraftSocket(socket, backend, isBeast: false, SourceOf(http, backend)!.Number).RunAsync(), Role.Adsb,
            http => new(SourceOf(http, backend) is not null))
            .GivesSocket("Messages of aircraft that a source hears");
    }

    private static DatasourceRecord? SourceOf(HttpContext http, IBackend backend) =>
        Guid.TryParse(http.Request.RouteValues["uuid"] as string, out Guid uuid) ? backend.Sources.Find(uuid) : null;

    private static async Task MapAsync(RecordRequest request, IBackend backend)
    {
        CancellationToken aborted = request.Http.RequestAborted;
        DeviceFilter recent = new() { View = new PhyView(Phy.Adsb), Since = (uint)(backend.Clock.GetUtcNow() - s_recent).ToUnixTimeSeconds() };
        List<ReadOnlyMemory<byte>> aircraft = await ReadAsync(backend, recent, new(request.Format, null, ListWriter.ObjectDepth + 1) { Apart = true }, aborted);
        AdsbMap map = new(aircraft);
        bool any = false;
        foreach (ReadOnlyMemory<byte> place in await ReadAsync(backend, recent, new(RecordFormat.Json, s_place) { Apart = true }, aborted))
        {
            if (PlaceOf(place) is not (double latitude, double longitude))
            {
                continue;
            }
            map = any
                ? map with { South = Math.Min(map.South, latitude), West = Math.Min(map.West, longitude), North = Math.Max(map.North, latitude), East = Math.Max(map.East, longitude) }
                : map with { South = latitude, West = longitude, North = latitude, East = longitude };
            any = true;
        }
        await Answers.RecordAsync(request.Http, AdsbMapTable.Table, map, request.Format, request.Fields);
    }

    // Null of one that has not told where it is.
    private static (double, double)? PlaceOf(ReadOnlyMemory<byte> device)
    {
        using JsonDocument document = JsonDocument.Parse(device);
        return document.RootElement.TryGetProperty(Point, out JsonElement point) && point.ValueKind == JsonValueKind.Array && point.GetArrayLength() == 2
            && (point[1].GetDouble(), point[0].GetDouble()) is var place && place is not (0, 0) ? place : null;
    }

    private static async Task<List<ReadOnlyMemory<byte>>> ReadAsync(IBackend backend, DeviceFilter filter, DeviceShape shape, CancellationToken cancellation)
    {
        List<ReadOnlyMemory<byte>> devices = [];
        foreach (List<ReadOnlyMemory<byte>> some in await Task.WhenAll(backend.Partitions.Select(partition => ReadAsync(partition, filter, shape, cancellation))))
        {
            devices.AddRange(some.Take(MaxAircraft - devices.Count));
        }
        return devices;
    }

    private static async Task<List<ReadOnlyMemory<byte>>> ReadAsync(IDevicePartition partition, DeviceFilter filter, DeviceShape shape, CancellationToken cancellation)
    {
        List<ReadOnlyMemory<byte>> devices = [];
        for (int cursor = 0; cursor >= 0 && devices.Count < MaxAircraft;)
        {
            using DeviceChunk chunk = await partition.ReadAsync(filter, shape, cursor, cancellation);
            int from = 0;
            foreach (int to in chunk.Ends!)
            {
                devices.Add(chunk.Body.Written.Span[from..to].ToArray());
                from = to;
            }
            cursor = chunk.Next;
        }
        return devices;
    }
}
