using System.Diagnostics;
using KismetOrleans.Api.Tests.Sensors;
using KismetOrleans.SampleGenerator;
using KismetOrleans.Storage.Tests.Postgres;
using Xunit.Abstractions;

namespace KismetOrleans.Silo.Tests.Processes;

/// <summary>How long live data stands still when a silo dies, hangs or stops: for every device of every sensor, as somebody sees it who looks all the time.</summary>
[Collection(nameof(Alone))]
public sealed class StandstillTests(ITestOutputHelper output)
{
    private const int Sensors = 4;
    private const int AccessPoints = 10;
    private const int PacketsPerSecond = 200;

    // Every access point is heard this often.
    private const int Beacons = 60 * PacketsPerSecond / AccessPoints;
    private static readonly TimeSpan s_lookEvery = TimeSpan.FromMilliseconds(100);

    // The exit code that docs/operations.md names.
    private const int VotedOut = 3;

    [OwnPostgresFact]
    public Task Data_is_live_again_six_seconds_after_a_silo_was_killed() =>
        MeasureAsync(TimeSpan.FromSeconds(6), static silo => silo.KillAsync(CancellationToken.None));

    [OwnPostgresFact]
    public Task Data_is_live_again_three_seconds_after_a_silo_was_told_to_stop() =>
        MeasureAsync(TimeSpan.FromSeconds(3), static silo => silo.StopAsync(CancellationToken.None));

    [OwnPostgresFact]
    public Task Data_is_live_again_twelve_seconds_after_a_silo_stood_still_and_it_ends_once_it_hears_that_it_was_put_out() =>
        MeasureAsync(TimeSpan.FromSeconds(12), static silo => silo.SuspendAsync(CancellationToken.None), static async silo =>
        {
            await silo.ResumeAsync(CancellationToken.None);
            using CancellationTokenSource deadline = new(ClusterOfProcesses.Patience);
            int code = await silo.EndAsync(deadline.Token);
            Assert.True(code == VotedOut, $"it ends with {code}:\n{silo.Said}");
            string[] said = [.. silo.Said.Split('\n').Where(static line => line.Contains("crit: ", StringComparison.Ordinal))];
            Assert.Equal(3, said.Length);
            Assert.Contains($"exit code {VotedOut}", said[2], StringComparison.Ordinal);
        });

    private async Task MeasureAsync(TimeSpan bound, Func<ProgramProcess, Task> happens, Func<ProgramProcess, Task>? after = null)
    {
        using ClusterOfProcesses cluster = new();
        await cluster.ApplySchemaAsync();
        (_, string firstUrl) = cluster.StartSilo("silo 1");
        (ProgramProcess second, string secondUrl) = cluster.StartSilo("silo 2");
        await cluster.ReadyAsync(firstUrl);
        await cluster.ReadyAsync(secondUrl);
        string[] apis = [$"http://127.0.0.1:{ClusterOfProcesses.FreePort()}", $"http://127.0.0.1:{ClusterOfProcesses.FreePort()}"];
        _ = cluster.StartApi("api 1", apis[0]);
        _ = cluster.StartApi("api 2", apis[1]);
        await cluster.ReadyAsync(apis[0]);
        await cluster.ReadyAsync(apis[1]);
        for (int sensor = 0; sensor < Sensors; sensor++)
        {
            string path = cluster.PathOf($"sensor{sensor}.pcap");
            using (FileStream file = File.Create(path))
            {
                CaptureFiles.WritePcap(file, BeaconFlood.Build(AccessPoints, Beacons, sensor * AccessPoints));
            }
            _ = cluster.StartAgent($"sensor{sensor}", apis[sensor % 2], $"{path}:name=sensor{sensor},pps={PacketsPerSecond}");
        }
        _ = await cluster.UntilAsync("all devices are there", async () => (await cluster.PacketsAsync(apis[0])).Count == Sensors * AccessPoints);

        Dictionary<string, (long Packets, TimeSpan Since)> seen = [];
        Dictionary<string, TimeSpan> longest = [];
        Stopwatch clock = Stopwatch.StartNew();
        await LookAsync(TimeSpan.FromSeconds(3));
        TimeSpan usual = longest.Values.Max();
        longest.Clear();
        // Whatever it takes is part of the standstill.
        Task happening = happens(second);
        await LookAsync(clock.Elapsed + bound + bound);
        await happening;

        TimeSpan[] gaps = [.. seen.Keys.Select(device => longest.GetValueOrDefault(device)).Order()];
        TimeSpan p99 = gaps[(gaps.Length * 99 / 100) - 1];
        output.WriteLine($"{gaps[gaps.Length / 2].TotalSeconds:0.0} s in the middle, {p99.TotalSeconds:0.0} s at 99 %, {gaps[^1].TotalSeconds:0.0} s at most; {usual.TotalSeconds:0.0} s before");
        Assert.True(p99 <= bound, $"{p99.TotalSeconds:0.0} s\n{cluster.Said()}");
        if (after is not null)
        {
            await after(second);
        }

        // The time between two looks that found a device with more packets; one that goes on at the end counts, too.
        async Task LookAsync(TimeSpan until)
        {
            while (clock.Elapsed < until)
            {
                Dictionary<string, long> packets = await LookOnceAsync(cluster, apis[1]);
                foreach ((string device, long count) in packets)
                {
                    (long before, TimeSpan since) = seen.GetValueOrDefault(device, (0, clock.Elapsed));
                    longest[device] = TimeSpan.FromTicks(Math.Max((clock.Elapsed - since).Ticks, longest.GetValueOrDefault(device).Ticks));
                    seen[device] = count > before ? (count, clock.Elapsed) : (before, since);
                }
                await Task.Delay(s_lookEvery);
            }
        }
    }

    // An answer that does not come is one in which nothing is new.
    private static async Task<Dictionary<string, long>> LookOnceAsync(ClusterOfProcesses cluster, string api)
    {
        try
        {
            return await cluster.PacketsAsync(api);
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException or IOException)
        {
            return [];
        }
    }
}
