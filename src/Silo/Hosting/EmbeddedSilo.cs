using System.Net;
using KismetOrleans.Grains;
using KismetOrleans.Grains.Partitions;
using KismetOrleans.Grains.Storage;
using KismetOrleans.Storage.Sqlite;
using Microsoft.AspNetCore.Connections;
using Orleans.Configuration;
using Orleans.Providers;
using Orleans.Runtime.Hosting;

namespace KismetOrleans.Silo.Hosting;

/// <summary>The silo of an embedded server: alone in its process, with its state in an SQLite file or in memory, and without ports.</summary>
public static class EmbeddedSilo
{
    // More partitions than cores only cost memory here; a file and a cluster have their own number.
    private const int MaxPartitions = 16;

    // A silo has an address. Nobody listens there.
    private const int NoPort = 1;

    /// <summary>Adds the silo with its storage. The host brings <see cref="Engine.Events.IEvents"/>.</summary>
    /// <exception cref="ArgumentException">A setting is wrong.</exception>
    /// <exception cref="KismetOrleans.Storage.StorageException">The file cannot be used; the message says why and what to do.</exception>
    public static void AddEmbeddedSilo(this WebApplicationBuilder builder)
    {
        IConfiguration configuration = builder.Configuration;
        SqliteStorage? storage = builder.Services.AddEmbeddedStorage(configuration);
        PartitionOptions partitions = new(
            storage?.Partitions ?? Math.Clamp(Environment.ProcessorCount, 1, MaxPartitions), StorageSettings.SaveEvery(configuration, StorageSettings.EmbeddedSaveEvery));
        builder.UseOrleans(silo =>
        {
            silo.Services.AddSingleton(new GrainLives(AreMany: false));
            silo.AddGrains(partitions, configuration, hasSerialPorts: true);
            silo.Configure<ClusterOptions>(static cluster => (cluster.ClusterId, cluster.ServiceId) = ("embedded", "embedded"));
            silo.Configure<EndpointOptions>(static endpoint => (endpoint.AdvertisedIPAddress, endpoint.SiloPort, endpoint.GatewayPort) = (IPAddress.Loopback, NoPort, 0));
            silo.UseDevelopmentClustering(new IPEndPoint(IPAddress.Loopback, NoPort));
            if (storage is null)
            {
                silo.AddMemoryGrainStorageAsDefault();
            }
            else
            {
                silo.Services.AddGrainStorage(ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME, static (provider, _) => ActivatorUtilities.CreateInstance<StateGrainStorage>(provider));
            }
            CloseDoors(silo.Services);
        });
    }

    private static void CloseDoors(IServiceCollection services)
    {
        foreach (ServiceDescriptor door in services.Where(static service => service.ServiceType == typeof(IConnectionListenerFactory) && service.IsKeyedService).ToArray())
        {
            _ = services.Remove(door);
            services.AddKeyedSingleton<IConnectionListenerFactory, ClosedDoor>(door.ServiceKey);
        }
    }

    private sealed class ClosedDoor : IConnectionListenerFactory
    {
        public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) => new(new NoConnections(endpoint));
    }

    private sealed class NoConnections(EndPoint endpoint) : IConnectionListener
    {
        private readonly TaskCompletionSource<ConnectionContext?> _unbound = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public EndPoint EndPoint => endpoint;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) => await _unbound.Task.WaitAsync(cancellationToken);

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            _ = _unbound.TrySetResult(null);
            return default;
        }

        public ValueTask DisposeAsync() => UnbindAsync();
    }
}
