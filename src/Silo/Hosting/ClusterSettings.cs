using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using KismetOrleans.Storage.Postgres;

namespace KismetOrleans.Silo.Hosting;

/// <summary>Settings of a process of the cluster. All processes must agree on <see cref="Partitions"/> and the two identities.</summary>
public sealed record ClusterSettings
{
    internal const string PartitionsKey = "Partitions";

    // As AdvertisedIp: reached by others under whatever address the machine has first.
    private const string AnyIp = "auto";

    /// <summary>
    /// Partitions of the devices (setting <c>Partitions</c>). Where there is a database, it says how many, and <c>schema apply</c> changes it.
    /// </summary>
    public int Partitions { get; init; } = PostgresStorage.DefaultPartitions;

    /// <summary>Connection string of PostgreSQL (<c>Storage:Postgres</c>); null for a cluster of this machine alone, for development.</summary>
    public string? Postgres { get; init; }

    /// <summary>Port for other silos (<c>Silo:Port</c>).</summary>
    public int SiloPort { get; init; } = 11111;

    /// <summary>Port for API processes (<c>Silo:GatewayPort</c>).</summary>
    public int GatewayPort { get; init; } = 30000;

    /// <summary>
    /// Address under which other machines reach this silo (<c>Silo:AdvertisedIp</c>, <c>auto</c> for the machine's first), which then listens on all
    /// of its own. Null for this machine alone: the ports of a silo trust whoever reaches them.
    /// </summary>
    public IPAddress? AdvertisedIp { get; init; }

    /// <summary>
    /// Port of the silo of this machine that came first (<c>Silo:Primary</c>), for a cluster without a database; null for the first one itself.
    /// </summary>
    public int? Primary { get; init; }

    /// <summary>Identity of this deployment of the cluster (<c>Cluster:Id</c>).</summary>
    public string ClusterId { get; init; } = "kismetorleans";

    /// <summary>Identity of the service, which outlives deployments (<c>Cluster:ServiceId</c>).</summary>
    public string ServiceId { get; init; } = "kismetorleans";

    /// <summary>How its processes know each other (<c>Cluster:Tls:…</c>); null for not at all.</summary>
    public ClusterTls? Tls { get; init; }

    /// <summary>Least time between two saves of a partition (<c>Storage:SaveEvery</c>).</summary>
    public TimeSpan SaveEvery { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Reads the settings.</summary>
    /// <exception cref="ArgumentException">One of them is out of range.</exception>
    public static ClusterSettings Of(IConfiguration configuration)
    {
        ClusterSettings defaults = new();
        string? postgres = configuration["Storage:Postgres"];
        return new()
        {
            Partitions = Number(configuration, PartitionsKey, defaults.Partitions, 1, PostgresStorage.MaxPartitions),
            Postgres = string.IsNullOrWhiteSpace(postgres) ? null : postgres,
            SiloPort = Number(configuration, "Silo:Port", defaults.SiloPort, 1, ushort.MaxValue),
            GatewayPort = Number(configuration, "Silo:GatewayPort", defaults.GatewayPort, 1, ushort.MaxValue),
            AdvertisedIp = Address(configuration["Silo:AdvertisedIp"]),
            Primary = configuration["Silo:Primary"] is { Length: > 0 } ? Number(configuration, "Silo:Primary", 0, 1, ushort.MaxValue) : null,
            ClusterId = configuration["Cluster:Id"] ?? defaults.ClusterId,
            ServiceId = configuration["Cluster:ServiceId"] ?? defaults.ServiceId,
            Tls = ClusterTls.Of(configuration),
            SaveEvery = StorageSettings.SaveEvery(configuration, defaults.SaveEvery),
        };
    }

    /// <summary>Says on the console which cluster this process belongs to, and what an operator should know.</summary>
    /// <param name="what">What this process is.</param>
    public void WriteToConsole(string what)
    {
        Console.WriteLine(Postgres is null
            ? $"{what} of a cluster of this machine alone, for development: without Storage:Postgres a silo forgets all when it stops."
            : $"{what} of cluster {ClusterId}, {Partitions} partitions.");
        string? warning = Tls is { } tls ? tls.Warning(TimeProvider.System.GetUtcNow())
            : AdvertisedIp is null ? null : $"whoever reaches ports {SiloPort} and {GatewayPort} of this silo is trusted: {ClusterTls.CertificateKey} and {ClusterTls.AuthorityKey} would know them";
        if (warning is not null)
        {
            Console.Error.WriteLine($"WARNING: {warning}");
        }
    }

    private static IPAddress? Address(string? text) => text switch
    {
        null or "" => null,
        AnyIp => FirstAddress(),
        _ => IPAddress.TryParse(text, out IPAddress? address)
            ? address
            : throw new ArgumentException($"Silo:AdvertisedIp: expected an IP address or {AnyIp}, not '{text}'"),
    };

    private static IPAddress FirstAddress() => NetworkInterface.GetAllNetworkInterfaces()
        .Where(static card => card.OperationalStatus == OperationalStatus.Up && card.NetworkInterfaceType != NetworkInterfaceType.Loopback)
        .SelectMany(static card => card.GetIPProperties().UnicastAddresses)
        .Select(static address => address.Address)
        .FirstOrDefault(static address => address.AddressFamily == AddressFamily.InterNetwork)
        ?? throw new ArgumentException($"Silo:AdvertisedIp: {AnyIp}, but this machine has no IPv4 address that others could reach");

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
