using System.Net;
using KismetOrleans.Engine;
using KismetOrleans.Engine.Datasources;
using KismetOrleans.Engine.Events;
using KismetOrleans.Engine.Filters;
using KismetOrleans.Engine.Logging;
using KismetOrleans.Engine.Operations;
using KismetOrleans.Engine.Places;
using KismetOrleans.Engine.Streams;
using KismetOrleans.Engine.Tracking;
using KismetOrleans.Grains;
using KismetOrleans.Grains.Alerts;
using KismetOrleans.Grains.Channels;
using KismetOrleans.Grains.Datasources;
using KismetOrleans.Grains.Events;
using KismetOrleans.Grains.Filters;
using KismetOrleans.Grains.Fingerprints;
using KismetOrleans.Grains.Gps;
using KismetOrleans.Grains.Partitions;
using KismetOrleans.Grains.Placement;
using KismetOrleans.Grains.Places;
using KismetOrleans.Grains.Sources;
using KismetOrleans.Grains.Streams;
using KismetOrleans.Grains.Versions;
using KismetOrleans.Storage.Aircraft;
using KismetOrleans.Storage.Manufacturers;
using KismetOrleans.Storage.Postgres;
using Orleans.Configuration;
using Orleans.Runtime.MembershipService.SiloMetadata;
using Orleans.Serialization;
using Orleans.Storage;

namespace KismetOrleans.Silo.Hosting;

/// <summary>The services of a silo, and what silos and API processes have in common.</summary>
public static partial class SiloServices
{
    private const string Invariant = "Npgsql";
    private static readonly TimeSpan s_retryEvery = TimeSpan.FromSeconds(1);

    // A call to a silo that died is answered with a fault when the others have voted it out; this bounds what was lost without a trace.
    private static readonly TimeSpan s_callTimeout = TimeSpan.FromSeconds(8);

    /// <summary>What all processes that reach grains have: silos, API servers and the embedded server.</summary>
    public static void AddGrainClients(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<IOutgoingGrainCallFilter, Retry>();
        // Silos track; an API server tells what they recognise drones by.
        services.AddSingleton((configuration.GetSection("Tracking").Get<TrackingOptions>() ?? new TrackingOptions()).Checked());
        services.AddHosted<SourceCache>();
        services.AddHosted<AlertsReporter>();
        services.AddHosted<TotalsReporter>();
        services.AddSingleton<IDatasourceObserver>(static provider => provider.GetRequiredService<TotalsReporter>());
        services.AddHosted<PositionCache>();
        services.AddSingleton<FilterGate>();
        services.AddHosted<FilterCache>();
        services.AddHosted<PlacesCache>();
        services.AddSingleton<IPlaces>(static provider => provider.GetRequiredService<PlacesCache>());
        services.AddSingleton(configuration.GetSection("Streams").Get<StreamOptions>() ?? new StreamOptions());
        services.AddSingleton(MemoryBudget.OfThisProcess());
    }

    /// <summary>What grains need in a silo of a cluster.</summary>
    internal static void AddSilo(this ISiloBuilder silo, PartitionOptions partitions, IConfiguration configuration)
    {
        silo.AddGrains(partitions, configuration, hasSerialPorts: false);
        silo.Services.AddSingleton(new GrainLives(AreMany: true));
        silo.Services.AddHostedService<PrivilegeCheck>();
        silo.Services.AddSingleton<IReadinessCheck, OwnPartitionsCheck>();
        silo.UseSiloMetadata(FormatWatch.Announcement());
        silo.Services.AddHosted<FormatWatch>();
        silo.Services.AddSingleton<IReadinessCheck>(static provider => provider.GetRequiredService<FormatWatch>());
        silo.Services.AddHosted<EventHost>();
        silo.Services.AddSingleton<IEvents>(static provider => provider.GetRequiredService<EventHost>());
        // Not in an embedded server, whose traces cross no border.
        silo.AddActivityPropagation();
        silo.Configure<ClusterMembershipOptions>(LivenessOptions.Of(configuration).Configure);
#pragma warning disable ORLEANSEXP003 // The other directory ends a second third of all grains of three silos when one goes: those that were registered with it.
        silo.AddDistributedGrainDirectory();
        // What waits for a silo that was put out to find that out itself is a partition's devices. A partition of it that still believes to be alive can save nothing: each life has an epoch in
        // the database. Other grains' state has versions there.
        silo.Configure<GrainDirectoryOptions>(static directory => directory.RangeLeaseDuration = TimeSpan.Zero);
#pragma warning restore ORLEANSEXP003
    }

