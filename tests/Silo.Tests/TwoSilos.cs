using KismetOrleans.Engine.Partitions;
using KismetOrleans.Grains;
using KismetOrleans.Grains.Partitions;
using KismetOrleans.Silo.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;

namespace KismetOrleans.Silo.Tests;

/// <summary>A cluster of two silos in this process and a client of it.</summary>
internal sealed class TwoSilos : IAsyncDisposable
{
    /// <summary>Partitions: enough that both silos carry many.</summary>
    public const int Partitions = 32;

    private TwoSilos(InProcessTestCluster cluster) => Cluster = cluster;

    /// <summary>The cluster.</summary>
    public InProcessTestCluster Cluster { get; }

    /// <summary>The client.</summary>
    public IClusterClient Client => Cluster.Client;

    /// <summary>All partitions, as the client sees them.</summary>
    public IReadOnlyList<IDevicePartition> All => field ??= new ClusterPartitions(Client, Partitions);

    /// <summary>Starts the cluster.</summary>
    public static async Task<TwoSilos> StartAsync(Action<IServiceCollection>? services = null)
    {
        IConfiguration configuration = new ConfigurationBuilder().Build();
        InProcessTestClusterBuilder builder = new(2);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.AddSilo(new(Partitions, TimeSpan.FromSeconds(2)), configuration);
            silo.AddMemoryGrainStorageAsDefault();
            services?.Invoke(silo.Services);
        });
        builder.ConfigureClient(static client =>
        {
            client.Services.AddSingleton(TimeProvider.System);
            client.Services.AddSingleton<IOutgoingGrainCallFilter, Retry>();
        });
        InProcessTestCluster cluster = builder.Build();
        await cluster.DeployAsync();
        return new(cluster);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Cluster.StopAllSilosAsync();
        await Cluster.DisposeAsync();
    }
}
