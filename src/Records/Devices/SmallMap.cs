using System.Diagnostics.CodeAnalysis;
using KismetOrleans.Wire;

namespace KismetOrleans.Records.Devices;

/// <summary>A map by address that is an array while it is small, since most devices have few peers.</summary>
/// <param name="capacity">Entries that fit before the arrays grow.</param>
public sealed class SmallMap<T>(int capacity = 1)
{
    // A linear search over this many addresses takes about as long as one hash look-up.
    private const int LinearLimit = 12;
    private MacAddress[] _keys = new MacAddress[Math.Max(1, capacity)];
    private T[] _values = new T[Math.Max(1, capacity)];
    private Dictionary<MacAddress, int>? _index;

    public int Count { get; private set; }

    /// <summary>The address of entry <paramref name="i"/>, in order of insertion.</summary>
    public MacAddress Key(int i) => _keys[i];

    public T Value(int i) => _values[i];

    /// <summary>Looks an address up.</summary>
    public bool TryGet(MacAddress key, [MaybeNullWhen(false)] out T value)
    {
        int i = IndexOf(key);
        value = i < 0 ? default : _values[i];
        return i >= 0;
    }

    /// <summary>Adds an entry whose address is not there yet.</summary>
    public void Add(MacAddress key, T value)
    {
        if (Count == _keys.Length)
        {
            Array.Resize(ref _keys, Count * 2);
            Array.Resize(ref _values, Count * 2);
        }
        _keys[Count] = key;
        _values[Count] = value;
        _index?.Add(key, Count);
        Count++;
        if (_index is null && Count > LinearLimit)
        {
            _index = new(Count * 2);
            for (int i = 0; i < Count; i++)
            {
                _index.Add(_keys[i], i);
            }
        }
    }

    private int IndexOf(MacAddress key) =>
        _index is not null ? _index.TryGetValue(key, out int i) ? i : -1 : _keys.AsSpan(0, Count).IndexOf(key);
}
