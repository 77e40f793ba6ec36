// IEEE Std 802.11-2020, clause 9.3.2: data frames; 12.3.2 (WEP), 12.5.2 (TKIP), 12.5.3 (CCMP): what stands before and after ciphertext.
using KismetOrleans.Wire;
using KismetOrleans.Wire.Dot11;

namespace KismetOrleans.SampleGenerator;

/// <summary>Addresses and header fields of a data frame.</summary>
/// <param name="Bssid">The BSSID.</param>
/// <param name="Source">SA.</param>
/// <param name="Destination">DA.</param>
public sealed record DataHeader(MacAddress Bssid, MacAddress Source, MacAddress Destination)
{
    /// <summary>Kind: data, QoS data, null or QoS null.</summary>
    public FrameKind Kind { get; init; } = FrameKind.QosData;

    /// <summary>DS bits and others.</summary>
    public FrameFlags Flags { get; init; }

    /// <summary>Sequence number.</summary>
    public ushort Sequence { get; init; }

    /// <summary>Fragment number.</summary>
    public byte Fragment { get; init; }

    /// <summary>QoS control: traffic identifier in the low bits, 0x80 for an A-MSDU, 0x100 for a mesh control field.</summary>
    public ushort Qos { get; init; }

    /// <summary>RA of a frame with four addresses.</summary>
    public MacAddress Receiver { get; init; }

    /// <summary>TA of a frame with four addresses.</summary>
    public MacAddress Transmitter { get; init; }
}

/// <summary>Data frames.</summary>
public static class DataFrames
{
    /// <summary>A data frame: the four ways of table 9-30, by the DS bits of <see cref="DataHeader.Flags"/>.</summary>
    public static byte[] Build(DataHeader header, ReadOnlySpan<byte> body)
    {
        bool toDs = (header.Flags & FrameFlags.ToDs) != 0, fromDs = (header.Flags & FrameFlags.FromDs) != 0;
        (MacAddress first, MacAddress second, MacAddress third) = (toDs, fromDs) switch
        {
            (true, true) => (header.Receiver, header.Transmitter, header.Destination),
            (true, false) => (header.Bssid, header.Source, header.Destination),
            (false, true) => (header.Destination, header.Bssid, header.Source),
            _ => (header.Destination, header.Source, header.Bssid),
        };
        FrameBuilder frame = new FrameBuilder().FrameControl((byte)header.Kind, header.Flags).U16(first.IsGroup ? (ushort)0 : (ushort)48)
            .Address(first).Address(second).Address(third).SequenceControl(header.Sequence, header.Fragment);
        if (toDs && fromDs)
        {
            frame.Address(header.Source);
        }
        if (((byte)header.Kind & 0x08) != 0)
        {
            frame.U16(header.Qos);
        }
        return frame.Raw(body).ToArray();
    }

    /// <summary>A-MSDU body (9.3.2.2.2): subframes of DA, SA, length (big-endian) and payload, all
    /// but the last padded to four bytes.</summary>
    public static byte[] Amsdu(params (MacAddress Destination, MacAddress Source, byte[] Payload)[] subframes)
    {
        var body = new FrameBuilder();
        foreach ((MacAddress destination, MacAddress source, byte[] payload) in subframes)
        {
            body.Align(4).Address(destination).Address(source).U16Big((ushort)payload.Length).Raw(payload);
        }
        return body.ToArray();
    }

    /// <summary>Mesh control field (9.2.4.7.3) without address extension.</summary>
    public static byte[] MeshControl(byte timeToLive, uint sequence) => new FrameBuilder().U8(0).U8(timeToLive).U32(sequence).ToArray();

    /// <summary>A body as it looks encrypted: the header of the cipher, random bytes, and its trailer.</summary>
    /// <param name="cipher">The cipher; <see cref="DataCipher.None"/> is not possible.</param>
    /// <param name="packetNumber">Packet number (CCMP), sequence counter (TKIP) or initialisation vector (WEP).</param>
    /// <param name="length">Bytes of the payload.</param>
    /// <param name="dice">Makes the ciphertext.</param>
    /// <param name="key">Key number, 0 for the pairwise key.</param>
    public static byte[] Encrypted(DataCipher cipher, ulong packetNumber, int length, Dice dice, byte key = 0)
    {
        const byte ExtendedIv = 0x20;
        byte id = (byte)(key << 6);
        byte low = (byte)packetNumber, high = (byte)(packetNumber >> 8);
        var body = new FrameBuilder();
        switch (cipher)
        {
            case DataCipher.Wep:
                return body.U8(low).U8(high).U8((byte)(packetNumber >> 16)).U8(id).Raw(dice.Bytes(length + 4)).ToArray();
            case DataCipher.Tkip:
                body.U8(high).U8((byte)((high | 0x20) & 0x7F)).U8(low).U8((byte)(id | ExtendedIv)).U32((uint)(packetNumber >> 16));
                return body.Raw(dice.Bytes(length + 12)).ToArray();
            case DataCipher.Ccmp:
                body.U8(low).U8(high).U8(0).U8((byte)(id | ExtendedIv)).U32((uint)(packetNumber >> 16));
                return body.Raw(dice.Bytes(length + 8)).ToArray();
            default:
                throw new ArgumentOutOfRangeException(nameof(cipher), cipher, "no cipher");
        }
    }
}
