using System.Runtime.InteropServices;

namespace KismetOrleans.Grains.Partitions;

/// <summary>Keeps the first items of an order out of many: a heap whose root is the last of those kept.</summary>
/// <param name="capacity">Items to keep.</param>
/// <param name="comparer">The order; a struct, so that comparing costs no call.</param>
/// <typeparam name="T">Item.</typeparam>
/// <typeparam name="TComparer">Order.</typeparam>
public sealed class TopList<T, TComparer>(int capacity, TComparer comparer)
    where TComparer : struct, IComparer<T>
{
    private readonly List<T> _items = [];
    private bool _heap;

    /// <summary>Takes an item in if it is among the first.</summary>
    public void Offer(in T item)
    {
        if (!_heap)
        {
            _items.Add(item);
            if (_items.Count > (long)capacity * TopList.HeapShare)
            {
                BecomeHeap();
            }
        }
        else if (capacity > 0 && comparer.Compare(item, _items[0]) < 0)
        {
            CollectionsMarshal.AsSpan(_items)[0] = item;
            SiftDown(CollectionsMarshal.AsSpan(_items), 0);
        }
    }

    /// <summary>The items kept, in order. Empties the list.</summary>
    public List<T> ToSorted()
    {
        CollectionsMarshal.AsSpan(_items).Sort(comparer);
        if (_items.Count > capacity)
        {
            _items.RemoveRange(capacity, _items.Count - capacity);
        }
        return _items;
    }

    private void BecomeHeap()
    {
        _ = ToSorted();
        Span<T> items = CollectionsMarshal.AsSpan(_items);
        // In falling order it is a heap already.
        items.Reverse();
        _heap = true;
    }

    private void SiftDown(Span<T> items, int i)
    {
        T item = items[i];
        while ((2 * i) + 1 < items.Length)
        {
            int child = (2 * i) + 1;
            if (child + 1 < items.Length && comparer.Compare(items[child + 1], items[child]) > 0)
            {
                child++;
            }
            if (comparer.Compare(items[child], item) <= 0)
            {
                break;
            }
            items[i] = items[child];
            i = child;
        }
        items[i] = item;
    }
}

/// <summary>What all top lists share.</summary>
public static class TopList
{
    /// <summary>Up to this many times the items wanted, a plain list and one sort at the end are faster than a heap.</summary>
    public const int HeapShare = 4;
}
