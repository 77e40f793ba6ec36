using KismetOrleans.Packets;

namespace KismetOrleans.Grains.Datasources;

/// <summary>What batches of sensors could not be handed on for, of all datasources of a silo: a partition that is away fails for all of them at once.</summary>
public sealed partial class SourceFaults(ILogger<SourceFaults> logger, TimeProvider clock)
{
    /// <summary>Counts and logs them.</summary>
    public FaultReport Report { get; } = new(clock, (e, faults) => Failed(logger, faults, e));

    [LoggerMessage(1, LogLevel.Warning, "Batches of sensors could not be handed on, {faults} so far; they are asked for again")]
    private static partial void Failed(ILogger logger, long faults, Exception e);
}
