using System.Globalization;
using System.Text.Json;
using KismetOrleans.Api.Http;
using KismetOrleans.Api.OpenApi;
using KismetOrleans.Engine.Fingerprints;
using KismetOrleans.Engine.Server;
using KismetOrleans.Records.Dot11;
using KismetOrleans.Records.Fields;
using KismetOrleans.Wire;

namespace KismetOrleans.Api.Endpoints;

/// <summary>How Wi-Fi devices are expected to look: the list, and commands that change it.</summary>
internal static class FingerprintsEndpoints
{
    private const string Base = "/phy/phy80211/fingerprints/";

    public static void MapFingerprints(this IEndpointRouteBuilder routes, IBackend backend)
    {
        routes.MapRecords(Base + "all_fingerprints", async r => await Answers.ListAsync(
                r.Http, FingerprintTable.Table, await backend.Fingerprints.ListAsync(r.Http.RequestAborted), r.Format, r.Fields))
            .GivesList(FingerprintTable.Table, "How Wi-Fi devices are expected to look");
        TakesHashes(routes.MapCommandPost(Base + "new/insert", r => InsertAsync(r, backend))
            .GivesText("Lists a device")
            .Takes("macaddr", ValueForm.Text, "its address", required: true));
        TakesHashes(routes.MapCommandPost(Base + "by-mac/{mac}/update", r => UpdateAsync(r, backend))
            .GivesText("Changes what is listed of a device; what is not given stays"));
        routes.MapCommandPost(Base + "by-mac/{mac}/delete", r => DeleteAsync(r, backend))
            .GivesText("Takes a device off the list");
        routes.MapCommandPost(Base + "bulk/insert", r => InsertManyAsync(r, backend))
            .GivesText("Lists devices, all of them or none")
            .Takes("fingerprints", ValueForm.List, "what new/insert takes, of each", required: true);
        routes.MapCommandPost(Base + "bulk/delete", r => DeleteManyAsync(r, backend))
            .GivesText("Takes devices off the list, where they are on it")
            .Takes("fingerprints", ValueForm.List, "their addresses", required: true);
    }

    private static void TakesHashes(IEndpointConventionBuilder route) => route
        .Takes("beacon_hash", ValueForm.Integer, "hash that its beacons should have, 0 for any")
        .Takes("probe_hash", ValueForm.Integer, "hash that its probe requests should have, 0 for any")
        .Takes("response_hash", ValueForm.Integer, "hash that its probe responses should have, 0 for any")
        .Takes("allowed", ValueForm.Flag, "whether it may look otherwise without an alert");

    private static async Task InsertAsync(RecordRequest request, IBackend backend)
    {
        Fingerprint added = Read(request.Command.Json, "");
        if (await backend.Fingerprints.InsertAsync([added]) is { } refused)
        {
            throw new CommandException($"macaddr: {refused.Reason}");
        }
        await Answers.DoneAsync(request.Http, "Fingerprint inserted");
    }

    private static async Task InsertManyAsync(RecordRequest request, IBackend backend)
    {
        Fingerprint[] added = [.. Elements(request.Command).Select(static (one, i) => Read(one, $"fingerprints[{i}]."))];
        if (await backend.Fingerprints.InsertAsync(added) is { } refused)
        {
            throw new CommandException($"fingerprints[{refused.Index}].macaddr: {refused.Reason}");
        }
        await Answers.DoneAsync(request.Http, "Fingerprints inserted");
    }

    private static async Task UpdateAsync(RecordRequest request, IBackend backend)
    {
        MacAddress address = OfPath(request);
        JsonElement command = request.Command.Json;
        FingerprintUpdate update = new(
            address, Hash(command, "", "beacon_hash"), Hash(command, "", "probe_hash"), Hash(command, "", "response_hash"), Flag(command, "", "allowed"));
        if (update is { Beacon: null, Probe: null, Response: null, Allowed: null })
        {
            throw new CommandException("beacon_hash, probe_hash, response_hash or allowed: one of them is needed");
        }
        await (await backend.Fingerprints.UpdateAsync(update) ? Answers.DoneAsync(request.Http, "Fingerprint updated") : UnknownAsync(request.Http, address));
    }

    private static async Task DeleteAsync(RecordRequest request, IBackend backend)
    {
        MacAddress address = OfPath(request);
        await (await backend.Fingerprints.DeleteAsync([address]) > 0
            ? Answers.DoneAsync(request.Http, "Fingerprint deleted") : UnknownAsync(request.Http, address));
    }

    private static async Task DeleteManyAsync(RecordRequest request, IBackend backend)
    {
        MacAddress[] gone = [.. Elements(request.Command).Select(static (one, i) => Address(one, $"fingerprints[{i}]"))];
        _ = await backend.Fingerprints.DeleteAsync(gone);
        await Answers.DoneAsync(request.Http, "Fingerprints deleted");
    }

    private static Task UnknownAsync(HttpContext http, MacAddress address) =>
        Answers.ErrorAsync(http, $"there is no fingerprint of {address}", StatusCodes.Status404NotFound);

    private static MacAddress OfPath(RecordRequest request) => MacAddress.TryParse(request.Route("mac"), out MacAddress address)
        ? address : throw new CommandException($"mac: '{request.Route("mac")}' is no address");

    private static JsonElement[] Elements(Command command) => command["fingerprints"] is { ValueKind: JsonValueKind.Array } list
        ? [.. list.EnumerateArray()] : throw new CommandException("fingerprints: expected an array");

    private static Fingerprint Read(JsonElement json, string place) => new(
        Address(Member(json, place, "macaddr"), place + "macaddr"), Hash(json, place, "beacon_hash") ?? 0, Hash(json, place, "probe_hash") ?? 0,
        Hash(json, place, "response_hash") ?? 0, Flag(json, place, "allowed") ?? false);

    private static MacAddress Address(JsonElement value, string place) =>
        value.ValueKind != JsonValueKind.String ? throw new CommandException($"{place}: expected an address")
            : MacAddress.TryParse(value.GetString(), out MacAddress address) && !address.IsGroup && !address.IsZero ? address
            : throw new CommandException($"{place}: '{value.GetString()}' is no device's address");

    // Scripts take hashes from records as numbers, and give them as texts when they come out of a form.
    private static uint? Hash(JsonElement json, string place, string key) => Member(json, place, key) switch
    {
        { ValueKind: JsonValueKind.Undefined or JsonValueKind.Null } => null,
        { ValueKind: JsonValueKind.Number } number when number.TryGetUInt32(out uint hash) => hash,
        { ValueKind: JsonValueKind.String } text when uint.TryParse(text.GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out uint hash) => hash,
        _ => throw new CommandException($"{place}{key}: expected a whole number up to {uint.MaxValue}"),
    };

    private static bool? Flag(JsonElement json, string place, string key) => Member(json, place, key) switch
    {
        { ValueKind: JsonValueKind.Undefined or JsonValueKind.Null } => null,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        { ValueKind: JsonValueKind.Number } number when number.TryGetInt32(out int flag) && flag is 0 or 1 => number.GetInt32() == 1,
        _ => throw new CommandException($"{place}{key}: expected true or false"),
    };

    private static JsonElement Member(JsonElement json, string place, string key) =>
        json.ValueKind == JsonValueKind.Object ? json.TryGetProperty(key, out JsonElement value) ? value : default
            : place.Length == 0 && json.ValueKind == JsonValueKind.Undefined ? default
            : throw new CommandException($"{place.TrimEnd('.')}: expected a dictionary");
}
