using KismetOrleans.Wire;

namespace KismetOrleans.Records.Dot11;

/// <summary>How a device is expected to look (<c>dot11.fingerprint.*</c>). A hash of 0 is none: nothing is expected there.</summary>
/// <param name="Beacon">As <c>dot11.device.beacon_fingerprint</c>.</param>
/// <param name="Probe">As <c>dot11.device.probe_fingerprint</c>.</param>
/// <param name="Response">As <c>dot11.device.response_fingerprint</c>.</param>
/// <param name="Allowed">Whether the device may look otherwise.</param>
public sealed record Fingerprint(MacAddress Address, uint Beacon, uint Probe, uint Response, bool Allowed);
