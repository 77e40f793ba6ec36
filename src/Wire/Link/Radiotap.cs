// radiotap.org, "Radiotap" and "Defined fields". Everything is little endian.
using System.Buffers.Binary;
using System.Numerics;

namespace KismetOrleans.Wire.Link;

/// <summary>The radiotap header (LINKTYPE_IEEE802_11_RADIOTAP, 127).</summary>
internal static class Radiotap
{
    /// <summary>Version, pad, length and the first present word.</summary>
    private const int FixedLength = 8;

    private const uint FieldBits = 0x0FFF_FFFF;
    private const uint TlvBit = 1u << 28;
    private const uint RadiotapNamespaceBit = 1u << 29;
    private const uint VendorNamespaceBit = 1u << 30;
    private const uint AnotherWordBit = 1u << 31;

    /// <summary>OUI, sub-namespace and skip length of a vendor namespace field.</summary>
    private const int VendorFieldLength = 6;

    /// <summary>What receivers say that have measured nothing.</summary>
    private const sbyte NoSignal = 127;

    private const byte FlagFcsPresent = 0x10;
    private const byte FlagFcsBad = 0x40;

    /// <summary>Bytes of fields 0 to 27.</summary>
    private static ReadOnlySpan<byte> Sizes =>
        [8, 1, 1, 4, 2, 1, 1, 2, 2, 2, 1, 1, 1, 1, 2, 2, 1, 1, 8, 3, 8, 12, 12, 12, 12, 6, 1, 4];

    /// <summary>Alignment less one of fields 0 to 27, counted from the start of the header.</summary>
    private static ReadOnlySpan<byte> AlignMasks =>
        [7, 0, 0, 1, 1, 0, 0, 1, 1, 1, 0, 0, 0, 0, 1, 1, 0, 0, 3, 0, 3, 1, 7, 1, 1, 1, 0, 1];

    /// <summary>Field numbers whose values are used; all others are stepped over.</summary>
    private enum Field
    {
        Flags = 1,
        Rate = 2,
        Channel = 3,
        Fhss = 4,
        DbmSignal = 5,
        DbmNoise = 6,
        DbSignal = 12,
        XChannel = 18,
    }

    public static ParseStatus TryParse(ReadOnlySpan<byte> packet, int originalLength, ref RadioHeader header)
    {
        if (packet.Length < FixedLength)
        {
            return LinkHeader.Short(packet, originalLength, FixedLength, ref header);
        }
        int length = BinaryPrimitives.ReadUInt16LittleEndian(packet[2..]);
        if (packet[0] != 0 || length < FixedLength)
        {
            return LinkHeader.Malformed(ref header);
        }
        if (length > packet.Length)
        {
            return LinkHeader.Short(packet, originalLength, length, ref header);
        }
        header.HeaderLength = length;
        header.Inner = LinkType.Ieee80211;

        ReadOnlySpan<byte> tap = packet[..length];
        int position = FixedLength;
        uint word = BinaryPrimitives.ReadUInt32LittleEndian(tap[4..]);
        if ((word & AnotherWordBit) == 0)
        {
            return Noted(Fields(tap, word, ref position, ref header), ref header);
        }
        // The fields begin behind the last present word.
        do
        {
            if (position + 4 > length)
            {
                return Noted(Anomalies.LinkHeaderMalformed, ref header);
            }
            word = BinaryPrimitives.ReadUInt32LittleEndian(tap[position..]);
            position += 4;
        }
        while ((word & AnotherWordBit) != 0);
        return Noted(Namespaces(tap, position, ref header), ref header);
    }

    private static ParseStatus Noted(Anomalies wrong, ref RadioHeader header)
    {
        header.Anomalies |= wrong;
        return ParseStatus.Ok;
    }

