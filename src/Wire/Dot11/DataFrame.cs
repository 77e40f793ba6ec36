// IEEE Std 802.11-2020, clauses 9.3.2 (data frames), 9.2.4.5 (QoS control), 9.2.4.7.3 (mesh control).
using System.Buffers.Binary;
using KismetOrleans.Wire.Network;

namespace KismetOrleans.Wire.Dot11;

/// <summary>Reads what follows the three addresses of a data frame, up to the kind of its payload.</summary>
internal static class DataFrame
{
    /// <summary>HT control field (+HTC), clause 9.2.4.6.</summary>
    internal const int HtControlLength = 4;

    private const int AddressLength = 6;
    private const int QosControlLength = 2;

    private const int QosBit = 0x08;

    /// <summary>QoS control: the body is an A-MSDU.</summary>
    private const ushort AmsduBit = 0x0080;

    /// <summary>QoS control: mesh control is present (only in a mesh BSS; other stations use the bit otherwise).</summary>
    private const ushort MeshControlBit = 0x0100;

    /// <summary>Mesh flags (1), TTL (1) and sequence number (4).</summary>
    private const int MeshControlLength = 6;

    /// <summary>The IV with its key identifier byte.</summary>
    private const int IvLength = 4;

    /// <summary>Key identifier byte: an extended IV follows, so it is TKIP, CCMP or GCMP.</summary>
    private const byte ExtendedIvBit = 0x20;

    internal static ParseStatus Parse(ReadOnlySpan<byte> frame, ref Dot11Frame f)
    {
        int offset = Dot11Parser.HeaderLength;
        if (f.IsWds)
        {
            if (frame.Length < offset + AddressLength)
            {
                return Dot11Parser.TooShort(ref f);
            }
            f.Source = MacAddress.Read(frame[offset..]);
            offset += AddressLength;
        }
        bool isMesh = false;
        if (((int)f.Kind & QosBit) != 0)
        {
            if (frame.Length < offset + QosControlLength)
            {
                return Dot11Parser.TooShort(ref f);
            }
            ushort qos = BinaryPrimitives.ReadUInt16LittleEndian(frame[offset..]);
            f.IsAmsdu = (qos & AmsduBit) != 0 && !f.IsNull;
            isMesh = (qos & MeshControlBit) != 0 && (f.Flags & FrameFlags.FromDs) != 0;
            offset += QosControlLength;
            if ((f.Flags & FrameFlags.Order) != 0)
            {
                if (frame.Length < offset + HtControlLength)
                {
                    return Dot11Parser.TooShort(ref f);
                }
                offset += HtControlLength;
            }
        }
        if (isMesh && !f.IsProtected && !f.IsNull && f.Fragment == 0)
        {
            offset += MeshControl(frame[offset..]);
        }
        f.BodyOffset = (ushort)offset;
        f.BodyLength = frame.Length - offset;
        if (f.IsNull)
        {
            return ParseStatus.Ok;
        }
        if (f.IsProtected)
        {
            f.Cipher = CipherOf(frame[offset..]);
        }
        else if (f.Fragment == 0)
        {
            // Later fragments begin in the middle of a payload.
            ClassifyBody(frame, ref f);
        }
        return ParseStatus.Ok;
    }

    /// <summary>
    /// Length of the mesh control field; 0 where the bytes cannot be one: the flags have six reserved bits and address extension mode 3
    /// is reserved, which tells it from an LLC header behind an access point's use of the same QoS bit.
    /// </summary>
    private static int MeshControl(ReadOnlySpan<byte> body)
    {
        if (body.Length < MeshControlLength || body[0] > 2)
        {
            return 0;
        }
        int length = MeshControlLength + AddressLength * body[0];
        return length <= body.Length ? length : 0;
    }

    private static FrameCipher CipherOf(ReadOnlySpan<byte> body)
    {
        if (body.Length < IvLength)
        {
            return FrameCipher.Unknown;
        }
        return (body[3] & ExtendedIvBit) != 0 ? FrameCipher.Wpa : FrameCipher.Wep;
    }

    private static void ClassifyBody(ReadOnlySpan<byte> frame, ref Dot11Frame f)
    {
        if (!f.IsAmsdu)
        {
            Classify(frame, f.BodyOffset, f.BodyLength, ref f);
            return;
        }
        var reader = new AmsduReader(frame, f.BodyOffset);
        while (reader.TryRead(out int offset, out int length))
        {
            if (f.Payload == PayloadKind.None)
            {
                Classify(frame, offset, length, ref f);
            }
        }
        if (reader.IsBroken)
        {
            f.Anomalies |= f.IsCut ? Anomalies.FrameTruncated : Anomalies.AmsduMalformed;
        }
    }

    private static void Classify(ReadOnlySpan<byte> frame, int offset, int length, ref Dot11Frame f)
    {
        f.Payload = Llc.Classify(frame.Slice(offset, length));
        if (f.Payload != PayloadKind.None)
        {
            f.PayloadOffset = (ushort)(offset + Llc.Length);
            f.PayloadLength = length - Llc.Length;
        }
    }
}
