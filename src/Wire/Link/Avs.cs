// "AVS Capture Frame Format" version 2.1.1 (AbsoluteValue Systems, 2002), LINKTYPE_IEEE802_11_AVS. Everything is big endian.
using System.Buffers.Binary;

namespace KismetOrleans.Wire.Link;

/// <summary>The AVS header (LINKTYPE_IEEE802_11_AVS, 163; also found under 119).</summary>
internal static class Avs
{
    /// <summary>Version 1 has 64 bytes; later versions append to them.</summary>
    private const int Version1Length = 64;

    /// <summary>Larger than any version; a greater length is damage (version 2 has 80 bytes).</summary>
    private const int MaxLength = 1024;

    private const uint MagicMask = 0xFFFF_F000;
    private const uint Magic = 0x8021_1000;

    private enum SignalType
    {
        NormalizedRssi = 1,
        Dbm = 2,
        RawRssi = 3,
    }

    /// <summary>Whether <paramref name="packet"/> begins with the magic number of any version.</summary>
    public static bool HasMagic(ReadOnlySpan<byte> packet) =>
        packet.Length >= 4 && (BinaryPrimitives.ReadUInt32BigEndian(packet) & MagicMask) == Magic;

    public static ParseStatus TryParse(ReadOnlySpan<byte> packet, int originalLength, ref RadioHeader header)
    {
        if (packet.Length < 8)
        {
            return LinkHeader.Short(packet, originalLength, 8, ref header);
        }
        uint length = BinaryPrimitives.ReadUInt32BigEndian(packet[4..]);
        if (!HasMagic(packet) || length is < Version1Length or > MaxLength)
        {
            return LinkHeader.Malformed(ref header);
        }
        if (length > packet.Length)
        {
            return LinkHeader.Short(packet, originalLength, (int)length, ref header);
        }
        header.HeaderLength = (int)length;
        header.Inner = LinkType.Ieee80211;
        header.FrequencyKhz = Frequency(ReadUInt32(packet, 28));
        header.Carrier = Carrier(ReadUInt32(packet, 24));
        header.Encoding = ReadUInt32(packet, 60) switch
        {
            1 => RadioEncoding.Cck,
            2 => RadioEncoding.Pbcc,
            3 => RadioEncoding.Ofdm,
            _ => RadioEncoding.Unknown,
        };
        uint rate = ReadUInt32(packet, 32);
        header.Rate100Kbps = rate <= ushort.MaxValue ? (ushort)rate : (ushort)0;
        Signal((SignalType)ReadUInt32(packet, 44), (int)ReadUInt32(packet, 48), (int)ReadUInt32(packet, 52), ref header);
        return ParseStatus.Ok;
    }

    private static void Signal(SignalType type, int signal, int noise, ref RadioHeader header)
    {
        header.SignalKind = type switch
        {
            SignalType.Dbm => SignalKind.Dbm,
            SignalType.NormalizedRssi or SignalType.RawRssi => SignalKind.Rssi,
            _ => SignalKind.None,
        };
        if (header.SignalKind != SignalKind.None)
        {
            header.Signal = (short)Math.Clamp(signal, short.MinValue, short.MaxValue);
            header.Noise = (short)Math.Clamp(noise, short.MinValue, short.MaxValue);
        }
    }

    /// <summary>The channel field holds a channel number below 256, MHz up to 10,000 and kHz above.</summary>
    private static uint Frequency(uint channel) => channel switch
    {
        < 256 => RadioChannel.KhzOf(channel),
        <= 10_000 => channel * 1000,
        _ => channel,
    };

    private static RadioCarrier Carrier(uint phyType) => phyType switch
    {
        1 => RadioCarrier.Fhss,
        2 => RadioCarrier.Dsss,
        4 => RadioCarrier.Dot11B,
        5 => RadioCarrier.Dot11BPlus,
        6 or 7 => RadioCarrier.Dot11G,
        8 => RadioCarrier.Dot11A,
        _ => RadioCarrier.Unknown,
    };

    private static uint ReadUInt32(ReadOnlySpan<byte> packet, int offset) => BinaryPrimitives.ReadUInt32BigEndian(packet[offset..]);
}
