using KismetOrleans.Packets.Protocol;

namespace KismetOrleans.Capture.Edge.Spooling;

/// <summary>Where a spool is and how large it may become.</summary>
public sealed record SpoolOptions
{
    /// <summary>Octets of a spool unless told otherwise: an hour of a busy radio.</summary>
    public const long DefaultMaxOctets = 256L << 20;

    /// <summary>Octets that a spool must have: three segments of one longest batch each.</summary>
    public const long LeastMaxOctets = 4L << 20;

    // Of so many segments the oldest goes first: what is lost at once when the spool is full.
    private const int Segments = 64;
    private const long LeastSegment = 1 << 20;
    private const long MostSegment = 8 << 20;

    /// <summary>Its folder, of its own; made where there is none.</summary>
    public required string Folder { get; init; }

    /// <summary>Octets that it may take.</summary>
    public long MaxOctets { get; init; } = DefaultMaxOctets;

    /// <summary>Whether appending waits for room; otherwise the oldest batches make it.</summary>
    public bool Waits { get; init; }

    /// <summary>Whether each batch is on the disk, not only in the system's cache, before it counts as spooled.</summary>
    public bool Sync { get; init; }

    /// <summary>Octets after which a new segment is begun.</summary>
    public long SegmentOctets { get; init; }

    /// <summary>The segment size that is used.</summary>
    internal long EffectiveSegment => SegmentOctets > 0 ? SegmentOctets : Math.Clamp(MaxOctets / Segments, LeastSegment, MostSegment);

    /// <summary>Octets that any spool can hold in one batch beside its segment.</summary>
    internal static int LongestRecord => EdgeProtocol.MaxFrameOctets;
}
