using System.Text.Json;
using KismetOrleans.Api.Http;
using KismetOrleans.Api.OpenApi;
using KismetOrleans.Engine.Server;
using KismetOrleans.Engine.Watching;
using KismetOrleans.Records.Fields;
using KismetOrleans.Records.Json;
using KismetOrleans.Wire;

namespace KismetOrleans.Api.Endpoints;

/// <summary>Devices whose coming and going raise alerts: added, removed and listed.</summary>
internal static class WatchCommands
{
    public static void Map(IEndpointRouteBuilder routes, IBackend backend)
    {
        routes.MapCommandPost("/devices/alerts/mac/{kind}/add", r => ChangeAsync(r, backend.Watch.AddAsync))
            .GivesText("Watches devices come or go")
            .Takes("mac", ValueForm.Mac, "an address")
            .Takes("macs", ValueForm.List, "addresses");
        routes.MapCommandPost("/devices/alerts/mac/{kind}/remove", r => ChangeAsync(r, async (what, addresses) =>
        {
            await backend.Watch.RemoveAsync(what, addresses);
            return null;
        }))
            .GivesText("Watches devices no longer")
            .Takes("mac", ValueForm.Mac, "an address")
            .Takes("macs", ValueForm.List, "addresses");
        routes.MapRecords("/devices/alerts/mac/{kind}/macs", r => ListAsync(r, backend))
            .GivesJson("Addresses of devices that are watched");
    }

    private static async Task ChangeAsync(RecordRequest request, Func<WatchFor, IReadOnlyList<MacAddress>, ValueTask<string?>> change)
    {
        if (Kind(request) is not { } what)
        {
            await UnknownKindAsync(request);
        }
        else if (Addresses(request.Command, out List<MacAddress> addresses) is { } wrong)
        {
            // Kismet's status, also for what is malformed.
            await Answers.ErrorAsync(request.Http, wrong);
        }
        else if (await change(what, addresses) is { } refused)
        {
            await Answers.BadRequestAsync(request.Http, $"macs: {refused}");
        }
    }

    private static async Task ListAsync(RecordRequest request, IBackend backend)
    {
        if (Kind(request) is not { } what)
        {
            await UnknownKindAsync(request);
            return;
        }
        IReadOnlyList<MacAddress> addresses = await backend.Watch.ListAsync(what, request.Http.RequestAborted);
        using JsonOut body = Answers.NewBody(request.Http);
        body.Raw(ListFraming.Begin(request.Format));
        for (int i = 0; i < addresses.Count; i++)
        {
            body.Raw(i > 0 ? ListFraming.Separator(request.Format) : default);
            body.Mac(addresses[i]);
        }
        body.Raw(ListFraming.End(request.Format, addresses.Count > 0));
        await Answers.SendAsync(request.Http, body);
    }

    private static WatchFor? Kind(RecordRequest request) => request.Route("kind") switch
    {
        "found" => WatchFor.Found,
        "lost" => WatchFor.Lost,
        "both" => WatchFor.Both,
        _ => null,
    };

    private static Task UnknownKindAsync(RecordRequest request) =>
        Answers.ErrorAsync(request.Http, $"'{request.Route("kind")}' is none of found, lost, both");

    // What is wrong; null where nothing is.
    private static string? Addresses(Command command, out List<MacAddress> addresses)
    {
        addresses = [];
        JsonElement mac = command["mac"];
        JsonElement macs = command["macs"];
        if (mac.ValueKind == JsonValueKind.Undefined && macs.ValueKind == JsonValueKind.Undefined)
        {
            return "mac or macs is needed";
        }
        if (mac.ValueKind != JsonValueKind.Undefined && !TryAdd(mac, addresses))
        {
            return "mac: not a MAC address";
        }
        if (macs.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Array))
        {
            return "macs: expected an array of addresses";
        }
        for (int i = 0; macs.ValueKind == JsonValueKind.Array && i < macs.GetArrayLength(); i++)
        {
            if (!TryAdd(macs[i], addresses))
            {
                return $"macs[{i}]: not a MAC address";
            }
        }
        return null;
    }

    private static bool TryAdd(JsonElement value, List<MacAddress> addresses)
    {
        if (value.ValueKind != JsonValueKind.String || !MacAddress.TryParse(value.GetString(), out MacAddress address))
        {
            return false;
        }
        addresses.Add(address);
        return true;
    }
}
