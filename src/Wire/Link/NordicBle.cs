// tcpdump.org, "LINKTYPE_NORDIC_BLE"; Nordic Semiconductor, "nRF Sniffer for Bluetooth LE", protocol versions 1 to 3. Everything is little endian.
using KismetOrleans.Wire.Bluetooth;

namespace KismetOrleans.Wire.Link;

/// <summary>What the nRF sniffer puts in front of Bluetooth Low Energy link layer packets (272).</summary>
internal static class NordicBle
{
    /// <summary>Number of the board, which files have and the serial line has not.</summary>
    private const int BoardLength = 1;

    /// <summary>Length, version, counter, kind of message: the same length in all versions, though not the same fields.</summary>
    private const int HeadLength = 6;

    /// <summary>Its own length, flags, channel, signal, event counter, time.</summary>
    private const int RadioLength = 10;

    private const int Length = BoardLength + HeadLength + RadioLength;
    private const byte EventAdvertising = 0x02, EventPacket = 0x06;
    private const byte FirstVersion = 1, VersionWithTwoKinds = 3;
    private const byte LastChannel = 39;
    private const byte CrcOk = 0x01;

    public static ParseStatus TryParse(ReadOnlySpan<byte> packet, int originalLength, ref RadioHeader header)
    {
        if (packet.Length < BoardLength + HeadLength)
        {
            return LinkHeader.Short(packet, originalLength, Length, ref header);
        }
        // Lengths of version 1 stand where the length of later ones does; its version is at the same place.
        byte version = packet[BoardLength + 2];
        byte kind = packet[BoardLength + HeadLength - 1];
        bool isPacket = kind == EventPacket || (kind == EventAdvertising && version == VersionWithTwoKinds);
        if (version is < FirstVersion or > VersionWithTwoKinds || !isPacket)
        {
            // What the sniffer and its program say to each other.
            header.Anomalies |= Anomalies.LinkTypeUnsupported;
            return ParseStatus.Unsupported;
        }
        if (packet.Length < Length)
        {
            return LinkHeader.Short(packet, originalLength, Length, ref header);
        }
        ReadOnlySpan<byte> radio = packet[(BoardLength + HeadLength)..];
        byte flags = radio[1];
        if (radio[0] != RadioLength || radio[2] > LastChannel)
        {
            return LinkHeader.Malformed(ref header);
        }
        header.HeaderLength = Length;
        header.Inner = LinkType.BtleLinkLayer;
        header.FrequencyKhz = BtleAdvertising.KhzOf(radio[2]);
        header.SignalKind = SignalKind.Dbm;
        header.Signal = (short)-radio[3];
        // Some programs fill neither flags nor channel: then the CRC behind the packet tells.
        if ((flags & CrcOk) == 0 && !BtleAdvertising.HasRightCrc(packet[Length..]))
        {
            header.ReportedBadFcs = true;
            header.Anomalies |= Anomalies.BluetoothCrcBad;
        }
        return ParseStatus.Ok;
    }
}
