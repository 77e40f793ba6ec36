using System.Text.Json;
using KismetOrleans.Api.Http;
using KismetOrleans.Api.OpenApi;
using KismetOrleans.Engine.Partitions;
using KismetOrleans.Engine.Server;
using KismetOrleans.Engine.Tracking;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Fields;
using KismetOrleans.Records.Server;
using KismetOrleans.Records.Uav;

namespace KismetOrleans.Api.Endpoints;

internal static class PhyEndpoints
{
    public static void MapPhys(this IEndpointRouteBuilder routes, IBackend backend, TrackingOptions tracking)
    {
        IReadOnlyList<UavMatch> drones = tracking.DroneRules.All;
        WhereSpec isDrone = WhereSpec.Parse(JsonSerializer.SerializeToElement<object[][]>([["uav.device", "has", true]]), DeviceTable.Table)!;
        routes.MapRecords("/phy/all_phys", r => AllPhysAsync(r, backend))
            .GivesList(PhyTable.Table, "Kinds of radio");
        routes.MapRecords("/phy/phyuav/manuf_matchers", r => Answers.ListAsync(r.Http, UavMatchTable.Table, drones, r.Format, r.Fields))
            .GivesList(UavMatchTable.Table, "What drones are told by");
        // Clients ask for it, and no Kismet answers: a drone is a device of another phy.
        routes.MapRecords("/phy/phyuav/devices", r => ViewsEndpoints.AnswerAsync(r, backend, DeviceView.All, isDrone))
            .GivesWindow(DeviceTable.Table, "Devices that are drones")
            .TakesPartial()
            .TakesDataTable();
        routes.MapRecords("/channels/channels", r => ChannelsAsync(r, backend))
            .Gives(ChannelMapTable.Table, "Use of channels and frequencies");
    }

    private static async Task AllPhysAsync(RecordRequest request, IBackend backend)
    {
        PartitionCounts[] counts = await Task.WhenAll(backend.Partitions.Select(p => p.CountAsync(request.Http.RequestAborted).AsTask()));
        long[] packets = await backend.PacketsByPhyAsync(request.Http.RequestAborted);
        IEnumerable<PhyRecord> phys = Phy.All.Select(phy => new PhyRecord(phy, (ulong)counts.Sum(c => c.ByPhy[phy.Id]), (ulong)packets[phy.Id]));
        await Answers.ListAsync(request.Http, PhyTable.Table, phys, request.Format, request.Fields);
    }

    private static async Task ChannelsAsync(RecordRequest request, IBackend backend) =>
        await Answers.RecordAsync(request.Http, ChannelMapTable.Table, await backend.ChannelsAsync(request.Http.RequestAborted), request.Format, request.Fields);
}
