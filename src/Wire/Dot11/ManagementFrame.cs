// IEEE Std 802.11-2020, clause 9.3.3: management frames; 9.4.1: their fixed fields.
using System.Buffers.Binary;
using System.Numerics;
using KismetOrleans.Wire.Hashing;

namespace KismetOrleans.Wire.Dot11;

/// <summary>Reads the fixed parameters of management frames and finds their elements.</summary>
internal static class ManagementFrame
{
    /// <summary>Authentication algorithms whose body goes on with elements: open system, shared key, fast transition. SAE and FILS put other fields first.</summary>
    private const ushort LastAlgorithmWithElements = 2;

    private const int ActionLength = 2;

    internal static ParseStatus Parse(ReadOnlySpan<byte> frame, ref Dot11Frame f)
    {
        int start = Dot11Parser.HeaderLength + ((f.Flags & FrameFlags.Order) != 0 ? DataFrame.HtControlLength : 0);
        if (frame.Length < start)
        {
            return Dot11Parser.TooShort(ref f);
        }
        f.BodyOffset = (ushort)start;
        f.BodyLength = frame.Length - start;
        if (f.IsProtected)
        {
            // Protected management frames (clause 12.5.3): what follows is a cipher's header, not a reason code.
            return ParseStatus.Ok;
        }
        int fixedLength = FixedLength(f.Kind);
        if (fixedLength < 0)
        {
            return ParseStatus.Ok;
        }
        if (frame.Length < start + fixedLength)
        {
            return Dot11Parser.TooShort(ref f);
        }
        if (!ReadFixed(frame[start..], ref f))
        {
            return ParseStatus.Ok;
        }
        int elements = start + fixedLength;
        f.ElementsOffset = (ushort)elements;
        if (elements < frame.Length)
        {
            f.ElementsHash = HashElements(frame[elements..], f.Kind == FrameKind.Beacon);
        }
        return ParseStatus.Ok;
    }

    /// <summary>Bytes of fixed parameters; −1 for frames of which nothing is read.</summary>
    private static int FixedLength(FrameKind kind) => kind switch
    {
        FrameKind.Beacon or FrameKind.ProbeResponse => 12,
        FrameKind.ProbeRequest => 0,
        FrameKind.AssociationRequest => 4,
        FrameKind.ReassociationRequest => 10,
        FrameKind.AssociationResponse or FrameKind.ReassociationResponse => 6,
        FrameKind.Authentication => 6,
        FrameKind.Deauthentication or FrameKind.Disassociation => 2,
        FrameKind.TimingAdvertisement => 10,
        FrameKind.Action or FrameKind.ActionNoAck => ActionLength,
        _ => -1,
    };

    /// <summary>Reads the fixed parameters; returns whether elements follow them.</summary>
    private static bool ReadFixed(ReadOnlySpan<byte> body, ref Dot11Frame f)
    {
        switch (f.Kind)
        {
            case FrameKind.Beacon:
            case FrameKind.ProbeResponse:
                f.Timestamp = BinaryPrimitives.ReadUInt64LittleEndian(body);
                f.Interval = BinaryPrimitives.ReadUInt16LittleEndian(body[8..]);
                f.Capabilities = BinaryPrimitives.ReadUInt16LittleEndian(body[10..]);
                return true;
            case FrameKind.ProbeRequest:
                return true;
            case FrameKind.AssociationRequest:
            case FrameKind.ReassociationRequest:
                f.Capabilities = BinaryPrimitives.ReadUInt16LittleEndian(body);
                f.Interval = BinaryPrimitives.ReadUInt16LittleEndian(body[2..]);
                return true;
            case FrameKind.AssociationResponse:
            case FrameKind.ReassociationResponse:
                f.Capabilities = BinaryPrimitives.ReadUInt16LittleEndian(body);
                f.Code = BinaryPrimitives.ReadUInt16LittleEndian(body[2..]);
                return true;
            case FrameKind.Authentication:
                f.Algorithm = BinaryPrimitives.ReadUInt16LittleEndian(body);
                f.Code = BinaryPrimitives.ReadUInt16LittleEndian(body[4..]);
                return f.Algorithm <= LastAlgorithmWithElements;
            case FrameKind.Deauthentication:
            case FrameKind.Disassociation:
                f.Code = BinaryPrimitives.ReadUInt16LittleEndian(body);
                return true;
            case FrameKind.TimingAdvertisement:
                f.Timestamp = BinaryPrimitives.ReadUInt64LittleEndian(body);
                f.Capabilities = BinaryPrimitives.ReadUInt16LittleEndian(body[8..]);
                return true;
            default:
                f.Algorithm = BinaryPrimitives.ReadUInt16BigEndian(body);
                return false;
        }
    }

    /// <summary>Hashes the elements before and after TIM (element 5), which changes with every beacon.</summary>
    internal static ulong HashElements(ReadOnlySpan<byte> elements, bool mayHaveTim)
    {
        if (mayHaveTim)
        {
            int offset = 0;
            while (offset + 2 <= elements.Length)
            {
                int end = offset + 2 + elements[offset + 1];
                if (end > elements.Length)
                {
                    break;
                }
                if (elements[offset] == ElementId.Tim)
                {
                    ulong before = FrameHash.Compute(elements[..offset]);
                    return BitOperations.RotateLeft(before, 17) * 0x9E37_79B9_7F4A_7C15 ^ FrameHash.Compute(elements[end..]) | 1;
                }
                offset = end;
            }
        }
        return FrameHash.Compute(elements);
    }
}
