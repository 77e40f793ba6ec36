using KismetOrleans.Engine.Observations;
using KismetOrleans.Engine.Operations;
using KismetOrleans.Grains.Partitions;
using KismetOrleans.Grains.Versions;
using KismetOrleans.Silo.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime.MembershipService.SiloMetadata;
using Orleans.TestingHost;

namespace KismetOrleans.Silo.Tests;

/// <summary>Versions that do not fit are told, where they meet: not ready, with the reason.</summary>
public sealed class VersionTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Silos_that_have_no_format_in_common_are_not_ready()
    {
        int silos = 0;
        await using InProcessTestCluster cluster = await StartAsync(silo =>
        {
            if (Interlocked.Increment(ref silos) == 2)
            {
                silo.UseSiloMetadata(FormatWatch.Announcement(FormatVersion.Newest + 1, FormatVersion.Newest + 2));
            }
        });

        Assert.All(await NotReadyAsync(cluster, "versions", atLeast: 2), static reason => Assert.Contains(
            $"reads formats {FormatVersion.Newest + 1} to {FormatVersion.Newest + 2}, this one {FormatVersion.Oldest} to {FormatVersion.Newest}", reason, StringComparison.Ordinal));
        await cluster.StopAllSilosAsync();
    }

    [Fact]
    public async Task A_silo_that_gets_what_it_cannot_read_refuses_it_and_is_not_ready()
    {
        await using InProcessTestCluster cluster = await StartAsync(static _ => { });
        Assert.Empty(await AskAsync(cluster, "messages"));
        byte[] batch = new byte[64];
        batch[1] = 63 << 2;

        await Assert.ThrowsAsync<InvalidDataException>(async () => await cluster.Client.GetGrain<IDevicePartitionGrain>(0).ApplyAsync(batch));

        Assert.Contains("1 of other processes could not be read", Assert.Single(await NotReadyAsync(cluster, "messages", atLeast: 1)), StringComparison.Ordinal);
        await cluster.StopAllSilosAsync();
    }

    private static async Task<InProcessTestCluster> StartAsync(Action<ISiloBuilder> configure)
    {
        IConfiguration configuration = new ConfigurationBuilder().Build();
        InProcessTestClusterBuilder builder = new(2);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.AddSilo(new(TwoSilos.Partitions, TimeSpan.FromSeconds(2)), configuration);
            silo.AddMemoryGrainStorageAsDefault();
            configure(silo);
        });
        InProcessTestCluster cluster = builder.Build();
        await cluster.DeployAsync();
        return cluster;
    }

    private static async Task<string[]> NotReadyAsync(InProcessTestCluster cluster, string check, int atLeast)
    {
        using CancellationTokenSource deadline = new(s_patience);
        string[] reasons;
        while ((reasons = await AskAsync(cluster, check)).Length < atLeast)
        {
            await Task.Delay(50, deadline.Token);
        }
        return reasons;
    }

    private static async Task<string[]> AskAsync(InProcessTestCluster cluster, string check)
    {
        List<string> reasons = [];
        foreach (IReadinessCheck one in cluster.Silos.SelectMany(static silo => silo.ServiceProvider.GetServices<IReadinessCheck>()).Where(one => one.Name == check))
        {
            if (await one.CheckAsync(CancellationToken.None) is { } reason)
            {
                reasons.Add(reason);
            }
        }
        return [.. reasons];
    }
}
