using KismetOrleans.Engine.Fingerprints;
using KismetOrleans.Grains.Alerts;
using KismetOrleans.Grains.Partitions;

namespace KismetOrleans.Grains.Fingerprints;

/// <summary>The cluster's fingerprints as this silo knows them: asked for once a second, so that packets never wait for them.</summary>
public sealed partial class FingerprintCache(
    IGrainFactory grains, LocalPartitions local, AlertsReporter alerts, TimeProvider clock, ILogger<FingerprintCache> logger)
    : PeriodicService(TimeSpan.FromSeconds(1), clock, atOnce: true), IFingerprintSource
{
    private volatile FingerprintList _current = FingerprintList.Empty;
    private long _version;

    public FingerprintList Current => _current;

    protected override async Task DoAsync()
    {
        FingerprintsAnswer answer = await grains.GetGrain<IFingerprintsGrain>(0).ListAsync(_version);
        if (answer.Bytes is { } bytes)
        {
            _current = FingerprintList.Read(bytes);
            _version = answer.Version;
            // No batch need come that would look.
            foreach (DevicePartitionGrain partition in local.All)
            {
                alerts.Report((await partition.TryRunAsync(static devices => devices.RenewFingerprints())).Answer ?? []);
            }
        }
    }

    protected override void LogFault(Exception e) => ReadFailed(logger, e);

    [LoggerMessage(1, LogLevel.Warning, "The cluster's fingerprints are not known")]
    private static partial void ReadFailed(ILogger logger, Exception e);
}
