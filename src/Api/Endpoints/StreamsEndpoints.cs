using System.Globalization;
using KismetOrleans.Api.Auth;
using KismetOrleans.Api.Http;
using KismetOrleans.Api.OpenApi;
using KismetOrleans.Api.Streams;
using KismetOrleans.Engine.Server;
using KismetOrleans.Engine.Streams;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Fields;
using KismetOrleans.Records.Json;
using KismetOrleans.Records.Server;
using KismetOrleans.Wire;

namespace KismetOrleans.Api.Endpoints;

/// <summary>Live packets as pcapng files, and the list of who reads them.</summary>
internal static class StreamsEndpoints
{
    private const string Suffix = ".pcapng";
    private static readonly string[] s_both = ["GET", "POST"];

    public static void MapStreams(this IEndpointRouteBuilder routes, IBackend backend)
    {
        routes.MapGet("/pcap/all_packets.pcapng", http => AllAsync(http, backend))
            .GivesPackets("Live packets of all datasources, pcapng");
        routes.MapGet("/datasource/pcap/all_sources.pcapng", http => AllAsync(http, backend))
            .GivesPackets("The same");
        // Current Kismet says packets.pcapng, the seeds repeat what is asked for.
        routes.MapGet("/datasource/pcap/by-uuid/{of}/{file}", http => OfSourceAsync(http, backend))
            .GivesPackets("Live packets of a datasource");
        routes.MapGet("/devices/pcap/by-key/{of}/{file}", http => OfDeviceAsync(http, backend, PacketFilter.OfDevice))
            .GivesPackets("Live packets that name a device");
        routes.MapGet("/devices/by-key/{of}/pcap/{file}", http => OfDeviceAsync(http, backend, PacketFilter.FromDevice))
            .GivesPackets("Live packets that a device sends");
        routes.MapGet("/phy/phy80211/pcap/by-bssid/{of}/{file}", http => OfBssidAsync(http, backend))
            .GivesPackets("Live packets of a network");
        routes.MapGet("/phy/phy80211/by-bssid/{of}/pcap/{file}", http => OfBssidAsync(http, backend))
            .GivesPackets("The same");

        Dialect dialect = Dialects.Of(routes.ServiceProvider.GetRequiredService<IConfiguration>());
        routes.MapRecords("/streams/all_streams", r => ListAsync(r, backend, dialect))
            .GivesJson("Streams of packets: a list, or an object by number where Api:Dialect is current");
        routes.MapRecords("/streams/by-id/{id}/stream_info", r => InfoAsync(r, backend))
            .Gives(StreamTable.Table, "A stream");
        routes.MapMethods("/streams/by-id/{id}/close_stream.{any}", s_both, (RequestDelegate)(http => CloseAsync(http, backend)))
            .NeedsRole(Role.Admin)
            .GivesText("Ends a stream");
    }

    private static Task AllAsync(HttpContext http, IBackend backend) =>
        SendAsync(http, backend, PacketFilter.All, "kismet-all-packets", "pcapng of all packets");

    private static Task OfSourceAsync(HttpContext http, IBackend backend)
    {
        if (!IsFile(http))
        {
            return Answers.PageAsync(http, StatusCodes.Status404NotFound);
        }
        if (!Guid.TryParse(Of(http), out Guid uuid))
        {
            return Answers.ErrorAsync(http, "unable to parse string value");
        }
        if (backend.Sources.Find(uuid) is not { } source)
        {
            return Answers.ErrorAsync(http, "no such datasource");
        }
        string printed = uuid.ToString().ToUpperInvariant();
        return SendAsync(
            http, backend, PacketFilter.OfSource(source.Number),
            $"kismet-datasource-{source.Name}-{printed}", $"pcapng of packets for datasource {source.Name} {printed}");
    }

