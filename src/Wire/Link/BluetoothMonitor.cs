// tcpdump.org, "LINKTYPE_BLUETOOTH_LINUX_MONITOR"; Linux, net/bluetooth/hci_mon.h. Big endian.
using System.Buffers.Binary;

namespace KismetOrleans.Wire.Link;

/// <summary>What Linux's Bluetooth monitor gives (254): adapter and kind, then the packet without its H4 type. The frame begins with the kind.</summary>
public static class BluetoothMonitor
{
    /// <summary>Bytes that <see cref="ToH4"/> writes at most: type, event, length and its parameters.</summary>
    public const int MostBytes = 3 + 255;

    private const int AdapterLength = 2;
    private const int KindLength = 2;
    private const ushort Event = 3;
    private const byte H4Event = 4;

    internal static ParseStatus TryParse(ReadOnlySpan<byte> packet, int originalLength, ref RadioHeader header)
    {
        if (packet.Length < AdapterLength + KindLength)
        {
            return LinkHeader.Short(packet, originalLength, AdapterLength + KindLength, ref header);
        }
        header.HeaderLength = AdapterLength;
        header.Inner = LinkType.BluetoothLinuxMonitor;
        return ParseStatus.Ok;
    }

    /// <summary>Gives an event as H4 has it.</summary>
    /// <param name="frame">From the kind on.</param>
    /// <param name="to">Room for <see cref="MostBytes"/>.</param>
    /// <returns>Bytes written; 0 for what is no event, as commands, data, and what adapters come and go.</returns>
    public static int ToH4(ReadOnlySpan<byte> frame, Span<byte> to)
    {
        if (frame.Length < KindLength || BinaryPrimitives.ReadUInt16BigEndian(frame) != Event)
        {
            return 0;
        }
        frame = frame[KindLength..];
        int length = Math.Min(frame.Length, MostBytes - 1);
        to[0] = H4Event;
        frame[..length].CopyTo(to[1..]);
        return 1 + length;
    }
}
