using KismetOrleans.Wire;
using KismetOrleans.Wire.Dot11;

namespace KismetOrleans.Engine.Datasources;

/// <summary>Where a frame ends by its own lengths.</summary>
internal enum FrameEnd : byte
{
    /// <summary>It has nothing that tells.</summary>
    Unknown,

    /// <summary>With its last byte: there is no check sequence.</summary>
    Whole,

    /// <summary>Where a check sequence would begin.</summary>
    Before,

    /// <summary>Neither.</summary>
    Elsewhere,
}

/// <summary>Tells of management frames, whose elements have lengths, where they end.</summary>
internal static class FrameEnds
{
    /// <summary>Looks at a frame.</summary>
    /// <param name="frame">The frame with all that stands behind it.</param>
    /// <param name="fcsLength">Bytes that a check sequence would have.</param>
    public static FrameEnd Of(ReadOnlySpan<byte> frame, int fcsLength)
    {
        if (Dot11Parser.TryParse(frame, cut: false, out Dot11Frame f) != ParseStatus.Ok || f.ElementsOffset == 0)
        {
            return FrameEnd.Unknown;
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
}
