using System.Net;
using System.Text.Json;

namespace KismetOrleans.Api.Tests.Control;

/// <summary>Names and tags that users write on devices, and who sees them.</summary>
public sealed class DeviceEditsTests
{
    private const string Address = "00:11:22:33:44:01";

    [Fact]
    public async Task A_name_and_tags_are_seen_by_every_reader_and_can_be_taken_away()
    {
        await using TestServer server = await TestServer.StartAsync();
        HttpClient client = server.Client;
        string key = await Posted.AccessPointAsync(client, Address, "campus");

        Text("Device name set", await client.CommandAsync($"/devices/by-key/{key}/set_name.cmd", """{"username": "Café & door"}"""));
        Text("Device tag set", await client.CommandAsync($"/dev/by-key/{key}/set_tag.cmd", """{"tagname": "notes","tagvalue": "2nd floor\nleft"}"""));
        Text("Device tag set", await client.CommandAsync($"/devices/by-key/{key}/set_tag.json", """{"tagname": "owner","tagvalue": "IT"}"""));

        JsonElement device = await Posted.DeviceAsync(client, Address);
        Assert.Equal("Café & door", device.Text("kismet.device.base.username"));
        Assert.Equal("Café & door", device.Text("kismet.device.base.commonname"));
        Assert.Equal("""{"notes": "2nd floor\nleft","owner": "IT"}""", device.GetProperty("kismet.device.base.tags").GetRawText());
        Assert.Equal("IT", (await client.AskAsync($"/devices/by-key/{key}/device.json/kismet.device.base.tags/owner")).Ok().Json.GetString());

        Answer found = await client.CommandAsync(
            "/devices/views/all/devices.json", """{"fields": ["kismet.device.base.commonname"]}""", ("page", "0"), ("length", "10"), ("search", "café"));
        Assert.Equal(1, found.Ok().Json.Number("last_row"));

        Text("Device name set", await client.CommandAsync($"/dev/by-key/{key}/set_name.cmd", """{"username": ""}"""));
        Text("Device tag set", await client.CommandAsync($"/devices/by-key/{key}/set_tag.cmd", """{"tagname": "notes","tagvalue": ""}"""));
        device = await Posted.DeviceAsync(client, Address);
        Assert.Equal("campus", device.Text("kismet.device.base.commonname"));
        Assert.Equal("""{"owner": "IT"}""", device.GetProperty("kismet.device.base.tags").GetRawText());
    }

    [Fact]
    public async Task What_cannot_be_written_is_refused_and_changes_nothing()
    {
        await using TestServer server = await TestServer.StartAsync();
        HttpClient client = server.Client;
        string key = await Posted.AccessPointAsync(client, Address, "campus");
        string name = $"/devices/by-key/{key}/set_name.cmd";
        string tag = $"/devices/by-key/{key}/set_tag.cmd";

        (await client.CommandAsync("/devices/by-key/nonsense/set_name.cmd", """{"username": "x"}""")).QueryError("unable to parse string value");
        (await client.CommandAsync($"/devices/by-key/{key[..^1]}F/set_name.cmd", """{"username": "x"}""")).QueryError("nonexistent device key");
        (await client.CommandAsync(name, """{}""")).QueryError("username: expected a string");
        (await client.CommandAsync(tag, """{"tagname": "x"}""")).QueryError("tagname, tagvalue: expected strings");
        (await client.CommandAsync(name, """{"username": 5}""")).Refused("username: expected a string of up to 256 characters, without control characters");
        (await client.CommandAsync(name, $$"""{"username": "{{new string('x', 257)}}"}"""))
            .Refused("username: expected a string of up to 256 characters, without control characters");
        (await client.CommandAsync(name, """{"username": "\u001b[2J"}""")).Refused("username: expected a string of up to 256 characters, without control characters");
        (await client.CommandAsync(tag, """{"tagname": "","tagvalue": "x"}""")).Refused("tagname: expected a name");
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await client.AskAsync(name)).Status);

        for (int i = 0; i < 32; i++)
        {
            Text("Device tag set", await client.CommandAsync(tag, $$"""{"tagname": "t{{i}}","tagvalue": "x"}"""));
        }
        (await client.CommandAsync(tag, """{"tagname": "one more","tagvalue": "x"}""")).Refused("tagname: the device bears 32 tags, and takes no more");
        Text("Device tag set", await client.CommandAsync(tag, """{"tagname": "t0","tagvalue": "y"}"""));
        Assert.Equal(32, (await Posted.DeviceAsync(client, Address)).GetProperty("kismet.device.base.tags").EnumerateObject().Count());
        Assert.Equal("campus", (await Posted.DeviceAsync(client, Address)).Text("kismet.device.base.commonname"));
    }

    private static void Text(string expected, Answer answer)
    {
        Assert.Equal(expected, answer.Body);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
    }
}
