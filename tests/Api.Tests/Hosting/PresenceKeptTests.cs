using System.Text.Json;

namespace KismetOrleans.Api.Tests.Hosting;

/// <summary>Who was where is the same after a restart, and goes on.</summary>
public sealed class PresenceKeptTests : IDisposable
{
    private const int Slots = 200;
    private const long Slot = 300;
    private const long Begin = 1_700_000_100;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ko-presence-");
    private readonly ProbeFile _first = Capture(0);
    private readonly ProbeFile _second = Capture(Slots / 2);

    [Fact]
    public async Task Presence_goes_on_after_a_restart()
    {
        string file = Path.Combine(_folder.FullName, "server.db");
        string before;
        await using (TestServer server = await TestServer.StartAsync("--Storage:Sqlite", file, "-c", _first.Path + ":name=first"))
        {
            await server.WaitForSourcesAsync(1);
            before = await SlotsAsync(server);
            Assert.Equal(Slots, JsonDocument.Parse(before).RootElement.GetArrayLength());
        }
        await using (TestServer server = await TestServer.StartAsync("--Storage:Sqlite", file))
        {
            Assert.Equal(before, await SlotsAsync(server));
        }
        await using TestServer again = await TestServer.StartAsync("--Storage:Sqlite", file, "-c", _second.Path + ":name=second");
        await again.WaitForSourcesAsync(1);
        Answer counts = await again.Client.AskAsync($"/presence/counts.json?from={Begin}&until={Begin + (2 * Slots * Slot)}&step=300");
        Assert.Equal(
            Enumerable.Range(0, 2 * Slots).Select(static slot => slot < Slots / 2 ? 1L : slot < Slots ? 2 : slot < Slots * 3 / 2 ? 1 : 0),
            counts.Ok().List.Select(static count => count.Number("kismet.presence.packets")));
    }

    public void Dispose()
    {
        _folder.Delete(recursive: true);
        _first.Dispose();
        _second.Dispose();
    }

    private static async Task<string> SlotsAsync(TestServer server)
    {
        string key = (await server.Client.AskAsync("/devices/views/all/devices.json")).Ok().List.Single().Text("kismet.device.base.key");
        return (await server.Client.AskAsync($"/presence/by-key/{key}/slots.json?from={Begin}&until={Begin + (2 * Slots * Slot)}")).Ok().Body;
    }

    // A probe request in each five minutes, all of one device.
    private static ProbeFile Capture(int first) => ProbeFile.Of(
        105, Enumerable.Range(first, Slots).Select(static i => Convert.FromHexString($"40000000FFFFFFFFFFFF020000000001FFFFFFFFFFFF{(i & 15) << 4:X2}{i >> 4:X2}" + "0000" + "010402040B16")),
        i => (uint)(Begin + ((first + i) * Slot) - ProbeFile.FirstSecond));
}
