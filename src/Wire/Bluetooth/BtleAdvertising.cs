// Bluetooth Core Specification 5.4, volume 6, part B, section 2.3: advertising physical channel PDUs.
using System.Buffers.Binary;
using KismetOrleans.Wire.Dot11;

namespace KismetOrleans.Wire.Bluetooth;

/// <summary>PDU types of advertising channels (table 2.3).</summary>
public enum BtlePdu : byte
{
    /// <summary>Connectable, scannable, undirected.</summary>
    AdvInd = 0,

    /// <summary>Connectable, directed.</summary>
    AdvDirectInd = 1,

    /// <summary>Neither connectable nor scannable.</summary>
    AdvNonConnInd = 2,

    /// <summary>A scanner asks for more.</summary>
    ScanReq = 3,

    /// <summary>The advertiser answers it.</summary>
    ScanRsp = 4,

    /// <summary>An initiator opens a connection.</summary>
    ConnectInd = 5,

    /// <summary>Scannable, undirected.</summary>
    AdvScanInd = 6,

    /// <summary>Extended advertising.</summary>
    AdvExtInd = 7,

    /// <summary>An extended connection's answer.</summary>
    AuxConnectRsp = 8,
}

/// <summary>One packet of an advertising channel. Slices point into the link layer packet.</summary>
public struct BtleAdvertisement
{
    /// <summary>PDU type.</summary>
    public BtlePdu Pdu;

    /// <summary>Who sent it: advertiser, scanner or initiator. Zero in extended advertisements that do not tell.</summary>
    public MacAddress Address;

    /// <summary>Whether <see cref="Address"/> is random (TxAdd).</summary>
    public bool IsRandom;

    /// <summary>Who it is for, where it is for one: directed advertisements, scan requests, connection requests.</summary>
    public MacAddress Target;

    /// <summary>Whether <see cref="Target"/> is random (RxAdd).</summary>
    public bool IsTargetRandom;

    /// <summary>Advertising data, raw.</summary>
    public Slice Data;

    /// <summary>What the advertising data say.</summary>
    public AdvertisingData Content;

    /// <summary>Extended advertising: whether <see cref="TxPower"/> is there.</summary>
    public bool HasTxPower;

    /// <summary>Extended advertising: transmit power in dBm.</summary>
    public sbyte TxPower;

    /// <summary>Extended advertising: whether another packet goes on, so that the last element may be cut.</summary>
    public bool HasMore;

    /// <summary>Extended advertising with <see cref="HasMore"/>: kHz of the packet that goes on.</summary>
    public uint NextKhz;

    /// <summary>Extended advertising with <see cref="HasMore"/>: microseconds from the beginning of this packet to that of the next, cut to units of 30 or 300.</summary>
    public int NextUs;

    /// <summary>Extended advertising: set and identifier of its data (2.3.4.4), the same in all packets of one advertisement; null where it has none.</summary>
    public ushort? Adi;

    /// <summary>Whether the CRC was there to be checked; <see cref="Anomalies.BluetoothCrcBad"/> tells how it came out.</summary>
    public bool HasCrc;

    /// <summary>What was wrong.</summary>
    public Anomalies Anomalies;

    /// <summary>Whether it is one of the PDUs that are sent on the three primary advertising channels alone (2.3.1 to 2.3.3).</summary>
    public readonly bool IsLegacy => Pdu is BtlePdu.AdvInd or BtlePdu.AdvDirectInd or BtlePdu.AdvNonConnInd or BtlePdu.ScanRsp or BtlePdu.AdvScanInd;

    /// <summary>Whether its addresses are to be relied upon: lengths that do not fit behind them are the sender's own where the CRC is right.</summary>
    public readonly bool IsReliable =>
        !Address.IsZero && ((Anomalies & Anomalies.BluetoothMalformed) == 0 || (HasCrc && (Anomalies & Anomalies.BluetoothCrcBad) == 0));

