using System.Text.Json;
using KismetOrleans.Api.Http;
using KismetOrleans.Api.OpenApi;
using KismetOrleans.Engine.Partitions;
using KismetOrleans.Engine.Server;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Fields;
using KismetOrleans.Records.Json;
using KismetOrleans.Wire;

namespace KismetOrleans.Api.Endpoints;

internal static class DevicesEndpoints
{
    // A presence check asks for dozens; a request with more is a mistake or an attack.
    private const int MaxDevicesAsked = 20_000;

    /// <summary>Names what of a list was no address.</summary>
    private const string SkippedHeader = "X-Skipped";

    // A header is no place for twenty thousand.
    private const int MaxSkippedNamed = 100;

    // Each is compared with every device.
    private const int MaxMasks = 64;

    public static void MapDevices(this IEndpointRouteBuilder routes, IBackend backend)
    {
        routes.MapRecords("/devices/all_devices", AllAsync)
            .GivesList(DeviceTable.Table, "All devices, one a line: suffixes ekjson and itjson alone")
            .TakesPartial();
        routes.MapRecords("/devices/last-time/{time}/devices", r => LastTimeAsync(r, backend))
            .GivesList(DeviceTable.Table, "Devices newer than a time")
            .TakesPartial()
            .TakesConditions();
        routes.MapRecords("/devices/by-key/{key}/device", r => ByKeyAsync(r, backend))
            .Gives(DeviceTable.Table, "A device");
        routes.MapRecordsBelow("/devices/by-key/{key}/device", "{**path}", r => ByKeyPathAsync(r, backend))
            .GivesJson("One field of a device, bare");
        routes.MapRecords("/devices/by-mac/{mac}/devices", ByMacAsync)
            .GivesList(DeviceTable.Table, "Devices of an address");
        routes.MapRecordsPost("/devices/multimac/devices", MultiMacAsync)
            .GivesList(DeviceTable.Table, "Devices of addresses")
            .Takes("devices", ValueForm.List, "addresses, or addresses with masks as AA:BB:CC:00:00:00/FF:FF:FF:00:00:00", required: true);
        routes.MapRecordsPost("/devices/multikey/devices", r => MultiKeyAsync(r, backend))
            .GivesList(DeviceTable.Table, "Devices by their keys")
            .Takes("devices", ValueForm.List, "keys", required: true);
        routes.MapRecordsPost("/devices/multikey/as-object/devices", r => MultiKeyObjectAsync(r, backend))
            .GivesMap(DeviceTable.Table, "Devices by their keys, as an object")
            .Takes("devices", ValueForm.List, "keys", required: true);
        routes.MapRecords("/devices/by-phy/{phy}/devices", r => ViewsEndpoints.ByPhyAsync(r, backend))
            .GivesWindow(DeviceTable.Table, "Devices of a phy")
            .TakesPartial()
            .TakesDataTable();
        DeviceEdits.Map(routes, backend);
        WatchCommands.Map(routes, backend);
        routes.MapRecords("/devices/summary/devices", r => ViewsEndpoints.AnswerAsync(r, backend, Engine.Tracking.DeviceView.All))
            .GivesWindow(DeviceTable.Table, "All devices")
            .TakesPartial()
            .TakesDataTable();
    }

    private static Task AllAsync(RecordRequest request) =>
        // One object a line, or nothing: whoever wants one array of everything asks the view.
        request.Format is RecordFormat.EkJson or RecordFormat.ItJson
            ? DeviceLists.StreamAsync(request.Http, new(), new(request.Format, request.Fields))
            : Answers.PageAsync(request.Http, StatusCodes.Status404NotFound);

    private static Task LastTimeAsync(RecordRequest request, IBackend backend)
    {
        // Strictly newer, so from the next second on.
        DeviceFilter filter = new()
        {
            Since = Times.Absolute(Times.OfPath(request), backend, newer: true),
            Regex = RegexSpec.Parse(request.Command["regex"]),
            Where = WhereSpec.Parse(request.Command["where"], DeviceTable.Table),
        };
        return DeviceLists.StreamAsync(request.Http, filter, new(request.Format, request.Fields));
    }

    private static async Task ByKeyAsync(RecordRequest request, IBackend backend)
    {
        if (!DeviceKey.TryParse(request.Route("key"), out DeviceId id, out bool known))
        {
            await Answers.ErrorAsync(request.Http, "unable to parse string value");
            return;
        }
        if (known)
        {
            using DeviceChunk chunk = await PartitionOf(backend, id).WriteAsync([id], new(request.Format, request.Fields, Depth: 0), request.Http.RequestAborted);
            if (chunk.Body.Length > 0)
            {
                chunk.Body.Raw(ObjectWriter.End(request.Format));
                await Answers.SendAsync(request.Http, chunk.Body);
                return;
            }
        }
        await Answers.ErrorAsync(request.Http, "nonexistent device key");
    }

    private static async Task ByKeyPathAsync(RecordRequest request, IBackend backend)
    {
        if (!DeviceKey.TryParse(request.Route("key"), out DeviceId id, out bool known))
        {
            await Answers.ErrorAsync(request.Http, "unable to parse string value");
            return;
        }
        using DeviceChunk? chunk = known
            ? await PartitionOf(backend, id).WritePathAsync(id, request.Route("path"), new(request.Format, null), request.Http.RequestAborted)
            : null;
        if (chunk is null)
        {
            await Answers.ErrorAsync(request.Http, "nonexistent device key");
        }
        else if (chunk.Count == 0)
        {
            await Answers.PageAsync(request.Http, StatusCodes.Status404NotFound);
        }
        else
        {
            await Answers.SendAsync(request.Http, chunk.Body);
        }
    }

