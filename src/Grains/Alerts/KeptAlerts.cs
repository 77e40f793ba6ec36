using KismetOrleans.Engine.Alerts;
using KismetOrleans.Packets;
using KismetOrleans.Records.Alerts;

namespace KismetOrleans.Grains.Alerts;

/// <summary>Between the grain that raises alerts and the store that keeps them: what is not stored yet, and the incidents to which more may come.</summary>
internal sealed partial class KeptAlerts(IAlertStore store, AlertOptions options, TimeProvider clock, ILogger logger) : IDisposable
{
    // While the store does not answer.
    private const int MostWaiting = 10_000;
    private static readonly TimeSpan s_forgetEvery = TimeSpan.FromMinutes(10);
    private readonly IncidentBook _book = new(options, clock);
    private readonly Queue<AlertRecord> _waiting = new();
    private readonly SemaphoreSlim _turn = new(1);
    private long _lost;
    private DateTimeOffset _forgotten;

    /// <summary>Takes up what is stored; before anything else.</summary>
    /// <param name="backlog">Alerts of the life before; those that were not stored are.</param>
    public async Task RestoreAsync(IReadOnlyList<AlertRecord> backlog, CancellationToken cancellation)
    {
        long now = clock.NowMicroseconds();
        long since = UnixTime.ToMicroseconds(clock.GetUtcNow() - options.IncidentWindow);
        IReadOnlyList<IncidentRecord> recent = await store.IncidentsAsync(new() { From = since }, cancellation);
        IReadOnlyList<IncidentRecord> muted = await store.IncidentsAsync(new() { State = IncidentState.Muted, Limit = IncidentBook.MaxMuted }, cancellation);
        _book.Restore([.. recent.Concat(muted.Where(incident => incident.Last < since))]);
        long newest = (await store.AlertsAsync(new() { Limit = 1 }, cancellation)) is [var last] ? last.Microseconds : 0;
        foreach (AlertRecord alert in backlog.Where(alert => alert.Microseconds > newest && alert.Microseconds <= now))
        {
            _ = Add(alert);
        }
    }

    /// <summary>Takes an alert that was raised.</summary>
    /// <returns>Whether it is to be told: its incident is not muted.</returns>
    public bool Add(AlertRecord alert)
    {
        if (_waiting.Count == MostWaiting)
        {
            _ = _waiting.Dequeue();
            _lost++;
        }
        _waiting.Enqueue(alert);
        return _book.Add(alert).State != IncidentState.Muted;
    }

    public void AddHeldBack(RaisedAlert alert, AlertDefinition kind) => _ = _book.AddHeldBack(alert, kind);

    public async Task<IncidentRecord[]> ChangeAsync(IEnumerable<long> ids, IncidentOrder order)
    {
        await SaveAsync();
        List<IncidentRecord> changed = [];
        foreach (long id in ids)
        {
            if (await store.IncidentAsync(id) is { } incident && _book.Change(incident, order) is { } now)
            {
                changed.Add(now);
            }
        }
        await SaveAsync();
        return [.. changed];
    }

    /// <summary>Stores what is not stored yet, and forgets what is older than is kept.</summary>
    public async Task SaveAsync()
    {
        await _turn.WaitAsync();
        try
        {
            AlertRecord[] alerts = [.. _waiting];
            IReadOnlyList<IncidentRecord> incidents = _book.TakeChanged();
            if (alerts.Length + incidents.Count > 0)
            {
                try
                {
                    await store.SaveAsync(alerts, incidents);
                }
                catch
                {
                    _book.Return(incidents);
                    throw;
                }
                // More may have come, and the oldest gone, meanwhile.
                while (_waiting.TryPeek(out AlertRecord? first) && first.Microseconds <= (alerts.Length > 0 ? alerts[^1].Microseconds : 0))
                {
                    _ = _waiting.Dequeue();
                }
            }
            if (_lost > 0)
            {
                NotKept(logger, _lost);
                _lost = 0;
            }
            if (clock.GetUtcNow() - _forgotten > s_forgetEvery)
            {
                _forgotten = clock.GetUtcNow();
                await store.ForgetAsync(UnixTime.ToMicroseconds(clock.GetUtcNow() - options.KeepFor), options.KeepMost);
            }
        }
        finally
        {
            _ = _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    [LoggerMessage(2, LogLevel.Error, "{count} alerts were not kept: the store did not answer")]
    private static partial void NotKept(ILogger logger, long count);
}
