// tcpdump.org, "LINKTYPE_BLUETOOTH_HCI_H4" and "LINKTYPE_BLUETOOTH_HCI_H4_WITH_PHDR".
using System.Buffers.Binary;

namespace KismetOrleans.Wire.Link;

/// <summary>The direction in front of packets between a host and its Bluetooth controller (201).</summary>
internal static class BluetoothH4
{
    /// <summary>Direction, big endian; only its last bit is defined.</summary>
    private const int Length = 4;

    private const uint LastDirection = 1;

    public static ParseStatus TryParse(ReadOnlySpan<byte> packet, int originalLength, ref RadioHeader header)
    {
        if (packet.Length < Length)
        {
            return LinkHeader.Short(packet, originalLength, Length, ref header);
        }
        if (BinaryPrimitives.ReadUInt32BigEndian(packet) > LastDirection)
        {
            header.Anomalies |= Anomalies.LinkHeaderMalformed;
        }
        header.HeaderLength = Length;
        header.Inner = LinkType.BluetoothHciH4;
        return ParseStatus.Ok;
    }
}