    /// <summary>Whether the sender advertises itself, so that its data describe it.</summary>
    public readonly bool IsAdvertiser =>
        Pdu is BtlePdu.AdvInd or BtlePdu.AdvDirectInd or BtlePdu.AdvNonConnInd or BtlePdu.ScanRsp or BtlePdu.AdvScanInd or BtlePdu.AdvExtInd;
}

/// <summary>Reads link layer packets of the advertising channels.</summary>
public static class BtleAdvertising
{
    /// <summary>The access address of all advertising (but periodic advertising); data channels have their own.</summary>
    internal const uint AccessAddress = 0x8E89_BED6;

    private const int AccessAddressLength = 4;
    private const int CodingIndicatorLength = 1;
    private const byte LastCodingIndicator = 1;
    private const int HeaderLength = 2;
    private const int AddressLength = 6;
    private const int CrcLength = 3;
    private const byte TxAdd = 0x40;
    private const byte RxAdd = 0x80;
    private const byte HasAuxPointer = 0x10;

    /// <summary>A packet of <see cref="Join"/>: a type that is reserved on the air.</summary>
    private const byte JoinedPdu = 0x0F;

    /// <summary>Bytes of a joined packet in front of its elements.</summary>
    public const int JoinedHead = AccessAddressLength + HeaderLength + AddressLength;

    /// <summary>Parses one packet.</summary>
    /// <param name="linkLayer">From the access address on; with or without the CRC at its end.</param>
    /// <param name="a">What was found.</param>
    /// <returns>
    /// <see cref="ParseStatus.Unsupported"/> for other access addresses (data channels, whose bytes are no addresses) and reserved PDU types;
    /// <see cref="ParseStatus.Malformed"/> where lengths do not fit: the addresses are set where they were there.
    /// </returns>
    public static ParseStatus TryParse(ReadOnlySpan<byte> linkLayer, out BtleAdvertisement a)
    {
        a = default;
        if (linkLayer.Length < AccessAddressLength + HeaderLength)
        {
            return Fault(ref a);
        }
        if (BinaryPrimitives.ReadUInt32LittleEndian(linkLayer) != AccessAddress)
        {
            return ParseStatus.Unsupported;
        }
        int pdu = AccessAddressLength + (IsCoded(linkLayer) ? CodingIndicatorLength : 0);
        byte header = linkLayer[pdu];
        a.Pdu = (BtlePdu)(header & 0x0F);
        a.IsRandom = (header & TxAdd) != 0;
        a.IsTargetRandom = (header & RxAdd) != 0;
        int start = pdu + HeaderLength;
        int end = start + linkLayer[pdu + 1];
        if (end > linkLayer.Length)
        {
            return Fault(ref a);
        }
        CheckCrc(linkLayer, pdu, end, ref a);
        switch (a.Pdu)
        {
            case BtlePdu.AdvInd or BtlePdu.AdvNonConnInd or BtlePdu.ScanRsp or BtlePdu.AdvScanInd:
                if (start + AddressLength > end)
                {
                    return Fault(ref a);
                }
                a.Address = MacAddress.ReadReversed(linkLayer[start..]);
                ReadData(linkLayer, start + AddressLength, end, ref a);
                break;
            case BtlePdu.AdvDirectInd or BtlePdu.ScanReq or BtlePdu.ConnectInd:
                if (start + 2 * AddressLength > end)
                {
                    return Fault(ref a);
                }
                a.Address = MacAddress.ReadReversed(linkLayer[start..]);
                a.Target = MacAddress.ReadReversed(linkLayer[(start + AddressLength)..]);
                break;
            case BtlePdu.AdvExtInd or BtlePdu.AuxConnectRsp:
                return ReadExtended(linkLayer, start, end, ref a);
            default:
                return ParseStatus.Unsupported;
        }
        return (a.Anomalies & Anomalies.BluetoothMalformed) != 0 ? ParseStatus.Malformed : ParseStatus.Ok;
    }

