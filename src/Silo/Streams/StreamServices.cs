using KismetOrleans.Grains.Streams;

namespace KismetOrleans.Silo.Streams;

/// <summary>What packet streams need in a silo and in an API server.</summary>
public static class StreamServices
{
    /// <summary>Adds the taps of a silo.</summary>
    public static void AddStreamHost(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddStreamOptions(configuration);
        services.AddSingleton<StreamHost>();
        services.AddHostedService(static provider => provider.GetRequiredService<StreamHost>());
    }

    /// <summary>Adds the streams of an API server.</summary>
    public static void AddClusterStreams(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddStreamOptions(configuration);
        services.AddSingleton<ClusterStreams>();
        services.AddSingleton<IPacketStreams>(static provider => provider.GetRequiredService<ClusterStreams>());
        services.AddHostedService(static provider => provider.GetRequiredService<ClusterStreams>());
    }

    private static void AddStreamOptions(this IServiceCollection services, IConfiguration configuration) =>
        services.AddSingleton(configuration.GetSection("Streams").Get<StreamOptions>() ?? new StreamOptions());
}
