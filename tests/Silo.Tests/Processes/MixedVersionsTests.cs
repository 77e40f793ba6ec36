using System.Net.Http.Headers;
using System.Text.Json;
using KismetOrleans.Api.Tests.Sensors;
using KismetOrleans.SampleGenerator;
using KismetOrleans.Storage.Tests.Postgres;
using Xunit.Abstractions;

namespace KismetOrleans.Silo.Tests.Processes;

/// <summary>
/// A cluster whose processes and agents are of two neighbouring versions, under load, while it rolls from one to the other and back: everything that was acknowledged is there
/// exactly once, what the newer version stored outlives the older one's saves, and no process has a fault to tell.
/// </summary>
public sealed class MixedVersionsTests(ITestOutputHelper output)
{
    private const int AccessPoints = 40;
    private const int Rounds = 5;
    private const int BeaconsOfRound = 100;
    private const int PacketsPerSecond = 500;
    private const string Sensors = "50:C7:BF:";
    private static readonly string[] s_names = ["sensor0", "sensor1"];

    // Once all are ready, what the agents have is in after this time: the standstill that StandstillTests measures, and the few seconds for which packets of the round are still to come.
    private static readonly TimeSpan s_standstill = TimeSpan.FromSeconds(20);

    [OwnPostgresFact]
    public async Task Two_versions_share_a_cluster_and_its_sensors_while_it_rolls_from_one_to_the_other_and_back()
    {
        string next = await NextVersion.BuildAsync();
        using ClusterOfProcesses cluster = new();
        await cluster.ApplySchemaAsync();
        string[] apis = [$"http://127.0.0.1:{ClusterOfProcesses.FreePort()}", $"http://127.0.0.1:{ClusterOfProcesses.FreePort()}"];
        (ProgramProcess silo1, string url1) = cluster.StartSilo("silo 1");
        (ProgramProcess silo2, string url2) = cluster.StartSilo("silo 2");
        await cluster.ReadyAsync(url1);
        await cluster.ReadyAsync(url2);
        ProgramProcess[] servers = [cluster.StartApi("api 1", apis[0]), cluster.StartApi("api 2", apis[1])];
        await ReadyAsync(cluster, apis);

        string session = await SessionAsync(cluster, apis[0]);
        await CommandAsync(cluster, apis[0], "/devices/views/user/define.cmd", """{"id": "mine", "filter": {"phy": "IEEE802.11"}}""");
        PhoneReports phone = new(cluster.Http, "phone", 1);
        using CancellationTokenSource enough = new();
        Task posting = phone.RunAsync(apis, enough.Token);

        // Servers are older than half of the agents; one silo dies and comes back as the next version, with an API server.
        await RoundAsync(cluster, 0, apis, [null, next], async () =>
        {
            await KillAsync(silo2);
            (silo2, url2) = cluster.StartSilo("silo 2, next", next);
            await cluster.ReadyAsync(url2);
            servers[1] = await ReplaceAsync(cluster, servers[1], "api 2, next", apis[1], next);
        });
        await StateAsync(cluster, apis, session, "mixed");

        // Mixed, and then all silos of the next version.
        await RoundAsync(cluster, 1, apis, [next, null], async () =>
        {
            await cluster.StopAsync(silo1);
            (silo1, url1) = cluster.StartSilo("silo 1, next", next);
            await cluster.ReadyAsync(url1);
        });
        await StateAsync(cluster, apis, session, "next");
        await cluster.UntilAsync("what only the next version reads is written", () => Task.FromResult(silo2.Said.Contains("in format 3", StringComparison.Ordinal)));

        // And back, by a death.
        await RoundAsync(cluster, 2, apis, [next, null], async () =>
        {
            await cluster.UntilAsync("every device has a packet of the next version", async () => (await NextPacketsAsync(cluster, apis[1])).Values.All(static n => n > 0));
            await KillAsync(silo1);
            (silo1, url1) = cluster.StartSilo("silo 1 again");
            await cluster.ReadyAsync(url1);
        });
        await StateAsync(cluster, apis, session, "mixed again");
        Assert.Contains("in format 2", silo2.Said, StringComparison.Ordinal);
        await RoundAsync(cluster, 3, apis, [null, next], async () =>
        {
            await cluster.StopAsync(silo2);
            (silo2, url2) = cluster.StartSilo("silo 2 again");
            await cluster.ReadyAsync(url2);
            servers[1] = await ReplaceAsync(cluster, servers[1], "api 2 again", apis[1], null);
        });

        // All is as it was, so that every device was saved by the older version last.
        await RoundAsync(cluster, 4, apis, [next, null], static () => Task.CompletedTask);
        await StateAsync(cluster, apis, session, "again");
        await enough.CancelAsync();
        await posting;
        await CheckAsync(cluster, apis[0], phone);

        servers[1] = await ReplaceAsync(cluster, servers[1], "api 2, next, at last", apis[1], next);
        foreach (ProgramProcess silo in (ProgramProcess[])[silo1, silo2])
        {
            await cluster.StopAsync(silo);
        }
        (_, url1) = cluster.StartSilo("silo 1, next, at last", next);
        await cluster.ReadyAsync(url1);
        await ReadyAsync(cluster, apis);
        await CheckAsync(cluster, apis[1], phone);
        foreach ((string address, long count) in await NextPacketsAsync(cluster, apis[1]))
        {
            Assert.True(count is > 0 and < Rounds * BeaconsOfRound, $"{address} has {count} packets of the next version");
        }
        await StateAsync(cluster, apis, session, "at last");
        cluster.AssertNoFaults();
    }

