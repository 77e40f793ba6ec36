using KismetOrleans.Api.Http;
using KismetOrleans.Api.OpenApi;
using KismetOrleans.Api.Streams;
using KismetOrleans.Engine.Handshakes;
using KismetOrleans.Engine.Partitions;
using KismetOrleans.Engine.Server;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Fields;
using KismetOrleans.Wire;

namespace KismetOrleans.Api.Endpoints;

/// <summary>Wi-Fi: frames of handshakes, and which devices belong together.</summary>
internal static class Dot11Endpoints
{
    // Access points of one distribution system and all their clients; a campus has some ten thousand.
    private const int MaxRelated = 100_000;

    public static void MapDot11(this IEndpointRouteBuilder routes, IBackend backend)
    {
        // Current Kismet says handshake.pcap, the seeds repeat the key.
        routes.MapGet("/phy/phy80211/by-key/{key}/pcap/{file}", http => OfNetworkAsync(http, backend))
            .GivesPackets("Handshakes of a network (handshake.pcap), or its PMKID (handshake-pmkid.pcap)");
        routes.MapGet("/phy/phy80211/by-key/{key}/device/{client}/pcap/handshake.pcap", http => OfClientAsync(http, backend))
            .GivesPackets("The handshake of a client with a network");
        routes.MapRecords("/phy/phy80211/clients-of/{key}/clients", r => ClientsAsync(r, backend))
            .GivesList(DeviceTable.Table, "Clients of an access point");
        routes.MapRecords("/phy/phy80211/related-to/{key}/devices", r => RelatedAsync(r, backend))
            .GivesList(DeviceTable.Table, "A device, its clients, their clients, and so on")
            .TakesVariable("networks", ValueForm.Flag, "whether clients are followed to their networks too");
    }

    private static Task OfNetworkAsync(HttpContext http, IBackend backend)
    {
        string file = Route(http, "file");
        return file == "handshake-pmkid.pcap" ? HandshakeAsync(http, backend, new(HandshakeKind.Pmkid), "handshake-pmkid.pcap")
            : file == "handshake.pcap" || file.Equals(Route(http, "key") + "-handshake.pcap", StringComparison.OrdinalIgnoreCase)
                ? HandshakeAsync(http, backend, new(HandshakeKind.All), "handshake.pcap")
                : Answers.PageAsync(http, StatusCodes.Status404NotFound);
    }

    private static Task OfClientAsync(HttpContext http, IBackend backend) =>
        MacAddress.TryParse(Route(http, "client"), out MacAddress client)
            ? HandshakeAsync(http, backend, new(HandshakeKind.Client, client), $"{client}-handshake.pcap")
            : Answers.ErrorAsync(http, "unable to parse string value");

    private static async Task HandshakeAsync(HttpContext http, IBackend backend, HandshakeWanted wanted, string name)
    {
        if (!DeviceKey.TryParse(Route(http, "key"), out DeviceId id, out bool known))
        {
            await Answers.ErrorAsync(http, "unable to parse string value");
            return;
        }
        byte[]? file = known ? await PartitionOf(backend, id).HandshakesAsync(id, wanted, http.RequestAborted) : null;
        if (file is null)
        {
            await Answers.ErrorAsync(http, "unknown device");
            return;
        }
        http.Response.ContentType = StreamAnswer.ContentType;
        http.Response.ContentLength = file.Length;
        http.Response.Headers.ContentDisposition = StreamAnswer.Disposition($"{id.Address}-{name}");
        await http.Response.BodyWriter.WriteAsync(file, http.RequestAborted);
    }

    private static async Task ClientsAsync(RecordRequest request, IBackend backend)
    {
        if (!DeviceKey.TryParse(request.Route("key"), out DeviceId id, out bool known))
        {
            await Answers.ErrorAsync(request.Http, "unable to parse string value");
            return;
        }
        DeviceId[] clients = known ? await PartitionOf(backend, id).RelatedAsync([id], Relation.Clients, request.Http.RequestAborted) : [];
        await DeviceLists.StreamAsync(request.Http, clients, null, new(request.Format, request.Fields));
    }

    // From neighbours to their neighbours, until there are no more: a question to each partition concerned a step, not one a device.
    private static async Task RelatedAsync(RecordRequest request, IBackend backend)
    {
        if (!DeviceKey.TryParse(request.Route("key"), out DeviceId id, out bool known))
        {
            await Answers.ErrorAsync(request.Http, "unable to parse string value");
            return;
        }
        Relation relation = request.Command.Switch("networks") ? Relation.Both : Relation.Clients;
        HashSet<DeviceId> seen = [];
        List<DeviceId> all = [];
        List<DeviceId> edge = known ? [id] : [];
        while (edge.Count > 0)
        {
            all.AddRange(edge);
            seen.UnionWith(edge);
            DeviceId[][] next = await Task.WhenAll(edge.GroupBy(device => Partitioning.Of(device, backend.Partitions.Count))
                .Select(share => backend.Partitions[share.Key].RelatedAsync([.. share], relation, request.Http.RequestAborted).AsTask()));
            edge = [.. next.SelectMany(static ids => ids).Distinct().Where(device => !seen.Contains(device)).Take(MaxRelated - all.Count)];
        }
        await DeviceLists.StreamAsync(request.Http, all, null, new(request.Format, request.Fields));
    }

    private static IDevicePartition PartitionOf(IBackend backend, DeviceId id) => backend.Partitions[Partitioning.Of(id, backend.Partitions.Count)];

    private static string Route(HttpContext http, string name) => http.Request.RouteValues[name]?.ToString() ?? "";
}
