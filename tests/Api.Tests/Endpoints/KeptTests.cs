namespace KismetOrleans.Api.Tests.Endpoints;

/// <summary>What clients ask for of Wi-Fi is the same after a restart: handshakes, SSIDs, fingerprints.</summary>
public sealed class KeptTests
{
    [Fact]
    public async Task Handshakes_SSIDs_and_fingerprints_are_there_after_a_restart()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("ko-kept-");
        string[] storage = ["--Storage:Sqlite", Path.Combine(folder.FullName, "devices.db")];
        try
        {
            List<string> before;
            await using (TestServer server = await TestServer.StartAsync([.. storage, "-c", Repository.Campus]))
            {
                await server.WaitForSourcesAsync(1);
                (await server.Client.CommandAsync(
                    "/phy/phy80211/fingerprints/new/insert.cmd", """{"macaddr":"00:11:22:33:44:01","beacon_hash":1,"allowed":true}""")).Message.EnsureSuccessStatusCode();
                before = await AnswersAsync(server.Client);
            }
            await using (TestServer server = await TestServer.StartAsync(storage))
            {
                Assert.Equal(before, await AnswersAsync(server.Client));
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<List<string>> AnswersAsync(HttpClient client)
    {
        List<string> answers = [];
        foreach (string key in (await client.AskAsync("/devices/views/phydot11_accesspoints/devices.json")).Ok().List.Select(static d => d.Text("kismet.device.base.key")).Order())
        {
            foreach (string file in (string[])["handshake.pcap", "handshake-pmkid.pcap"])
            {
                answers.Add(Convert.ToHexString(await client.GetByteArrayAsync($"/phy/phy80211/by-key/{key}/pcap/{file}")));
            }
        }
        Assert.Contains(answers, static answer => answer.Length > 1000);
        answers.Add((await client.AskAsync("/phy/phy80211/fingerprints/all_fingerprints.json")).Ok().Body);
        answers.AddRange((await client.AskAsync("/phy/phy80211/ssids/views/ssids.json")).Ok().List.Select(static g => g.Text("dot11.ssidgroup.ssid")).Order());
        return answers;
    }
}
