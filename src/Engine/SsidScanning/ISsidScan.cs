using KismetOrleans.Records.Server;

namespace KismetOrleans.Engine.SsidScanning;

/// <summary>Sources that look for networks by name, and stay where one is until there is a handshake of it.</summary>
public interface ISsidScan
{
    /// <summary>What is looked for, and who stays where.</summary>
    ValueTask<SsidScanStatus> StatusAsync(CancellationToken cancellation = default);

    /// <summary>Looks for something else from now on, or for nothing; completes when it is kept.</summary>
    ValueTask<SsidScanStatus> SetAsync(SsidScanSettings settings);
}
