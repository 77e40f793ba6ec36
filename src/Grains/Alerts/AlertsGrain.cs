using KismetOrleans.Engine.Alerts;
using KismetOrleans.Engine.Events;
using KismetOrleans.Grains.Storage;
using KismetOrleans.Records.Alerts;
using KismetOrleans.Grains.Channels;
using Orleans.Storage;

namespace KismetOrleans.Grains.Alerts;

/// <summary>
/// The cluster's alerts: the engine that keeps the limits for all partitions, kept in grain storage. There is one, so that each alert goes out once.
/// </summary>
[CollectionAgeLimit(AlwaysActive = true)]
public sealed partial class AlertsGrain(
    [PersistentState("alerts")] IPersistentState<AlertsGrainState> kept, AlertOptions options, TotalsReporter totals, IEvents events, TimeProvider clock,
    IServiceProvider services, ILogger<AlertsGrain> logger) : Grain, IAlertsGrain
{
    // What the death of its silo costs.
    private static readonly TimeSpan s_saveEvery = TimeSpan.FromSeconds(2);
    private readonly AlertEngine _engine = new(options, clock) { Events = events };
    private readonly Dictionary<Guid, long> _reported = [];
    private readonly IAlertOutlet? _outlet = services.GetService<IAlertOutlet>();
    private long _saved;

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (kept.RecordExists && kept.State.Octets.Length > 0)
        {
            _engine.Restore(AlertCodec.ReadState(kept.State.Octets));
        }
        _saved = _engine.Version;
        _ = this.RegisterGrainTimer(
            static (grain, _) => grain.SaveAsync(), this, new GrainTimerCreationOptions(s_saveEvery, s_saveEvery) { Interleave = true });
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => SaveAsync();

    /// <inheritdoc/>
    public ValueTask ReportAsync(Guid reporter, long sequence, byte[] alerts)
    {
        if (_reported.GetValueOrDefault(reporter) < sequence)
        {
            _reported[reporter] = sequence;
            foreach (RaisedAlert alert in AlertCodec.ReadRaised(alerts))
            {
                _ = Raise(alert);
            }
        }
        return default;
    }

    /// <inheritdoc/>
    public ValueTask<byte> RaiseAsync(byte[] alert) => new((byte)Raise(AlertCodec.ReadRaised(alert)[0]));

    /// <inheritdoc/>
    public ValueTask<bool> DefineAsync(byte[] definition) => new(_engine.Define(AlertCodec.ReadDefinition(definition)));

    /// <inheritdoc/>
    public ValueTask<byte[]> DefinitionsAsync() => new(AlertCodec.Write(_engine.Definitions()));

    /// <inheritdoc/>
    public ValueTask<byte[]> SinceAsync(long microseconds) => new(AlertCodec.Write(_engine.Since(microseconds)));

    private AlertFate Raise(RaisedAlert alert)
    {
        AlertFate fate = _engine.Raise(alert, out AlertRecord? record);
        if (record is not null)
        {
            totals.Say([AlertMessages.Of(record)]);
            _outlet?.Send(record);
        }
        return fate;
    }

    private async Task SaveAsync()
    {
        long version = _engine.Version;
        if (version == _saved)
        {
            return;
        }
        kept.State = new() { Octets = AlertCodec.Write(_engine.Save()) };
        try
        {
            await kept.WriteStateAsync();
            _saved = version;
        }
        catch (InconsistentStateException)
        {
            // The cluster had parted, and another one of this grain has saved: the next life begins with what that one has.
            DeactivateOnIdle();
        }
        catch (Exception e)
        {
            NotSaved(logger, e.Message);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Alerts were not saved: {reason}")]
    private static partial void NotSaved(ILogger logger, string reason);
}

/// <summary>What <see cref="AlertsGrain"/> keeps.</summary>
[GenerateSerializer, Alias("KismetOrleans.AlertsGrainState")]
public sealed class AlertsGrainState : IStoredState
{
    /// <summary>The engine's state.</summary>
    [Id(0)] public byte[] Octets { get; set; } = [];

    /// <inheritdoc/>
    public byte[] ToBytes() => Octets;

    /// <inheritdoc/>
    public void Read(byte[] bytes) => Octets = bytes;
}
