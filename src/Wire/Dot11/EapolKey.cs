// IEEE Std 802.11-2020, clause 12.7.2: EAPOL-Key frames; 12.7.6: the 4-way handshake. IEEE Std 802.1X-2020, clause 11.3: EAPOL header.
using System.Buffers.Binary;

namespace KismetOrleans.Wire.Dot11;

/// <summary>Bits of the key information field (figure 12-33).</summary>
[Flags]
public enum KeyInformation : ushort
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Pairwise key; otherwise a group key.</summary>
    Pairwise = 0x0008,

    /// <summary>Install the key.</summary>
    Install = 0x0040,

    /// <summary>An answer is wanted.</summary>
    Ack = 0x0080,

    /// <summary>The frame has a message integrity code.</summary>
    Mic = 0x0100,

    /// <summary>Both sides have the pairwise key.</summary>
    Secure = 0x0200,

    /// <summary>A station reports an error.</summary>
    Error = 0x0400,

    /// <summary>A station asks for a handshake.</summary>
    Request = 0x0800,

    /// <summary>The key data are encrypted.</summary>
    EncryptedData = 0x1000,
}

/// <summary>One EAPOL-Key frame. Slices point into the 802.11 frame.</summary>
public struct EapolKey
{
    /// <summary>Version, type and length of the EAPOL packet.</summary>
    private const int EapolHeaderLength = 4;

    /// <summary>Descriptor up to the MIC.</summary>
    private const int MicOffset = 77;

    /// <summary>Bytes of the field that holds the length of the key data.</summary>
    private const int LengthLength = 2;

    /// <summary>Most AKM suites have a MIC of 16 bytes, those with SHA-384 one of 24, FILS none (table 12-10). The frame does not say which.</summary>
    private const byte UsualMic = 16, LongMic = 24, NoMic = 0;

    private const int NonceLength = 32;
    private const byte DescriptorRsn = 2;
    private const byte DescriptorWpa = 254;

    /// <summary>Vendor-specific key data encapsulation: identifier, length, OUI and data type.</summary>
    private const byte KdeId = 0xDD;
    private const uint KdePmkid = 0x000FAC04;
    private const int PmkidLength = 16;

    /// <summary>Number of the handshake's message, 1–4; 0 where the bits fit none.</summary>
    public byte Message;

    /// <summary>Descriptor type: 2 for RSN, 254 for WPA.</summary>
    public byte DescriptorType;

    /// <summary>Key information.</summary>
    public KeyInformation Information;

    /// <summary>Bytes that the EAPOL header claims after itself.</summary>
    public ushort PacketLength;

    /// <summary>Replay counter.</summary>
    public ulong ReplayCounter;

    /// <summary>Bytes of key data, as claimed.</summary>
    public ushort KeyDataLength;

    /// <summary>Nonce, 32 bytes.</summary>
    public Slice Nonce;

    /// <summary>Message integrity code: 16 bytes, 24 or none, whichever the lengths fit.</summary>
    public Slice Mic;

    /// <summary>Key data, as far as they were captured.</summary>
    public Slice KeyData;

    /// <summary>PMKID of a plain key data encapsulation (00:0F:AC, type 4), 16 bytes or empty.</summary>
    public Slice Pmkid;

    /// <summary>1 from the distribution system, 2 to it, 0 otherwise, as the API prints it.</summary>
    public byte Direction;

    /// <summary>What was wrong.</summary>
    public Anomalies Anomalies;

    /// <summary>Version of the key descriptor: 1 is MD5 and RC4, 2 SHA-1 and AES, 3 CMAC and AES, 0 as the AKM suite says.</summary>
    public readonly int DescriptorVersion => (int)Information & 0x07;

    /// <summary>Whether the key shall be installed.</summary>
    public readonly bool Install => (Information & KeyInformation.Install) != 0;

    /// <summary>Whether it is about a pairwise key.</summary>
    public readonly bool IsPairwise => (Information & KeyInformation.Pairwise) != 0;

