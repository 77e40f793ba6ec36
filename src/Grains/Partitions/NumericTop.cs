using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Fields;

namespace KismetOrleans.Grains.Partitions;

/// <summary>
/// What <see cref="TopList{T, TComparer}"/> does, for orders by a number: keys and identities stand in arrays of their own, where selecting and
/// sorting are several times faster than through a comparer.
/// </summary>
/// <param name="capacity">Devices to keep.</param>
/// <param name="descending">Greatest first.</param>
public sealed class NumericTop(int capacity, bool descending)
{
    private const int Slack = 4;
    private const int MinLimit = 1024;
    private readonly long _limit = Math.Max((long)capacity * Slack, MinLimit);
    private double[] _keys = new double[MinLimit];
    private ulong[] _ids = new ulong[MinLimit];
    private int _count;
    private double _last = double.PositiveInfinity;

    /// <summary>Takes a device in if it can be among the first.</summary>
    public void Offer(double key, DeviceId id)
    {
        // Turned round, the greatest come first, and ties in the direction of the order too.
        key = descending ? -key : key;
        if (key > _last)
        {
            return;
        }
        if (_count == _keys.Length)
        {
            Array.Resize(ref _keys, _count * 2);
            Array.Resize(ref _ids, _count * 2);
        }
        _keys[_count] = key;
        _ids[_count++] = descending ? ~id.Value : id.Value;
        if (_count >= _limit)
        {
            Prune();
        }
    }

    /// <summary>The devices kept, in order.</summary>
    public List<RankedDevice> ToSorted()
    {
        if (_count > capacity)
        {
            Prune();
        }
        Span<double> keys = _keys.AsSpan(0, _count);
        Span<ulong> ids = _ids.AsSpan(0, _count);
        keys.Sort(ids);
        List<RankedDevice> sorted = new(_count);
        for (int start = 0; start < _count;)
        {
            int end = start + 1;
            while (end < _count && keys[end].Equals(keys[start]))
            {
                end++;
            }
            ids[start..end].Sort();
            for (; start < end; start++)
            {
                sorted.Add(new(new SortKey(descending ? -keys[start] : keys[start]), new(descending ? ~ids[start] : ids[start])));
            }
        }
        return sorted;
    }

    private void Prune()
    {
        if (capacity > 0)
        {
            Select(capacity - 1);
            _last = _keys[capacity - 1];
        }
        _count = capacity;
    }

    // Hoare's selection: afterwards the device at the index is the one that sorting would put there, with those before it before it.
    private void Select(int index)
    {
        Span<double> keys = _keys.AsSpan(0, _count);
        Span<ulong> ids = _ids.AsSpan(0, _count);
        int low = 0;
        int high = keys.Length - 1;
        while (low < high)
        {
            int middle = low + ((high - low) / 2);
            double pivot = keys[middle];
            ulong pivotId = ids[middle];
            int i = low;
            int j = high;
            while (i <= j)
            {
                while (IsBefore(keys[i], ids[i], pivot, pivotId))
                {
                    i++;
                }
                while (IsBefore(pivot, pivotId, keys[j], ids[j]))
                {
                    j--;
                }
                if (i <= j)
                {
                    (keys[i], keys[j]) = (keys[j], keys[i]);
                    (ids[i], ids[j]) = (ids[j], ids[i]);
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

    private static bool IsBefore(double keyA, ulong idA, double keyB, ulong idB) => keyA < keyB || (keyA == keyB && idA < idB);
}
