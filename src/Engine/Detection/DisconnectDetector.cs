using KismetOrleans.Engine.Alerts;
using KismetOrleans.Engine.Observations;
using KismetOrleans.Records.Devices;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Dot11;

namespace KismetOrleans.Engine.Detection;

/// <summary>Deauthentications and disassociations that disconnect too many, or that no station sends.</summary>
internal sealed class DisconnectDetector(AlertCollector alerts)
{
    // IEEE 802.11-2020, table 9-49: 40 to 44 and all above 66 are reserved.
    private const ushort FirstReserved = 40, LastReserved = 44, LastReason = 66;

    /// <summary>Looks at a frame that disconnects.</summary>
    /// <param name="device">The network's access point, or the sender where there is no network.</param>
    /// <param name="flood">Whether there were too many at once.</param>
    public void Check(Device device, in Observation o, ObservationBatch batch, bool flood)
    {
        ref readonly Dot11Frame f = ref o.Frame;
        if (flood && alerts.Wants(AlertKind.DisconnectFlood))
        {
            alerts.Raise(AlertKind.DisconnectFlood, device, o, batch, $"Clients of {f.Bssid} are disconnected over and over again");
        }
        if (f.Destination == MacAddress.Broadcast && alerts.Wants(AlertKind.BroadcastDisconnect))
        {
            alerts.Raise(
                AlertKind.BroadcastDisconnect, device, o, batch,
                $"All clients of {f.Bssid} are disconnected at once: it goes down, or somebody denies them service");
        }
        if (f.IsProtected || f.Code <= LastReason && f.Code is < FirstReserved or > LastReserved)
        {
            // The code of a protected frame is encrypted.
            return;
        }
        AlertKind kind = f.Kind == FrameKind.Deauthentication ? AlertKind.DeauthenticationCode : AlertKind.DisassociationCode;
        if (alerts.Wants(kind))
        {
            alerts.Raise(kind, device, o, batch, $"{f.Source} disconnects {f.Destination} for reason {f.Code}, which the standard reserves");
        }
    }
}
