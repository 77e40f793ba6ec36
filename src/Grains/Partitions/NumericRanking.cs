using System.Buffers;
using KismetOrleans.Records.Devices;

namespace KismetOrleans.Grains.Partitions;

/// <summary>Ranks devices by numbers when a good part of them is wanted: the numbers alone are sorted, which is what sorting is fastest at.</summary>
/// <param name="capacity">Devices at most.</param>
/// <param name="descending">Greatest first.</param>
public sealed class NumericRanking(int capacity, bool descending) : IDisposable
{
    private readonly double[] _keys = ArrayPool<double>.Shared.Rent(capacity);
    private readonly ulong[] _ids = ArrayPool<ulong>.Shared.Rent(capacity);
    private int _count;

    /// <summary>Adds a device.</summary>
    public void Add(double key, DeviceId id)
    {
        _keys[_count] = descending ? -key : key;
        _ids[_count++] = id.Value;
    }

    /// <summary>The first devices, in order; ties by identity, in the direction of the order.</summary>
    public List<RankedDevice> First(int count)
    {
        Span<double> keys = _keys.AsSpan(0, _count);
        Span<ulong> ids = _ids.AsSpan(0, _count);
        keys.Sort(ids);
        count = Math.Min(count, _count);
        for (int start = 0; start < count;)
        {
            int end = start + 1;
            while (end < keys.Length && keys[end].Equals(keys[start]))
            {
                end++;
            }
            ids[start..end].Sort();
            if (descending)
            {
                ids[start..end].Reverse();
            }
            start = end;
        }
        List<RankedDevice> first = new(count);
        for (int i = 0; i < count; i++)
        {
            first.Add(new(new(descending ? -keys[i] : keys[i]), new(ids[i])));
        }
        return first;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ArrayPool<double>.Shared.Return(_keys);
        ArrayPool<ulong>.Shared.Return(_ids);
    }
}
