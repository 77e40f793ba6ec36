using KismetOrleans.Api.Auth;
using KismetOrleans.Api.Events;
using KismetOrleans.Api.Ingest;
using KismetOrleans.Api.Sensors;
using KismetOrleans.Api.Sensors.RemoteCapture;
using KismetOrleans.Api.Sensors.Tzsp;
using KismetOrleans.Api.Streams;
using KismetOrleans.Engine.Alerts;
using KismetOrleans.Engine.Datasources;
using KismetOrleans.Engine.Events;
using KismetOrleans.Engine.Filters;
using KismetOrleans.Engine.Gps;
using KismetOrleans.Engine.Operations;
using KismetOrleans.Engine.Profiles;
using KismetOrleans.Engine.Server;
using KismetOrleans.Engine.SsidScanning;
using KismetOrleans.Engine.Streams;
using KismetOrleans.Engine.Views;
using KismetOrleans.Grains.Alerts;
using KismetOrleans.Grains.Events;
using KismetOrleans.Grains.Filters;
using KismetOrleans.Grains.Gps;
using KismetOrleans.Grains.Partitions;
using KismetOrleans.Grains.Profiles;
using KismetOrleans.Grains.Sources;
using KismetOrleans.Grains.SsidScanning;
using KismetOrleans.Grains.Streams;
using KismetOrleans.Grains.Views;
using KismetOrleans.Records.Json;
using KismetOrleans.Silo.Hosting;

namespace KismetOrleans.Api.Hosting;

/// <summary>The backend of the API as services of its host: a silo in this process, or a cluster.</summary>
internal static class BackendServices
{
    /// <summary>Whether the settings make this process an API server of a cluster.</summary>
    public static bool IsInCluster(IConfiguration configuration) =>
        configuration["Storage:Postgres"] is { Length: > 0 } || configuration.GetSection("Cluster").Exists();

    /// <summary>Adds a silo with its storage in this process, and what it opens itself.</summary>
    /// <exception cref="ArgumentException">A setting is wrong.</exception>
    public static void AddEmbeddedBackend(this WebApplicationBuilder builder)
    {
        IServiceCollection services = builder.Services;
        if (builder.Configuration.GetValue("Log:History", false))
        {
            throw new ArgumentException("Log:History: for clusters, which keep packets in PostgreSQL; this server keeps them in a log, with --Log:Types kismet");
        }
        builder.AddEmbeddedSilo();
        services.AddSingleton<IEvents>(static provider => provider.GetRequiredService<EventBus>());
        services.AddSingleton<ISourceControl>(static provider => provider.GetRequiredService<LocalSources>());
        services.AddApi(builder.Configuration);
        services.AddLogs(builder.Configuration);
        services.AddHosted<LocalSources>();
        services.AddHostedService<StartService>();
    }

    /// <summary>Makes this process an API server of a cluster.</summary>
    /// <exception cref="ArgumentException">A setting is wrong.</exception>
    public static void AddClusterBackend(this WebApplicationBuilder builder)
    {
        IServiceCollection services = builder.Services;
        if (CaptureArguments.Of(builder.Configuration).Length > 0)
        {
            throw new ArgumentException("-c: an API server of the cluster opens no sources; a capture agent does (src/Capture --server)");
        }
        ClusterSettings settings = builder.AddClusterStorage(ClusterSettings.Of(builder.Configuration));
        settings.WriteToConsole("API server");
        builder.UseOrleansClient(client => client.AddClustering(settings));
        services.AddGrainClients(builder.Configuration);
        services.AddSingleton(new PartitionOptions(settings.Partitions, settings.SaveEvery));
        services.AddHostedService<PrivilegeCheck>();
        services.AddHosted<ClusterEvents>();
        services.AddSingleton<IEvents>(static provider => provider.GetRequiredService<ClusterEvents>());
        services.AddSingleton<ISourceControl, ClusterControl>();
        services.AddApi(builder.Configuration);
        services.AddHistoryReader(builder.Configuration, settings);
        services.AddLogs(builder.Configuration);
        services.AddClusterLogs();
    }

