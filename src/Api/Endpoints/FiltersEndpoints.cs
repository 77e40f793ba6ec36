using System.Text.Json;
using KismetOrleans.Api.Http;
using KismetOrleans.Api.OpenApi;
using KismetOrleans.Engine.Filters;
using KismetOrleans.Engine.Partitions;
using KismetOrleans.Engine.Server;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Fields;
using KismetOrleans.Records.Server;

namespace KismetOrleans.Api.Endpoints;

/// <summary>What kismetdb logs and the packet history leave out, by address: two filters, one of packets and one of devices.</summary>
internal static class FiltersEndpoints
{
    // Kismet's names of them.
    private const string Packets = "kismetdb_packets", Devices = "kismetdb_devices";
    private const string PacketBase = "/filters/packet/" + Packets + "/", ClassBase = "/filters/class/" + Devices + "/";

    public static void MapFilters(this IEndpointRouteBuilder routes, IBackend backend)
    {
        Map(routes, backend, FilterOf.Packets, PacketBase, "{phy}/{block}/", PacketFilterTable.Table);
        Map(routes, backend, FilterOf.Devices, ClassBase, "{phy}/", ClassFilterTable.Table);
    }

    private static void Map(IEndpointRouteBuilder routes, IBackend backend, FilterOf of, string path, string entries, RecordTable<MacFilterRecord> table)
    {
        string what = of == FilterOf.Packets ? "packets" : "devices";
        routes.MapRecords(path + "filter", async r => await Answers.RecordAsync(
                r.Http, table, Record(of, await backend.Filters.ReadAsync(r.Http.RequestAborted)), r.Format, r.Fields))
            .Gives(table, $"Which {what} kismetdb logs and the packet history leave out");
        routes.MapCommandPost(path + "set_default", r => SetDefaultAsync(r, backend, of))
            .GivesText($"Says what becomes of {what} that no entry names")
            .Takes("default", ValueForm.Text, "block (1, true, t, reject, deny, filter) or pass (0, false, f, allow, accept, permit)", required: true);
        routes.MapCommandPost(path + entries + "set_filter", r => SetAsync(r, backend, of))
            .GivesText($"Adds entries to the filter of {what}, or changes them: all of them or none")
            .Takes("filter", ValueForm.Map, "true for each address that is blocked, false for each that passes; masks as AA:BB:CC:00:00:00/FF:FF:FF:00:00:00, * for all of the phy", required: true);
        routes.MapCommandPost(path + entries + "remove_filter", r => RemoveAsync(r, backend, of))
            .GivesText($"Takes entries off the filter of {what}, where they are on it")
            .Takes("filter", ValueForm.List, "their addresses; the key addresses will do, too", required: true);
    }

    private static async Task SetDefaultAsync(RecordRequest request, IBackend backend, FilterOf of)
    {
        JsonElement given = request.Command["default"];
        bool blocks = Verdict(given.ValueKind == JsonValueKind.Undefined && request.Command.Variable("default") is { } text ? JsonSerializer.SerializeToElement(text) : given, "default");
        await ChangeAsync(backend, [FilterRules.DefaultLine(of, blocks)]);
        await Answers.DoneAsync(request.Http, $"Default filter: {(blocks ? 1 : 0)}");
    }

    private static async Task SetAsync(RecordRequest request, IBackend backend, FilterOf of)
    {
        (Phy phy, FilterBlock block) = Of(request, of);
        if (request.Command["filter"] is not { ValueKind: JsonValueKind.Object } filter)
        {
            throw new CommandException("filter: expected a dictionary of addresses, with true for those that are blocked");
        }
        string[] lines = [.. filter.EnumerateObject().Select(one =>
            FilterRules.SetLine(new(of, phy, block, Range(one.Name, $"filter['{Short(one.Name)}']")), Verdict(one.Value, $"filter['{Short(one.Name)}']")))];
        await ChangeAsync(backend, lines);
        await Answers.DoneAsync(request.Http, of == FilterOf.Packets ? "set filter" : "Set filter");
    }

    private static async Task RemoveAsync(RecordRequest request, IBackend backend, FilterOf of)
    {
        (Phy phy, FilterBlock block) = Of(request, of);
        // Kismet's documentation names the second, its server takes the first.
        string key = request.Command["filter"].ValueKind == JsonValueKind.Undefined ? "addresses" : "filter";
        if (request.Command[key] is not { ValueKind: JsonValueKind.Array } addresses)
        {
            throw new CommandException("filter: expected an array of addresses");
        }
        string[] lines = [.. addresses.EnumerateArray().Select((one, i) => FilterRules.RemoveLine(new(
            of, phy, block, one.ValueKind == JsonValueKind.String ? Range(one.GetString()!, $"{key}[{i}]") : throw new CommandException($"{key}[{i}]: expected an address"))))];
        await ChangeAsync(backend, lines);
        await Answers.DoneAsync(request.Http, "Removed filter");
    }

    private static async Task ChangeAsync(IBackend backend, string[] lines)
    {
        if (await backend.Filters.ChangeAsync(lines) is { } refused)
        {
            throw new CommandException($"filter: {refused}");
        }
    }

    private static (Phy Phy, FilterBlock Block) Of(RecordRequest request, FilterOf of)
    {
        string name = request.Route("phy");
        if (!FilterRule.TryFindPhy(name, out Phy? phy))
        {
            throw new CommandException($"phy: '{Short(name)}' is none of {string.Join(", ", Phy.All.Select(static known => known.Name))}");
        }
        if (of == FilterOf.Devices)
        {
            return (phy, FilterBlock.Any);
        }
        string block = request.Route("block");
        return FilterRule.TryFindBlock(block, out FilterBlock known) ? (phy, known)
            : throw new CommandException($"block: '{Short(block)}' is none of source, destination, network, other, any");
    }

    private static MaskedAddress Range(string text, string place) => FilterRule.TryParseRange(text, out MaskedAddress range)
        ? range : throw new CommandException($"{place}: expected an address, or one with a mask as AA:BB:CC:00:00:00/FF:FF:FF:00:00:00");

    private static bool Verdict(JsonElement value, string place)
    {
        string text = value.ValueKind is JsonValueKind.String ? value.GetString()! : value.ValueKind == JsonValueKind.Undefined ? "" : value.GetRawText();
        return FilterRule.TryParseVerdict(text, out bool blocks) ? blocks : throw new CommandException($"{place}: expected block or pass, or true or false");
    }

    // What a client sent may be long.
    private static string Short(string text) => text[..Math.Min(text.Length, 64)];

    private static MacFilterRecord Record(FilterOf of, FilterState state)
    {
        MacFilter filter = state.Rules[of];
        return new(
            of == FilterOf.Packets ? Packets : Devices,
            of == FilterOf.Packets ? "Packets that kismetdb logs and the packet history leave out" : "Devices that kismetdb logs leave out",
            filter.Default, (ulong)(of == FilterOf.Packets ? state.Packets : state.Devices),
            [.. filter.Rules.GroupBy(static one => one.Rule.Phy.Name).Select(static phy => new KeyValuePair<string, MacFilterPhy>(phy.Key, new(
                [.. Enum.GetValues<FilterBlock>().Select(block => phy.Where(one => one.Rule.Block == block)
                    .Select(static one => new KeyValuePair<string, ulong>(one.Rule.Addresses, one.Blocks ? 1UL : 0)).ToArray())])))]);
    }
}
