using System.Diagnostics;
using System.Net;
using System.Text.Json;
using KismetOrleans.Api.Tests.Sensors;

namespace KismetOrleans.Api.Tests.Control;

/// <summary>What kismetdb logs leave out: the commands, and a log that is written meanwhile.</summary>
public sealed class FiltersTests : IDisposable
{
    private const string Packets = "/filters/packet/kismetdb_packets/", Devices = "/filters/class/kismetdb_devices/";
    private const string First = "02:00:00:00:00:01";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ko-filters-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Entries_are_set_listed_and_removed()
    {
        await using TestServer server = await TestServer.StartAsync();
        HttpClient client = server.Client;
        Done("set filter", await client.CommandAsync(
            Packets + "IEEE802.11/source/set_filter.cmd", $$$"""{"filter":{"{{{First}}}":true,"aa-bb-cc-dd-ee-ff/ff:ff:ff:00:00:00":0}}"""));
        Done("set filter", await client.CommandAsync(Packets + "BTLE/any/set_filter.cmd", $$$"""{"filter":{"{{{First}}}":"block"}}"""));
        Done("Set filter", await client.CommandAsync(Devices + "IEEE802.11/set_filter.cmd", $$$"""{"filter":{"{{{First}}}":1}}"""));
        Done("Default filter: 1", await client.CommandAsync(Devices + "set_default.cmd", """{"default":"reject"}"""));
        JsonElement packets = (await client.AskAsync(Packets + "filter.json")).Ok().Json;
        Assert.Equal(("kismetdb_packets", "mac_addr", 0), (packets.Text("kismet.packetfilter.id"), packets.Text("kismet.packetfilter.type"), packets.GetProperty("kismet.packetfilter.default").GetInt32()));
        JsonElement phys = packets.GetProperty("kismet.packetfilter.macaddr.blocks_by_phy");
        Assert.Equal(
            $$$"""{"{{{First}}}": 1,"AA:BB:CC:00:00:00/FF:FF:FF:00:00:00": 0}""", phys.GetProperty("IEEE802.11").GetProperty("kismet.packetfilter.macaddr.source").GetRawText());
        Assert.Equal("{}", phys.GetProperty("IEEE802.11").GetProperty("kismet.packetfilter.macaddr.any").GetRawText());
        Assert.Equal($$$"""{"{{{First}}}": 1}""", phys.GetProperty("BTLE").GetProperty("kismet.packetfilter.macaddr.any").GetRawText());
        JsonElement devices = (await client.AskAsync(Devices + "filter.json")).Ok().Json;
        Assert.Equal(1, devices.GetProperty("kismet.classfilter.default").GetInt32());
        Assert.Equal($$$"""{"IEEE802.11": {"{{{First}}}": 1}}""", devices.GetProperty("kismet.classfilter.macaddr.address_by_phy").GetRawText());
        Done("Removed filter", await client.CommandAsync(Packets + "IEEE802.11/source/remove_filter.cmd", $$$"""{"addresses":["{{{First}}}","AA:BB:CC:11:11:11/FF:FF:FF:00:00:00"]}"""));
        Done("Removed filter", await client.CommandAsync(Packets + "BTLE/any/remove_filter.cmd", $$$"""{"filter":["{{{First}}}"]}"""));
        Done("Default filter: 0", await client.CommandAsync(Devices + "set_default.cmd", """{"default":false}"""));
        Assert.Equal("{}", (await client.AskAsync(Packets + "filter.json")).Ok().Json.GetProperty("kismet.packetfilter.macaddr.blocks_by_phy").GetRawText());
    }

