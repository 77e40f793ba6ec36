namespace KismetOrleans.Api.Ingest;

/// <summary>A key of the settings (<c>Ingest:Keys</c>).</summary>
public sealed record IngestKeyOptions
{
    /// <summary>Who has it.</summary>
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
internal sealed class IngestKey(string name, double rate, double byteRate, TimeProvider clock, Guid? scope = null)
{
    private readonly TokenBucket _units = new(rate, clock);
    private readonly TokenBucket _bytes = new(byteRate, clock);

    /// <summary>Name in the settings.</summary>
    public string Name => name;

    /// <summary>UUID of the one source that it may feed; null for any.</summary>
    public Guid? Scope => scope;

    /// <summary>Whether it may feed a source.</summary>
    public bool MayFeed(Guid source) => scope is null || scope == source;

    /// <summary>Whether it may send now.</summary>
    /// <returns>Null, or how long to wait.</returns>
    public TimeSpan? Wait()
    {
        TimeSpan? units = _units.Wait();
        TimeSpan? bytes = _bytes.Wait();
        return units is null || bytes > units ? bytes : units;
    }

    /// <summary>Counts what it sent.</summary>
    /// <param name="units">Reports or packets.</param>
    /// <param name="bytes">Bytes of the body.</param>
    public void Charge(long units, long bytes)
    {
        _units.Charge(units);
        _bytes.Charge(bytes);
    }
}