    // Devices, sources and reports are exact.
    private async Task CheckAsync(ClusterOfProcesses cluster, string api, PhoneReports phone)
    {
        Dictionary<string, long> packets = [];
        _ = await cluster.UntilAsync("all acknowledged reports are at their devices", async () =>
        {
            packets = await cluster.PacketsAsync(api);
            return phone.Acknowledged.All(packets.ContainsKey);
        });
        Assert.NotEmpty(phone.Acknowledged);
        output.WriteLine($"{phone.Acknowledged.Count} reports acknowledged, {phone.Failed} posts failed");
        string[] wrong = [.. packets.Where(static device => device.Value != (device.Key.StartsWith(Sensors, StringComparison.Ordinal) ? Rounds * BeaconsOfRound : 1))
            .Select(static device => $"{device.Key} has {device.Value} packets")];
        Assert.True(wrong.Length == 0, $"{string.Join(", ", wrong.Take(10))}");
        Assert.Equal(s_names.Length * AccessPoints, packets.Keys.Count(static address => address.StartsWith(Sensors, StringComparison.Ordinal)));
        Dictionary<string, long> sources = await cluster.SourcesAsync(api);
        Assert.All(s_names, name => Assert.Equal(AccessPoints * Rounds * BeaconsOfRound, sources[name]));
        Assert.Equal(packets.Count, await SizeAsync(cluster, api));
    }

    // The agents' files of a round, each sent by an agent of the version that is named; something happens when a fifth has come, and packets go on coming meanwhile.
    private async Task RoundAsync(ClusterOfProcesses cluster, int round, string[] apis, string?[] versions, Func<Task> happens)
    {
        ProgramProcess[] agents = [.. s_names.Select((name, i) => cluster.StartAgent(
            name, apis[(i + round) % apis.Length], $"{FileOf(cluster, i, round)}:name={name},uuid=00000000-0000-0000-0000-00000000000{i + 1},pps={PacketsPerSecond}", versions[i]))];
        long before = round * s_names.Length * AccessPoints * BeaconsOfRound;
        await LoadedAsync(cluster, apis, before + (s_names.Length * AccessPoints * BeaconsOfRound / 5));
        await happens();
        // All that should be ready is: packets come.
        await ReadyAsync(cluster, apis);
        TimeSpan took = await LoadedAsync(cluster, apis, before + (s_names.Length * AccessPoints * BeaconsOfRound), s_standstill);
        output.WriteLine($"round {round}: all packets {took.TotalSeconds:0.0} s after all were ready");
        foreach (ProgramProcess agent in agents)
        {
            await cluster.EndsWellAsync(agent);
        }
    }

