using System.Text.Json;
using KismetOrleans.Engine.Alerts;
using KismetOrleans.Engine.Events;
using KismetOrleans.Grains.Channels;
using KismetOrleans.Grains.Leases;
using KismetOrleans.Grains.Storage;
using KismetOrleans.Records.Alerts;

namespace KismetOrleans.Grains.Alerts;

/// <summary>
/// The cluster's alerts: the engine that keeps the limits for all partitions, kept in grain storage. There is one, so that each alert goes out once.
/// </summary>
[CollectionAgeLimit(AlwaysActive = true)]
public sealed class AlertsGrain(
    [PersistentState("alerts")] IPersistentState<AlertsGrainState> kept, [PersistentState("alert-outbox")] IPersistentState<AlertOutboxState> outbox,
    IAlertStore store, Func<IAlertOutlet> outlets, AlertOptions options, TotalsReporter totals, IEvents events, TimeProvider clock,
    ILogger<AlertsGrain> logger) : SavingGrain(s_saveEvery, logger), IAlertsGrain
{
    // What the death of its silo costs.
    private static readonly TimeSpan s_saveEvery = TimeSpan.FromSeconds(2);
    private readonly AlertEngine _engine = new(options, clock) { Events = events };
    private readonly Repetitions _reported = new();
    private readonly IAlertOutlet _outlet = outlets();
    private readonly KeptAlerts _kept = new(store, options, clock, logger);
    private long _saved;
    private long _savedOutbox;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (kept.RecordExists && kept.State.Bytes.Length > 0)
        {
            _engine.Restore(AlertCodec.ReadState(kept.State.Bytes));
        }
        _saved = _engine.Version;
        _outlet.Restore(outbox.State.Read());
        _savedOutbox = _outlet.Version;
        await _kept.RestoreAsync(_engine.Since(-1), cancellationToken);
        await base.OnActivateAsync(cancellationToken);
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        // First: what is taken after it was saved would be sent again by the next life.
        await _outlet.DisposeAsync();
        await base.OnDeactivateAsync(reason, cancellationToken);
        _kept.Dispose();
    }

    public ValueTask ReportAsync(Guid reporter, long sequence, byte[] alerts)
    {
        if (!_reported.Has(reporter, sequence))
        {
            foreach (RaisedAlert alert in AlertCodec.ReadRaised(alerts))
            {
                _ = Raise(alert);
            }
        }
        return default;
    }

    public ValueTask<byte> RaiseAsync(byte[] alert) => new((byte)Raise(AlertCodec.ReadRaised(alert)[0]));

    public ValueTask<bool> DefineAsync(byte[] definition) => new(_engine.Define(AlertCodec.ReadDefinition(definition)));

    public ValueTask<byte[]> DefinitionsAsync(CancellationToken cancellation = default) => new(AlertCodec.Write(_engine.Definitions()));

    public ValueTask<byte[]> SinceAsync(long microseconds, CancellationToken cancellation = default) => new(AlertCodec.Write(_engine.Since(microseconds)));

    private AlertFate Raise(RaisedAlert alert)
    {
        AlertFate fate = _engine.Raise(alert, out AlertRecord? record);
        if (record is not null)
        {
            totals.Publish([AlertMessages.Of(record)]);
            if (_kept.Add(record))
            {
                _outlet.Send(record);
            }
        }
        else if (fate == AlertFate.Throttled && _engine.KindOf(alert.Header) is { IsSquelched: false } kind)
        {
            _kept.AddHeldBack(alert, kind);
        }
        return fate;
    }

    public async ValueTask<byte[]> KeptAsync(AlertQuery query, CancellationToken cancellation = default)
    {
        // Whoever asks finds what was raised before.
        await _kept.SaveAsync();
        return AlertCodec.Write(await store.AlertsAsync(query, cancellation));
    }

    public async ValueTask<byte[]> IncidentsAsync(IncidentQuery query, CancellationToken cancellation = default)
    {
        await _kept.SaveAsync();
        return AlertCodec.Write(await store.IncidentsAsync(query, cancellation));
    }

    public async ValueTask<byte[]> IncidentAsync(long id, CancellationToken cancellation = default)
    {
        await _kept.SaveAsync();
        return AlertCodec.Write(await store.IncidentAsync(id, cancellation) is { } incident ? [incident] : (IncidentRecord[])[]);
    }

    public async ValueTask<byte[]> ChangeIncidentsAsync(long[] ids, IncidentOrder order) => AlertCodec.Write(await _kept.ChangeAsync(ids, order));

    protected override async Task SaveAsync()
    {
        // Before the backlog, from which what is not stored is told in the next life.
        await _kept.SaveAsync();
        long version = _engine.Version;
        if (version != _saved)
        {
            kept.State = new() { Bytes = AlertCodec.Write(_engine.Save()) };
            await kept.WriteStateAsync();
            _saved = version;
        }
        version = _outlet.Version;
        if (version != _savedOutbox)
        {
            outbox.State.Write(_outlet.Waiting);
            await outbox.WriteStateAsync();
            _savedOutbox = version;
        }
    }
}

/// <summary>What <see cref="AlertsGrain"/> keeps.</summary>
[GenerateSerializer, Alias("KismetOrleans.AlertsGrainState")]
public sealed class AlertsGrainState : IStoredState
{
    /// <summary>The engine's state.</summary>
    [Id(0)] public byte[] Bytes { get; set; } = [];

    public byte[] ToBytes() => Bytes;

    public void Read(byte[] bytes) => Bytes = bytes;
}

/// <summary>The alerts that receivers besides the API have not taken yet.</summary>
[GenerateSerializer, Alias("KismetOrleans.AlertOutboxState")]
public sealed class AlertOutboxState : IStoredState
{
    /// <summary>By the receiver's name, as <see cref="AlertCodec"/> writes them.</summary>
    [Id(0)] public Dictionary<string, byte[]> Waiting { get; set; } = [];

    internal IReadOnlyDictionary<string, IReadOnlyList<AlertRecord>> Read() =>
        Waiting.ToDictionary(static one => one.Key, static one => (IReadOnlyList<AlertRecord>)AlertCodec.ReadRecords(one.Value));

    internal void Write(IReadOnlyDictionary<string, IReadOnlyList<AlertRecord>> waiting) =>
        Waiting = waiting.Where(static one => one.Value.Count > 0).ToDictionary(static one => one.Key, static one => AlertCodec.Write(one.Value));

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(Waiting);

    public void Read(byte[] bytes) => Waiting = JsonSerializer.Deserialize<Dictionary<string, byte[]>>(bytes) ?? [];
}