    /// <summary>Parses the EAPOL-Key frame in <paramref name="frame"/>.</summary>
    /// <param name="frame">The 802.11 frame.</param>
    /// <param name="f">Its header, whose <see cref="Dot11Frame.Payload"/> says <see cref="PayloadKind.EapolKey"/>.</param>
    /// <param name="key">What was found.</param>
    /// <returns>
    /// <see cref="ParseStatus.Unsupported"/> for other payloads and descriptor types; otherwise what was read before a fault is kept.
    /// </returns>
    public static ParseStatus TryParse(ReadOnlySpan<byte> frame, in Dot11Frame f, out EapolKey key)
    {
        key = default;
        if (f.Payload != PayloadKind.EapolKey || f.PayloadOffset + f.PayloadLength > frame.Length)
        {
            return ParseStatus.Unsupported;
        }
        int start = f.PayloadOffset + EapolHeaderLength;
        ReadOnlySpan<byte> packet = frame.Slice(f.PayloadOffset, f.PayloadLength);
        if (packet.Length < EapolHeaderLength + MicOffset + LengthLength)
        {
            return TooShort(in f, ref key);
        }
        key.PacketLength = BinaryPrimitives.ReadUInt16BigEndian(packet[2..]);
        ReadOnlySpan<byte> descriptor = packet[EapolHeaderLength..];
        key.DescriptorType = descriptor[0];
        if (key.DescriptorType is not (DescriptorRsn or DescriptorWpa))
        {
            return ParseStatus.Unsupported;
        }
        key.Information = (KeyInformation)BinaryPrimitives.ReadUInt16BigEndian(descriptor[1..]);
        key.ReplayCounter = BinaryPrimitives.ReadUInt64BigEndian(descriptor[5..]);
        key.Nonce = new Slice((ushort)(start + 13), NonceLength);
        key.Direction = (byte)(f.IsFromDs ? 1 : f.IsToDs ? 2 : 0);
        int micLength = MicLengthOf(descriptor, key.PacketLength);
        int dataOffset = MicOffset + micLength + LengthLength;
        if (descriptor.Length < dataOffset)
        {
            return TooShort(in f, ref key);
        }
        key.Mic = new Slice((ushort)(start + MicOffset), (ushort)micLength);
        key.KeyDataLength = BinaryPrimitives.ReadUInt16BigEndian(descriptor[(MicOffset + micLength)..]);
        key.Message = MessageOf(key.Information, key.KeyDataLength);
        int available = Math.Min(key.KeyDataLength, descriptor.Length - dataOffset);
        key.KeyData = new Slice((ushort)(start + dataOffset), (ushort)available);
        if ((key.Information & KeyInformation.EncryptedData) == 0)
        {
            key.Pmkid = FindPmkid(frame, key.KeyData);
        }
        if (available < key.KeyDataLength)
        {
            return TooShort(in f, ref key);
        }
        if (key.PacketLength < dataOffset + key.KeyDataLength)
        {
            key.Anomalies |= Anomalies.EapolMalformed;
            return ParseStatus.Malformed;
        }
        return ParseStatus.Ok;
    }

    private static ParseStatus TooShort(in Dot11Frame f, ref EapolKey key)
    {
        if (f.IsCut)
        {
            return ParseStatus.Truncated;
        }
        key.Anomalies |= Anomalies.EapolMalformed;
        return ParseStatus.Malformed;
    }

    /// <summary>The MIC length with which the key data end where the packet does; the usual one where none fits.</summary>
    private static int MicLengthOf(ReadOnlySpan<byte> descriptor, int packetLength)
    {
        foreach (byte length in (ReadOnlySpan<byte>)[UsualMic, LongMic, NoMic])
        {
            int dataOffset = MicOffset + length + LengthLength;
            if (dataOffset <= descriptor.Length
                && dataOffset + BinaryPrimitives.ReadUInt16BigEndian(descriptor[(MicOffset + length)..]) == packetLength)
            {
                return length;
            }
        }
        return UsualMic;
    }

    private static byte MessageOf(KeyInformation information, ushort keyDataLength) =>
        (information & (KeyInformation.Ack | KeyInformation.Mic)) switch
        {
            KeyInformation.Ack when (information & KeyInformation.Install) == 0 => 1,
            KeyInformation.Mic when (information & KeyInformation.Install) == 0 => (byte)(keyDataLength > 0 ? 2 : 4),
            KeyInformation.Ack | KeyInformation.Mic => 3,
            _ => 0,
        };

    private static Slice FindPmkid(ReadOnlySpan<byte> frame, Slice keyData)
    {
        int at = keyData.Offset;
        int end = keyData.Offset + keyData.Length;
        while (at + 2 <= end && at + 2 + frame[at + 1] <= end)
        {
            int length = frame[at + 1];
            if (frame[at] == KdeId && length >= 4 + PmkidLength && BinaryPrimitives.ReadUInt32BigEndian(frame[(at + 2)..]) == KdePmkid)
            {
                return new Slice((ushort)(at + 6), PmkidLength);
            }
            at += 2 + length;
        }
        return default;
    }
}
