using KismetOrleans.Engine.Events;
using KismetOrleans.Packets;
using KismetOrleans.Records.Alerts;

namespace KismetOrleans.Engine.Alerts;

public enum AlertFate
{
    Raised,

    /// <summary>There were as many of its kind as the limits allow.</summary>
    Throttled,

    /// <summary>There is no such kind.</summary>
    Unknown,
}

/// <summary>
/// Knows the kinds of alerts, keeps their limits, and keeps the newest alerts. One for all partitions, since limits are for the whole server.
/// Not thread-safe: it stands behind a queue.
/// </summary>
public sealed class AlertEngine
{
    /// <summary>Kinds that commands may define; each is kept for good.</summary>
    internal const int MaxDefined = 1000;

    private readonly int _backlogSize;
    private readonly TimeProvider _clock;
    private readonly List<Kind> _kinds = [];
    private readonly Dictionary<string, Kind> _byHeader = new(StringComparer.Ordinal);
    private readonly Queue<AlertRecord> _backlog = new();
    private readonly int _builtIn;
    private long _newest;

    /// <summary>An engine that has raised nothing yet.</summary>
    public AlertEngine(AlertOptions options, TimeProvider clock)
    {
        _backlogSize = options.Backlog;
        _clock = clock;
        foreach (AlertDefinition definition in options.Definitions())
        {
            Add(definition);
        }
        _builtIn = _kinds.Count;
    }

    /// <summary>Who is told of what is raised; null for nobody.</summary>
    public IEvents? Events { private get; init; }

    /// <summary>Counts changes, so that whoever keeps the state knows when to.</summary>
    public long Version { get; private set; }

    /// <summary>All kinds, in the order in which they were defined.</summary>
    public IReadOnlyList<AlertDefinitionRecord> Definitions() => [.. _kinds.Select(static kind => kind.ToRecord())];

    /// <summary>Defines a kind.</summary>
    /// <returns>False where there is one of this name, or there are <see cref="MaxDefined"/> of them.</returns>
    public bool Define(AlertDefinition definition)
    {
        if (_byHeader.ContainsKey(definition.Header) || _kinds.Count - _builtIn >= MaxDefined)
        {
            return false;
        }
        Add(definition);
        Version++;
        return true;
    }

    /// <summary>A kind; null where there is none of the name.</summary>
    public AlertDefinition? KindOf(string header) => _byHeader.GetValueOrDefault(header)?.Definition;

    /// <summary>Raises an alert if its limits allow it.</summary>
    public AlertFate Raise(RaisedAlert alert, out AlertRecord? record)
    {
        record = null;
        if (alert.Once is { } once)
        {
            record = Keep(alert, once.Class, once.Severity, AlertDefinition.AnyPhy, Now());
            return AlertFate.Raised;
        }
        if (!_byHeader.TryGetValue(alert.Header, out Kind? kind))
        {
            return AlertFate.Unknown;
        }
        long now = Now();
        if (!kind.TryCount(now))
        {
            return AlertFate.Throttled;
        }
        AlertDefinition definition = kind.Definition;
        record = Keep(alert, definition.Class, definition.Severity, definition.PhyId, now);
        return AlertFate.Raised;
    }

    /// <summary>Alerts newer than a time, oldest first; negative for all.</summary>
    /// <param name="microseconds">Microseconds since 1970.</param>
    public IReadOnlyList<AlertRecord> Since(long microseconds) => [.. _backlog.Where(alert => alert.Microseconds > microseconds)];

    /// <summary>What outlives a restart.</summary>
    public AlertState Save() => new(
        [.. _kinds.Skip(_builtIn).Select(static kind => kind.Definition)],
        [.. _kinds.Where(static kind => kind.LastMicroseconds > 0).Select(static kind => kind.ToCount())],
        [.. _backlog]);

    /// <summary>Takes in what outlived a restart; before anything else.</summary>
    public void Restore(AlertState state)
    {
        foreach (AlertDefinition definition in state.Defined)
        {
            // A later version may have come to know it itself.
            if (!_byHeader.ContainsKey(definition.Header))
            {
                Add(definition);
            }
        }
        foreach (AlertCount count in state.Counts)
        {
            if (_byHeader.TryGetValue(count.Header, out Kind? kind))
            {
                kind.Restore(count);
            }
        }
        foreach (AlertRecord alert in state.Backlog.Skip(Math.Max(0, state.Backlog.Count - _backlogSize)))
        {
            _backlog.Enqueue(alert);
            _newest = Math.Max(_newest, alert.Microseconds);
        }
    }

    private void Add(AlertDefinition definition)
    {
        Kind kind = new(definition);
        _kinds.Add(kind);
        _byHeader.Add(definition.Header, kind);
    }

    private AlertRecord Keep(RaisedAlert alert, string ofClass, byte severity, int phy, long now)
    {
        AlertRecord record = new(alert, ofClass, severity, phy, now);
        while (_backlog.Count >= _backlogSize)
        {
            _ = _backlog.Dequeue();
        }
        _backlog.Enqueue(record);
        _newest = now;
        Version++;
        if (Events.Wants(EventTopics.Alert))
        {
            Events!.Publish(ServerEvents.Of(record));
        }
        return record;
    }

    // Each alert has a time of its own, so that asking for what is newer than the newest skips none.
    private long Now() => Math.Max(_clock.NowMicroseconds(), _newest + 1);

    private sealed class Kind(AlertDefinition definition)
    {
        private uint _total;
        private uint _burst;

        public AlertDefinition Definition => definition;

        public long LastMicroseconds { get; private set; }

        // As Kismet has it: counts begin again when nothing was raised for a whole unit of theirs.
        public bool TryCount(long now)
        {
            if (definition.IsSquelched)
            {
                return false;
            }
            if (!definition.IsUnlimited)
            {
                long idle = now - LastMicroseconds;
                if (idle > definition.Limit.UnitMicroseconds)
                {
                    _total = 0;
                    _burst = 0;
                }
                if (idle > definition.Burst.UnitMicroseconds)
                {
                    _burst = 0;
                }
                if (_total >= definition.Limit.Count || _burst >= definition.Burst.Count)
                {
                    return false;
                }
            }
            _total++;
            _burst++;
            LastMicroseconds = now;
            return true;
        }

        public void Restore(AlertCount count) => (_total, _burst, LastMicroseconds) = (count.Total, count.Burst, count.LastMicroseconds);

        public AlertCount ToCount() => new(definition.Header, _total, _burst, LastMicroseconds);

        public AlertDefinitionRecord ToRecord() => new(definition, _total, _burst, LastMicroseconds);
    }
}

/// <summary>What is kept of the alerts.</summary>
/// <param name="Defined">Kinds that commands defined.</param>
/// <param name="Counts">Counts of kinds that were raised.</param>
/// <param name="Backlog">The newest alerts, oldest first.</param>
public sealed record AlertState(IReadOnlyList<AlertDefinition> Defined, IReadOnlyList<AlertCount> Counts, IReadOnlyList<AlertRecord> Backlog);

/// <summary>How often a kind was raised.</summary>
/// <param name="Total">In the running unit of its limit.</param>
/// <param name="Burst">In the running unit of a burst.</param>
/// <param name="LastMicroseconds">Microseconds since 1970 of the newest.</param>
public sealed record AlertCount(string Header, uint Total, uint Burst, long LastMicroseconds);
