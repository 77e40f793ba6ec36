using KismetOrleans.Records.Server;

namespace KismetOrleans.Engine.Logging;

/// <summary>What the packet history looks like: by time, as a list without the packets' bytes, and one packet whole.</summary>
public interface IPacketPictures
{
    /// <summary>Counts packets by their time.</summary>
    /// <param name="query">Which packets; its limit does not count.</param>
    /// <param name="from">Unix time with a fraction where the first bucket begins; null for the log's first packet.</param>
    /// <param name="to">Where the last one ends; null for the log's last packet, which is inside.</param>
    /// <exception cref="LogException">It cannot be counted; the message says why.</exception>
    ValueTask<PacketHistogram> HistogramAsync(PacketQuery query, double? from, double? to, int count, CancellationToken cancellation);

    /// <summary>The newest packets of a query, newest first. Its limit does not count.</summary>
    /// <param name="count">How many at most; fewer where the next one has the same time as the last, so that a next page can go on before it.</param>
    ValueTask<IReadOnlyList<LoggedPacket>> NewestAsync(PacketQuery query, int count, CancellationToken cancellation);

    /// <summary>One packet with its bytes.</summary>
    /// <returns>Null where there is none of that name, or none any more.</returns>
    ValueTask<StoredPacket?> FindAsync(PacketId id, CancellationToken cancellation);
}

/// <summary>A packet of the history with its bytes.</summary>
/// <param name="Packet">What the history says of it.</param>
/// <param name="Bytes">What was captured; empty where none was.</param>
public sealed record StoredPacket(LoggedPacket Packet, byte[] Bytes);

/// <summary>Packets by time.</summary>
/// <param name="Buckets">The parts of the time.</param>
public sealed record PacketHistogram(PacketBuckets Buckets, long[] Counts);
