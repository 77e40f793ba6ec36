using KismetOrleans.Engine.Observations;
using KismetOrleans.Records.Dot11;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Dot11;

namespace KismetOrleans.Engine.Tracking;

/// <summary>
/// Keeps one frame that names each network with keys, before a handshake is seen: without the name no tool can check a passphrase, and a short
/// recording may have had its only beacon by then. One frame an access point, replaced when its name or security changes.
/// </summary>
internal static class Dot11Announcements
{
    // Beacons have some 300 bytes; one that does not fit into two usual frames names nothing that a tool would need.
    private const int MaxBytes = 2048;

    /// <summary>Looks at a beacon or probe response that says something new.</summary>
    /// <param name="changed">Whether name or security are others than before.</param>
    public static void Keep(Dot11Device device, AdvertisedSsid record, bool changed, in Observation o, ObservationBatch batch)
    {
        if (record.Crypt == 0 || o.Frame.IsCut || o.Length > MaxBytes)
        {
            return;
        }
        if (o.Frame.Kind == FrameKind.Beacon)
        {
            if (device.Announcement is null || changed)
            {
                device.Announcement = Packet(o, batch);
            }
            if (!record.Cloaked)
            {
                device.Disclosure = null;
            }
        }
        else if (!record.Cloaked && (device.Disclosure is null || changed) && !IsNamed(device))
        {
            device.Disclosure = Packet(o, batch);
        }
    }

    /// <summary>Looks at an association request, which names a network even where beacons do not.</summary>
    public static void Joined(Dot11Device device, in Observation o, ObservationBatch batch)
    {
        if (o.Frame.Kind is FrameKind.AssociationRequest or FrameKind.ReassociationRequest
            && device.Disclosure is null && !o.Frame.IsCut && o.Length <= MaxBytes && device.Announcement is not null && !IsNamed(device))
        {
            device.Disclosure = Packet(o, batch);
        }
    }

    private static bool IsNamed(Dot11Device device)
    {
        foreach (AdvertisedSsid beaconed in device.Advertised ?? [])
        {
            if (!beaconed.Cloaked)
            {
                return true;
            }
        }
        return false;
    }

    private static PacketRecord Packet(in Observation o, ObservationBatch batch) =>
        new(o.TimeNs, (uint)LinkType.Ieee80211, batch.Bytes(o).ToArray());
}