    [Fact]
    public async Task What_is_wrong_is_told_and_changes_nothing()
    {
        await using TestServer server = await TestServer.StartAsync();
        HttpClient client = server.Client;
        string set = Packets + "IEEE802.11/source/set_filter.cmd", remove = Packets + "IEEE802.11/source/remove_filter.cmd";
        (string Path, string Body, string Error)[] wrong =
        [
            (set, "{}", "filter: expected a dictionary of addresses, with true for those that are blocked"),
            (set, $$$"""{"filter":["{{{First}}}"]}""", "filter: expected a dictionary of addresses, with true for those that are blocked"),
            (set, $$$"""{"filter":{"{{{First}}}":true,"x":true}}""", "filter['x']: expected an address, or one with a mask as AA:BB:CC:00:00:00/FF:FF:FF:00:00:00"),
            (set, $$$"""{"filter":{"{{{First}}}":"maybe"}}""", $"filter['{First}']: expected block or pass, or true or false"),
            (Packets + "WiFi/source/set_filter.cmd", $$$"""{"filter":{"{{{First}}}":true}}""", "phy: 'WiFi' is none of IEEE802.11, "),
            (Packets + "IEEE802.11/4/set_filter.cmd", $$$"""{"filter":{"{{{First}}}":true}}""", "block: '4' is none of source, destination, network, other, any"),
            (Devices + "WiFi/set_filter.cmd", $$$"""{"filter":{"{{{First}}}":true}}""", "phy: 'WiFi' is none of IEEE802.11, "),
            (remove, $$$"""{"filter":{"{{{First}}}":true}}""", "filter: expected an array of addresses"),
            (remove, """{"filter":[5]}""", "filter[0]: expected an address"),
            (Packets + "set_default.cmd", "{}", "default: expected block or pass, or true or false"),
            (Packets + "set_default.cmd", """{"default":"maybe"}""", "default: expected block or pass, or true or false"),
        ];
        foreach ((string path, string body, string error) in wrong)
        {
            Answer answer = await client.CommandAsync(path, body);
            Assert.Equal((path, HttpStatusCode.BadRequest), (path, answer.Status));
            Assert.StartsWith("Invalid request: " + error, answer.Body, StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.Unauthorized, (await server.Anonymous.CommandAsync(path, body)).Status);
            Assert.Equal(HttpStatusCode.MethodNotAllowed, (await client.AskAsync(path)).Status);
        }
        Assert.Equal("{}", (await client.AskAsync(Packets + "filter.json")).Ok().Json.GetProperty("kismet.packetfilter.macaddr.blocks_by_phy").GetRawText());
        Assert.Equal(HttpStatusCode.NotFound, (await client.AskAsync("/filters/packet/other/filter.json")).Status);
    }

    [Fact]
    public async Task A_kismetdb_lacks_what_is_blocked_and_it_is_counted()
    {
        await using TestServer server = await TestServer.StartAsync("--Log:Prefix", _folder.FullName);
        HttpClient client = server.Client;
        Done("set filter", await client.CommandAsync(Packets + "IEEE802.11/source/set_filter.cmd", $$$"""{"filter":{"{{{First}}}":true}}"""));
        Done("Set filter", await client.CommandAsync(Devices + "IEEE802.11/set_filter.cmd", """{"filter":{"02:00:00:00:00:02":true}}"""));
        string uuid = (await client.CommandAsync("/logging/by-class/kismet/start.cmd", "{}")).Ok().Json.Text("kismet.logfile.uuid");
        await using (RawSensor sensor = await RawSensor.ConnectAsync(server.Address, null, RawSensor.Hello(Guid.NewGuid(), RawSensor.Now())))
        {
            await sensor.SendAsync((long)RawSensor.Now(), Probe(1), Probe(2), Probe(3));
            await sensor.SavedAsync();
            Assert.Equal(2, await LoggedAsync(client));
        }
        Assert.Equal(HttpStatusCode.OK, (await client.CommandAsync($"/logging/by-uuid/{uuid}/stop.cmd", "{}")).Status);
        JsonElement packets = (await client.AskAsync(Packets + "filter.json")).Ok().Json, devices = (await client.AskAsync(Devices + "filter.json")).Ok().Json;
        Assert.Equal(1, packets.GetProperty("kismet.packetfilter.filtered").GetInt32());
        Assert.InRange(devices.GetProperty("kismet.classfilter.filtered").GetInt32(), 1, int.MaxValue);
        // It is tracked all the same.
        Assert.Equal(3, (await client.AskAsync("/devices/views/all/devices.json")).Ok().List.Length);
        if (await SqliteAsync("SELECT sourcemac FROM packets ORDER BY 1; SELECT devmac FROM devices ORDER BY 1") is { } said)
        {
            Assert.Equal("02:00:00:00:00:02\n02:00:00:00:00:03\n" + "02:00:00:00:00:01\n02:00:00:00:00:03\n", said);
        }
    }

    // Null where the tool is not installed.
    private async Task<string?> SqliteAsync(string sql)
    {
        if (!(Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(static folder => File.Exists(Path.Combine(folder, "sqlite3"))))
        {
            return null;
        }
        using Process process = Process.Start(new ProcessStartInfo("sqlite3", [Assert.Single(_folder.GetFiles("*.kismet")).FullName, sql]) { RedirectStandardOutput = true })!;
        string said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return said;
    }

    // Probe request to everyone, wildcard SSID, rates 1 to 11 Mbit/s.
    private static byte[] Probe(byte last) => Convert.FromHexString($"40000000FFFFFFFFFFFF0200000000{last:X2}FFFFFFFFFFFF0000" + "0000" + "010402040B16");

    private static async Task<int> LoggedAsync(HttpClient client)
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(30));
        while (true)
        {
            JsonElement log = Assert.Single((await client.AskAsync("/logging/active.json")).Ok().List);
            if (log.TryGetProperty("kismet.logfile.packets", out JsonElement packets) && packets.GetInt32() > 0)
            {
                return packets.GetInt32();
            }
            await Task.Delay(50, patience.Token);
        }
    }

    private static void Done(string text, Answer answer) => Assert.Equal((text, HttpStatusCode.OK), (answer.Body, answer.Status));
}
