using System.Net;
using System.Text.Json;

namespace KismetOrleans.Api.Tests.Http;

/// <summary>Every path of records answers in every format, and refuses other suffixes and verbs as Kismet does.</summary>
[Collection(CampusCollection.Name)]
public sealed class FormatTests(Campus campus)
{
    // A client remembers the paths; whether an object or a list comes is part of the contract.
    public static readonly TheoryData<string, bool> Paths = new()
    {
        { "/system/status", false },
        { "/system/timestamp", false },
        { "/system/user_status", false },
        { "/packetchain/packet_stats", false },
        { "/packetchain/packet_peak", false },
        { "/packetchain/packet_rate", false },
        { "/packetchain/packet_error", false },
        { "/packetchain/packet_dupe", false },
        { "/packetchain/packet_drop", false },
        { "/packetchain/packet_processed", false },
        { "/antennas/antennas", false },
        { "/radiation/sensors/all_sensors", false },
        { "/channels/channels", false },
        { "/plugins/all_plugins", true },
        { "/phy/all_phys", true },
        { "/messagebus/all_messages", true },
        { "/messagebus/last-time/0/messages", false },
        { "/datasource/all_sources", true },
        { "/datasource/types", true },
        { "/datasource/defaults", false },
        { "/datasource/by-uuid/{uuid}/source", false },
        { "/devices/last-time/0/devices", true },
        { "/devices/by-key/{key}/device", false },
        { "/devices/by-mac/{mac}/devices", true },
        { "/devices/by-phy/IEEE802.11/devices", true },
        { "/devices/views/all_views", true },
        { "/devices/views/all/devices", true },
        { "/devices/views/all/last-time/0/devices", true },
        { "/devices/views/all/by-time/0/devices", true },
        { "/devices/views/phy-IEEE802.11/devices", true },
        { "/devices/views/phy/IEEE802.11/devices", true },
        { "/devices/views/phy/IEEE802.11/last-time/0/devices", true },
        { "/devices/views/phy/IEEE802.11/by-time/0/devices", true },
        { "/devices/views/seenby-{uuid}/devices", true },
        { "/devices/views/seenby-uuid/{uuid}/devices", true },
        { "/devices/views/seenby-uuid/{uuid}/last-time/0/devices", true },
        { "/devices/views/seenby-uuid/{uuid}/by-time/0/devices", true },
        { "/devices/views/phydot11_accesspoints/devices", true },
        { "/devices/views/phydot11_accesspoints/last-time/0/devices", true },
    };

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Every_format_has_the_same_records(string path, bool list)
    {
        path = campus.Fill(path);
        JsonElement json = (await campus.Client.AskAsync(path + ".json")).Ok().Json;
        Assert.Equal(list ? JsonValueKind.Array : JsonValueKind.Object, json.ValueKind);
        string[] names = NamesOf(list ? [.. json.EnumerateArray()] : [json]);
        string[] underscored = [.. names.Select(static n => n.Replace('.', '_'))];

        Answer pretty = (await campus.Client.AskAsync(path + ".prettyjson")).Ok();
        Assert.Contains("\r\n", pretty.Body, StringComparison.Ordinal);
        Assert.Equal(names, NamesOf(list ? pretty.List : [pretty.Json], pretty: true));
        Assert.Equal(names, NamesOf((await campus.Client.AskAsync(path + ".itjson")).Ok().Lines));
        Assert.Equal(underscored, NamesOf((await campus.Client.AskAsync(path + ".ekjson")).Ok().Lines));
        Answer tjson = (await campus.Client.AskAsync(path + ".tjson")).Ok();
        Assert.Equal(underscored, NamesOf(list ? tjson.List : [tjson.Json]));
        foreach (string same in (string[])["cmd", "jcmd"])
        {
            Answer command = (await campus.Client.AskAsync($"{path}.{same}")).Ok();
            Assert.Equal(names, NamesOf(list ? command.List : [command.Json]));
        }
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Other_suffixes_are_unknown_paths(string path, bool _)
    {
        path = campus.Fill(path);
        (await campus.Client.AskAsync(path)).NotFound();
        (await campus.Client.AskAsync(path + ".xml")).NotFound();
        (await campus.Client.AskAsync(path + ".JSON")).NotFound();
        (await campus.Client.AskAsync(path + ".json.json")).NotFound();
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Other_verbs_are_refused(string path, bool _)
    {
        path = campus.Fill(path);
        foreach (HttpMethod method in (HttpMethod[])[HttpMethod.Put, HttpMethod.Delete, HttpMethod.Patch, HttpMethod.Options])
        {
            (await campus.Client.SendAsync(method, path + ".json", null)).Page(HttpStatusCode.MethodNotAllowed, "405 Method Not Allowed");
        }
        Answer head = await campus.Client.SendAsync(HttpMethod.Head, path + ".json", null);
        Assert.Equal((HttpStatusCode.MethodNotAllowed, ""), (head.Status, head.Body));
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task A_post_without_a_body_is_answered_like_a_get(string path, bool list)
    {
        path = campus.Fill(path);
        JsonElement json = (await campus.Client.SendAsync(HttpMethod.Post, path + ".json", null)).Ok().Json;
        Assert.Equal(list ? JsonValueKind.Array : JsonValueKind.Object, json.ValueKind);
    }

    // The names of each record's members. Partitions answer side by side, so the order of a list is not one of its properties.
    private static string[] NamesOf(IEnumerable<JsonElement> records, bool pretty = false) =>
        [.. records.Select(r => string.Join(' ', Described(r, pretty))).Order(StringComparer.Ordinal)];

    // The indented format has a description before each member, and only there.
    private static IEnumerable<string> Described(JsonElement record, bool pretty)
    {
        string? description = null;
        foreach (JsonProperty member in record.EnumerateObject())
        {
            if (member.Name.StartsWith("description.", StringComparison.Ordinal))
            {
                Assert.Contains(", ", member.Value.GetString(), StringComparison.Ordinal);
                description = member.Name["description.".Length..];
                continue;
            }
            Assert.Equal(pretty ? member.Name : null, description);
            yield return member.Name;
        }
    }
}
