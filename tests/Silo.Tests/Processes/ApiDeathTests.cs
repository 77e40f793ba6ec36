using System.Text.RegularExpressions;
using KismetOrleans.Api.Tests.Sensors;
using KismetOrleans.SampleGenerator;
using KismetOrleans.Storage.Tests.Postgres;
using Xunit.Abstractions;

namespace KismetOrleans.Silo.Tests.Processes;

/// <summary>Sensors of two API servers: each has some, and when one dies its sensors are at the other before anybody notices.</summary>
public sealed partial class ApiDeathTests(ITestOutputHelper output)
{
    private const int Sensors = 12;
    private const int AccessPoints = 5;
    private const int Beacons = 200;
    private static readonly TimeSpan s_moved = TimeSpan.FromSeconds(3);

    [OwnPostgresFact]
    public async Task Sensors_of_an_API_server_that_dies_are_at_another_within_3_s()
    {
        using ClusterOfProcesses cluster = new();
        await cluster.ApplySchemaAsync();
        (_, string silo) = cluster.StartSilo("silo");
        await cluster.ReadyAsync(silo);
        string[] apis = [$"http://127.0.0.1:{ClusterOfProcesses.FreePort()}", $"http://127.0.0.1:{ClusterOfProcesses.FreePort()}"];
        ProgramProcess dies = cluster.StartApi("api 1", apis[0]);
        _ = cluster.StartApi("api 2", apis[1]);
        await cluster.ReadyAsync(apis[0]);
        await cluster.ReadyAsync(apis[1]);

        List<string> definitions = [];
        for (int i = 0; i < Sensors; i++)
        {
            string path = cluster.PathOf($"sensor{i}.pcap");
            using FileStream file = File.Create(path);
            CaptureFiles.WritePcap(file, BeaconFlood.Build(AccessPoints, Beacons, i * AccessPoints));
            definitions.Add($"{path}:name=sensor{i},pps=40");
        }
        ProgramProcess agent = cluster.StartAgent("host", string.Join(',', apis), definitions);
        await cluster.UntilAsync("all sensors are connected", () => Task.FromResult(Connected(agent).Count == Sensors));
        Dictionary<string, string> before = Connected(agent);
        // Of twelve on two, all on one would be chance once in two thousand times.
        Assert.Equal(2, before.Values.Distinct().Count());

        await dies.KillAsync(CancellationToken.None);
        TimeSpan took = await cluster.UntilAsync(
            "its sensors are at the other server", () => Task.FromResult(Connected(agent).Values.All(url => url == apis[1])), ClusterOfProcesses.Patience);
        output.WriteLine($"{before.Values.Count(url => url == apis[0])} sensors moved within {took.TotalSeconds:0.0} s");
        Assert.InRange(took, TimeSpan.Zero, s_moved);
        Assert.All(before.Where(sensor => sensor.Value == apis[1]), sensor => Assert.Single(Connections(agent), line => line.Sensor == sensor.Key));

        await cluster.EndsWellAsync(agent);
        Assert.All(await cluster.PacketsAsync(apis[1]), static device => Assert.Equal(Beacons, device.Value));
        Dictionary<string, long> sources = await cluster.SourcesAsync(apis[1]);
        Assert.Equal(Sensors, sources.Count);
        Assert.All(sources, static source => Assert.Equal(AccessPoints * Beacons, source.Value));
        cluster.AssertNoFaults();
    }

    // Where each sensor has connected last.
    private static Dictionary<string, string> Connected(ProgramProcess agent)
    {
        Dictionary<string, string> connected = [];
        foreach ((string sensor, string url) in Connections(agent))
        {
            connected[sensor] = url;
        }
        return connected;
    }

    private static IEnumerable<(string Sensor, string Url)> Connections(ProgramProcess agent) =>
        ConnectedLine().Matches(agent.Said).Select(static line => (line.Groups[1].Value, line.Groups[2].Value));

    [GeneratedRegex(@"(sensor\d+): connected to (\S+)/ as source")]
    private static partial Regex ConnectedLine();
}
