using System.Runtime.InteropServices;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Fields;

namespace KismetOrleans.Engine.Partitions;

/// <summary>
/// A <see cref="TopList{T, TComparer}"/> for orders by a number, which are most: its items compare themselves, and sorting those is several
/// times faster than sorting through a comparer.
/// </summary>
internal sealed class NumericTop(int capacity, bool descending)
{
    private readonly TopList<Rank, RankOrder> _top = new(capacity, default);

    /// <summary>Takes a device in if it can be among the first.</summary>
    public void Offer(double key, DeviceId id) =>
        // Turned round, the greatest come first, and ties in the direction of the order too.
        _top.Offer(descending ? new(-key, ~id.Value) : new(key, id.Value));

    /// <summary>The devices kept, in order.</summary>
    public List<RankedDevice> ToSorted()
    {
        List<Rank> ranks = _top.Kept();
        CollectionsMarshal.AsSpan(ranks).Sort();
        List<RankedDevice> sorted = new(ranks.Count);
        foreach (Rank rank in ranks)
        {
            sorted.Add(descending ? new(new SortKey(-rank.Key), new(~rank.Id)) : new(new SortKey(rank.Key), new(rank.Id)));
        }
        return sorted;
    }

    private readonly record struct Rank(double Key, ulong Id) : IComparable<Rank>
    {
        public int CompareTo(Rank other)
        {
            int order = Key.CompareTo(other.Key);
            return order != 0 ? order : Id.CompareTo(other.Id);
        }
    }

    private readonly struct RankOrder : IComparer<Rank>
    {
        public int Compare(Rank x, Rank y) => x.CompareTo(y);
    }
}
