// "IEEE 802.15.4 TAP Link Type Specification" (Exegin, 2020), LINKTYPE_IEEE802_15_4_TAP. Everything is little endian.
using System.Buffers.Binary;

namespace KismetOrleans.Wire.Link;

/// <summary>The header in front of 802.15.4 frames (283): types, lengths and values, each filled up to 32 bits.</summary>
internal static class Ieee802154Tap
{
    /// <summary>Version, an byte of nothing, length of the whole header.</summary>
    private const int HeadLength = 4;

    private const int TlvHead = 4;
    private const byte Version = 0;

    private const ushort TypeFcs = 0, TypeSignal = 1, TypeChannel = 3, TypeLqi = 10, TypeFrequency = 11;
    private const byte FcsOf16Bits = 1, FcsOf32Bits = 2;

    // Wider than any radio, so that a number outside is none.
    private const float WeakestDbm = -200, StrongestDbm = 100, LowestKhz = 1, HighestKhz = 300e6f;

    public static ParseStatus TryParse(ReadOnlySpan<byte> packet, int originalLength, ref RadioHeader header)
    {
        if (packet.Length < HeadLength)
        {
            return LinkHeader.Short(packet, originalLength, HeadLength, ref header);
        }
        int length = BinaryPrimitives.ReadUInt16LittleEndian(packet[2..]);
        if (packet[0] != Version || length < HeadLength)
        {
            return LinkHeader.Malformed(ref header);
        }
        if (packet.Length < length)
        {
            return LinkHeader.Short(packet, originalLength, length, ref header);
        }
        header.HeaderLength = length;
        header.Inner = LinkType.Ieee802154NoFcs;
        ReadOnlySpan<byte> rest = packet[HeadLength..length];
        while (rest.Length >= TlvHead)
        {
            ushort type = BinaryPrimitives.ReadUInt16LittleEndian(rest);
            int valueLength = BinaryPrimitives.ReadUInt16LittleEndian(rest[2..]);
            rest = rest[TlvHead..];
            if (valueLength > rest.Length)
            {
                // What came before it is good, and where the frame begins is known.
                header.Anomalies |= Anomalies.LinkHeaderMalformed;
                return ParseStatus.Ok;
            }
            Read(type, rest[..valueLength], ref header);
            rest = rest[Math.Min((valueLength + 3) & ~3, rest.Length)..];
        }
        return ParseStatus.Ok;
    }

    /// <summary>Centre frequency of a channel of page 0 or 2 (IEEE Std 802.15.4-2020, 10.1.3.3), 0 where there is none.</summary>
    internal static uint KhzOf(int channel, int page) => (page, channel) switch
    {
        (0 or 2, 0) => 868_300,
        (0 or 2, >= 1 and <= 10) => 906_000 + (2_000 * (uint)(channel - 1)),
        (0, >= 11 and <= 26) => 2_405_000 + (5_000 * (uint)(channel - 11)),
        _ => 0,
    };

    private static void Read(ushort type, ReadOnlySpan<byte> value, ref RadioHeader header)
    {
        switch (type)
        {
            case TypeFcs when value.Length >= 1:
                header.FcsLength = value[0] switch { FcsOf16Bits => 2, FcsOf32Bits => 4, _ => 0 };
                break;
            case TypeSignal when value.Length >= 4:
                float dbm = BinaryPrimitives.ReadSingleLittleEndian(value);
                if (dbm is >= WeakestDbm and <= StrongestDbm)
                {
                    header.SignalKind = SignalKind.Dbm;
                    header.Signal = (short)MathF.Round(dbm);
                }
                break;
            case TypeChannel when value.Length >= 3:
                uint khz = KhzOf(BinaryPrimitives.ReadUInt16LittleEndian(value), value[2]);
                header.FrequencyKhz = khz == 0 ? header.FrequencyKhz : khz;
                break;
            case TypeLqi when value.Length >= 1:
                header.HasLqi = true;
                header.Lqi = value[0];
                break;
            case TypeFrequency when value.Length >= 4:
                float stated = BinaryPrimitives.ReadSingleLittleEndian(value);
                if (stated is >= LowestKhz and <= HighestKhz)
                {
                    header.FrequencyKhz = (uint)MathF.Round(stated);
                }
                break;
        }
    }
}
