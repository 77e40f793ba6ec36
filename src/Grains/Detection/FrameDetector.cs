using KismetOrleans.Grains.Alerts;
using KismetOrleans.Grains.Observations;
using KismetOrleans.Records.Devices;
using KismetOrleans.Wire.Dot11;
using KismetOrleans.Wire.Link;

namespace KismetOrleans.Grains.Detection;

/// <summary>Single frames that tell by themselves: too strong, or a report with an impossible channel.</summary>
internal sealed class FrameDetector(AlertCollector alerts)
{
    // The last channel of any band (6 GHz). The firmware that fails does so beyond 224, but 225, 229 and 233 are in use by now.
    private const int MaxReportChannel = 233;
    private readonly bool _looksAtSignal = alerts.Looks(AlertKind.Overpowered);
    private readonly int _maxSignal = alerts.Options.MaxSignal;

    /// <summary>Looks at the strength of a frame.</summary>
    public void Signal(Device device, in Observation o, ObservationBatch batch)
    {
        if (_looksAtSignal && o.SignalKind == SignalKind.Dbm && o.Signal < 0 && o.Signal > _maxSignal && alerts.Wants(AlertKind.Overpowered))
        {
            alerts.Raise(AlertKind.Overpowered, device, o, batch, $"{o.Frame.Source} is heard with {o.Signal} dBm, more than receivers take undistorted");
        }
    }

    /// <summary>Looks at an action frame.</summary>
    public void Action(Device device, in Observation o, ObservationBatch batch)
    {
        int channel = NeighborReport.HighestChannel(batch.Octets(o), o.Frame);
        if (channel > MaxReportChannel && alerts.Wants(AlertKind.Broadcom11kChannel))
        {
            alerts.Raise(AlertKind.Broadcom11kChannel, device, o, batch, $"{o.Frame.Source} reports a neighbour on channel {channel}, which there is not");
        }
    }
}
