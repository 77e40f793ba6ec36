// "Per-Packet Information Header Specification" version 1.0.10 (CACE Technologies, 2009). Everything is little endian but the DLT's payload.
using System.Buffers.Binary;

namespace KismetOrleans.Wire.Link;

/// <summary>The Per-Packet Information header (LINKTYPE_PPI, 192): tagged fields in front of a packet of the link type that it names.</summary>
internal static class Ppi
{
    /// <summary>Version, flags, length, link type.</summary>
    private const int FixedLength = 8;

    private const byte FlagAligned = 0x01;

    /// <summary>Ubertooth names no link type of its own and takes LINKTYPE_USER0 for Bluetooth Low Energy.</summary>
    private const uint UbertoothBtle = 147;

    private const ushort TagDot11Common = 2;
    private const ushort TagGps = 30002;
    private const ushort TagBtle = 30006;

    private const int Dot11CommonLength = 20;
    private const int BtleLength = 12;

    /// <summary>"Not known" in the 802.11-Common field's signal and noise.</summary>
    private const sbyte NoSignal = -128;

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
        uint inner = BinaryPrimitives.ReadUInt32LittleEndian(packet[4..]);
        header.HeaderLength = length;
        header.Inner = inner == UbertoothBtle ? LinkType.BtleLinkLayer : inner <= ushort.MaxValue ? (LinkType)inner : LinkType.None;
        // Not in one statement: the fields note anomalies of their own.
        Anomalies wrong = Fields(packet[FixedLength..length], (packet[1] & FlagAligned) != 0, ref header);
        header.Anomalies |= wrong;
        return ParseStatus.Ok;
    }

    private static Anomalies Fields(ReadOnlySpan<byte> fields, bool aligned, ref RadioHeader header)
    {
        while (fields.Length >= 4)
        {
            ushort tag = BinaryPrimitives.ReadUInt16LittleEndian(fields);
            int length = BinaryPrimitives.ReadUInt16LittleEndian(fields[2..]);
            fields = fields[4..];
            if (length > fields.Length)
            {
                return Anomalies.LinkHeaderMalformed;
            }
            Use(tag, fields[..length], ref header);
            int step = aligned ? (length + 3) & ~3 : length;
            fields = fields[Math.Min(step, fields.Length)..];
        }
        return fields.IsEmpty ? Anomalies.None : Anomalies.LinkHeaderMalformed;
    }

    private static void Use(ushort tag, ReadOnlySpan<byte> value, ref RadioHeader header)
    {
        switch (tag)
        {
            case TagDot11Common when value.Length >= Dot11CommonLength:
                Dot11Common(value, ref header);
                break;
            case TagGps:
                PpiGps.Read(value, ref header);
                break;
            case TagBtle when value.Length >= BtleLength:
                Btle(value, ref header);
                break;
            case TagDot11Common or TagBtle:
                header.Anomalies |= Anomalies.LinkHeaderMalformed;
                break;
        }
    }

    /// <summary>Clause 4.1.2: timer (8), flags (2), rate (2), frequency (2), channel flags (2), hop set, hop pattern, signal, noise.</summary>
    private static void Dot11Common(ReadOnlySpan<byte> value, ref RadioHeader header)
    {
        ushort flags = BinaryPrimitives.ReadUInt16LittleEndian(value[8..]);
        header.FcsLength = (flags & 0x0001) != 0 ? 4 : 0;
        if ((flags & 0x0004) != 0)
        {
            header.ReportedBadFcs = true;
            header.Anomalies |= Anomalies.FcsBad;
        }
        ushort rate = BinaryPrimitives.ReadUInt16LittleEndian(value[10..]);
        header.Rate100Kbps = rate <= ushort.MaxValue / 5 ? (ushort)(rate * 5) : (ushort)0;
        RadioChannel.Apply(ref header, BinaryPrimitives.ReadUInt16LittleEndian(value[12..]),
            (ChannelFlags)BinaryPrimitives.ReadUInt16LittleEndian(value[14..]));
        if ((sbyte)value[18] != NoSignal)
        {
            header.SignalKind = SignalKind.Dbm;
            header.Signal = (sbyte)value[18];
        }
        header.Noise = (sbyte)value[19] == NoSignal ? (short)0 : (sbyte)value[19];
    }

    /// <summary>Ubertooth: version, MHz (2), clock (1 + 4), greatest, least and mean signal, number of signal samples.</summary>
    private static void Btle(ReadOnlySpan<byte> value, ref RadioHeader header)
    {
        header.FrequencyKhz = BinaryPrimitives.ReadUInt16LittleEndian(value[1..]) * 1000u;
        if (value[11] != 0)
        {
            // The receiver chip's scale, not calibrated.
            header.SignalKind = SignalKind.Rssi;
            header.Signal = (sbyte)value[10];
        }
    }
}
