namespace KismetOrleans.Grains.Partitions;

/// <summary>Keeps the first items of an order out of many: a heap whose root is the last of those kept.</summary>
/// <param name="capacity">Items to keep.</param>
/// <param name="compare">The order.</param>
/// <typeparam name="T">Item.</typeparam>
public sealed class TopList<T>(int capacity, Comparison<T> compare)
{
    private readonly List<T> _heap = new(Math.Min(capacity, 1024));

    /// <summary>Takes an item in if it is among the first.</summary>
    public void Offer(T item)
    {
        if (_heap.Count < capacity)
        {
            _heap.Add(item);
            SiftUp(_heap.Count - 1);
        }
        else if (capacity > 0 && compare(item, _heap[0]) < 0)
        {
            _heap[0] = item;
            SiftDown();
        }
    }

    /// <summary>The items kept, in order. Empties the list.</summary>
    public IReadOnlyList<T> ToSorted()
    {
        _heap.Sort(compare);
        return _heap;
    }

    private void SiftUp(int i)
    {
        T item = _heap[i];
        while (i > 0 && compare(item, _heap[(i - 1) / 2]) > 0)
        {
            _heap[i] = _heap[(i - 1) / 2];
            i = (i - 1) / 2;
        }
        _heap[i] = item;
    }

    private void SiftDown()
    {
        T item = _heap[0];
        int i = 0;
        while ((2 * i) + 1 < _heap.Count)
        {
            int child = (2 * i) + 1;
            if (child + 1 < _heap.Count && compare(_heap[child + 1], _heap[child]) > 0)
            {
                child++;
            }
            if (compare(_heap[child], item) <= 0)
            {
                break;
            }
            _heap[i] = _heap[child];
            i = child;
        }
        _heap[i] = item;
    }
}
