using KismetOrleans.Engine.Alerts;
using KismetOrleans.Engine.Observations;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Dot11;
using KismetOrleans.Wire.Dot11;

namespace KismetOrleans.Engine.Detection;

/// <summary>Clients that associate without protection, or as somebody else.</summary>
internal sealed class AssociationDetector(AlertCollector alerts)
{
    // An access point that has a frame waiting gives it up after some seconds; whoever wants it must be back before.
    private const uint TakeOverSeconds = 10;

    /// <summary>Looks at an association or reassociation request.</summary>
    public void Check(Device client, in Observation o, ObservationBatch batch, in Dot11Elements e)
    {
        ref readonly Dot11Frame f = ref o.Frame;
        bool isProtected = (e.Seen & (ElementsSeen.Rsn | ElementsSeen.Wpa)) != 0;
        if (f.Kind == FrameKind.AssociationRequest && isProtected && !e.MfpCapable && alerts.Wants(AlertKind.NoClientMfp))
        {
            alerts.Raise(
                AlertKind.NoClientMfp, client, o, batch, $"{f.Source} joins {f.Bssid} without management frame protection, so that anybody can disconnect it");
        }
        Dot11Watch watch = client.Dot11!.Watch ??= new();
        watch.DisconnectedFrom = default;
        bool again = watch.AssociationBssid == f.Bssid && o.Seconds >= watch.AssociationTime && o.Seconds - watch.AssociationTime <= TakeOverSeconds;
        if (again && watch.AssociationFingerprint != e.ProbeFingerprint && alerts.Wants(AlertKind.MacStealer))
        {
            alerts.Raise(
                AlertKind.MacStealer, client, o, batch,
                $"{f.Source} joins {f.Bssid} again after {o.Seconds - watch.AssociationTime} s with other capabilities: another machine may have taken its address over");
        }
        watch.AssociationBssid = f.Bssid;
        watch.AssociationFingerprint = e.ProbeFingerprint;
        watch.AssociationTime = o.Seconds;
    }
}
