namespace KismetOrleans.Engine.Scanning;

/// <summary>Settings of the intake of scan reports (configuration section <c>Scanning</c>).</summary>
public sealed record ScanIntakeOptions
{
    /// <summary>Bytes of records that wait for the journal; what comes beyond is refused until there is room; of one caller a quarter, where half is taken. 32 MiB are half a million reports.</summary>
    public int MaxWaitingBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>Bytes of records that stand in the journal and wait for their partitions; beyond, the journal waits too.</summary>
    public int MaxUnappliedBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>Bytes after which an entry of the journal takes no further post.</summary>
    public int MaxEntryBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>How often the journal is emptied of what the partitions have on disk.</summary>
    public TimeSpan CheckpointEvery { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long an answer waits until queries would show its reports, when they stand in the journal already.</summary>
    public TimeSpan VisibleWithin { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How long a post waits for a journal that fails, such as a database that is being restarted.</summary>
    public TimeSpan JournalTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Phones and ESP32s that no server knows yet and that one key may bring in an hour; those that are known go on. More are answered 429. 0 for any number.</summary>
    public int NewSourcesPerHour { get; init; } = 1000;

    /// <summary>Pause before what went wrong is tried again; it doubles up to 20 times this.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>These settings, if a server can work with them.</summary>
    /// <exception cref="ArgumentException">It cannot; the message names the setting.</exception>
    public ScanIntakeOptions Checked()
    {
        Require(MaxEntryBytes >= LeastEntry, nameof(MaxEntryBytes), $"must be at least {LeastEntry}");
        Require(MaxWaitingBytes >= MaxEntryBytes, nameof(MaxWaitingBytes), $"must be at least {nameof(MaxEntryBytes)}");
        Require(MaxUnappliedBytes >= MaxEntryBytes, nameof(MaxUnappliedBytes), $"must be at least {nameof(MaxEntryBytes)}");
        Require(CheckpointEvery > TimeSpan.Zero, nameof(CheckpointEvery), "must be more than 0");
        Require(VisibleWithin >= TimeSpan.Zero, nameof(VisibleWithin), "must not be negative");
        Require(JournalTimeout >= TimeSpan.Zero, nameof(JournalTimeout), "must not be negative");
        Require(NewSourcesPerHour >= 0, nameof(NewSourcesPerHour), "must not be negative; 0 is for any number");
        Require(RetryAfter > TimeSpan.Zero, nameof(RetryAfter), "must be more than 0");
        return this;
    }

    // The largest report, so that one always fits.
    private const int LeastEntry = 64 * 1024;

    private static void Require(bool holds, string name, string what)
    {
        if (!holds)
        {
            throw new ArgumentException($"Scanning:{name}: {what}");
        }
    }
}
