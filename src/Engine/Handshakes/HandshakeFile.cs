using System.Buffers;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Dot11;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Files;

namespace KismetOrleans.Engine.Handshakes;

/// <summary>
/// Kept EAPOL-Key frames as a pcap file of 802.11 frames (link type 105): first what names the network, without which no tool can check a
/// passphrase, then the keys in order of time.
/// </summary>
internal static class HandshakeFile
{
    /// <summary>Writes the file; it has no packets where nothing was kept.</summary>
    /// <param name="device">The access point; null for a device without Wi-Fi.</param>
    public static byte[] Write(Dot11Device? device, HandshakeWanted wanted)
    {
        ArrayBufferWriter<byte> file = new();
        PcapWriter.WriteHeader(file, LinkType.Ieee80211);
        if (device is null)
        {
            return file.WrittenSpan.ToArray();
        }
        List<PacketRecord> keys = KeysOf(device, wanted);
        if (keys.Count > 0 || device.BeaconPacket is not null)
        {
            foreach (PacketRecord frame in NamesOf(device))
            {
                PcapWriter.WritePacket(file, frame.TimeNs, frame.Data);
            }
        }
        foreach (PacketRecord frame in keys)
        {
            PcapWriter.WritePacket(file, frame.TimeNs, frame.Data);
        }
        return file.WrittenSpan.ToArray();
    }

    // A beacon; behind it, where beacons hide the name, the frame that told it.
    private static IEnumerable<PacketRecord> NamesOf(Dot11Device device)
    {
        if ((device.BeaconPacket ?? device.Announcement) is { } beacon)
        {
            yield return beacon;
        }
        if (device.Disclosure is { } disclosure)
        {
            yield return disclosure;
        }
    }

    private static List<PacketRecord> KeysOf(Dot11Device device, HandshakeWanted wanted)
    {
        if (wanted.Kind == HandshakeKind.Pmkid)
        {
            return device.PmkidPacket is { } packet ? [packet] : [];
        }
        List<PacketRecord> keys = [];
        SmallMap<List<EapolRecord>>? all = device.Handshakes;
        for (int i = 0; i < (all?.Count ?? 0); i++)
        {
            if (wanted.Kind == HandshakeKind.All || all!.Key(i) == wanted.Client)
            {
                keys.AddRange(all!.Value(i).Select(static key => key.Packet));
            }
        }
        // Two sensors deliver when they can; what happened at one time stays in the order in which it came.
        return [.. keys.OrderBy(static key => key.TimeNs)];
    }
}
