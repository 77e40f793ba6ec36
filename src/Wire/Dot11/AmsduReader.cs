// IEEE Std 802.11-2020, clause 9.3.2.2.2: basic A-MSDU subframe format.
using System.Buffers.Binary;

namespace KismetOrleans.Wire.Dot11;

/// <summary>Walks over the subframes of an A-MSDU: destination, source, length, MSDU, padding to four bytes.</summary>
public ref struct AmsduReader(ReadOnlySpan<byte> frame, int offset)
{
    /// <summary>Destination, source and length in front of an MSDU.</summary>
    public const int SubframeHeaderLength = 14;

    private const int LengthOffset = 12;

    private readonly ReadOnlySpan<byte> _frame = frame;
    private int _next = offset;

    /// <summary>After the walk: a subframe ran past the end of the frame.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Steps to the next subframe; <paramref name="offset"/> is where its MSDU begins in the frame.</summary>
    public bool TryRead(out int offset, out int length)
    {
        offset = 0;
        length = 0;
        if (_next >= _frame.Length || IsBroken)
        {
            return false;
        }
        if (_next + SubframeHeaderLength > _frame.Length)
        {
            IsBroken = true;
            return false;
        }
        offset = _next + SubframeHeaderLength;
        length = BinaryPrimitives.ReadUInt16BigEndian(_frame[(_next + LengthOffset)..]);
        if (offset + length > _frame.Length)
        {
            // What is there may still tell its kind.
            IsBroken = true;
            length = _frame.Length - offset;
            return true;
        }
        _next = offset + (length + SubframeHeaderLength + 3 & ~3) - SubframeHeaderLength;
        return true;
    }
}