    private static string FileOf(ClusterOfProcesses cluster, int sensor, int round)
    {
        string path = cluster.PathOf($"sensor{sensor}-{round}.pcap");
        using FileStream file = File.Create(path);
        CaptureFiles.WritePcap(file, BeaconFlood.Build(AccessPoints, Rounds * BeaconsOfRound, sensor * AccessPoints)
            .Skip(round * AccessPoints * BeaconsOfRound).Take(AccessPoints * BeaconsOfRound));
        return path;
    }

    // What is kept beside devices: a view, alerts, a session, each on both servers.
    private readonly List<string> _raised = [];

    private async Task StateAsync(ClusterOfProcesses cluster, string[] apis, string session, string text)
    {
        foreach (string api in apis)
        {
            string alert = $"{text}, by {(api == apis[0] ? "one" : "two")}";
            await CommandAsync(cluster, api, "/alerts/raise_alert.cmd", $$"""{"name": "KISMET", "text": "{{alert}}"}""");
            _raised.Add(alert);
        }
        foreach (string api in apis)
        {
            using JsonDocument alerts = JsonDocument.Parse(await cluster.Http.GetByteArrayAsync($"{api}/alerts/all_alerts.json"));
            string[] texts = [.. alerts.RootElement.EnumerateArray().Select(static alert => alert.GetProperty("kismet.alert.text").GetString()!)];
            Assert.All(_raised, raised => Assert.Single(texts, text => text == raised));
            Assert.True(await SizeAsync(cluster, api) >= s_names.Length * AccessPoints);
            using HttpRequestMessage request = new(HttpMethod.Get, $"{api}/session/check_session") { Headers = { { "Cookie", session } } };
            using HttpClient anonymous = new();
            using HttpResponseMessage answer = await anonymous.SendAsync(request);
            answer.EnsureSuccessStatusCode();
        }
    }

    private static async Task<string> SessionAsync(ClusterOfProcesses cluster, string api)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, $"{api}/session/check_session") { Headers = { Authorization = ClusterOfProcesses.Login } };
        using HttpResponseMessage answer = await cluster.Http.SendAsync(request);
        return answer.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
    }

    // Devices in the user's view.
    private static async Task<int> SizeAsync(ClusterOfProcesses cluster, string api)
    {
        using JsonDocument views = JsonDocument.Parse(await cluster.Http.GetByteArrayAsync($"{api}/devices/views/all_views.json"));
        return views.RootElement.EnumerateArray().Single(static view => view.GetProperty("kismet.devices.view.id").GetString() == "mine")
            .GetProperty("kismet.devices.view.size").GetInt32();
    }

    private static async Task<Dictionary<string, long>> NextPacketsAsync(ClusterOfProcesses cluster, string api) =>
        (await cluster.PacketsAsync(api, "kismet.device.base.packets.next")).Where(static device => device.Key.StartsWith(Sensors, StringComparison.Ordinal)).ToDictionary();

    private static async Task CommandAsync(ClusterOfProcesses cluster, string api, string path, string json)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, api + path)
        {
            Content = new StringContent(json, new MediaTypeHeaderValue("application/json")),
            Headers = { Authorization = ClusterOfProcesses.Login },
        };
        using HttpResponseMessage answer = await cluster.Http.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
    }

    private static async Task<ProgramProcess> ReplaceAsync(ClusterOfProcesses cluster, ProgramProcess server, string name, string url, string? version)
    {
        await KillAsync(server);
        ProgramProcess other = cluster.StartApi(name, url, version);
        await cluster.ReadyAsync(url);
        return other;
    }

    private static Task KillAsync(ProgramProcess program) => program.KillAsync(CancellationToken.None);

    private static async Task ReadyAsync(ClusterOfProcesses cluster, string[] apis)
    {
        foreach (string api in apis)
        {
            await cluster.ReadyAsync(api);
        }
    }

    private static Task<TimeSpan> LoadedAsync(ClusterOfProcesses cluster, string[] apis, long packets, TimeSpan? patience = null) => cluster.UntilAsync(
        $"{packets} packets have come", async () => (await cluster.SourcesAsync(apis[0])).Where(static source => s_names.Contains(source.Key)).Sum(static source => source.Value) >= packets,
        patience);
}
