using KismetOrleans.Records.Dot11;
using KismetOrleans.Wire;

namespace KismetOrleans.Engine.Fingerprints;

/// <summary>The list of devices and how they are expected to look.</summary>
public interface IFingerprints
{
    ValueTask<IReadOnlyList<Fingerprint>> ListAsync(CancellationToken cancellation = default);

    /// <summary>Adds fingerprints, all of them or none; completes when they are kept.</summary>
    /// <returns>Null, or why not.</returns>
    ValueTask<FingerprintRefusal?> InsertAsync(IReadOnlyList<Fingerprint> added);

    /// <summary>Changes a fingerprint; completes when it is kept.</summary>
    /// <returns>False where the device has none.</returns>
    ValueTask<bool> UpdateAsync(FingerprintUpdate update);

    /// <summary>Removes fingerprints; completes when that is kept.</summary>
    /// <returns>How many there were.</returns>
    ValueTask<int> DeleteAsync(IReadOnlyList<MacAddress> addresses);
}

/// <summary>Why fingerprints were not added.</summary>
public sealed record FingerprintRefusal(int Index, string Reason);

/// <summary>What changes of a fingerprint; null for what stays.</summary>
/// <param name="Probe">Hash of probe requests.</param>
/// <param name="Response">Hash of probe responses.</param>
/// <param name="Allowed">Whether the device may look otherwise.</param>
public sealed record FingerprintUpdate(MacAddress Address, uint? Beacon, uint? Probe, uint? Response, bool? Allowed);

/// <summary>Where partitions find the list as it is now.</summary>
public interface IFingerprintSource
{
    FingerprintList Current { get; }
}
