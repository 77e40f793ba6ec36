using System.Collections.Concurrent;

namespace KismetOrleans.Engine.Scanning;

/// <summary>Entries that are used again.</summary>
internal sealed class ScanEntryPool
{
    // One is filled, one is written, one is applied; more wait only while something is slow.
    private const int MaxKept = 8;

    // What a single large post needed is not kept for the small ones after it.
    private const int MaxKeptBytes = 8 * 1024 * 1024;
    private readonly ConcurrentBag<ScanEntry> _entries = [];

    public ScanEntry Take()
    {
        ScanEntry entry = _entries.TryTake(out ScanEntry? kept) ? kept : new();
        entry.Clear();
        return entry;
    }

    public void Return(ScanEntry entry)
    {
        if (_entries.Count < MaxKept && entry.Capacity <= MaxKeptBytes)
        {
            _entries.Add(entry);
        }
    }
}