    private static void AddApi(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(ConnectionCount.Of(configuration));
        services.AddSingleton(provider => new StatusSampler(
            provider.GetRequiredService<TimeProvider>(), configuration.GetSection("Server").Get<ServerIdentity>() ?? new(),
            () => provider.GetRequiredService<ConnectionCount>().Open));
        services.AddSingleton<ISourceRegistry, ClusterSources>();
        services.AddSingleton<IAlerts, ClusterAlerts>();
        services.AddSingleton(static provider => new EventBus(
            provider.GetRequiredService<EventOptions>(), () => NewContext(provider), provider.GetRequiredService<MemoryBudget>()));
        services.AddEvents(configuration);
        services.AddSingleton<OpenStreams>();
        services.AddSingleton<IGps, ClusterGps>();
        services.AddHosted<ClusterStreams>();
        services.AddSingleton<IPacketStreams>(static provider => provider.GetRequiredService<ClusterStreams>());
        IReadOnlyList<UserView> views = ViewSettings.Of(configuration);
        services.AddSingleton<IUserViews>(provider => new ClusterViews(provider.GetRequiredService<IGrainFactory>(), views));
        services.AddSingleton<IFilters>(static provider => provider.GetRequiredService<FilterCache>());
        services.AddHosted<ProfileCache>();
        services.AddSingleton<IProfiles>(static provider => provider.GetRequiredService<ProfileCache>());
        services.AddSingleton<ISsidScan, ClusterSsidScan>();
        services.AddSingleton<IBackend, Backend>();
        services.AddHosted<ChannelPlanner>();
        services.AddRemoteCapture(configuration);
        services.AddTzsp(configuration);
        services.AddHostedService<SamplerService>();
    }

    private static void AddRemoteCapture(this IServiceCollection services, IConfiguration configuration)
    {
        RemoteOptions options = configuration.GetSection(RemoteOptions.Section).Get<RemoteOptions>() ?? new();
        services.AddSingleton(options);
        services.AddSingleton(static provider => new SensorAdmission(
            provider.GetRequiredService<IngestKeys>(), provider.GetRequiredService<OpenRequests>(), provider.GetRequiredService<RequestOrigins>(),
            provider.GetRequiredService<IBackend>().Sources));
        services.AddSingleton(static provider =>
        {
            IBackend backend = provider.GetRequiredService<IBackend>();
            return new RemoteCaptureHost(
                backend.Sources, provider.GetRequiredService<SensorAdmission>(), message => backend.Publish([message]), backend.Defaults, provider.GetRequiredService<RemoteOptions>(), backend.Clock,
                provider.GetRequiredService<ILoggerFactory>().CreateLogger("Sensors"));
        });
        if (options.ListenAt() is { } place)
        {
            services.AddSingleton(provider => new RemoteCaptureListener(
                provider.GetRequiredService<RemoteCaptureHost>(), provider.GetRequiredService<IngestKeys>().NewKey("plain TCP"), place));
            services.AddHostedService(static provider => provider.GetRequiredService<RemoteCaptureListener>());
        }
    }

    private static void AddTzsp(this IServiceCollection services, IConfiguration configuration)
    {
        TzspOptions options = configuration.GetSection(TzspOptions.Section).Get<TzspOptions>() ?? new();
        _ = options.Allowed();
        if (options.ListenAt() is { } place)
        {
            services.AddSingleton(provider => new TzspListener(provider.GetRequiredService<RemoteCaptureHost>(), options, place));
            services.AddHostedService(static provider => provider.GetRequiredService<TzspListener>());
        }
    }

    private static RecordContext NewContext(IServiceProvider provider)
    {
        SourceCache sources = provider.GetRequiredService<SourceCache>();
        return new()
        {
            Now = (uint)provider.GetRequiredService<TimeProvider>().GetUtcNow().ToUnixTimeSeconds(),
            ServerUuid = sources.ServerUuid,
            Sources = sources,
        };
    }
}
