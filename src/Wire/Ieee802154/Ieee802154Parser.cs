// IEEE Std 802.15.4-2020, clause 7.2: general MAC frame format; 7.3.5: multipurpose frames; 9.4: auxiliary security header; 7.4.2: header IEs.
using System.Buffers.Binary;

namespace KismetOrleans.Wire.Ieee802154;

/// <summary>Reads MAC headers of 802.15.4.</summary>
public static class Ieee802154Parser
{
    private const int ShortLength = 2;
    private const int ExtendedLength = 8;

    /// <summary>Frames of 2015 and later: PAN identifiers and header elements by other rules.</summary>
    private const byte Version2015 = 2;

    /// <summary>Termination of header elements: payload elements (0x7E) or payload (0x7F) follow.</summary>
    private const int HeaderTermination1 = 0x7E, HeaderTermination2 = 0x7F;

    /// <summary>Parses a frame.</summary>
    /// <param name="frame">From the frame control field on, without check sequence.</param>
    /// <param name="isCut">Whether the capture cut it (snap length).</param>
    /// <param name="f">What was found. The addresses count unless the outcome is <see cref="ParseStatus.Malformed"/> or <see cref="ParseStatus.Truncated"/>.</param>
    /// <returns>
    /// <see cref="ParseStatus.Unsupported"/> for fragments, extended and reserved types, and versions that nobody has described.
    /// </returns>
    public static ParseStatus TryParse(ReadOnlySpan<byte> frame, bool isCut, out Ieee802154Frame f)
    {
        f = default;
        f.DestinationPan = f.SourcePan = Ieee802154Frame.Broadcast;
        if (frame.IsEmpty)
        {
            return Short(isCut, ref f);
        }
        f.Type = (Ieee802154Type)(frame[0] & 7);
        return f.Type switch
        {
            Ieee802154Type.Multipurpose => ReadMultipurpose(frame, isCut, ref f),
            Ieee802154Type.Beacon or Ieee802154Type.Data or Ieee802154Type.Acknowledgment or Ieee802154Type.Command => ReadGeneral(frame, isCut, ref f),
            _ => ParseStatus.Unsupported,
        };
    }

    /// <summary>The short address that an association response (clause 7.5.3) gives its receiver; null in other frames, and where the association failed.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="f">Its header.</param>
    public static ushort? AssignedAddress(ReadOnlySpan<byte> frame, in Ieee802154Frame f)
    {
        // Command identifier, short address, status.
        const int length = 4;
        const byte response = 0x02, success = 0;
        if (f.Type != Ieee802154Type.Command || f.IsEncrypted || frame.Length < f.PayloadOffset + length)
        {
            return null;
        }
        ReadOnlySpan<byte> command = frame[f.PayloadOffset..];
        ushort address = BinaryPrimitives.ReadUInt16LittleEndian(command[1..]);
        return command[0] == response && command[3] == success && address is not (Ieee802154Frame.Broadcast or Ieee802154Frame.NoShortAddress) ? address : null;
    }

    private static ParseStatus ReadGeneral(ReadOnlySpan<byte> frame, bool isCut, ref Ieee802154Frame f)
    {
        const int control = 2;
        if (frame.Length < control)
        {
            return Short(isCut, ref f);
        }
        ushort bits = BinaryPrimitives.ReadUInt16LittleEndian(frame);
        f.IsSecured = (bits & 0x0008) != 0;
        bool compressed = (bits & 0x0040) != 0;
        bool hasSequence = (bits & 0x0100) == 0;
        bool hasElements = (bits & 0x0200) != 0;
        f.DestinationMode = (Ieee802154AddressMode)((bits >> 10) & 3);
        f.Version = (byte)((bits >> 12) & 3);
        f.SourceMode = (Ieee802154AddressMode)(bits >> 14);
        if (f.Version > Version2015)
        {
            f.Anomalies |= Anomalies.FrameVersionUnknown;
            return ParseStatus.Unsupported;
        }
        if (f.DestinationMode == Ieee802154AddressMode.Reserved || f.SourceMode == Ieee802154AddressMode.Reserved)
        {
            return Malformed(ref f);
        }
        if (f.Version < Version2015)
        {
            // Reserved bits of these versions.
            hasSequence = true;
            hasElements = false;
        }
        if (!HasPans(f, compressed, out bool destinationPan, out bool sourcePan))
        {
            return Malformed(ref f);
        }
        return ReadFields(frame, control, hasSequence, destinationPan, sourcePan, hasElements, isCut, ref f);
    }

    // One or two bytes of control; a network only where a bit says so.
    private static ParseStatus ReadMultipurpose(ReadOnlySpan<byte> frame, bool isCut, ref Ieee802154Frame f)
    {
        const byte isLong = 0x08;
        int control = (frame[0] & isLong) != 0 ? 2 : 1;
        if (frame.Length < control)
        {
            return Short(isCut, ref f);
        }
        f.Version = Version2015;
        f.DestinationMode = (Ieee802154AddressMode)((frame[0] >> 4) & 3);
        f.SourceMode = (Ieee802154AddressMode)(frame[0] >> 6);
        byte more = control == 2 ? frame[1] : (byte)0;
        if ((more & 0x30) != 0)
        {
            f.Anomalies |= Anomalies.FrameVersionUnknown;
            return ParseStatus.Unsupported;
        }
        if (f.DestinationMode == Ieee802154AddressMode.Reserved || f.SourceMode == Ieee802154AddressMode.Reserved)
        {
            return Malformed(ref f);
        }
        f.IsSecured = (more & 0x02) != 0;
        return ReadFields(frame, control, (more & 0x04) == 0, (more & 0x01) != 0, false, (more & 0x80) != 0, isCut, ref f);
    }

