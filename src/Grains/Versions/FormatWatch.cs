using System.Globalization;
using KismetOrleans.Engine.Observations;
using KismetOrleans.Engine.Operations;
using Orleans.Runtime.MembershipService.SiloMetadata;

namespace KismetOrleans.Grains.Versions;

/// <summary>
/// Announces which <see cref="FormatVersion"/>s this silo reads, and has it write what all others read. One that has not announced any yet reads the oldest. Where two silos have none in
/// common, neither is ready.
/// </summary>
public sealed partial class FormatWatch : PeriodicService, IReadinessCheck, ISiloStatusListener
{
    // How long all silos read a newer format before it is written; an older one is written as soon as a silo joins that needs it.
    private static readonly TimeSpan s_lookEvery = TimeSpan.FromSeconds(1);
    private const string OldestKey = "KismetOrleans.OldestFormat";
    private const string NewestKey = "KismetOrleans.NewestFormat";
    private readonly ISiloStatusOracle _silos;
    private readonly ISiloMetadataCache _announced;
    private readonly ILogger<FormatWatch> _logger;
    private volatile string? _misfit;

    /// <summary>Begins to look at each silo that joins.</summary>
    public FormatWatch(ISiloStatusOracle silos, ISiloMetadataCache announced, TimeProvider clock, ILogger<FormatWatch> logger)
        : base(s_lookEvery, clock, atOnce: true)
    {
        (_silos, _announced, _logger) = (silos, announced, logger);
        _ = silos.SubscribeToSiloStatusEvents(this);
    }

    public string Name => "versions";

    /// <summary>What a silo announces.</summary>
    public static Dictionary<string, string> Announcement(int oldest = FormatVersion.Oldest, int newest = FormatVersion.Newest) => new()
    {
        [OldestKey] = oldest.ToString(CultureInfo.InvariantCulture),
        [NewestKey] = newest.ToString(CultureInfo.InvariantCulture),
    };

    public ValueTask<string?> CheckAsync(CancellationToken cancellation) => new(_misfit);

    public void SiloStatusChangeNotification(SiloAddress updatedSilo, SiloStatus status) => Look();

    protected override Task DoAsync()
    {
        Look();
        return Task.CompletedTask;
    }

    protected override void LogFault(Exception e) => NotLooked(_logger, e);

    private void Look()
    {
        int common = FormatVersion.Newest;
        string? misfit = null;
        foreach ((SiloAddress silo, SiloStatus status) in _silos.GetApproximateSiloStatuses(onlyActive: false))
        {
            if (status is not (SiloStatus.Joining or SiloStatus.Active))
            {
                continue;
            }
            SiloMetadata metadata = _announced.GetSiloMetadata(silo);
            (int oldest, int newest) = (Read(metadata, OldestKey), Read(metadata, NewestKey));
            common = Math.Min(common, newest);
            if (newest < FormatVersion.Oldest || oldest > FormatVersion.Newest)
            {
                misfit = $"silo {silo} reads formats {oldest} to {newest}, this one {FormatVersion.Oldest} to {FormatVersion.Newest}";
            }
        }
        if (misfit is not null && _misfit != misfit)
        {
            Misfits(_logger, misfit);
        }
        _misfit = misfit;
        int before = FormatVersion.Written;
        FormatVersion.Written = common;
        if (before != FormatVersion.Written)
        {
            Writes(_logger, FormatVersion.Written);
        }
    }

    private static int Read(SiloMetadata metadata, string key) =>
        metadata.Metadata.TryGetValue(key, out string? text) && int.TryParse(text, CultureInfo.InvariantCulture, out int version) ? version : FormatVersion.Oldest;

    [LoggerMessage(1, LogLevel.Information, "Messages are written in format {version}, which all silos read")]
    private static partial void Writes(ILogger logger, int version);

    [LoggerMessage(2, LogLevel.Error, "Versions do not fit: {misfit}")]
    private static partial void Misfits(ILogger logger, string misfit);

    [LoggerMessage(3, LogLevel.Error, "The versions of the silos were not compared")]
    private static partial void NotLooked(ILogger logger, Exception e);
}
