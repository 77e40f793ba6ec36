using KismetOrleans.Records.Datasources;

namespace KismetOrleans.Api.Ingest;

/// <summary>A key of the settings (<c>Ingest:Keys</c>).</summary>
public sealed record IngestKeyOptions
{
    /// <summary>Who has the key, as lists and logs name it.</summary>
    public string Name { get; init; } = "";

    /// <summary>Characters that a key has at least: guesses are slowed down, and those of many addresses still are many.</summary>
    internal const int MinLength = 16;

    /// <summary>The key itself, of at least 16 characters.</summary>
    public string? Key { get; init; }

    /// <summary>SHA-256 of the key's UTF-8 bytes, 64 hexadecimal digits: for settings that others read.</summary>
    public string? KeySha256 { get; init; }

    /// <summary>Reports or packets a second, over ten seconds; 0 for any number.</summary>
    public double Rate { get; init; }

    /// <summary>Bytes of bodies a second, over ten seconds; 0 for any number.</summary>
    public double ByteRate { get; init; }
}

/// <summary>Who feeds the server, and what is left of its rate.</summary>
/// <param name="name">Name in the settings, or in the list of keys.</param>
/// <param name="rate">Reports or packets a second; 0 for any number.</param>
/// <param name="byteRate">Bytes of bodies a second; 0 for any number.</param>
/// <param name="newSources">Sources an hour that were not known; 0 for any number.</param>
/// <param name="scope">UUID of the one source that it may feed; null for any.</param>
/// <param name="site">Site of a sensor that joined; null for other keys.</param>
/// <param name="isKey">Whether there is a key of a name; null for who is no key: what he feeds first is nobody's own, and he may feed what is another's.</param>
internal sealed class IngestKey(
    string name, double rate, double byteRate, double newSources, TimeProvider clock, Guid? scope = null, Func<string, bool>? isKey = null, string? site = null)
{
    private readonly TokenBucket _sources = new(newSources / 3600, clock, burstSeconds: 3600);
    private readonly TokenBucket _units = new(rate, clock);
    private readonly TokenBucket _bytes = new(byteRate, clock);

    public string Name => name;

    /// <summary>Site of a sensor that joined, whose own the key is; null for other keys.</summary>
    public string? Site => site;

    /// <summary>Whose sources are that it feeds first; "" for nobody's.</summary>
    public string Owner => isKey is null ? "" : name;

    /// <summary>Counts a source that was not known, unless there were too many of them in the last hour.</summary>
    /// <returns>Null, or how long to wait.</returns>
    public TimeSpan? TakeSource() => _sources.Take();

    /// <summary>Why it may not feed a source, in words; null when it may. A source is that of the key that fed it first, for as long as there is that key.</summary>
    /// <param name="known">What is known of it; null of a new one.</param>
    public string? Refusal(Guid uuid, DatasourceRecord? known) =>
        scope is { } only && only != uuid ? $"the key {name} is for another source"
        : scope is null && isKey is not null && known is { Owner.Length: > 0 } && known.Owner != name && isKey(known.Owner) ? "the source is that of another key"
        : null;

    /// <summary>Whether it may send now.</summary>
    /// <returns>Null, or how long to wait.</returns>
    public TimeSpan? Wait()
    {
        TimeSpan? units = _units.Wait();
        TimeSpan? bytes = _bytes.Wait();
        return units is null || bytes > units ? bytes : units;
    }

    /// <summary>Counts what it sent.</summary>
    /// <param name="bytes">Bytes of the body.</param>
    public void Charge(long units, long bytes)
    {
        _units.Charge(units);
        _bytes.Charge(bytes);
    }
}