    // Which networks a frame names (clause 7.2.2.6, table 7-2).
    private static bool HasPans(in Ieee802154Frame f, bool compressed, out bool destination, out bool source)
    {
        bool to = f.DestinationMode != Ieee802154AddressMode.None;
        bool from = f.SourceMode != Ieee802154AddressMode.None;
        if (f.Version < Version2015)
        {
            destination = to;
            source = from && !(compressed && to);
            // With one address there is nothing to leave out.
            return !compressed || (to && from);
        }
        bool bothExtended = f is { DestinationMode: Ieee802154AddressMode.Extended, SourceMode: Ieee802154AddressMode.Extended };
        (destination, source) = (to, from) switch
        {
            (false, false) => (compressed, false),
            (true, false) => (!compressed, false),
            (false, true) => (false, !compressed),
            _ when bothExtended => (!compressed, false),
            _ => (true, !compressed),
        };
        return true;
    }

    private static ParseStatus ReadFields(
        ReadOnlySpan<byte> frame, int at, bool hasSequence, bool destinationPan, bool sourcePan, bool hasElements, bool isCut, ref Ieee802154Frame f)
    {
        int addresses = (hasSequence ? 1 : 0) + (destinationPan ? ShortLength : 0) + LengthOf(f.DestinationMode) + (sourcePan ? ShortLength : 0) + LengthOf(f.SourceMode);
        if (frame.Length < at + addresses)
        {
            return Short(isCut, ref f);
        }
        if (hasSequence)
        {
            f.Sequence = frame[at++];
        }
        if (destinationPan)
        {
            f.DestinationPan = f.SourcePan = BinaryPrimitives.ReadUInt16LittleEndian(frame[at..]);
            at += ShortLength;
        }
        f.DestinationAddress = ReadAddress(frame, f.DestinationMode, ref at);
        if (sourcePan)
        {
            f.SourcePan = BinaryPrimitives.ReadUInt16LittleEndian(frame[at..]);
            at += ShortLength;
        }
        f.SourceAddress = ReadAddress(frame, f.SourceMode, ref at);
        if (f.IsSecured && !TrySkipSecurity(frame, ref at, ref f))
        {
            return Short(isCut, ref f);
        }
        if (hasElements && !TrySkipElements(frame, ref at))
        {
            return Short(isCut, ref f);
        }
        f.PayloadOffset = at;
        return ParseStatus.Ok;
    }

    private static int LengthOf(Ieee802154AddressMode mode) => mode switch
    {
        Ieee802154AddressMode.Short => ShortLength,
        Ieee802154AddressMode.Extended => ExtendedLength,
        _ => 0,
    };

    private static ulong ReadAddress(ReadOnlySpan<byte> frame, Ieee802154AddressMode mode, ref int at)
    {
        switch (mode)
        {
            case Ieee802154AddressMode.Short:
                at += ShortLength;
                return BinaryPrimitives.ReadUInt16LittleEndian(frame[(at - ShortLength)..]);
            case Ieee802154AddressMode.Extended:
                at += ExtendedLength;
                return BinaryPrimitives.ReadUInt64LittleEndian(frame[(at - ExtendedLength)..]);
            default:
                return 0;
        }
    }

    // Control, frame counter unless it is suppressed, key identifier of 0, 1, 5 or 9 bytes.
    private static bool TrySkipSecurity(ReadOnlySpan<byte> frame, ref int at, ref Ieee802154Frame f)
    {
        const int counterLength = 4, encryptedFrom = 4;
        if (at >= frame.Length)
        {
            return false;
        }
        byte control = frame[at];
        bool hasCounter = f.Version < Version2015 || (control & 0x20) == 0;
        int key = ((control >> 3) & 3) switch { 0 => 0, 1 => 1, 2 => 5, _ => 9 };
        f.IsEncrypted = (control & 7) >= encryptedFrom;
        at += 1 + (hasCounter ? counterLength : 0) + key;
        return at <= frame.Length;
    }

    // Descriptors of two bytes: length in bits 0–6, identifier in bits 7–14; the last one may be a termination.
    private static bool TrySkipElements(ReadOnlySpan<byte> frame, ref int at)
    {
        const int descriptor = 2;
        while (at < frame.Length)
        {
            if (at + descriptor > frame.Length)
            {
                return false;
            }
            ushort bits = BinaryPrimitives.ReadUInt16LittleEndian(frame[at..]);
            int id = (bits >> 7) & 0xFF;
            at += descriptor;
            if (id is HeaderTermination1 or HeaderTermination2)
            {
                return true;
            }
            at += bits & 0x7F;
        }
        return at == frame.Length;
    }

    private static ParseStatus Short(bool isCut, ref Ieee802154Frame f)
    {
        f.Anomalies |= isCut ? Anomalies.FrameTruncated : Anomalies.FrameMalformed;
        return isCut ? ParseStatus.Truncated : ParseStatus.Malformed;
    }

    private static ParseStatus Malformed(ref Ieee802154Frame f)
    {
        f.Anomalies |= Anomalies.FrameMalformed;
        return ParseStatus.Malformed;
    }
}
