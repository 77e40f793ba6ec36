using KismetOrleans.Engine.Alerts;
using KismetOrleans.Engine.Observations;
using KismetOrleans.Engine.Tracking;
using KismetOrleans.Records.Devices;
using KismetOrleans.Wire.Dot11;
using KismetOrleans.Wire.Link;

namespace KismetOrleans.Engine.Detection;

/// <summary>Single frames that tell by themselves: too strong, or a report with an impossible channel.</summary>
internal sealed class FrameDetector(AlertCollector alerts)
{
    // The last channel of any band (6 GHz). The firmware that fails does so beyond 224, but 225, 229 and 233 are in use by now.
    private const int MaxReportChannel = 233;
    private const uint KarmaOui = 0x001337;
    private readonly bool _looksAtSignal = alerts.Looks(AlertKind.Overpowered);
    private readonly int _maxSignal = alerts.Options.MaxSignal;

    public void Signal(Device device, in Observation o, ObservationBatch batch)
    {
        if (_looksAtSignal && o.SignalKind == SignalKind.Dbm && o.Signal < 0 && o.Signal > _maxSignal && alerts.Wants(AlertKind.Overpowered))
        {
            alerts.Raise(AlertKind.Overpowered, device, o, batch, $"{o.Frame.Source} is seen with {o.Signal} dBm, more than receivers take undistorted");
        }
    }

    /// <summary>Looks at a beacon or probe response; what the device is known as is still from before it.</summary>
    public void Beacon(Device ap, in Observation o, ObservationBatch batch)
    {
        BasicType before = (BasicType)ap.BasicTypeSet & (BasicType.AccessPoint | BasicType.Peer);
        if (before == (o.Frame.IsIbss ? BasicType.AccessPoint : BasicType.Peer) && alerts.Wants(AlertKind.AdHocConflict))
        {
            alerts.Raise(AlertKind.AdHocConflict, ap, o, batch, $"{o.Frame.Bssid} is an access point and an ad-hoc network");
        }
        if (o.Frame.Kind == FrameKind.ProbeResponse && o.Frame.Source.Oui == KarmaOui && alerts.Wants(AlertKind.KarmaOui))
        {
            alerts.Raise(AlertKind.KarmaOui, ap, o, batch, $"{o.Frame.Source} answers from an address that imitating access points have");
        }
    }

    public void Action(Device device, in Observation o, ObservationBatch batch)
    {
        int channel = NeighborReport.HighestChannel(batch.Bytes(o), o.Frame);
        if (channel > MaxReportChannel && alerts.Wants(AlertKind.Broadcom11kChannel))
        {
            alerts.Raise(AlertKind.Broadcom11kChannel, device, o, batch, $"{o.Frame.Source} reports a neighbour on channel {channel}, which there is not");
        }
    }
}
