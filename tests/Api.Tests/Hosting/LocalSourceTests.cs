using System.Text.Json;

namespace KismetOrleans.Api.Tests.Hosting;

/// <summary>Sources that the server opens itself: added, closed, opened, paused and resumed by command.</summary>
public sealed class LocalSourceTests
{
    private const string Add = "/datasource/add_source.cmd";

    [Fact]
    public async Task A_file_is_added_paused_resumed_closed_and_opened_again()
    {
        await using TestServer server = await TestServer.StartAsync();
        HttpClient client = server.Client;
        // So slowly that it is not through before it is told to pause.
        string definition = $"{Repository.Campus}:name=walk,pps=200";
        JsonElement added = (await CommandAsync(client, Add, definition)).Ok().Json;
        Assert.Equal((1, 0, "walk", definition), (Running(added), Error(added), added.Text("kismet.datasource.name"), added.Text("kismet.datasource.definition")));
        string one = $"/datasource/by-uuid/{added.Text("kismet.datasource.uuid")}/";
        (await client.AskAsync(one + "open_source.cmd")).QueryError("source already running");
        (await client.AskAsync(one + "resume_source.cmd")).QueryError("source already running");
        Assert.Equal(1, (await client.AskAsync(one + "pause_source.cmd")).Ok().Json.Number("kismet.datasource.paused"));
        (await client.AskAsync(one + "pause_source.cmd")).QueryError("source already paused");
        Assert.Equal(0, (await client.AskAsync(one + "resume_source.json")).Ok().Json.Number("kismet.datasource.paused"));
        (await client.CommandAsync(one + "set_channel.cmd", """{"channel":"6"}""")).QueryError("a capture file has no channels");
        (await client.AskAsync(one + "set_hop.cmd")).QueryError("a capture file has no channels");

        JsonElement closed = (await client.AskAsync(one + "close_source.cmd")).Ok().Json;
        Assert.Equal((0, 1, "Source disabled"), (Running(closed), Error(closed), closed.Text("kismet.datasource.error_reason")));
        long packets = closed.Number("kismet.datasource.num_packets");
        Assert.Equal((0, 1), await StateAsync(client, one + "disable_source.cmd"));
        JsonElement opened = (await client.AskAsync(one + "enable_source.cmd")).Ok().Json;
        Assert.Equal((1, 0, ""), (Running(opened), Error(opened), opened.Text("kismet.datasource.error_reason")));
        Assert.True(opened.Number("kismet.datasource.num_packets") >= packets);
        Assert.Equal((0, 1), await StateAsync(client, one + "close_source.cmd"));
        Assert.Equal((1, 0), await StateAsync(client, one + "open_source.cmd"));
    }

    [Fact]
    public async Task What_cannot_be_opened_is_added_with_its_error_and_what_makes_no_sense_is_not()
    {
        await using TestServer server = await TestServer.StartAsync();
        HttpClient client = server.Client;
        JsonElement missing = (await CommandAsync(client, Add, "/nowhere/walk.pcapng")).Ok().Json;
        Assert.Equal((0, 1), (Running(missing), Error(missing)));
        Assert.Contains("/nowhere/walk.pcapng", missing.Text("kismet.datasource.error_reason"), StringComparison.Ordinal);
        string one = $"/datasource/by-uuid/{missing.Text("kismet.datasource.uuid")}/";
        (await client.AskAsync(one + "open_source.cmd")).QueryError(missing.Text("kismet.datasource.error_reason"));
        Assert.Equal((0, 1), (Running((await CommandAsync(client, Add, "/nowhere/walk.pcapng")).Ok().Json), 1));
        (await CommandAsync(client, Add, "MY_DATA_SOURCE")).QueryError(
            "source 'MY_DATA_SOURCE': there is neither an interface nor a file of this name; type=linuxwifi tries it all the same");
        (await CommandAsync(client, Add, "x:type=rtl433")).QueryError("source 'x:type=rtl433': there is no driver 'rtl433'; pcapfile, linuxwifi are");
        (await CommandAsync(client, Add, ":name=x")).QueryError("source ':name=x': the interface or file is missing");
        Assert.Single((await client.AskAsync("/datasource/all_sources.json")).Ok().List);
    }

