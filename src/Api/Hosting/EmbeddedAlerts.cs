using KismetOrleans.Grains.Alerts;
using KismetOrleans.Grains.Embedded;
using KismetOrleans.Grains.Events;
using KismetOrleans.Grains.Messages;
using KismetOrleans.Grains.Persistence;
using KismetOrleans.Records.Alerts;
using KismetOrleans.Records.Server;

namespace KismetOrleans.Api.Hosting;

/// <summary>Alerts in this process: the engine behind the queue that the messages have, too.</summary>
internal sealed class EmbeddedAlerts : IAlerts
{
    private const string StateName = "alerts";
    private readonly Mailbox _queue;
    private readonly AlertEngine _engine;
    private readonly MessageRing _messages;
    private readonly IStateStore? _store;
    private readonly IAlertOutlet? _outlet;
    private long _saved;

    public EmbeddedAlerts(AlertOptions options, TimeProvider clock, Mailbox queue, MessageRing messages, IStateStore? store, IAlertOutlet? outlet,
        IEvents? events = null)
    {
        _queue = queue;
        _messages = messages;
        _store = store;
        _outlet = outlet;
        _engine = new(options, clock) { Events = events };
        if (store?.LoadAsync(StateName).AsTask().GetAwaiter().GetResult() is { } octets)
        {
            _engine.Restore(AlertCodec.ReadState(octets));
        }
        _saved = _engine.Version;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<AlertDefinitionRecord>> DefinitionsAsync() => _queue.PostAsync(_engine.Definitions);

    /// <inheritdoc/>
    public Task<IReadOnlyList<AlertRecord>> SinceAsync(long microseconds) => _queue.PostAsync(() => _engine.Since(microseconds));

    /// <inheritdoc/>
    public Task<bool> DefineAsync(AlertDefinition definition) => _queue.PostAsync(() => _engine.Define(definition));

    /// <inheritdoc/>
    public Task<AlertFate> RaiseAsync(RaisedAlert alert) => _queue.PostAsync(() => Raise(alert));

    /// <inheritdoc/>
    public void Report(RaisedAlert alert) => _ = _queue.PostAsync(() => Raise(alert));

    /// <summary>Takes what a batch brought to light; on the queue.</summary>
    /// <param name="alerts">What was noticed.</param>
    /// <param name="clock">Unix second of the batch, which its other messages have, too.</param>
    public void Take(IReadOnlyList<RaisedAlert> alerts, uint clock)
    {
        for (int i = 0; i < alerts.Count; i++)
        {
            _ = Raise(alerts[i], clock);
        }
    }

    /// <summary>Keeps what changed since the last call, where anything is kept.</summary>
    public async Task SaveAsync()
    {
        if (_store is null)
        {
            return;
        }
        (byte[]? octets, long version) = await _queue.PostAsync(() => (_engine.Version == _saved ? null : AlertCodec.Write(_engine.Save()), _engine.Version));
        if (octets is not null)
        {
            await _store.SaveAsync(StateName, octets);
            _saved = version;
        }
    }

    private AlertFate Raise(RaisedAlert alert, uint? clock = null)
    {
        AlertFate fate = _engine.Raise(alert, out AlertRecord? record);
        if (record is not null)
        {
            MessageRecord message = AlertMessages.Of(record);
            _messages.Add([message with { Seconds = clock ?? message.Seconds }]);
            _outlet?.Send(record);
        }
        return fate;
    }
}
