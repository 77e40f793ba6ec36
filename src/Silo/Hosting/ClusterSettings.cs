using System.Globalization;

namespace KismetOrleans.Silo.Hosting;

/// <summary>Settings of a process of the cluster. All processes must agree on <see cref="Partitions"/> and the two identities.</summary>
public sealed record ClusterSettings
{
    /// <summary>Partitions of the devices (setting <c>Partitions</c>); cannot be changed once devices are kept.</summary>
    public int Partitions { get; init; } = 256;

    /// <summary>Connection string of PostgreSQL (<c>Storage:Postgres</c>); null for a cluster of this machine alone, for development.</summary>
    public string? Postgres { get; init; }

    /// <summary>Port for other silos (<c>Silo:Port</c>).</summary>
    public int SiloPort { get; init; } = 11111;

    /// <summary>Port for API processes (<c>Silo:GatewayPort</c>).</summary>
    public int GatewayPort { get; init; } = 30000;

    /// <summary>Address under which others reach this silo (<c>Silo:AdvertisedIp</c>); null for the machine's first.</summary>
    public string? AdvertisedIp { get; init; }

    /// <summary>Identity of this deployment of the cluster (<c>Cluster:Id</c>).</summary>
    public string ClusterId { get; init; } = "kismetorleans";

    /// <summary>Identity of the service, which outlives deployments (<c>Cluster:ServiceId</c>).</summary>
    public string ServiceId { get; init; } = "kismetorleans";

    /// <summary>Least time between two saves of a partition (<c>Storage:SaveEvery</c>).</summary>
    public TimeSpan SaveEvery { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Reads the settings.</summary>
    /// <exception cref="ArgumentException">One of them is out of range.</exception>
    public static ClusterSettings Of(IConfiguration configuration)
    {
        ClusterSettings defaults = new();
        string? postgres = configuration["Storage:Postgres"];
        return new()
        {
            Partitions = Number(configuration, "Partitions", defaults.Partitions, 1, 4096),
            Postgres = string.IsNullOrWhiteSpace(postgres) ? null : postgres,
            SiloPort = Number(configuration, "Silo:Port", defaults.SiloPort, 1, ushort.MaxValue),
            GatewayPort = Number(configuration, "Silo:GatewayPort", defaults.GatewayPort, 1, ushort.MaxValue),
            AdvertisedIp = configuration["Silo:AdvertisedIp"] is { Length: > 0 } ip ? ip : null,
            ClusterId = configuration["Cluster:Id"] ?? defaults.ClusterId,
            ServiceId = configuration["Cluster:ServiceId"] ?? defaults.ServiceId,
            SaveEvery = configuration.GetValue("Storage:SaveEvery", defaults.SaveEvery),
        };
    }

    private static int Number(IConfiguration configuration, string key, int otherwise, int least, int most)
    {
        if (configuration[key] is not { Length: > 0 } text)
        {
            return otherwise;
        }
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most
            ? number
            : throw new ArgumentException($"{key}: expected a number from {least} to {most}, not '{text}'");
    }
}
