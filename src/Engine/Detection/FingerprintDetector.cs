using KismetOrleans.Engine.Alerts;
using KismetOrleans.Engine.Fingerprints;
using KismetOrleans.Engine.Observations;
using KismetOrleans.Engine.Tracking;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Dot11;
using KismetOrleans.Wire;

namespace KismetOrleans.Engine.Detection;

/// <summary>
/// Devices that look otherwise than listed, and access points that are not listed where all should be. Looks at a device when one of its hashes has
/// changed, and at the listed ones when the list has: a packet costs nothing.
/// </summary>
internal sealed class FingerprintDetector(AlertCollector alerts, IFingerprintSource source)
{
    private FingerprintList _known = FingerprintList.Empty;

    /// <summary>Looks at a device whose frame has another hash than the one before.</summary>
    /// <param name="frames">What is hashed, in words.</param>
    public void Changed(Device device, string frames, Func<Fingerprint, uint> expected, uint hash, in Observation o, ObservationBatch batch)
    {
        if (source.Current.Find(device.Id.Address) is { Allowed: false } listed && Departs(expected(listed), hash) && alerts.Wants(AlertKind.Fingerprint))
        {
            alerts.Raise(AlertKind.Fingerprint, device, o, batch, Text(device, frames, hash, expected(listed)), device.Channel);
        }
    }

    /// <summary>Looks at an access point with an SSID more; it is asked about when it has its first.</summary>
    public void Appeared(Device device, in Observation o, ObservationBatch batch)
    {
        Dot11Device dot11 = device.Dot11!;
        if ((dot11.Advertised?.Length ?? 0) + (dot11.Responded?.Length ?? 0) == 1 && IsUnlisted(device.Id.Address) && alerts.Wants(AlertKind.UnlistedAp))
        {
            alerts.Raise(AlertKind.UnlistedAp, device, o, batch, Text(device), device.Channel);
        }
    }

    /// <summary>Looks at those devices of a partition whose place in the list has changed since the last call.</summary>
    public void Renew(DeviceSet devices)
    {
        FingerprintList list = source.Current;
        if (ReferenceEquals(list, _known))
        {
            return;
        }
        FingerprintList before = _known;
        _known = list;
        foreach (Fingerprint listed in list.All)
        {
            if (!listed.Allowed && devices.OwnsDot11(listed.Address) && listed != before.Find(listed.Address)
                && devices.Find(new(Phy.Dot11, listed.Address)) is { Dot11: { } dot11 } device)
            {
                Look(device, "beacons", listed.Beacon, dot11.BeaconFingerprint);
                Look(device, "probe requests", listed.Probe, dot11.ProbeFingerprint);
                Look(device, "probe responses", listed.Response, dot11.ResponseFingerprint);
            }
        }
        foreach (Fingerprint gone in before.All)
        {
            if (devices.OwnsDot11(gone.Address) && IsUnlisted(gone.Address) && devices.Find(new(Phy.Dot11, gone.Address)) is { Dot11: { } dot11 } device
                && DeviceViews.IsAccessPoint(dot11) && alerts.Wants(AlertKind.UnlistedAp))
            {
                alerts.Raise(AlertKind.UnlistedAp, device, Text(device));
            }
        }
    }

    private void Look(Device device, string frames, uint expected, uint hash)
    {
        if (Departs(expected, hash) && alerts.Wants(AlertKind.Fingerprint))
        {
            alerts.Raise(AlertKind.Fingerprint, device, Text(device, frames, hash, expected));
        }
    }

    // An empty list lists nobody, and means nobody.
    private bool IsUnlisted(MacAddress address) =>
        alerts.Options.UnlistedAccessPoints && source.Current.All.Count > 0 && source.Current.Find(address) is null;

    private static bool Departs(uint expected, uint hash) => expected != 0 && hash != 0 && hash != expected;

    private static string Text(Device device, string frames, uint hash, uint expected) =>
        $"{frames} of {device.Id.Address} have fingerprint {hash}, and {expected} is listed: it was changed, or another device has its address";

    private static string Text(Device device) => $"access point {device.Id.Address} (\"{device.Dot11!.LastBeaconed?.Ssid}\") is not on the list of fingerprints";
}
