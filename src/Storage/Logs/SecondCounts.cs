namespace KismetOrleans.Storage.Logs;

/// <summary>How many packets each second has, while a run of a log is written. Allocates nothing a packet, but for a list that grows.</summary>
internal sealed class SecondCounts
{
    private const long Micro = 1_000_000;

    // A run of a busy radio has some hundred seconds.
    private const int FirstEntries = 1024;
    private ulong[] _entries = new ulong[FirstEntries];
    private int _count;
    private long _second;
    private uint _packets;
    private bool _isOdd;

    public void Add(long timeUs)
    {
        long second = timeUs / Micro;
        if (second != _second)
        {
            Keep();
            _second = second;
        }
        _packets++;
    }

    public void Clear() => (_count, _packets, _isOdd) = (0, 0, false);

    /// <summary>What was added.</summary>
    /// <returns>Each second once, in order, with its packets in the lower half; null when a time was none of a Unix clock's.</returns>
    public ulong[]? ToArray()
    {
        Keep();
        if (_isOdd)
        {
            return null;
        }
        Span<ulong> entries = _entries.AsSpan(0, _count);
        entries.Sort();
        List<ulong> seconds = [];
        foreach (ulong entry in entries)
        {
            // Packets of several sensors, or of a clock that was set, come back to a second.
            if (seconds is [.., ulong last] && last >> 32 == entry >> 32)
            {
                seconds[^1] = last + (uint)entry;
            }
            else
            {
                seconds.Add(entry);
            }
        }
        return [.. seconds];
    }

    private void Keep()
    {
        if (_packets == 0)
        {
            return;
        }
        _isOdd |= _second is < 0 or > uint.MaxValue;
        if (_count == _entries.Length)
        {
            Array.Resize(ref _entries, _count * 2);
        }
        _entries[_count++] = ((ulong)_second << 32) | _packets;
        _packets = 0;
    }
}