    /// <summary>
    /// Writes what the packets of one advertisement say together as one packet, for <see cref="TryParseJoined"/>. It has no length: an element may have 255 bytes, which fit
    /// into two packets and not into one.
    /// </summary>
    /// <param name="address">Advertiser.</param>
    /// <param name="isRandom">Whether its address is random.</param>
    /// <param name="elements">Whole elements.</param>
    /// <param name="to">As long as <see cref="JoinedHead"/> and the elements.</param>
    public static void Join(MacAddress address, bool isRandom, ReadOnlySpan<byte> elements, Span<byte> to)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(to, AccessAddress);
        to[AccessAddressLength] = (byte)(JoinedPdu | (isRandom ? TxAdd : 0));
        to[AccessAddressLength + 1] = 0;
        for (int i = 0; i < AddressLength; i++)
        {
            to[AccessAddressLength + HeaderLength + i] = (byte)(address.Value >> (8 * i));
        }
        elements.CopyTo(to[JoinedHead..]);
    }

    /// <summary>Reads a packet of <see cref="Join"/>.</summary>
    public static bool TryParseJoined(ReadOnlySpan<byte> packet, out BtleAdvertisement a)
    {
        a = default;
        if (packet.Length < JoinedHead || (packet[AccessAddressLength] & 0x0F) != JoinedPdu)
        {
            return false;
        }
        a.Pdu = BtlePdu.AdvExtInd;
        a.IsRandom = (packet[AccessAddressLength] & TxAdd) != 0;
        a.Address = MacAddress.ReadReversed(packet[(AccessAddressLength + HeaderLength)..]);
        ReadData(packet, JoinedHead, packet.Length, ref a);
        return !a.Address.IsZero;
    }

    /// <summary>kHz of a channel index (1.4.1).</summary>
    internal static uint KhzOf(int channel)
    {
        int rf = channel switch { 37 => 0, 38 => 12, 39 => 39, < 11 => channel + 1, _ => channel + 2 };
        return 2_402_000 + (2_000 * (uint)rf);
    }

    /// <summary>Whether a packet is of advertising and ends with its CRC.</summary>
    internal static bool HasRightCrc(ReadOnlySpan<byte> linkLayer) =>
        TryParse(linkLayer, out BtleAdvertisement a) != ParseStatus.Unsupported && a.HasCrc && (a.Anomalies & Anomalies.BluetoothCrcBad) == 0;

    /// <summary>Section 2.3.4: length and mode, flags, the fields that the flags name, advertising data.</summary>
    private static ParseStatus ReadExtended(ReadOnlySpan<byte> linkLayer, int start, int end, ref BtleAdvertisement a)
    {
        const byte hasAdvertiser = 0x01, hasTarget = 0x02, hasPower = 0x40;
        if (start >= end)
        {
            return Fault(ref a);
        }
        int dataStart = start + 1 + (linkLayer[start] & 0x3F);
        if (dataStart > end)
        {
            return Fault(ref a);
        }
        int at = start + 1;
        if (at < dataStart)
        {
            byte flags = linkLayer[at++];
            int addresses = AddressLength * ((flags & hasAdvertiser) + ((flags & hasTarget) >> 1));
            if (at + addresses > dataStart)
            {
                return Fault(ref a);
            }
            if ((flags & hasAdvertiser) != 0)
            {
                a.Address = MacAddress.ReadReversed(linkLayer[at..]);
                at += AddressLength;
            }
            if ((flags & hasTarget) != 0)
            {
                a.Target = MacAddress.ReadReversed(linkLayer[at..]);
                at += AddressLength;
            }
            int rest = at;
            at += LengthOfRest(flags);
            if (at > dataStart)
            {
                return Fault(ref a);
            }
            ReadOrder(linkLayer, rest, flags, ref a);
            a.HasTxPower = (flags & hasPower) != 0;
            a.TxPower = a.HasTxPower ? (sbyte)linkLayer[at - 1] : (sbyte)0;
        }
        ReadData(linkLayer, dataStart, end, ref a);
        return (a.Anomalies & Anomalies.BluetoothMalformed) != 0 ? ParseStatus.Malformed : ParseStatus.Ok;
    }

    // Where this packet stands among those of its advertisement (2.3.4.4 and 2.3.4.5).
    private static void ReadOrder(ReadOnlySpan<byte> linkLayer, int at, byte flags, ref BtleAdvertisement a)
    {
        const byte hasTone = 0x04, hasAdi = 0x08, longUnits = 0x80, channel = 0x3F;
        at += (flags & hasTone) >> 2;
        if ((flags & hasAdi) != 0)
        {
            a.Adi = BinaryPrimitives.ReadUInt16LittleEndian(linkLayer[at..]);
            at += sizeof(ushort);
        }
        if ((flags & HasAuxPointer) != 0)
        {
            int offset = BinaryPrimitives.ReadUInt16LittleEndian(linkLayer[(at + 1)..]) & 0x1FFF;
            a.HasMore = true;
            a.NextKhz = KhzOf(linkLayer[at] & channel);
            a.NextUs = offset * ((linkLayer[at] & longUnits) != 0 ? 300 : 30);
        }
    }

    // Constant tone information, advertising set, pointer to the next packet, periodic advertising, power.
    private static int LengthOfRest(byte flags) =>
        ((flags & 0x04) >> 2) + (2 * ((flags & 0x08) >> 3)) + (3 * ((flags & HasAuxPointer) >> 4)) + (18 * ((flags & 0x20) >> 5)) + ((flags & 0x40) >> 6);

    private static void ReadData(ReadOnlySpan<byte> linkLayer, int start, int end, ref BtleAdvertisement a)
    {
        a.Data = new Slice((ushort)start, (ushort)(end - start));
        if (a.Address.IsZero)
        {
            // AUX_CHAIN_IND: it goes on with what another packet has begun, anywhere within it, and names nobody. Whoever knows that one joins them.
            return;
        }
        // What goes on in the next packet may be cut anywhere (2.3.4.9).
        if (!AdvertisingData.TryParse(linkLayer, a.Data, out a.Content) && !a.HasMore)
        {
            a.Anomalies |= Anomalies.BluetoothMalformed;
        }
    }

    // On the coded PHY the packet has a coding indicator behind its access address (2.2), which nothing but the CRC tells from a header:
    // extended advertising alone is sent there.
    private static bool IsCoded(ReadOnlySpan<byte> linkLayer)
    {
        const int header = AccessAddressLength + CodingIndicatorLength;
        if (linkLayer[AccessAddressLength] > LastCodingIndicator || linkLayer.Length < header + HeaderLength
            || (BtlePdu)(linkLayer[header] & 0x0F) is not (BtlePdu.AdvExtInd or BtlePdu.AuxConnectRsp))
        {
            return false;
        }
        int end = header + HeaderLength + linkLayer[header + 1];
        return linkLayer.Length >= end + CrcLength && BtleCrc.ComputeAdvertising(linkLayer[header..end]) == CrcAt(linkLayer, end);
    }

    private static uint CrcAt(ReadOnlySpan<byte> linkLayer, int at) => (uint)(linkLayer[at] | linkLayer[at + 1] << 8 | linkLayer[at + 2] << 16);

    private static void CheckCrc(ReadOnlySpan<byte> linkLayer, int pdu, int end, ref BtleAdvertisement a)
    {
        if (linkLayer.Length < end + CrcLength)
        {
            return;
        }
        a.HasCrc = true;
        if (BtleCrc.ComputeAdvertising(linkLayer[pdu..end]) != CrcAt(linkLayer, end))
        {
            a.Anomalies |= Anomalies.BluetoothCrcBad;
        }
    }

    private static ParseStatus Fault(ref BtleAdvertisement a)
    {
        a.Anomalies |= Anomalies.BluetoothMalformed;
        return ParseStatus.Malformed;
    }
}
