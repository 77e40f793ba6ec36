using System.Runtime.InteropServices;

namespace KismetOrleans.Engine.Partitions;

/// <summary>
/// Keeps the first items of an order out of many. Items gather until there are several times too many; then the first ones are selected in
/// linear time (Hoare's selection), so that the order in which items come does not matter.
/// </summary>
/// <param name="comparer">The order, without ties; a struct, so that comparing costs no call.</param>
internal sealed class TopList<T, TComparer>(int capacity, TComparer comparer)
    where TComparer : struct, IComparer<T>
{
    // Selecting seldom costs little; holding more than this only costs memory.
    private const int Slack = 4;
    private const int MinLimit = 1024;
    private readonly long _limit = Math.Max((long)capacity * Slack, MinLimit);
    private readonly List<T> _items = [];
    private bool _full;
    private T _last = default!;

    /// <summary>Takes an item in if it can be among the first.</summary>
    public void Offer(in T item)
    {
        if (_full && comparer.Compare(item, _last) >= 0)
        {
            return;
        }
        _items.Add(item);
        if (_items.Count >= _limit)
        {
            Prune();
        }
    }

    /// <summary>The items kept, in order; the list's own, so nothing may be offered afterwards.</summary>
    public List<T> ToSorted()
    {
        List<T> kept = Kept();
        CollectionsMarshal.AsSpan(kept).Sort(comparer);
        return kept;
    }

    /// <summary>The items kept, in no order; the list's own, so nothing may be offered afterwards.</summary>
    public List<T> Kept()
    {
        if (_items.Count > capacity)
        {
            Prune();
        }
        return _items;
    }

    private void Prune()
    {
        if (capacity == 0)
        {
            _items.Clear();
            return;
        }
        Span<T> items = CollectionsMarshal.AsSpan(_items);
        Select(items, capacity - 1);
        _last = items[capacity - 1];
        _full = true;
        _items.RemoveRange(capacity, items.Length - capacity);
    }

    // Afterwards the item at the index is the one that sorting would put there, with smaller ones before it.
    private void Select(Span<T> items, int index)
    {
        int low = 0;
        int high = items.Length - 1;
        while (low < high)
        {
            T pivot = Median(items[low], items[low + ((high - low) / 2)], items[high]);
            int i = low;
            int j = high;
            while (i <= j)
            {
                while (comparer.Compare(items[i], pivot) < 0)
                {
                    i++;
                }
                while (comparer.Compare(items[j], pivot) > 0)
                {
                    j--;
                }
                if (i <= j)
                {
                    (items[i], items[j]) = (items[j], items[i]);
                    i++;
                    j--;
                }
            }
            if (index <= j)
            {
                high = j;
            }
            else if (index >= i)
            {
                low = i;
            }
            else
            {
                return;
            }
        }
    }

    private T Median(T a, T b, T c)
    {
        if (comparer.Compare(a, b) > 0)
        {
            (a, b) = (b, a);
        }
        return comparer.Compare(c, a) < 0 ? a : comparer.Compare(c, b) > 0 ? b : c;
    }
}
