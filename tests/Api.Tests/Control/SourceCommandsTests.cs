using System.Net;
using System.Text.Json;

namespace KismetOrleans.Api.Tests.Control;

/// <summary>Commands to datasources that are refused the same way on every host, and the interfaces that could capture.</summary>
public sealed class SourceCommandsTests
{
    private static readonly string[] s_commands =
    [
        "set_hop", "open_source", "close_source", "enable_source", "disable_source", "pause_source", "resume_source",
    ];

    [Fact]
    public async Task Sources_that_are_not_there_or_take_no_orders_are_told_apart()
    {
        await using TestServer server = await TestServer.StartAsync();
        HttpClient client = server.Client;
        _ = await Posted.AccessPointAsync(client, "00:11:22:33:44:01", "campus");
        foreach (string command in s_commands)
        {
            (await client.AskAsync($"/datasource/by-uuid/nonsense/{command}.cmd")).QueryError("unable to parse string value");
            (await client.CommandAsync($"/datasource/by-uuid/{Guid.Empty}/{command}.cmd", "{}")).QueryError("no such datasource");
            Assert.Equal(HttpStatusCode.Unauthorized, (await server.Anonymous.AskAsync($"/datasource/by-uuid/{Guid.Empty}/{command}.cmd")).Status);
        }
        string one = $"/datasource/by-uuid/{Posted.Phone}/";
        (await client.CommandAsync(one + "set_channel.cmd", """{"channel":"6"}""")).QueryError(
            "this source is fed otherwise and takes no orders: only sources of this server and of capture agents do");
        (await client.CommandAsync(one + "set_channel.json", "{}")).QueryError("expected channel, channels or hoprate in the command");
        (await client.CommandAsync(one + "set_channel.cmd", """{"hoprate":"fast"}""")).Refused("hoprate: expected a number of hops a second");
        (await client.AskAsync(one + "resume_source.cmd")).QueryError("source already running");
        (await client.CommandAsync("/datasource/add_source.cmd", "{}")).QueryError("definition: expected a string");
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await client.AskAsync("/datasource/add_source.cmd")).Status);
    }

    [Fact]
    public async Task Interfaces_are_listed_for_administrators_alone()
    {
        await using TestServer server = await TestServer.StartAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.Anonymous.AskAsync("/datasource/list_interfaces.json")).Status);
        foreach (JsonElement found in (await server.Client.AskAsync("/datasource/list_interfaces.json?all=1")).Ok().List)
        {
            Assert.NotEqual("", found.Text("kismet.datasource.probed.interface"));
            Assert.Equal(Guid.Empty.ToString(), found.Text("kismet.datasource.probed.in_use_uuid"));
            Assert.Equal("linuxwifi", found.GetProperty("kismet.datasource.type_driver").Text("kismet.datasource.driver.type"));
        }
    }
}