    private static Task ByMacAsync(RecordRequest request)
    {
        if (!MacAddress.TryParseAny(request.Route("mac"), out MacAddress address))
        {
            return Answers.ErrorAsync(request.Http, "unable to parse string value");
        }
        return DeviceLists.StreamAsync(request.Http, [.. DeviceId.OnAllPhys(address)], null, new(request.Format, request.Fields));
    }

    private static Task MultiMacAsync(RecordRequest request)
    {
        if (AskedFor(request) is not { } asked)
        {
            return Answers.ErrorAsync(request.Http, "devices: expected an array of MAC addresses");
        }
        List<DeviceId> whole = [];
        List<MaskedAddress> masked = [];
        List<int> skipped = [];
        for (int i = 0; i < asked.Count; i++)
        {
            if (MacAddress.TryParseAny(asked[i], out MacAddress address))
            {
                whole.AddRange(DeviceId.OnAllPhys(address));
            }
            else if (TryParseMasked(asked[i], out MaskedAddress mask))
            {
                masked.Add(mask);
            }
            else
            {
                skipped.Add(i);
            }
        }
        if (skipped.Count > 0)
        {
            // The others are answered, and whoever wants to know which are not can.
            request.Http.Response.Headers[SkippedHeader] = string.Join(", ", skipped.Take(MaxSkippedNamed).Select(static i => $"devices[{i}]"))
                + (skipped.Count > MaxSkippedNamed ? $", {skipped.Count - MaxSkippedNamed} more" : "");
        }
        if (masked.Count > MaxMasks)
        {
            throw new CommandException($"devices: more than {MaxMasks} masks");
        }
        return DeviceLists.StreamAsync(
            request.Http, [.. whole.Distinct()], masked.Count == 0 ? null : new() { Addresses = masked }, new(request.Format, request.Fields));
    }

    private static async Task MultiKeyAsync(RecordRequest request, IBackend backend)
    {
        if (await KeysAsync(request) is not { } ids)
        {
            return;
        }
        using JsonOut body = Answers.NewBody(request.Http);
        await DeviceLists.WriteAsync(backend, ids, new(request.Format, request.Fields), body, request.Http.RequestAborted);
        await Answers.SendAsync(request.Http, body);
    }

    private static async Task MultiKeyObjectAsync(RecordRequest request, IBackend backend)
    {
        if (await KeysAsync(request) is not { } ids)
        {
            return;
        }
        using JsonOut body = Answers.NewBody(request.Http);
        body.Raw("{"u8);
        bool first = true;
        foreach (IGrouping<int, DeviceId> share in ids.GroupBy(id => Partitioning.Of(id, backend.Partitions.Count)))
        {
            DeviceId[] devices = [.. share];
            using DeviceChunk chunk = await backend.Partitions[share.Key].WriteAsync(devices, new(request.Format, request.Fields), request.Http.RequestAborted);
            for (int i = 0; i < devices.Length; i++)
            {
                int from = i == 0 ? 0 : chunk.Ends![i - 1];
                if (chunk.Ends![i] > from)
                {
                    body.Raw(first ? ""u8 : ","u8);
                    first = false;
                    body.String(DeviceKey.Format(devices[i]));
                    body.Raw(": "u8);
                    body.Raw(chunk.Body.Written.Span[from..chunk.Ends[i]]);
                }
            }
        }
        body.Raw("}"u8);
        await Answers.SendAsync(request.Http, body);
    }

    private static async Task<IReadOnlyList<DeviceId>?> KeysAsync(RecordRequest request)
    {
        if (AskedFor(request) is not { } asked)
        {
            await Answers.ErrorAsync(request.Http, "devices: expected an array of device keys");
            return null;
        }
        List<DeviceId> ids = [];
        foreach (string key in asked)
        {
            if (!DeviceKey.TryParse(key, out DeviceId id, out bool known))
            {
                await Answers.ErrorAsync(request.Http, "unable to parse string value");
                return null;
            }
            if (known)
            {
                ids.Add(id);
            }
        }
        return [.. ids.Distinct()];
    }

    private static List<string>? AskedFor(RecordRequest request)
    {
        JsonElement devices = request.Command["devices"];
        if (devices.ValueKind != JsonValueKind.Array)
        {
            return null;
        }
        if (devices.GetArrayLength() > MaxDevicesAsked)
        {
            throw new CommandException($"devices: more than {MaxDevicesAsked} asked for");
        }
        return [.. devices.EnumerateArray().Select(static d => d.ValueKind == JsonValueKind.String ? d.GetString()! : "")];
    }

    /// <summary>Reads an address with a mask, <c>aa:bb:cc:00:00:00/ff:ff:ff:00:00:00</c>.</summary>
    internal static bool TryParseMasked(string text, out MaskedAddress address)
    {
        address = default;
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0
            || !MacAddress.TryParse(text.AsSpan(0, slash), out MacAddress value)
            || !MacAddress.TryParse(text.AsSpan(slash + 1), out MacAddress mask))
        {
            return false;
        }
        address = new(value, mask.Value);
        return true;
    }

    private static IDevicePartition PartitionOf(IBackend backend, DeviceId id) => backend.Partitions[Partitioning.Of(id, backend.Partitions.Count)];
}
