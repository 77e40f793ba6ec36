using System.Text.Json;

namespace KismetOrleans.Api.Tests.Hosting;

/// <summary>Several sources at once, and sources that fail: each says why, and the others go on.</summary>
public sealed class SourceTests
{
    private const string Twin = "11111111-2222-3333-4444-555555555555";
    private const uint User0LinkType = 147;

    [Fact]
    public async Task Two_sources_that_hear_the_same_count_it_once()
    {
        using ProbeFile file = ProbeFile.Create(200);
        await using TestServer server = await TestServer.ReplayAsync(file.Path, $"{file.Path}:name=twin,uuid={Twin}");
        JsonElement[] sources = (await server.Client.AskAsync("/datasource/all_sources.json")).Ok().List;
        Assert.Equal([(1L, file.Path), (2L, "twin")], sources.Select(static s => (s.Number("kismet.datasource.source_number"), s.Text("kismet.datasource.name"))));
        Assert.Equal(Twin, sources[1].Text("kismet.datasource.uuid"));
        Assert.All(sources, static s => Assert.Equal(200, s.Number("kismet.datasource.num_packets")));

        JsonElement[] devices = (await server.Client.AskAsync("/devices/all_devices.itjson")).Ok().Lines;
        Assert.Equal(200, devices.Length);
        string[] uuids = [.. sources.Select(static s => s.Text("kismet.datasource.uuid")).Order()];
        Assert.All(devices, device =>
        {
            Assert.Equal(1, device.Number("kismet.device.base.packets.total"));
            Assert.Equal(
                uuids, device.GetProperty("kismet.device.base.seenby").EnumerateArray().Select(static s => s.Text("kismet.common.seenby.uuid")).Order());
        });
        foreach (string view in (string[])[$"seenby-{Twin}", $"seenby-uuid/{Twin}", $"seenby-{uuids[1]}"])
        {
            Assert.Equal(200, (await server.Client.AskAsync($"/devices/views/{view}/devices.json")).Ok().List.Length);
        }
    }

    [Fact]
    public async Task A_source_that_fails_says_why_and_the_others_go_on()
    {
        using ProbeFile good = ProbeFile.Create(3);
        using ProbeFile user0 = ProbeFile.Create(2, User0LinkType);
        string[] definitions = ["/no/such/file.pcap", $"{good.Path}:pps=often", "", $"{good.Path}:uuid=none", user0.Path, good.Path];
        string[] reasons = ["there is no such file", "option pps: 'often'", "the interface or file is missing", "option uuid: 'none' is no UUID", "link type 147 has no decoder"];
        await using TestServer server = await TestServer.ReplayAsync(definitions);
        JsonElement[] sources = (await server.Client.AskAsync("/datasource/all_sources.json")).Ok().List;
        Assert.Equal(definitions, sources.Select(static s => s.Text("kismet.datasource.definition")));
        for (int i = 0; i < reasons.Length; i++)
        {
            Assert.Equal(1, sources[i].Number("kismet.datasource.error"));
            Assert.Contains(reasons[i], sources[i].Text("kismet.datasource.error_reason"), StringComparison.Ordinal);
            // A file of a link type unknown here is read to its end and counted.
            Assert.Equal(i == 4 ? (1, 2, 2) : (0, 0, 0), (
                sources[i].Number("kismet.datasource.running"), sources[i].Number("kismet.datasource.num_packets"), sources[i].Number("kismet.datasource.num_error_packets")));
        }
        Assert.Equal((1, 0), (sources[5].Number("kismet.datasource.running"), sources[5].Number("kismet.datasource.error")));
        Assert.Equal(3, (await server.Client.AskAsync("/devices/all_devices.itjson")).Ok().Lines.Length);

        string[] errors = [.. (await server.Client.AskAsync("/messagebus/all_messages.json")).Ok().List
            .Where(static m => m.Number("kismet.messagebus.message_flags") == 4).Select(static m => m.Text("kismet.messagebus.message_string"))];
        Assert.All(reasons, reason => Assert.Contains(errors, error => error.Contains(reason, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Settings_name_sources_too()
    {
        using ProbeFile file = ProbeFile.Create(2);
        await using TestServer server = await TestServer.StartAsync("--Sources:0", file.Path + ":name=configured");
        await server.WaitForSourcesAsync(1);
        Assert.Equal("configured", (await server.Client.AskAsync("/datasource/all_sources.json")).Ok().List.Single().Text("kismet.datasource.name"));
    }

    [Fact]
    public async Task A_server_without_sources_answers_with_nothing()
    {
        await using TestServer server = await TestServer.StartAsync();
        Assert.Equal("[]", (await server.Client.AskAsync("/datasource/all_sources.json")).Ok().Body);
        Assert.Equal("[]", (await server.Client.AskAsync("/devices/views/all/devices.json")).Ok().Body);
        Assert.Equal("", (await server.Client.AskAsync("/devices/all_devices.ekjson")).Ok().Body);
        Assert.Equal("", (await server.Client.AskAsync("/datasource/all_sources.itjson")).Ok().Body);
        Assert.Equal([], (await server.Client.AskAsync("/devices/views/all/devices.prettyjson")).Ok().List);
        Answer table = await server.Client.CommandAsync("/devices/summary/devices.json", """{"datatable": true}""", ("start", "5"), ("length", "-1"), ("draw", "3"));
        Assert.Equal("""{"draw": 3,"recordsTotal": 0,"recordsFiltered": 0,"data": []}""", table.Ok().Body);
        Answer page = await server.Client.CommandAsync("/devices/views/all/devices.json", "{}", ("page", "5"));
        Assert.Equal("""{"data": [],"last_page": 0,"last_row": 0,"total_row": 0}""", page.Ok().Body);
    }
}
