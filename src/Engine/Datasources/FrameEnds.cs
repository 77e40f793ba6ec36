using System.Buffers.Binary;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Dot11;
using KismetOrleans.Wire.Ieee802154;

namespace KismetOrleans.Engine.Datasources;

internal enum FrameEnd : byte
{
    /// <summary>It has nothing that tells.</summary>
    Unknown,

    /// <summary>With its last byte: there is no check sequence.</summary>
    Whole,

    /// <summary>Where a check sequence would begin.</summary>
    Before,

    Elsewhere,
}

/// <summary>Tells where frames end that have lengths of their own: elements, control frames, EAPOL, commands of 802.15.4.</summary>
internal static class FrameEnds
{
    /// <summary>Looks at a frame.</summary>
    /// <param name="frame">The frame with all that stands behind it.</param>
    /// <param name="fcsLength">Bytes that a check sequence would have.</param>
    public static FrameEnd Of(ReadOnlySpan<byte> frame, int fcsLength)
    {
        if (Dot11Parser.TryParse(frame, cut: false, out Dot11Frame f) != ParseStatus.Ok)
        {
            return FrameEnd.Unknown;
        }
        if (f.ElementsOffset == 0)
        {
            return At(frame.Length, LengthOf(frame, f));
        }
        int at = f.ElementsOffset;
        int before = frame.Length - fcsLength;
        bool endsBefore = at == before;
        while (at + 2 <= frame.Length && at + 2 + frame[at + 1] <= frame.Length)
        {
            at += 2 + frame[at + 1];
            endsBefore |= at == before;
        }
        // Four bytes at the end may be an element or look like one.
        bool endsWhole = at == frame.Length;
        return endsWhole && endsBefore ? FrameEnd.Unknown : endsWhole ? FrameEnd.Whole : endsBefore ? FrameEnd.Before : FrameEnd.Elsewhere;
    }

    /// <summary>Looks at a frame of 802.15.4.</summary>
    /// <param name="frame">The frame with all that stands behind it.</param>
    /// <param name="isSound">Whether it has a header as it ought to be.</param>
    public static FrameEnd OfIeee802154(ReadOnlySpan<byte> frame, out bool isSound)
    {
        isSound = Ieee802154Parser.TryParse(frame, isCut: false, out Ieee802154Frame f) == ParseStatus.Ok;
        return isSound ? At(frame.Length, LengthOf(frame, f)) : FrameEnd.Unknown;
    }

    // A damaged frame of such a length has its sequence behind it, too: that shows nothing.
    private static FrameEnd At(int length, int own) => length == own ? FrameEnd.Whole : FrameEnd.Unknown;

    // IEEE Std 802.11-2020, 9.3.1: control frames, by their kind; 9.3.2.1: data frames without data; IEEE Std 802.1X-2010, 11.3: EAPOL. 0 where nothing tells.
    private static int LengthOf(ReadOnlySpan<byte> frame, in Dot11Frame f)
    {
        const byte psPoll = 0x1A, rts = 0x1B, cts = 0x1C, ack = 0x1D, cfEnd = 0x1E;
        const int oneAddress = 10, twoAddresses = 16, eapolHeader = 4;
        switch ((byte)f.Kind)
        {
            case cts or ack:
                return oneAddress;
            case psPoll or rts or cfEnd:
                return twoAddresses;
            case var _ when f.IsNull:
                return f.BodyOffset;
        }
        bool isEapol = f.Payload is PayloadKind.Eapol or PayloadKind.EapolKey && f.PayloadOffset + eapolHeader <= frame.Length;
        return isEapol ? f.PayloadOffset + eapolHeader + BinaryPrimitives.ReadUInt16BigEndian(frame[(f.PayloadOffset + 2)..]) : 0;
    }

    // IEEE Std 802.15.4-2020, 7.3.3: an acknowledgement is its header and no more; 7.5: commands. 0 where nothing tells.
    private static int LengthOf(ReadOnlySpan<byte> frame, in Ieee802154Frame f)
    {
        if (f.IsSecured)
        {
            return 0;
        }
        if (f.Type == Ieee802154Type.Acknowledgment && f.SourceMode == Ieee802154AddressMode.None && f.DestinationMode == Ieee802154AddressMode.None)
        {
            return f.PayloadOffset;
        }
        if (f.Type != Ieee802154Type.Command || f.PayloadOffset >= frame.Length)
        {
            return 0;
        }
        // Association request and response, disassociation, then those that are their number alone; others differ by version.
        int command = frame[f.PayloadOffset] switch { 1 or 3 => 2, 2 => 4, 4 or 5 or 6 or 7 => 1, _ => 0 };
        return command == 0 ? 0 : f.PayloadOffset + command;
    }
}
