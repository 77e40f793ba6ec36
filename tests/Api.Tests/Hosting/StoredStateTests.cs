using System.Text.Json;
using KismetOrleans.Storage.Sqlite;

namespace KismetOrleans.Api.Tests.Hosting;

/// <summary>What a server of the version before kept in its file, in the forms that it had without grains, is there after an upgrade.</summary>
public sealed class StoredStateTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ko-state-");

    [Fact]
    public async Task Watched_addresses_of_the_version_before_go_on()
    {
        string file = Path.Combine(_folder.FullName, "server.db");
        await using (TestServer server = await TestServer.StartAsync("--Storage:Sqlite", file))
        {
            Answer added = await server.Client.CommandAsync("/devices/alerts/mac/found/add.cmd", """{"macs":["00:11:22:33:44:55"]}""");
            Assert.Equal(System.Net.HttpStatusCode.OK, added.Status);
        }
        string lines;
        await using (SqliteStorage storage = SqliteStorage.Open(file, 8))
        {
            // The form is a list of lines, as the version before wrote it under the same name.
            lines = System.Text.Encoding.UTF8.GetString((await storage.State.LoadAsync("watch"))!);
            Assert.Equal(JsonValueKind.Array, JsonDocument.Parse(lines).RootElement.ValueKind);
            await storage.State.SaveAsync("watch", System.Text.Encoding.UTF8.GetBytes(lines.Replace("00:11:22:33:44:55", "00:11:22:33:44:66", StringComparison.Ordinal)));
        }
        await using TestServer again = await TestServer.StartAsync("--Storage:Sqlite", file);
        string watched = (await again.Client.AskAsync("/devices/alerts/mac/found/macs.json")).Ok().Body;
        Assert.Contains("00:11:22:33:44:66", watched, StringComparison.Ordinal);
        Assert.DoesNotContain("00:11:22:33:44:55", watched, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Filters_are_there_after_a_restart()
    {
        string file = Path.Combine(_folder.FullName, "server.db");
        const string path = "/filters/packet/kismetdb_packets/";
        await using (TestServer server = await TestServer.StartAsync("--Storage:Sqlite", file))
        {
            Assert.Equal(System.Net.HttpStatusCode.OK, (await server.Client.CommandAsync(path + "IEEE802.11/any/set_filter.cmd", """{"filter":{"00:11:22:33:44:55":true}}""")).Status);
            Assert.Equal(System.Net.HttpStatusCode.OK, (await server.Client.CommandAsync(path + "set_default.cmd", """{"default":"block"}""")).Status);
        }
        await using TestServer again = await TestServer.StartAsync("--Storage:Sqlite", file);
        JsonElement kept = (await again.Client.AskAsync(path + "filter.json")).Ok().Json;
        Assert.Equal(1, kept.GetProperty("kismet.packetfilter.default").GetInt32());
        Assert.Contains("\"00:11:22:33:44:55\": 1", kept.GetProperty("kismet.packetfilter.macaddr.blocks_by_phy").GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Filters_of_the_settings_hold_until_a_command_changes_them()
    {
        string[] settings =
        [
            "--Storage:Sqlite", Path.Combine(_folder.FullName, "server.db"), "--Log:PacketFilter:0", "BTLE,any,*,block", "--Log:PacketFilter:1", "BTLE,any,00:11:22:33:44:55,pass",
            "--Log:PacketFilterDefault", "block",
        ];
        const string path = "/filters/packet/kismetdb_packets/";
        await using (TestServer server = await TestServer.StartAsync(settings))
        {
            Assert.Equal("""1 {"BTLE": {"*": 1,"00:11:22:33:44:55": 0}}""", await FilterAsync(server));
            Assert.Equal(System.Net.HttpStatusCode.OK, (await server.Client.CommandAsync(path + "BTLE/any/remove_filter.cmd", """{"filter":["*"]}""")).Status);
            Assert.Equal(System.Net.HttpStatusCode.OK, (await server.Client.CommandAsync(path + "set_default.cmd", """{"default":"pass"}""")).Status);
        }
        await using TestServer again = await TestServer.StartAsync([.. settings, "--Log:PacketFilter:2", "BTLE,any,00:11:22:33:44:66,block"]);
        Assert.Equal("""0 {"BTLE": {"00:11:22:33:44:55": 0,"00:11:22:33:44:66": 1}}""", await FilterAsync(again));

        static async Task<string> FilterAsync(TestServer server)
        {
            JsonElement filter = (await server.Client.AskAsync(path + "filter.json")).Ok().Json;
            JsonElement phys = filter.GetProperty("kismet.packetfilter.macaddr.blocks_by_phy");
            return $"{filter.GetProperty("kismet.packetfilter.default").GetInt32()} "
                + string.Join(' ', phys.EnumerateObject().Select(static phy => $$"""{"{{phy.Name}}": {{phy.Value.GetProperty("kismet.packetfilter.macaddr.any").GetRawText()}}}"""));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Delete(recursive: true);
}
