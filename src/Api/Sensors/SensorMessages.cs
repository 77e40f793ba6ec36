using KismetOrleans.Engine.Datasources;
using KismetOrleans.Engine.Gps;
using KismetOrleans.Packets.Protocol;

namespace KismetOrleans.Api.Sensors;

/// <summary>From what agents say to what datasources understand, and back.</summary>
internal static class SensorMessages
{
    /// <summary>What an agent says of itself.</summary>
    /// <param name="address">Where it comes from.</param>
    /// <param name="nowNs">The server's clock when that came, nanoseconds since 1970 UTC.</param>
    public static SensorHello ToHello(Hello hello, string address, long nowNs) => new()
    {
        Uuid = hello.Uuid,
        Name = hello.Name.Length > 0 ? hello.Name : hello.Interface,
        Driver = hello.Driver,
        Interface = hello.Interface,
        Definition = hello.Definition,
        Hardware = hello.Hardware,
        Version = hello.Version,
        Address = address,
        LinkType = hello.LinkType,
        BootId = hello.BootId,
        FirstSequence = hello.FirstSequence,
        Channels = hello.Channels,
        Interfaces = hello.Interfaces,
        ClockSkew = Skew(hello.ClockNs, nowNs),
        HostBoot = hello.HostClock?.Boot ?? 0,
        HostBaseNs = hello.HostClock?.BaseNs ?? 0,
    };

    /// <summary>How an agent does.</summary>
    /// <param name="nowNs">The server's clock when that came, nanoseconds since 1970 UTC.</param>
    /// <param name="agent">Name of the agent.</param>
    /// <param name="site">Site of its key, "" where it has none.</param>
    public static SensorHealth ToHealth(Health health, long nowNs, string agent, string site) => new()
    {
        Dropped = health.Dropped,
        SpoolLost = health.SpoolLost,
        SpoolBytes = health.SpoolBytes,
        SpoolBatches = health.SpoolBatches,
        ClockSkew = Skew(health.ClockNs, nowNs),
        LinkType = health.LinkType,
        Running = health.Running,
        Paused = health.Paused,
        Ended = health.Ended,
        Channel = health.Channel,
        Hopping = health.Hopping,
        HopRate = health.HopRate,
        HopChannels = health.HopChannels,
        HopShuffle = health.HopShuffle,
        Error = health.Error,
        Warning = health.Warning,
        Place = health.Position?.ToPoint(nowNs),
        HostBoot = health.Host?.Clock?.Boot ?? 0,
        HostBaseNs = health.Host?.Clock?.BaseNs ?? 0,
        Host = health.Host is not { } host ? null : new(host.Cpu, host.Temperature, host.DiskFree, host.DiskSize, host.Queue, host.RadioGone),
        Profile = health.Profile is not { } profile ? null : new(agent, site, Text(profile.Stage), profile.Name, Math.Max(0, profile.Version), profile.Error),
    };

    private static string Text(ProfileStage stage) => stage switch
    {
        ProfileStage.None => "none",
        ProfileStage.Trial => "trial",
        ProfileStage.Applied => "applied",
        ProfileStage.Failed => "failed",
        _ => "rolled back",
    };

    // Whoever leaves its clock out does not say.
    private static double Skew(long clockNs, long nowNs) => clockNs == 0 ? 0 : unchecked(clockNs - nowNs) / 1e9;
}
