using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text.Json;
using KismetOrleans.Api.Tests.Sensors;
using KismetOrleans.SampleGenerator;
using KismetOrleans.Storage.Tests.Postgres;
using Xunit.Abstractions;

namespace KismetOrleans.Silo.Tests.Processes;

/// <summary>A silo or a database that hangs instead of dying: whoever asks gets a whole list, or hears within ten seconds that there is none.</summary>
[Collection(nameof(Alone))]
public sealed class HungTests(ITestOutputHelper output)
{
    private const int AccessPoints = 300;
    private const int Beacons = 20;
    private static readonly TimeSpan s_answered = TimeSpan.FromSeconds(10);

    // Three times what a partition needs to notice that it belongs elsewhere.
    private static readonly TimeSpan s_settled = TimeSpan.FromSeconds(15);

    // Of all forms: a reader of lines can tell by nothing but the protocol that some are missing.
    private static readonly string[] s_lists =
    [
        "/devices/views/all/devices.json", "/devices/views/all/devices.prettyjson", "/devices/all_devices.ekjson", "/devices/all_devices.itjson", "/devices/last-time/0/devices.json",
    ];

    [OwnPostgresFact]
    public async Task Lists_are_whole_or_refused_in_time_while_a_silo_stands_still()
    {
        using ClusterOfProcesses cluster = new();
        (string api, ProgramProcess[] silos) = await StartAsync(cluster);
        await silos[1].SuspendAsync(CancellationToken.None);
        IReadOnlyCollection<(string Path, HttpStatusCode Status)> answers = await AskAsync(cluster, api, TimeSpan.FromSeconds(20));
        output.WriteLine($"{answers.Count(static answer => answer.Status == HttpStatusCode.OK)} answers, {answers.Count(static answer => answer.Status != HttpStatusCode.OK)} refusals");
        // It was put out, and what it had stands elsewhere.
        Assert.All(await AskAsync(cluster, api, TimeSpan.FromSeconds(1)), static answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
    }

    [OwnPostgresFact]
    public async Task Lists_go_on_while_the_database_stands_still_and_no_thread_waits_for_it()
    {
        using ClusterOfProcesses cluster = new();
        (string api, ProgramProcess[] silos) = await StartAsync(cluster);
        int[] before = [.. silos.Select(static silo => silo.Threads)];
        cluster.Postgres.Suspend();
        try
        {
            IReadOnlyCollection<(string Path, HttpStatusCode Status)> answers = await AskAsync(cluster, api, TimeSpan.FromSeconds(40));
            output.WriteLine($"{answers.Count} answers; threads {string.Join(", ", before)}, then {string.Join(", ", silos.Select(static silo => silo.Threads))}");
            Assert.All(answers, static answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        }
        finally
        {
            cluster.Postgres.Resume();
        }
        Assert.All(silos, static silo => Assert.False(silo.HasExited, silo.Said));
        await cluster.ReadyAsync(api);
    }

    [OwnPostgresFact]
    public async Task A_list_comes_without_what_does_not_answer_where_that_is_asked_for_and_says_what_is_missing()
    {
        using ClusterOfProcesses cluster = new();
        (string api, ProgramProcess[] silos) = await StartAsync(cluster);
        // Nobody can write down that the other one is dead, nor load what it had.
        cluster.Postgres.Suspend();
        try
        {
            await silos[1].KillAsync(CancellationToken.None);
            Stopwatch clock = Stopwatch.StartNew();
            using HttpResponseMessage refused = await cluster.Http.GetAsync($"{api}/devices/views/all/devices.json");
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.True(clock.Elapsed < s_answered, $"{clock.Elapsed.TotalSeconds:0.0} s");
            clock.Restart();
            using HttpResponseMessage partial = await cluster.Http.GetAsync($"{api}/devices/views/all/devices.json?partial=true");
            Assert.Equal(HttpStatusCode.OK, partial.StatusCode);
            Assert.True(clock.Elapsed < s_answered, $"{clock.Elapsed.TotalSeconds:0.0} s");
            string[] missing = partial.Headers.GetValues("X-Missing-Partitions").Single().Split(',');
            Assert.InRange(CountOf("devices.json", await partial.Content.ReadAsStringAsync()), 1, AccessPoints - 1);
            _ = await cluster.UntilAsync("the status says so, too", async () =>
            {
                using JsonDocument status = JsonDocument.Parse(await cluster.Http.GetByteArrayAsync($"{api}/system/status.json"));
                return status.RootElement.TryGetProperty("kismet.system.partitions.missing", out JsonElement told)
                    && missing.SequenceEqual(told.EnumerateArray().Select(static number => $"{number}"));
            });
        }
        finally
        {
            cluster.Postgres.Resume();
        }
        _ = await cluster.UntilAsync("all are there again", async () =>
        {
            using HttpResponseMessage whole = await cluster.Http.GetAsync($"{api}/devices/views/all/devices.json?partial=true");
            return whole.IsSuccessStatusCode && !whole.Headers.Contains("X-Missing-Partitions") && CountOf("devices.json", await whole.Content.ReadAsStringAsync()) == AccessPoints;
        });
    }

    private static async Task<(string Api, ProgramProcess[] Silos)> StartAsync(ClusterOfProcesses cluster)
    {
        await cluster.ApplySchemaAsync();
        (ProgramProcess Process, string Url)[] silos = [cluster.StartSilo("silo 1"), cluster.StartSilo("silo 2")];
        foreach ((_, string url) in silos)
        {
            await cluster.ReadyAsync(url);
        }
        string api = $"http://127.0.0.1:{ClusterOfProcesses.FreePort()}";
        _ = cluster.StartApi("api", api);
        await cluster.ReadyAsync(api);
        string path = cluster.PathOf("sensor.pcap");
        using (FileStream file = File.Create(path))
        {
            CaptureFiles.WritePcap(file, BeaconFlood.Build(AccessPoints, Beacons));
        }
        // When it ends, all is saved.
        await cluster.EndsWellAsync(cluster.StartAgent("sensor", api, $"{path}:name=sensor"));
        // What the first silo has of the second one's moves every five seconds, to be loaded when it is asked next, which takes the database: asked until nothing moves any more.
        Stopwatch settling = Stopwatch.StartNew();
        _ = await cluster.UntilAsync("partitions are where they belong", async () =>
        {
            using HttpResponseMessage answer = await cluster.Http.GetAsync($"{api}/devices/views/all/devices.json");
            return answer.IsSuccessStatusCode && CountOf("devices.json", await answer.Content.ReadAsStringAsync()) == AccessPoints && settling.Elapsed > s_settled;
        });
        // From where it began to where it belongs, with a detour where each silo took the other for the older one. One that was loaded more often goes to and fro, and takes the database with each list.
        Assert.Equal(0, await cluster.ExecuteAsync("UPDATE partitions SET epoch = epoch WHERE epoch > 3"));
        return (api, [.. silos.Select(static silo => silo.Process)]);
    }

    // Asks for all lists again and again, each in its own turn. Asserts that each answer is whole or a refusal, and comes in time.
    private static async Task<IReadOnlyCollection<(string Path, HttpStatusCode Status)>> AskAsync(ClusterOfProcesses cluster, string api, TimeSpan time)
    {
        ConcurrentQueue<(string Path, HttpStatusCode Status)> answers = [];
        Stopwatch clock = Stopwatch.StartNew();
        await Task.WhenAll(s_lists.Select(async path =>
        {
            do
            {
                TimeSpan since = clock.Elapsed;
                using HttpResponseMessage answer = await cluster.Http.GetAsync(api + path, HttpCompletionOption.ResponseHeadersRead);
                TimeSpan took = clock.Elapsed - since;
                Assert.True(took < s_answered, $"{path} took {took.TotalSeconds:0.0} s");
                answers.Enqueue((path, answer.StatusCode));
                // Throws when it is cut.
                string body = await answer.Content.ReadAsStringAsync();
                if (answer.StatusCode == HttpStatusCode.OK)
                {
                    Assert.Equal(AccessPoints, CountOf(path, body));
                }
                else
                {
                    Assert.True(answer.StatusCode == HttpStatusCode.ServiceUnavailable, $"{path}: {(int)answer.StatusCode} {body}\n{cluster.Said()}");
                    Assert.NotNull(answer.Headers.RetryAfter);
                }
                await Task.Delay(200);
            }
            while (clock.Elapsed < time);
        }));
        return answers;
    }

    private static int CountOf(string path, string body)
    {
        if (!path.EndsWith("json", StringComparison.Ordinal) || path.EndsWith("ekjson", StringComparison.Ordinal) || path.EndsWith("itjson", StringComparison.Ordinal))
        {
            return body.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length;
        }
        using JsonDocument list = JsonDocument.Parse(body);
        return list.RootElement.GetArrayLength();
    }
}
