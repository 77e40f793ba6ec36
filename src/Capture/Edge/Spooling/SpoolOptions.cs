using KismetOrleans.Packets.Protocol;

namespace KismetOrleans.Capture.Edge.Spooling;

/// <summary>Where a spool is and how large it may become.</summary>
public sealed record SpoolOptions
{
    /// <summary>Bytes of a spool unless told otherwise: an hour of a busy radio.</summary>
    internal const long DefaultMaxBytes = 256L << 20;

    /// <summary>Bytes that a spool must have: three segments of one longest batch each.</summary>
    internal const long LeastMaxBytes = Packets.Protocol.Profile.LeastSpoolBytes;

    // Of so many segments the oldest goes first: what is lost at once when the spool is full.
    private const int Segments = 64;
    private const long LeastSegment = 1 << 20;
    private const long MostSegment = 8 << 20;

    /// <summary>Its folder, of its own; made where there is none.</summary>
    public required string Folder { get; init; }

    /// <summary>Bytes that it may take.</summary>
    public long MaxBytes { get; init; } = DefaultMaxBytes;

    /// <summary>Whether appending waits for room; otherwise the oldest batches make it.</summary>
    public bool Waits { get; init; }

    /// <summary>Whether each batch is on the disk, not only in the system's cache, before it counts as spooled.</summary>
    public bool Sync { get; init; }

    /// <summary>Bytes after which a new segment is begun.</summary>
    public long SegmentBytes { get; init; }

    /// <summary>The segment size that is used.</summary>
    internal long EffectiveSegment => SegmentBytes > 0 ? SegmentBytes : Math.Clamp(MaxBytes / Segments, LeastSegment, MostSegment);

    /// <summary>Bytes that any spool can hold in one batch beside its segment.</summary>
    internal static int LongestRecord => EdgeProtocol.MaxFrameBytes;
}
