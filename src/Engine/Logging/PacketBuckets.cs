using KismetOrleans.Engine.Partitions;
using KismetOrleans.Records.Server;

namespace KismetOrleans.Engine.Logging;

/// <summary>
/// Equal parts of a time. Where they are a second or longer, a packet counts with its whole second, and the range is whole seconds: how many packets
/// each second has is known without reading them.
/// </summary>
public readonly record struct PacketBuckets
{
    private const long Micro = 1_000_000;
    private readonly Buckets _buckets;

    private PacketBuckets(long fromUs, long toUs, int count, bool wholeSeconds)
    {
        (FromUs, ToUs, WholeSeconds) = (fromUs, toUs, wholeSeconds);
        _buckets = new(fromUs, toUs, count);
    }

    /// <summary>Microseconds since 1970 where the first one begins.</summary>
    public long FromUs { get; }

    /// <summary>Where the last one ends; itself not in it.</summary>
    public long ToUs { get; }

    /// <summary>How many they are.</summary>
    public int Count => _buckets.Count;

    /// <summary>Whether packets count with their whole seconds.</summary>
    public bool WholeSeconds { get; }

    /// <summary>Divides a time.</summary>
    /// <param name="from">Unix time with a fraction.</param>
    /// <exception cref="LogException">It is no time, or empty.</exception>
    public static PacketBuckets Of(double from, double to, int count)
    {
        if (!(from >= 0 && to <= uint.MaxValue))
        {
            throw new LogException("from, to: expected seconds since 1970");
        }
        if (!(from < to))
        {
            throw new LogException("to: expected more than from");
        }
        bool whole = (to - from) / count >= 1;
        long fromUs = whole ? (long)Math.Floor(from) * Micro : (long)Math.Round(from * Micro);
        long toUs = whole ? (long)Math.Ceiling(to) * Micro : (long)Math.Round(to * Micro);
        return new(fromUs, Math.Max(toUs, fromUs + 1), count, whole);
    }

    /// <summary>The bucket of a time: −1 before, <see cref="Count"/> after all of them.</summary>
    public int Of(long us) => _buckets.Of(WholeSeconds ? us - (us % Micro) : us);

    /// <summary>A query of what is in the buckets alone.</summary>
    public PacketQuery Inside(PacketQuery query) => query with { FromUs = Math.Max(query.FromUs, FromUs), ToUs = Math.Min(query.ToUs, ToUs - 1) };
}

public static class PacketPages
{
    public const int MaxCount = 1000;

    /// <summary>
    /// Ends a page where a time ends, so that the next one goes on before its last packet. When all of it is of one microsecond, what is too much of
    /// that is left out.
    /// </summary>
    /// <param name="packets">Newest first, with one more than fits, where there are more.</param>
    /// <param name="count">Packets of the page.</param>
    public static IReadOnlyList<LoggedPacket> Cut(List<LoggedPacket> packets, int count)
    {
        if (packets.Count <= count)
        {
            return packets;
        }
        int end = count;
        while (end > 0 && packets[end - 1].TimeUs == packets[count].TimeUs)
        {
            end--;
        }
        return packets[..(end == 0 ? count : end)];
    }
}
