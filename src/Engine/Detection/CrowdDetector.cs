using KismetOrleans.Engine.Alerts;
using KismetOrleans.Engine.Observations;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Dot11;

namespace KismetOrleans.Engine.Detection;

/// <summary>Crowds that no real network has: of clients that come at once, of SSIDs at one address, of SSIDs that are only answered with.</summary>
internal sealed class CrowdDetector(AlertCollector alerts)
{
    // A lecture hall whose access point restarts comes back within seconds, a few dozen clients in each; tools send hundreds.
    internal const uint MaxAuthentications = 50;

    // Controllers give each SSID an address of its own; 16 is the most that vendors offer.
    internal const int MaxSsids = 32;

    // Hidden networks answer for one or two.
    internal const int MaxUnannounced = 5;

    /// <summary>Counts an authentication with an access point.</summary>
    public void Authenticated(Device ap, in Observation o, ObservationBatch batch)
    {
        Dot11Watch watch = ap.Dot11!.Watch ??= new();
        if (watch.AuthenticationSecond != o.Seconds)
        {
            watch.AuthenticationSecond = o.Seconds;
            watch.Authentications = 0;
        }
        if (++watch.Authentications == MaxAuthentications + 1 && alerts.Wants(AlertKind.AuthenticationFlood))
        {
            alerts.Raise(
                AlertKind.AuthenticationFlood, ap, o, batch, $"More than {MaxAuthentications} stations a second authenticate with {o.Frame.Bssid}");
        }
    }

    /// <summary>Looks at an access point that has come by another SSID.</summary>
    public void Added(Device ap, bool beacon, in Observation o, ObservationBatch batch)
    {
        Dot11Device dot11 = ap.Dot11!;
        if (beacon)
        {
            if (dot11.Advertised!.Length % MaxSsids == 0 && alerts.Wants(AlertKind.SsidFlood))
            {
                alerts.Raise(AlertKind.SsidFlood, ap, o, batch, $"{o.Frame.Bssid} has announced {dot11.Advertised.Length} SSIDs");
            }
            return;
        }
        if (dot11.Responded!.Length < MaxUnannounced || !alerts.Wants(AlertKind.ProbeOnlyAp))
        {
            return;
        }
        int unannounced = 0;
        foreach (AdvertisedSsid answered in dot11.Responded)
        {
            unannounced += answered.Cloaked || Array.Exists(dot11.Advertised ?? [], beaconed => beaconed.Hash == answered.Hash) ? 0 : 1;
        }
        if (unannounced >= MaxUnannounced)
        {
            alerts.Raise(AlertKind.ProbeOnlyAp, ap, o, batch, $"{o.Frame.Bssid} answers for {unannounced} SSIDs that it does not announce");
        }
    }
}
