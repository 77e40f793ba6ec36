using KismetOrleans.Engine.Channels;
using KismetOrleans.Grains.Channels;
using KismetOrleans.Records.Server;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Core.Internal;

namespace KismetOrleans.Silo.Tests;

/// <summary>Trends and the use of channels are those of the cluster, and go on when the grain that has them lives again elsewhere.</summary>
public sealed class TrendsTests
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Trends_are_the_clusters_and_go_on_in_another_life()
    {
        await using TwoSilos silos = await TwoSilos.StartAsync();
        ITotalsGrain totals = silos.Client.GetGrain<ITotalsGrain>(0);
        uint now = (uint)TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        int packets = 0;
        foreach (Orleans.TestingHost.InProcessSiloHandle silo in silos.Cluster.Silos)
        {
            // Each silo has sources of its own.
            TotalsReporter reporter = silo.ServiceProvider.GetRequiredService<TotalsReporter>();
            reporter.BatchAccepted(new(now, 100, 0, [], [new(2_412_000) { Packets = 100, DataBytes = 4, Last = -40, Min = -50, Max = -30 }]) { CapturedAt = now - 7_200 });
            packets += 100;
            await reporter.DoNowAsync();
        }
        TrendPoint[] before = await totals.TrendsAsync(TrendSpan.Day);
        Assert.Equal(((ulong)packets, (ulong)packets), (Sum(before, static p => p.Received), Sum(before, static p => p.Packets)));
        Assert.Equal((ulong)packets, Assert.Single(await totals.TrendsAsync(TrendSpan.Hour), point => point.Time == (now - 7_200) / 3_600 * 3_600).Packets);
        ChannelRecord channel = Assert.Single((await totals.ChannelsAsync()).Frequencies);

        await totals.AsReference<IGrainManagementExtension>().DeactivateOnIdle();
        using CancellationTokenSource patience = new(s_timeout);
        Assert.Equal(before.Select(static p => p with { Devices = 0 }), (await totals.TrendsAsync(TrendSpan.Day, patience.Token)).Select(static p => p with { Devices = 0 }));
        ChannelRecord again = Assert.Single((await totals.ChannelsAsync(patience.Token)).Frequencies);
        Assert.Equal((2_412_000u, channel.PacketsRrd.LastTime, channel.PacketsRrd.LastValue), (again.FrequencyKhz, again.PacketsRrd.LastTime, again.PacketsRrd.LastValue));
        Assert.Equal((channel.Signal!.Min, channel.Signal.Max, channel.Signal.Last), (again.Signal!.Min, again.Signal.Max, again.Signal.Last));
    }

    private static ulong Sum(TrendPoint[] points, Func<TrendPoint, ulong> value) => points.Aggregate(0UL, (sum, point) => sum + value(point));
}
