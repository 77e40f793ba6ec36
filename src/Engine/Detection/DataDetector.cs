using KismetOrleans.Engine.Alerts;
using KismetOrleans.Engine.Observations;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Dot11;
using KismetOrleans.Wire.Dot11;

namespace KismetOrleans.Engine.Detection;

/// <summary>Data frames that should not be: in clear in a protected network, fragments to a group, and of clients that were disconnected.</summary>
internal sealed class DataDetector(AlertCollector alerts)
{
    // What a client had sent before it knew may still be on its way; one that is on the air that long after did not believe it.
    private const uint BelatedSeconds = 1, ForgottenSeconds = 10;

    /// <summary>Looks at a data frame of a network.</summary>
    public void Check(Device ap, in Observation o, ObservationBatch batch)
    {
        ref readonly Dot11Frame f = ref o.Frame;
        bool fragment = f.Fragment > 0 || (f.Flags & FrameFlags.MoreFragments) != 0;
        if (!fragment && f.IsProtected || f.IsNull)
        {
            return;
        }
        if (fragment && f.IsFromDs && f.Destination.IsGroup)
        {
            // Clause 10.2.7: a frame to a group is never fragmented.
            Raise(AlertKind.BadFragment, ap, o, batch, "a fragment to a group");
            return;
        }
        bool inClear = !f.IsProtected && f.Payload is not (PayloadKind.EapolKey or PayloadKind.Eapol) && IsNetworkProtected(ap.Dot11!);
        if (!inClear || (!f.IsToDs && !f.IsFromDs))
        {
            return;
        }
        if (fragment)
        {
            Raise(AlertKind.BadFragment, ap, o, batch, "an unprotected fragment in a protected network");
        }
        else
        {
            Raise(AlertKind.PlaintextData, ap, o, batch, "unprotected data in a protected network");
        }
    }

    /// <summary>Notes that a client was disconnected, or disconnects itself.</summary>
    public static void Disconnected(Device device, in Observation o)
    {
        ref readonly Dot11Frame f = ref o.Frame;
        // Only what pretends to be the access point: a client that goes by itself is believed.
        if (device.Id.Address == f.Destination && f.Source == f.Bssid)
        {
            Dot11Watch watch = device.Dot11!.Watch ??= new();
            watch.DisconnectedFrom = f.Bssid;
            watch.DisconnectedTime = o.Seconds;
        }
    }

    public void Sent(Device client, in Observation o, ObservationBatch batch)
    {
        if (client.Dot11!.Watch is not { DisconnectedFrom.IsZero: false } watch || watch.DisconnectedFrom != o.Frame.Bssid || !o.Frame.IsToDs)
        {
            return;
        }
        uint since = o.Seconds >= watch.DisconnectedTime ? o.Seconds - watch.DisconnectedTime : 0;
        if (since > ForgottenSeconds)
        {
            watch.DisconnectedFrom = default;
        }
        else if (since > BelatedSeconds && o.Frame.IsProtected)
        {
            // Encrypted with the key that it had, so it never went.
            watch.DisconnectedFrom = default;
            if (alerts.Wants(AlertKind.DisconnectedTraffic))
            {
                alerts.Raise(
                    AlertKind.DisconnectedTraffic, client, o, batch,
                    $"{o.Frame.Source} goes on sending to {o.Frame.Bssid} {since} s after it was disconnected: somebody else may have done that");
            }
        }
    }

    private void Raise(AlertKind kind, Device ap, in Observation o, ObservationBatch batch, string what)
    {
        if (alerts.Wants(kind))
        {
            alerts.Raise(kind, ap, o, batch, $"{o.Frame.Source} sends {o.Frame.Destination} {what}");
        }
    }

    private static bool IsNetworkProtected(Dot11Device ap)
    {
        // All SSIDs of an address share its frames, so one that is open clears all.
        if (ap.Advertised is not { Length: > 0 } ssids)
        {
            return false;
        }
        foreach (AdvertisedSsid ssid in ssids)
        {
            if ((ssid.Crypt & ~CryptBits.Wps) == 0)
            {
                return false;
            }
        }
        return true;
    }
}
