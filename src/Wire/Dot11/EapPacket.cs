// RFC 3748, section 4: EAP packets, in EAPOL packets of type 0 (IEEE Std 802.1X-2020, clause 11.3.2).
using System.Buffers.Binary;

namespace KismetOrleans.Wire.Dot11;

/// <summary>One EAP packet. Slices point into the 802.11 frame.</summary>
public struct EapPacket
{
    /// <summary>EAP codes that are looked for by name.</summary>
    public const byte Request = 1, Response = 2, Success = 3, Failure = 4;

    /// <summary>EAP types that are looked for by name.</summary>
    public const byte TypeIdentity = 1, TypeTls = 13, TypeLeap = 17, TypeTtls = 21, TypePeap = 25, TypeExpanded = 254;

    private const int EapolHeaderLength = 4;
    private const byte EapolTypePacket = 0;

    private const int HeaderLength = 4;

    /// <summary>Code.</summary>
    public byte Code;

    /// <summary>Identifier, equal in a request and its response.</summary>
    public byte Identifier;

    /// <summary>Type, 0 in success and failure.</summary>
    public byte Type;

    /// <summary>What follows the type, as far as it was captured.</summary>
    public Slice Data;

    /// <summary>The identity that a response of type 1 tells; empty otherwise.</summary>
    public readonly Slice Identity => Code == Response && Type == TypeIdentity ? Data : default;

    /// <summary>Parses the EAP packet in <paramref name="frame"/>, whose <see cref="Dot11Frame.Payload"/> says <see cref="PayloadKind.Eapol"/>.</summary>
    /// <param name="frame">The 802.11 frame.</param>
    /// <param name="f">Its header.</param>
    /// <param name="eap">What was found.</param>
    /// <returns><see cref="ParseStatus.Unsupported"/> for other payloads (EAPOL start and logoff are no EAP).</returns>
    public static ParseStatus TryParse(ReadOnlySpan<byte> frame, in Dot11Frame f, out EapPacket eap)
    {
        eap = default;
        if (f.Payload != PayloadKind.Eapol || f.PayloadOffset + f.PayloadLength > frame.Length)
        {
            return ParseStatus.Unsupported;
        }
        ReadOnlySpan<byte> packet = frame.Slice(f.PayloadOffset, f.PayloadLength);
        if (packet.Length < EapolHeaderLength)
        {
            return TooShort(in f);
        }
        if (packet[1] != EapolTypePacket)
        {
            return ParseStatus.Unsupported;
        }
        packet = packet[EapolHeaderLength..];
        if (packet.Length < HeaderLength)
        {
            return TooShort(in f);
        }
        eap.Code = packet[0];
        eap.Identifier = packet[1];
        int length = BinaryPrimitives.ReadUInt16BigEndian(packet[2..]);
        if (length < HeaderLength)
        {
            return ParseStatus.Malformed;
        }
        int available = Math.Min(length, packet.Length);
        if (available > HeaderLength)
        {
            eap.Type = packet[HeaderLength];
            int start = f.PayloadOffset + EapolHeaderLength + HeaderLength + 1;
            eap.Data = new Slice((ushort)start, (ushort)(available - HeaderLength - 1));
        }
        return available < length ? TooShort(in f) : ParseStatus.Ok;
    }

    private static ParseStatus TooShort(in Dot11Frame f) => f.IsCut ? ParseStatus.Truncated : ParseStatus.Malformed;
}