    [Fact]
    public async Task A_file_that_is_added_again_is_read_again_but_not_twice_at_once()
    {
        await using TestServer server = await TestServer.StartAsync();
        HttpClient client = server.Client;
        using ProbeFile file = ProbeFile.Create(3);
        string uuid = (await CommandAsync(client, Add, file.Path)).Ok().Json.Text("kismet.datasource.uuid");
        await server.WaitForSourcesAsync(1);
        Assert.Equal(uuid, (await CommandAsync(client, Add, $"{file.Path}:name=again")).Ok().Json.Text("kismet.datasource.uuid"));
        await server.WaitForSourcesAsync(1);
        JsonElement source = Assert.Single((await client.AskAsync("/datasource/all_sources.json")).Ok().List);
        Assert.Equal(6, source.Number("kismet.datasource.num_packets"));

        string slow = $"{Repository.Campus}:pps=200";
        uuid = (await CommandAsync(client, Add, slow)).Ok().Json.Text("kismet.datasource.uuid");
        (await CommandAsync(client, Add, slow)).QueryError($"source '{slow}': there is one of this interface, file or UUID already ({uuid.ToLowerInvariant()})");
    }

    [Fact]
    public async Task A_source_that_failed_and_opens_again_is_told_as_an_alert()
    {
        string folder = Directory.CreateTempSubdirectory("ko-again-").FullName;
        try
        {
            string path = Path.Combine(folder, "walk.pcapng");
            await using TestServer server = await TestServer.StartAsync();
            HttpClient client = server.Client;
            JsonElement missing = (await CommandAsync(client, Add, path + ":name=walk")).Ok().Json;
            Assert.Equal(1, Error(missing));
            File.Copy(Path.Combine(Repository.Root, "samples", "campus.pcapng"), path);
            Assert.Equal((1, 0), await StateAsync(client, $"/datasource/by-uuid/{missing.Text("kismet.datasource.uuid")}/open_source.cmd"));
            JsonElement[] alerts = (await client.AskAsync("/alerts/all_alerts.json")).Ok().List;
            Assert.Single(alerts, static alert => alert.Text("kismet.alert.header") == "SOURCEERROR");
            JsonElement again = Assert.Single(alerts, static alert => alert.Text("kismet.alert.header") == "SOURCEOPEN");
            Assert.Equal("Data source 'walk' was opened again", again.Text("kismet.alert.text"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task The_interfaces_of_this_host_are_listed()
    {
        if (!Directory.Exists("/sys/class/net/lo"))
        {
            return;
        }
        await using TestServer server = await TestServer.StartAsync();
        JsonElement loopback = (await server.Client.AskAsync("/datasource/list_interfaces.cmd")).Ok().List
            .Single(static i => i.Text("kismet.datasource.probed.interface") == "lo");
        Assert.Equal("", loopback.Text("kismet.datasource.probed.hardware"));
        JsonElement added = (await CommandAsync(server.Client, Add, "lo")).Ok().Json;
        if (Error(added) == 1)
        {
            // Without the right to capture it says so.
            Assert.NotEqual("", added.Text("kismet.datasource.error_reason"));
            return;
        }
        // Frames that pass on it are none that can be read, and end it. What was answered before that holds.
        string uuid = added.Text("kismet.datasource.uuid");
        string one = $"/datasource/by-uuid/{uuid}/";
        loopback = (await server.Client.AskAsync("/datasource/list_interfaces.cmd")).Ok().List
            .Single(static i => i.Text("kismet.datasource.probed.interface") == "lo");
        Answer refused = await server.Client.CommandAsync(one + "set_channel.cmd", """{"channel":"6"}""");
        if (Error((await server.Client.AskAsync(one + "source.json")).Ok().Json) == 0)
        {
            Assert.Equal(uuid, loopback.Text("kismet.datasource.probed.in_use_uuid"));
            refused.QueryError("the source has no channels to be set");
        }
        Assert.Equal((0, 1), await StateAsync(server.Client, one + "close_source.cmd"));
        Answer opened = await server.Client.AskAsync(one + "open_source.cmd");
        if (Error((await server.Client.AskAsync(one + "source.json")).Ok().Json) == 0)
        {
            Assert.Equal((1, 0), (Running(opened.Ok().Json), Error(opened.Json)));
        }
    }

    private static Task<Answer> CommandAsync(HttpClient client, string path, string definition) =>
        client.CommandAsync(path, JsonSerializer.Serialize(new Dictionary<string, string> { ["definition"] = definition }));

    private static async Task<(long Running, long Error)> StateAsync(HttpClient client, string path)
    {
        JsonElement record = (await client.AskAsync(path)).Ok().Json;
        return (Running(record), Error(record));
    }

    private static long Running(JsonElement source) => source.Number("kismet.datasource.running");

    private static long Error(JsonElement source) => source.Number("kismet.datasource.error");
}
