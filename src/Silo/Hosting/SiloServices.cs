using System.Net;
using KismetOrleans.Api.Alerts;
using KismetOrleans.Api.Hosting;
using KismetOrleans.Grains;
using KismetOrleans.Grains.Events;
using KismetOrleans.Grains.Operations;
using KismetOrleans.Grains.Tracking;
using KismetOrleans.Silo.Alerts;
using KismetOrleans.Silo.Channels;
using KismetOrleans.Silo.Events;
using KismetOrleans.Silo.Fingerprints;
using KismetOrleans.Silo.Gps;
using KismetOrleans.Silo.Partitions;
using KismetOrleans.Silo.Placement;
using KismetOrleans.Silo.Sources;
using KismetOrleans.Silo.Streams;
using KismetOrleans.Storage.Manufacturers;
using KismetOrleans.Storage.Postgres;
using Orleans.Configuration;
using Orleans.Serialization;
using Orleans.Storage;

namespace KismetOrleans.Silo.Hosting;

/// <summary>The services of a silo, and what silos and API processes have in common.</summary>
public static class SiloServices
{
    private const string Invariant = "Npgsql";
    private static readonly TimeSpan s_retryEvery = TimeSpan.FromSeconds(1);

    // A call to a silo that died is answered with a fault when the others have voted it out; this bounds what was lost without a trace.
    private static readonly TimeSpan s_callTimeout = TimeSpan.FromSeconds(8);

    /// <summary>What grains of a silo need.</summary>
    public static void AddSilo(this ISiloBuilder silo, ClusterSettings settings, IConfiguration configuration)
    {
        IServiceCollection services = silo.Services;
        services.AddSingleton(settings);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton((configuration.GetSection("Tracking").Get<TrackingOptions>() ?? new TrackingOptions()).Checked());
        services.AddSingleton<IManufacturers>(
            _ => new ManufacturerRegistry(configuration["Manufacturers:Folder"] ?? ManufacturerRegistry.DefaultFolder));
        services.AddSingleton<SourceCache>();
        services.AddHostedService(static provider => provider.GetRequiredService<SourceCache>());
        services.AddSingleton<EventHost>();
        services.AddSingleton<IEvents>(static provider => provider.GetRequiredService<EventHost>());
        services.AddHostedService(static provider => provider.GetRequiredService<EventHost>());
        services.AddAlerts(configuration);
        services.AddSingleton<AlertsReporter>();
        services.AddHostedService(static provider => provider.GetRequiredService<AlertsReporter>());
        services.AddSingleton<TotalsReporter>();
        services.AddHostedService(static provider => provider.GetRequiredService<TotalsReporter>());
        services.AddGps(configuration);
        services.AddPositions();
        services.AddSingleton<LocalPartitions>();
        services.AddSingleton<FingerprintCache>();
        services.AddHostedService(static provider => provider.GetRequiredService<FingerprintCache>());
        services.AddSingleton<PartitionHost>();
        services.AddStreamHost(configuration);
        services.AddSingleton<IReadinessCheck, OwnPartitionsCheck>();
        services.AddPlacementDirector<PartitionPlacement, PartitionDirector>();
        silo.AddStartupTask<CaretakerStart>();
        silo.Configure<ClusterMembershipOptions>(ConfigureLiveness);
        silo.Configure<SiloMessagingOptions>(static messaging => messaging.ResponseTimeout = s_callTimeout);
    }

    /// <summary>How a silo finds the others.</summary>
    public static void AddClustering(this ISiloBuilder silo, ClusterSettings settings)
    {
        silo.Configure<ExceptionSerializationOptions>(AllowOurs);
        if (settings.Postgres is not { } postgres)
        {
            IPEndPoint? primary = settings.Primary is { } port ? new(IPAddress.Loopback, port) : null;
            silo.UseLocalhostClustering(settings.SiloPort, settings.GatewayPort, primary, settings.ServiceId, settings.ClusterId);
            silo.AddMemoryState();
            return;
        }
        postgres = PostgresSettings.Read(postgres).ConnectionString;
        silo.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (settings.ClusterId, settings.ServiceId));
        silo.UseAdoNetClustering(adoNet => (adoNet.Invariant, adoNet.ConnectionString) = (Invariant, postgres));
        silo.UseAdoNetReminderService(adoNet => (adoNet.Invariant, adoNet.ConnectionString) = (Invariant, postgres));
        silo.AddAdoNetGrainStorageAsDefault(options => options.Configure<Serializer>((adoNet, serializer) =>
        {
            (adoNet.Invariant, adoNet.ConnectionString) = (Invariant, postgres);
            // As between silos: records have converters for that, and none for the other format.
            adoNet.GrainStorageSerializer = new OrleansGrainStorageSerializer(serializer);
        }));
        bool others = settings.AdvertisedIp is not null;
        silo.ConfigureEndpoints(settings.AdvertisedIp ?? IPAddress.Loopback, settings.SiloPort, settings.GatewayPort, listenOnAnyHostAddress: others);
    }

    /// <summary>Grain storage and reminders in memory.</summary>
    public static void AddMemoryState(this ISiloBuilder silo)
    {
        silo.AddMemoryGrainStorageAsDefault();
        silo.UseInMemoryReminderService();
    }

    /// <summary>How an API process finds the silos.</summary>
    public static void AddClustering(this IClientBuilder client, ClusterSettings settings)
    {
        client.Configure<ExceptionSerializationOptions>(AllowOurs);
        client.UseConnectionRetryFilter(WaitForSiloAsync);
        client.Configure<ClientMessagingOptions>(static messaging => messaging.ResponseTimeout = s_callTimeout);
        // A gateway that died is left at once; a new one is found after this time.
        client.Configure<GatewayOptions>(static gateway => gateway.GatewayListRefreshPeriod = TimeSpan.FromSeconds(5));
        if (settings.Postgres is not { } postgres)
        {
            client.UseLocalhostClustering(settings.GatewayPort, settings.ServiceId, settings.ClusterId);
            return;
        }
        client.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (settings.ClusterId, settings.ServiceId));
        client.UseAdoNetClustering(adoNet => (adoNet.Invariant, adoNet.ConnectionString) = (Invariant, PostgresSettings.Read(postgres).ConnectionString));
    }

    // An API server may be started before the first silo, and while the database has no connection left.
    private static async Task<bool> WaitForSiloAsync(Exception fault, CancellationToken cancellation)
    {
        Console.Error.WriteLine($"No silo answers yet, trying again: {fault.Message}");
        await Task.Delay(s_retryEvery, cancellation);
        return true;
    }

    // A command that a partition refuses is refused in the API's words.
    private static void AllowOurs(ExceptionSerializationOptions exceptions) => exceptions.SupportedNamespacePrefixes.Add(nameof(KismetOrleans));

    // Three probes of a second each: a silo is out about four seconds after its death, at the cost of a message a second between neighbours,
    // and of a silo that stands still for that long being taken for dead.
    private static void ConfigureLiveness(ClusterMembershipOptions membership)
    {
        membership.ProbeTimeout = TimeSpan.FromSeconds(1);
        membership.MinProbeTimeout = TimeSpan.FromSeconds(1);
        membership.MaxProbeTimeout = TimeSpan.FromSeconds(2);
        membership.NumMissedProbesLimit = 3;
        // One of two silos must be able to tell that the other is dead.
        membership.NumVotesForDeathDeclaration = 1;
        membership.TableRefreshTimeout = TimeSpan.FromSeconds(5);
        membership.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(10);
    }
}
