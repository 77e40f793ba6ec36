// linux-wlan-ng, p80211msg_lnxind_wlansniffrm, LINKTYPE_IEEE802_11_PRISM. In the byte order of the machine that captured.
using System.Buffers.Binary;

namespace KismetOrleans.Wire.Link;

/// <summary>The Prism monitor header (LINKTYPE_IEEE802_11_PRISM, 119), as wlan-ng and as later drivers number its items.</summary>
internal static class Prism
{
    /// <summary>Message code, message length and device name.</summary>
    private const int FixedLength = 24;

    private const int ItemLength = 12;

    /// <summary>24 bytes and ten items are 144; the bound leaves room for drivers that add some and stops at damage.</summary>
    private const int MaxLength = 1024;

    /// <summary>Item numbers, which both numberings share.</summary>
    private enum Item : uint
    {
        Channel = 3,
        Rssi = 4,
        Signal = 6,
        Noise = 7,
        Rate = 8,
    }

    public static ParseStatus TryParse(ReadOnlySpan<byte> packet, int originalLength, ref RadioHeader header)
    {
        if (Avs.HasMagic(packet))
        {
            return Avs.TryParse(packet, originalLength, ref header);
        }
        if (packet.Length < FixedLength)
        {
            return LinkHeader.Short(packet, originalLength, FixedLength, ref header);
        }
        bool big = BinaryPrimitives.ReadUInt32LittleEndian(packet) > 0xFFFF;
        uint code = ReadUInt32(packet, big);
        uint length = ReadUInt32(packet[4..], big);
        // 0x44 is wlan-ng's sniffer message, 0x41 that of the drivers that came after.
        if (code is not (0x44 or 0x41) || length is < FixedLength or > MaxLength)
        {
            return LinkHeader.Malformed(ref header);
        }
        if (length > packet.Length)
        {
            return LinkHeader.Short(packet, originalLength, (int)length, ref header);
        }
        header.HeaderLength = (int)length;
        header.Inner = LinkType.Ieee80211;
        ReadOnlySpan<byte> items = packet[FixedLength..(int)length];
        while (items.Length >= ItemLength)
        {
            // Identifier, status (0: supplied), length, value.
            if (ReadUInt16(items[4..], big) == 0)
            {
                Use(ItemOf(ReadUInt32(items, big)), ReadUInt32(items[8..], big), ref header);
            }
            items = items[ItemLength..];
        }
        return ParseStatus.Ok;
    }

    /// <summary>wlan-ng: 0x000N0044. Later drivers: 0x0000N041.</summary>
    private static Item ItemOf(uint did) =>
        (did & 0xFFFF) == 0x0044 ? (Item)(did >> 16) : (did & 0xFFFF_0FFF) == 0x0041 ? (Item)(did >> 12) : 0;

    private static void Use(Item item, uint value, ref RadioHeader header)
    {
        switch (item)
        {
            case Item.Channel:
                header.FrequencyKhz = RadioChannel.KhzOf(value);
                break;
            case Item.Rssi when header.SignalKind == SignalKind.None && value != 0:
                header.SignalKind = SignalKind.Rssi;
                header.Signal = Clamp(value);
                break;
            // Negative values can only be dBm; positive ones are the chip's scale.
            case Item.Signal when value != 0:
                header.SignalKind = (int)value < 0 ? SignalKind.Dbm : SignalKind.Rssi;
                header.Signal = Clamp(value);
                break;
            case Item.Noise:
                header.Noise = Clamp(value);
                break;
            case Item.Rate when value <= ushort.MaxValue / 5:
                // In units of 500 kbit/s.
                header.Rate100Kbps = (ushort)(value * 5);
                break;
        }
    }

    private static short Clamp(uint value) => (short)Math.Clamp((int)value, short.MinValue, short.MaxValue);

    private static uint ReadUInt32(ReadOnlySpan<byte> bytes, bool big) =>
        big ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    private static ushort ReadUInt16(ReadOnlySpan<byte> bytes, bool big) =>
        big ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);
}