    private static Task OfDeviceAsync(HttpContext http, IBackend backend, Func<DeviceId, PacketFilter> filter)
    {
        if (!IsFile(http))
        {
            return Answers.PageAsync(http, StatusCodes.Status404NotFound);
        }
        string key = Of(http);
        if (!DeviceKey.TryParse(key, out DeviceId id, out bool known))
        {
            return Answers.ErrorAsync(http, "unable to parse string value");
        }
        // A device that nobody has seen yet may still come; one of a phy that is not known cannot, but its stream opens all the same.
        return SendAsync(
            http, backend, known ? filter(id) : PacketFilter.Nothing, $"kismet-device-{key}", $"pcapng of packets for dev key {key}");
    }

    private static Task OfBssidAsync(HttpContext http, IBackend backend)
    {
        // The route of current Kismet has the suffix twice; its documentation has it once.
        if (!IsFile(http) && File(http) != "packets" + Suffix + Suffix)
        {
            return Answers.PageAsync(http, StatusCodes.Status404NotFound);
        }
        if (!MacAddress.TryParse(Of(http), out MacAddress bssid))
        {
            return Answers.ErrorAsync(http, "unable to parse string value");
        }
        // The name of the record lacks a dash that the name of the file has, and there are two spaces: so clients know them.
        return StreamAnswer.SendAsync(
            http, backend,
            new(PacketFilter.OfBssid(bssid), $"kismet-80211-bssid{bssid}{Suffix}", $"pcapng of packets for phy80211 bssid  {bssid}"),
            $"kismet-80211-bssid-{bssid}{Suffix}");
    }

    private static Task SendAsync(HttpContext http, IBackend backend, PacketFilter filter, string name, string description) =>
        StreamAnswer.SendAsync(http, backend, new(filter, name + Suffix, description), name + Suffix);

    private static string Of(HttpContext http) => http.Request.RouteValues["of"]?.ToString() ?? "";

    private static string File(HttpContext http) => http.Request.RouteValues["file"]?.ToString() ?? "";

    private static bool IsFile(HttpContext http) =>
        File(http) is var file && (file == "packets" + Suffix || file.Equals(Of(http) + Suffix, StringComparison.OrdinalIgnoreCase));

    private static async Task ListAsync(RecordRequest request, IBackend backend, Dialect dialect)
    {
        IReadOnlyList<StreamRecord> streams = await backend.Streams.ListAsync(request.Http.RequestAborted);
        if (dialect == Dialect.Seeds)
        {
            await Answers.ListAsync(request.Http, StreamTable.Table, streams, request.Format, request.Fields);
            return;
        }
        using JsonOut body = Answers.NewBody(request.Http);
        RecordWriter<StreamRecord> writer = StreamTable.Table.Writer(request.Format, request.Fields);
        body.Raw("{"u8);
        foreach (StreamRecord stream in streams)
        {
            body.Raw(stream == streams[0] ? ""u8 : ","u8);
            body.String(stream.Id.ToString(CultureInfo.InvariantCulture));
            body.Raw(": "u8);
            writer.Write(stream, body, ListWriter.ObjectDepth);
        }
        body.Raw("}"u8);
        body.Raw(ObjectWriter.End(request.Format));
        await Answers.SendAsync(request.Http, body);
    }

    private static async Task InfoAsync(RecordRequest request, IBackend backend)
    {
        if (!TryId(request.Http, out long id))
        {
            await Answers.ErrorAsync(request.Http, "unable to parse string value");
            return;
        }
        IReadOnlyList<StreamRecord> streams = await backend.Streams.ListAsync(request.Http.RequestAborted);
        await (streams.FirstOrDefault(stream => stream.Id == id) is { } found
            ? Answers.RecordAsync(request.Http, StreamTable.Table, found, request.Format, request.Fields)
            : Answers.ErrorAsync(request.Http, "invalid key"));
    }

    private static async Task CloseAsync(HttpContext http, IBackend backend)
    {
        if (!TryId(http, out long id))
        {
            await Answers.ErrorAsync(http, "unable to parse string value");
            return;
        }
        if (!await backend.Streams.CloseAsync(id))
        {
            await Answers.ErrorAsync(http, "invalid key");
            return;
        }
        http.Response.ContentType = Answers.Json;
        await http.Response.WriteAsync("OK", http.RequestAborted);
    }

    private static bool TryId(HttpContext http, out long id) =>
        long.TryParse(http.Request.RouteValues["id"]?.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out id);
}
