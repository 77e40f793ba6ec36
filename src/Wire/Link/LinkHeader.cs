using KismetOrleans.Wire.Ieee802154;

namespace KismetOrleans.Wire.Link;

/// <summary>From a packet of any link type to the frame inside it.</summary>
public static class LinkHeader
{
    /// <summary>Reads the header in front of a frame.</summary>
    /// <param name="type">Link type of the packet, as the capture gives it.</param>
    /// <param name="packet">The bytes captured.</param>
    /// <param name="originalLength">Bytes that the packet had; more than <paramref name="packet"/> has when the snap length cut it.</param>
    /// <param name="header">
    /// What the header says. <see cref="RadioHeader.Anomalies"/> counts whatever the outcome; the rest only after <see cref="ParseStatus.Ok"/>.
    /// <see cref="RadioHeader.FcsLength"/> is set only where all bytes of the check sequence were captured.
    /// </param>
    /// <returns>
    /// <see cref="ParseStatus.Ok"/> when there is a frame to look at (it may be empty), <see cref="ParseStatus.Truncated"/> or
    /// <see cref="ParseStatus.Malformed"/> when the header could not be got over, <see cref="ParseStatus.Unsupported"/> for other link types.
    /// </returns>
    public static ParseStatus TryParse(LinkType type, ReadOnlySpan<byte> packet, int originalLength, out RadioHeader header)
    {
        header = default;
        if (originalLength < packet.Length)
        {
            header.Anomalies |= Anomalies.LengthsContradict;
            originalLength = packet.Length;
        }
        ParseStatus status = Dispatch(type, packet, originalLength, ref header);
        if (status == ParseStatus.Ok && type is LinkType.Ppi or LinkType.LinuxCooked or LinkType.LinuxCooked2
            && header.Inner is not (LinkType.Ieee80211 or LinkType.BtleLinkLayer or LinkType.Ieee802154NoFcs or LinkType.BluetoothHciH4))
        {
            status = Nested(packet, originalLength, ref header);
        }
        if (header.FcsLength != 0 && (packet.Length < originalLength || packet.Length - header.HeaderLength < header.FcsLength))
        {
            header.FcsLength = 0;
        }
        return status;
    }

    /// <summary>The outcome for a header that needs <paramref name="needed"/> bytes, which <paramref name="packet"/> does not have.</summary>
    internal static ParseStatus Short(ReadOnlySpan<byte> packet, int originalLength, int needed, ref RadioHeader header) =>
        packet.Length < needed && needed <= originalLength ? Truncated(ref header) : Malformed(ref header);

    /// <summary>Notes a header that contradicts its format.</summary>
    internal static ParseStatus Malformed(ref RadioHeader header)
    {
        header.Anomalies |= Anomalies.LinkHeaderMalformed;
        return ParseStatus.Malformed;
    }

    private static ParseStatus Truncated(ref RadioHeader header)
    {
        header.Anomalies |= Anomalies.LinkHeaderTruncated;
        return ParseStatus.Truncated;
    }

    private static ParseStatus Dispatch(LinkType type, ReadOnlySpan<byte> packet, int originalLength, ref RadioHeader header)
    {
        switch (type)
        {
            case LinkType.Radiotap:
                return Radiotap.TryParse(packet, originalLength, ref header);
            case LinkType.Ieee80211:
            case LinkType.BtleLinkLayer:
                header.Inner = type;
                return ParseStatus.Ok;
            case LinkType.Ieee802154NoFcs:
            case LinkType.BluetoothHciH4:
                header.Inner = type;
                return ParseStatus.Ok;
            case LinkType.Ieee802154WithFcs:
                header.Inner = LinkType.Ieee802154NoFcs;
                header.FcsLength = Ieee802154Fcs.Length;
                return ParseStatus.Ok;
            case LinkType.BluetoothHciH4WithPhdr:
                return BluetoothH4.TryParse(packet, originalLength, ref header);
            case LinkType.BluetoothLinuxMonitor:
                return BluetoothMonitor.TryParse(packet, originalLength, ref header);
            case LinkType.LinuxCooked or LinkType.LinuxCooked2:
                return LinuxCooked.TryParse(packet, originalLength, type == LinkType.LinuxCooked2, ref header);
            case LinkType.NordicBle:
                return NordicBle.TryParse(packet, originalLength, ref header);
            case LinkType.Ieee802154Tap:
                return Ieee802154Tap.TryParse(packet, originalLength, ref header);
            case LinkType.BtleLinkLayerWithPhdr:
                return BtleRadio.TryParse(packet, originalLength, ref header);
            case LinkType.Ppi:
                return Ppi.TryParse(packet, originalLength, ref header);
            case LinkType.Prism:
                return Prism.TryParse(packet, originalLength, ref header);
            case LinkType.Avs:
                return Avs.TryParse(packet, originalLength, ref header);
            default:
                header.Anomalies |= Anomalies.LinkTypeUnsupported;
                return ParseStatus.Unsupported;
        }
    }

    /// <summary>PPI or Linux's header around a second one: what the inner one says wins, the position and what the inner one lacks stay PPI's.</summary>
    private static ParseStatus Nested(ReadOnlySpan<byte> packet, int originalLength, ref RadioHeader header)
    {
        RadioHeader outer = header;
        if (outer.Inner is LinkType.Ppi or LinkType.LinuxCooked or LinkType.LinuxCooked2)
        {
            // A header in its own kind serves nobody and could be nested without end.
            return Malformed(ref header);
        }
        ParseStatus status = Dispatch(outer.Inner, packet[outer.HeaderLength..], originalLength - outer.HeaderLength, ref header);
        if (status == ParseStatus.Ok && header.Inner != outer.Inner)
        {
            header.HeaderLength += outer.HeaderLength;
        }
        return status;
    }
}