    /// <summary>Walks all present words. Whatever stops it, the frame behind the header stays usable.</summary>
    private static Anomalies Namespaces(ReadOnlySpan<byte> tap, int position, ref RadioHeader header)
    {
        int wordsEnd = position;
        bool vendor = false;
        bool continued = false;
        for (int at = 4; at < wordsEnd; at += 4)
        {
            uint word = BinaryPrimitives.ReadUInt32LittleEndian(tap[at..]);
            // A vendor's own fields lie in the bytes that its namespace field told to skip.
            if (!vendor)
            {
                if (continued && (word & (FieldBits | TlvBit)) != 0)
                {
                    // Fields 32 and up: none is defined, so nobody knows how long they are.
                    return Anomalies.RadiotapUnknownField;
                }
                Anomalies wrong = Fields(tap, word, ref position, ref header);
                if (wrong != Anomalies.None || (word & TlvBit) != 0)
                {
                    return wrong;
                }
            }
            continued = false;
            switch (word & (RadiotapNamespaceBit | VendorNamespaceBit))
            {
                case 0:
                    continued = true;
                    break;
                case RadiotapNamespaceBit:
                    vendor = false;
                    break;
                case VendorNamespaceBit:
                    position += position & 1;
                    if (position + VendorFieldLength > tap.Length)
                    {
                        return Anomalies.LinkHeaderMalformed;
                    }
                    position += VendorFieldLength + BinaryPrimitives.ReadUInt16LittleEndian(tap[(position + 4)..]);
                    vendor = true;
                    break;
                default:
                    return Anomalies.LinkHeaderMalformed;
            }
        }
        return position > tap.Length ? Anomalies.LinkHeaderMalformed : Anomalies.None;
    }

    /// <summary>Reads the fields that the first word of a radiotap namespace announces.</summary>
    private static Anomalies Fields(ReadOnlySpan<byte> tap, uint word, ref int position, ref RadioHeader header)
    {
        for (uint bits = word & FieldBits; bits != 0; bits &= bits - 1)
        {
            int field = BitOperations.TrailingZeroCount(bits);
            int mask = AlignMasks[field];
            int start = (position + mask) & ~mask;
            int end = start + Sizes[field];
            if (end > tap.Length)
            {
                return Anomalies.LinkHeaderMalformed;
            }
            Use((Field)field, tap[start..end], ref header);
            position = end;
        }
        return (word & TlvBit) == 0 ? Anomalies.None : Tlvs(tap, position, ref header);
    }

    /// <summary>Fields as type, length, value, each padded to a multiple of four bytes; they fill the rest of the header.</summary>
    private static Anomalies Tlvs(ReadOnlySpan<byte> tap, int position, ref RadioHeader header)
    {
        position = (position + 3) & ~3;
        while (position + 4 <= tap.Length)
        {
            int type = BinaryPrimitives.ReadUInt16LittleEndian(tap[position..]);
            int length = BinaryPrimitives.ReadUInt16LittleEndian(tap[(position + 2)..]);
            position += 4;
            if (length > tap.Length - position)
            {
                return Anomalies.LinkHeaderMalformed;
            }
            if (type < Sizes.Length && length >= Sizes[type])
            {
                Use((Field)type, tap.Slice(position, length), ref header);
            }
            position += (length + 3) & ~3;
        }
        return Anomalies.None;
    }

    private static void Use(Field field, ReadOnlySpan<byte> value, ref RadioHeader header)
    {
        switch (field)
        {
            case Field.Flags:
                header.FcsLength = (value[0] & FlagFcsPresent) != 0 ? 4 : 0;
                if ((value[0] & FlagFcsBad) != 0)
                {
                    header.ReportedBadFcs = true;
                    header.Anomalies |= Anomalies.FcsBad;
                }
                break;
            case Field.Rate when header.Rate100Kbps == 0:
                header.Rate100Kbps = (ushort)(value[0] * 5);
                break;
            case Field.Channel when header.FrequencyKhz == 0:
                RadioChannel.Apply(ref header, BinaryPrimitives.ReadUInt16LittleEndian(value),
                    (ChannelFlags)BinaryPrimitives.ReadUInt16LittleEndian(value[2..]));
                break;
            case Field.XChannel when header.FrequencyKhz == 0:
                RadioChannel.Apply(ref header, BinaryPrimitives.ReadUInt16LittleEndian(value[4..]),
                    (ChannelFlags)BinaryPrimitives.ReadUInt32LittleEndian(value));
                break;
            case Field.Fhss when header.Carrier == RadioCarrier.Unknown:
                header.Carrier = RadioCarrier.Fhss;
                break;
            // Several signals are one per antenna, the first the combined one.
            case Field.DbmSignal when header.SignalKind != SignalKind.Dbm && (sbyte)value[0] != NoSignal:
                header.SignalKind = SignalKind.Dbm;
                header.Signal = (sbyte)value[0];
                break;
            case Field.DbmNoise when header.Noise == 0 && (sbyte)value[0] != NoSignal:
                header.Noise = (sbyte)value[0];
                break;
            case Field.DbSignal when header.SignalKind == SignalKind.None:
                header.SignalKind = SignalKind.Rssi;
                header.Signal = value[0];
                break;
        }
    }
}
