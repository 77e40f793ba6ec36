using KismetOrleans.Wire;
using KismetOrleans.Wire.Files;

namespace KismetOrleans.Packets.Files;

/// <summary>Finds the packets in consecutive pieces of a capture file, without copying and without I/O.</summary>
internal abstract class CaptureIndexer
{
    /// <summary>Why the rest of the file cannot be read; null while it can.</summary>
    public string? Error { get; protected set; }

    /// <summary>Link type of the first interface, <see cref="LinkType.None"/> while none is known.</summary>
    public LinkType LinkType { get; protected set; }

    public abstract IReadOnlyList<PcapngInterface> Interfaces { get; }

    /// <summary>Blocks of no interest that were stepped over.</summary>
    public long BlocksSkipped { get; protected set; }

    /// <summary>Packets that could not be read although the file went on.</summary>
    public long PacketsUnreadable { get; protected set; }

    /// <summary>Why the first of them could not be read; null when all could.</summary>
    public string? FirstUnreadable { get; protected set; }

    /// <summary>Packets whose time was clamped, or that had none.</summary>
    public long TimesOutOfRange { get; protected set; }

    /// <summary>What a reader should know of a file that was read to its end; null for nothing.</summary>
    public virtual string? Warning => null;

    /// <summary>Bytes after the ones consumed that hold nothing of interest; the reader takes them from the file and passes on.</summary>
    public long Skip { get; set; }

    /// <summary>Bytes that the record at the end of the last piece needs at least, to ask for a larger piece or to say what is missing.</summary>
    public long Needed { get; protected set; }

    /// <summary>What the file was cut inside of when it ends where the last piece does.</summary>
    public abstract string CutIn { get; }

    /// <summary>Adds the packets that are whole to <paramref name="batch"/>.</summary>
    /// <param name="piece">Bytes of the file, a part of the batch's own.</param>
    /// <param name="offset">Where in the batch's bytes the piece begins.</param>
    /// <param name="position">Where in the file the piece begins, for messages.</param>
    /// <param name="batch">Takes the packets, until its list is full; null to stop before the first packet.</param>
    /// <returns>Bytes consumed.</returns>
    public abstract int Index(ReadOnlySpan<byte> piece, int offset, long position, PacketBatch? batch);
}
