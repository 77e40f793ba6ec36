using KismetOrleans.Wire.Files;

namespace KismetOrleans.Packets.Protocol;

/// <summary>
/// Numbers of the protocol between an edge agent and the server: one websocket per source, one frame (<see cref="EdgeFrame"/>) per binary
/// message. docs/edge-protocol.md tells it in words.
/// </summary>
public static class EdgeProtocol
{
    /// <summary>
    /// Version of everything here; a peer of another version is told so and sent away. Appended fields, appended columns of a batch and new messages do not
    /// need another: who does not know them passes them over.
    /// </summary>
    internal const byte Version = 1;

    // A clock that nobody set since the last battery: further ahead a life would outlive all that follow it.
    private static readonly TimeSpan s_lifeAhead = TimeSpan.FromDays(1);

    /// <summary>The latest life that a spool can have begun by a clock; what says that it began later is wrong, or lies.</summary>
    public static ulong LatestBootId(DateTimeOffset now) => (ulong)Math.Max(1, (now + s_lifeAhead - DateTimeOffset.UnixEpoch).Ticks) * TimeSpan.NanosecondsPerTick;

    /// <summary>Where the server takes agents.</summary>
    public const string Path = "/datasource/remote/edge.ws";

    internal const int MaxBatchPackets = 4096;

    /// <summary>Bytes of all packets of a batch; the longest single packet fits four times.</summary>
    internal const int MaxBatchBytes = 4 * CaptureLimits.MaxPacketLength;

    /// <summary>Bytes of what is said about a packet beside its own: time 10, lengths 10, link type, interface and flags with their run 12.</summary>
    internal const int ColumnBytesPerPacket = 32;

    private const int MaxColumnBytes = (MaxBatchPackets * ColumnBytesPerPacket) + BatchNotes.MaxLength;

    /// <summary>Bytes of a batch's body when it is not compressed.</summary>
    internal const int MaxBodyBytes = MaxBatchBytes + MaxColumnBytes;

    /// <summary>Bytes of the longest frame: a batch whose body is not compressed.</summary>
    public const int MaxFrameBytes = EdgeFrame.HeaderLength + BatchHeader.Length + MaxBodyBytes;

    /// <summary>Bytes of any other message: lists of channels and a definition fit many times.</summary>
    public const int MaxControlBytes = 65_536;

    internal const int MaxTextBytes = 4_096;

    /// <summary>Members of a list: Wi-Fi has some 200 channels with all their widths.</summary>
    public const int MaxListLength = 1_024;

    /// <summary>Batches that an agent may have sent without hearing that they are saved, unless the server says otherwise.</summary>
    public const int DefaultWindowBatches = 512;

    /// <summary>Bytes of frames likewise.</summary>
    public const int DefaultWindowBytes = 64 << 20;

    /// <summary>How often a server acknowledges, also when there is nothing new.</summary>
    public static readonly TimeSpan AckEvery = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long either side may hear nothing of the other, which speaks every few seconds, before it takes the link for a half-open one: three times
    /// <see cref="AckEvery"/>, so that a busy machine is not taken for a dead one.
    /// </summary>
    public static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(15);
}
