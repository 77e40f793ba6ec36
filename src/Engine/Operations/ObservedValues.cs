using System.Diagnostics.Metrics;

namespace KismetOrleans.Engine.Operations;

/// <summary>
/// Values that exist anyway and are read only when metrics are collected. Any thread may add, remove and read.
/// </summary>
/// <param name="tag">Name of the tag that tells the values apart.</param>
public sealed class ObservedValues(string tag)
{
    private readonly Lock _changing = new();
    private volatile Entry[] _entries = [];

    /// <summary>Adds a value.</summary>
    /// <param name="name">The tag's value; those of the same name are summed.</param>
    /// <param name="read">Reads it; called from the collector's thread, so it must be cheap and safe there.</param>
    /// <returns>Dispose it to remove the value.</returns>
    public IDisposable Add(string name, Func<long> read)
    {
        Entry entry = new(this, name, read);
        lock (_changing)
        {
            _entries = [.. _entries, entry];
        }
        return entry;
    }

    internal IEnumerable<Measurement<long>> Read() =>
        _entries.GroupBy(static entry => entry.Name).Select(
            group => new Measurement<long>(group.Sum(static entry => entry.Read()), new KeyValuePair<string, object?>(tag, group.Key)));

    private void Remove(Entry entry)
    {
        lock (_changing)
        {
            _entries = [.. _entries.Where(other => other != entry)];
        }
    }

    private sealed class Entry(ObservedValues owner, string name, Func<long> read) : IDisposable
    {
        public string Name => name;

        public long Read() => read();

        public void Dispose() => owner.Remove(this);
    }
}