    /// <summary>What grains need, but for <see cref="IEvents"/>, which the host brings.</summary>
    /// <param name="hasSerialPorts">Whether receivers of GPS can be at serial ports of this machine.</param>
    internal static void AddGrains(this ISiloBuilder silo, PartitionOptions partitions, IConfiguration configuration, bool hasSerialPorts)
    {
        IServiceCollection services = silo.Services;
        services.AddGrainClients(configuration);
        services.AddSingleton(partitions);
        services.AddSingleton(_ => new ManufacturerRegistry(configuration["Manufacturers:Folder"] ?? ManufacturerRegistry.DefaultFolder));
        services.AddSingleton<IManufacturers>(static provider => provider.GetRequiredService<ManufacturerRegistry>());
        services.AddSingleton<IAircraftRegistry>(provider =>
        {
            ILogger logger = provider.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(AircraftRegistry));
            return new AircraftRegistry(configuration["Aircraft:Registry"] ?? AircraftRegistry.DefaultPath, (text, isProblem) => RegistryRead(logger, isProblem ? LogLevel.Warning : LogLevel.Information, text));
        });
        services.AddAlerts(configuration);
        services.AddGps(configuration, hasSerialPorts);
        services.AddSingleton<LocalPartitions>();
        services.AddHosted<FingerprintCache>();
        services.AddSingleton(FilterSettings.Read(configuration.GetSection("Log").Get<LogOptions>() ?? new LogOptions()));
        services.AddSingleton<UnreadableMessages>();
        services.AddSingleton<IReadinessCheck>(static provider => provider.GetRequiredService<UnreadableMessages>());
        services.AddSingleton<SettledSilos>();
        services.AddSingleton<PartitionHost>();
        services.AddSingleton<SourceFaults>();
        services.AddHosted<StreamHost>();
        services.AddHosted<MaintenanceService>();
        services.AddPlacementDirector<PartitionPlacement, PartitionDirector>();
        silo.AddStartupTask<WatchStart>();
        silo.Configure<SiloMessagingOptions>(static messaging => messaging.ResponseTimeout = s_callTimeout);
    }

    /// <summary>Adds a service that others ask for, too.</summary>
    public static void AddHosted<T>(this IServiceCollection services)
        where T : class, IHostedService
    {
        services.AddSingleton<T>();
        services.AddHostedService(static provider => provider.GetRequiredService<T>());
    }

    /// <summary>How a silo finds the others.</summary>
    internal static void AddClustering(this ISiloBuilder silo, ClusterSettings settings)
    {
        silo.Configure<ExceptionSerializationOptions>(AllowOurs);
        if (settings.Tls is { } tls)
        {
            silo.UseTls(tls.Apply);
        }
        if (settings.Postgres is not { } postgres)
        {
            IPEndPoint? primary = settings.Primary is { } port ? new(IPAddress.Loopback, port) : null;
            silo.UseLocalhostClustering(settings.SiloPort, settings.GatewayPort, primary, settings.ServiceId, settings.ClusterId);
            silo.AddMemoryGrainStorageAsDefault();
            return;
        }
        postgres = PostgresSettings.Read(postgres).ConnectionString;
        silo.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (settings.ClusterId, settings.ServiceId));
        silo.UseAdoNetClustering(adoNet => (adoNet.Invariant, adoNet.ConnectionString) = (Invariant, postgres));
        silo.AddAdoNetGrainStorageAsDefault(options => options.Configure<Serializer>((adoNet, serializer) =>
        {
            (adoNet.Invariant, adoNet.ConnectionString) = (Invariant, postgres);
            // As between silos: records have converters for that, and none for the other format.
            adoNet.GrainStorageSerializer = new OrleansGrainStorageSerializer(serializer);
        }));
        bool others = settings.AdvertisedIp is not null;
        silo.ConfigureEndpoints(settings.AdvertisedIp ?? IPAddress.Loopback, settings.SiloPort, settings.GatewayPort, listenOnAnyHostAddress: others);
    }

    /// <summary>How an API process finds the silos.</summary>
    public static void AddClustering(this IClientBuilder client, ClusterSettings settings)
    {
        client.Configure<ExceptionSerializationOptions>(AllowOurs);
        if (settings.Tls is { } tls)
        {
            client.UseTls(tls.Apply);
        }
        client.AddActivityPropagation();
        client.UseConnectionRetryFilter(WaitForSiloAsync);
        client.Configure<ClientMessagingOptions>(static messaging => messaging.ResponseTimeout = s_callTimeout);
        // A gateway that died is left at once; one that hangs is when the silos have put it out, and a new one is found, after this time.
        client.Configure<GatewayOptions>(static gateway => gateway.GatewayListRefreshPeriod = TimeSpan.FromSeconds(2));
        client.Services.AddSingleton<Gateways>();
        client.AddGatewayCountChangedHandler(static provider =>
        {
            Gateways gateways = provider.GetRequiredService<Gateways>();
            return (_, e) => gateways.Changed(e.NumberOfConnectedGateways, e.PreviousNumberOfConnectedGateways);
        });
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

    [LoggerMessage(EventId = 1, Message = "{text}")]
    private static partial void RegistryRead(ILogger logger, LogLevel level, string text);
}
