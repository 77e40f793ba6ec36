using KismetOrleans.Wire.Files;

namespace KismetOrleans.Engine.Streams;

/// <summary>Settings of packet streams (configuration section <c>Streams</c>).</summary>
public sealed record StreamOptions
{
    /// <summary>
    /// Bytes that may wait for one reader; what comes then is lost to it and counted. The default holds a third of a second of a replay at
    /// full speed (measured: 200 MB/s), hours of a quiet radio.
    /// </summary>
    public long QueueBytes { get; init; } = 64L << 20;

    /// <summary>Streams that clients may have open at once; the server's own, of logs, are not among them.</summary>
    public int MaxOpen { get; init; } = 64;

    /// <summary>Those of one caller, a key or else an address, at each server.</summary>
    public int MaxOpenEach { get; init; } = 16;

    /// <summary>How long the end of a stream may take that is closed while its reader is slow.</summary>
    public TimeSpan CloseWithin { get; init; } = TimeSpan.FromSeconds(5);

    // A queue that could not hold the largest packet would lose it with every reader.
    private const long LeastQueue = 2 * CaptureLimits.MaxPacketLength;

    /// <summary>Fails where a setting is out of its range.</summary>
    /// <exception cref="ArgumentException">It says which.</exception>
    internal void Validate()
    {
        if (QueueBytes < LeastQueue)
        {
            throw new ArgumentException($"Streams:QueueBytes: {QueueBytes} is less than {LeastQueue}");
        }
        if (MaxOpen < 0)
        {
            throw new ArgumentException($"Streams:MaxOpen: {MaxOpen} is negative");
        }
        if (MaxOpenEach < 0)
        {
            throw new ArgumentException($"Streams:MaxOpenEach: {MaxOpenEach} is negative");
        }
        if (CloseWithin < TimeSpan.Zero)
        {
            throw new ArgumentException($"Streams:CloseWithin: {CloseWithin} is negative");
        }
    }

    /// <summary>Bytes of one block: some hundred packets, so that locks and writes to the socket cost next to nothing a packet.</summary>
    internal const int BlockBytes = 1 << 16;
}
