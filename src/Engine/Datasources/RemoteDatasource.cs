using KismetOrleans.Engine.Observations;
using KismetOrleans.Engine.Operations;
using KismetOrleans.Packets;
using KismetOrleans.Packets.Live;
using KismetOrleans.Packets.Protocol;
using KismetOrleans.Records.Datasources;

namespace KismetOrleans.Engine.Datasources;

/// <summary>
/// A source that is fed over the network: which connection counts, what is on disk, which orders wait. Its host calls it from one caller at a
/// time. What is told to the sensor as saved is on disk in all partitions, and so are the counters.
/// </summary>
public sealed class RemoteDatasource
{
    // Each asks every partition that got something; the sensor's spool holds what comes meanwhile.
    private static readonly TimeSpan s_checkpointEvery = TimeSpan.FromSeconds(1);

    // Orders that no sensor takes must not pile up.
    private const int MaxOrders = 64;

    // Connections of one life; above them in the number is which life.
    private const int ConnectionBits = 20;
    private static readonly TimeSpan s_orderTimeout = TimeSpan.FromSeconds(15);
    private readonly Datasource _source;
    private readonly Func<DatasourceRecord, Checkpoint?, Task> _keep;
    private readonly Func<string, bool, Task> _report;
    private readonly FaultReport _faults;
    private readonly TimeProvider _clock;
    private readonly List<SensorOrder> _waiting = [];
    private readonly Dictionary<long, (TaskCompletionSource<string?> Done, long Since)> _orders = [];
    private readonly DropReport _osDrops = new(DropReason.Os, reported: null);
    private readonly DropReport _spoolDrops = new(DropReason.Spool, reported: null);
    private readonly SensorTimes _times = new();
    private SensorHealth? _health;
    private long _connection;
    private long _orderId;
    private Task<bool>? _flushing;
    private Checkpoint? _checkpoint;
    private long _checkpointAt;
    private Watermark _checked;

    /// <summary>A source that no sensor is connected to.</summary>
    /// <param name="keep">Keeps the record, and counters with a saved batch where there are.</param>
    /// <param name="report">Puts a message on the message bus; true for an error.</param>
    /// <param name="faults">What batches could not be handed on for; they come again.</param>
    public RemoteDatasource(Datasource source, Func<DatasourceRecord, Checkpoint?, Task> keep, Func<string, bool, Task> report, TimeProvider clock, FaultReport faults)
    {
        _source = source;
        _keep = keep;
        _report = report;
        _faults = faults;
        _clock = clock;
        // Random, so that a connection of an earlier life of this host is never taken for one of this.
        _connection = Random.Shared.NextInt64(1L << 40) << ConnectionBits;
    }

    /// <summary>The newest snapshot for the outside.</summary>
    public DatasourceRecord Record => _source.Record;

    /// <summary>The packets' way.</summary>
    public Datasource Source => _source;

    /// <summary>Whether a sensor is connected.</summary>
    public bool IsConnected { get; private set; }

    internal bool HasGivenOut(long connection) => connection >> ConnectionBits == _connection >> ConnectionBits;

    /// <param name="hello">What it says of itself.</param>
    /// <param name="driver">Its kind: <see cref="SensorHello.Driver"/> as this server describes it.</param>
    internal async ValueTask<SensorWelcome> OpenAsync(SensorHello hello, DatasourceDriver driver)
    {
        _connection++;
        // What an earlier connection left in the air is sent again by this one.
        await _source.RewindAsync();
        IsConnected = true;
        _times.Begin();
        Learn(hello.ClockSkew, hello.HostClock);
        _source.Publish(record => record with
        {
            Name = hello.Name,
            Driver = driver,
            Definition = hello.Definition,
            Interface = hello.Interface,
            Hardware = hello.Hardware,
            Version = hello.Version,
            RemoteAddress = hello.Address,
            LinkType = hello.LinkType,
            Channels = hello.Channels,
            HostInterfaces = hello.Interfaces,
            Owner = hello.Owner.Length > 0 ? hello.Owner : record.Owner,
            Remote = true,
            Running = !hello.Disabled,
            Error = hello.Disabled,
            ErrorReason = hello.Disabled ? Health.Disabled : "",
        });
        await _keep(_source.Record, null);
        await _report($"Data source '{hello.Name}' connected from {hello.Address}", false);
        return new(_connection, _source.Record.Number, _source.Saved);
    }

    /// <inheritdoc cref="IDatasource"/>
    internal async ValueTask<AcceptOutcome> AcceptAsync(long connection, PacketBatch batch)
    {
        if (connection != _connection)
        {
            return AcceptOutcome.Superseded;
        }
        if (_times.Correct(batch, Record.Driver == SourceDrivers.Libpcap, _clock.GetUtcNow()) is { } odd)
        {
            // A clock that is made up for is no fault: SENSORCLOCK says that it is off.
            await _report($"Data source '{Record.Name}': {odd}", _times.Ahead > 0);
        }
        try
        {
            await _source.AcceptAsync(batch);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // A partition that did not answer may have the batch or not: it comes again, and those that have it drop it.
            _faults.Add(e);
            await _source.RewindAsync();
            await _report($"Data source '{Record.Name}': {e.Message} Unsaved batches are asked for again.", true);
            return AcceptOutcome.Rewind;
        }
        return await OutcomeAsync();
    }

    /// <inheritdoc cref="IDatasource"/>
    internal async ValueTask<SensorOrders> TendAsync(long connection, SensorHealth health)
    {
        if (connection != _connection)
        {
            return new(AcceptOutcome.Superseded, _source.Saved, []);
        }
        ExpireOrders();
        // Each comes some times.
        if (health != _health)
        {
            _health = health;
            Learn(health.ClockSkew, health.HostClock);
        }
        Publish(health);
        await CheckpointAsync();
        await _keep(_source.Record, null);
        AcceptOutcome outcome = await OutcomeAsync();
        SensorOrder[] orders = [.. _waiting];
        _waiting.Clear();
        return new(outcome, _source.Saved, orders);
    }

    /// <inheritdoc cref="IDatasource"/>
    internal void OrderDone(long connection, long order, string? error)
    {
        if (_orders.Remove(order, out (TaskCompletionSource<string?> Done, long Since) waiting))
        {
            waiting.Done.TrySetResult(error);
        }
    }

    /// <inheritdoc cref="IDatasource"/>
    internal async ValueTask CloseAsync(long connection, string? error)
    {
        if (connection != _connection)
        {
            return;
        }
        IsConnected = false;
        foreach ((TaskCompletionSource<string?> done, _) in _orders.Values)
        {
            done.TrySetResult("the sensor disconnected");
        }
        _orders.Clear();
        _waiting.Clear();
        // A capture file that was read to its end stays running, as Kismet leaves it. What the sensor itself found wrong stays to be seen.
        _source.Publish(record => record with
        {
            Running = record.Replay is { Ended: true } && error is null,
            Error = record.Error || error is not null,
            ErrorReason = error ?? record.ErrorReason,
        });
        await _keep(_source.Record, null);
        await _report($"Data source '{Record.Name}' disconnected" + (error is null ? "" : ": " + error), error is not null);
    }

    /// <summary>Notes an order for the sensor. The result is awaited outside of the turn, since it comes in a later one.</summary>
    internal Task<string?> Order(SensorOrder order)
    {
        if (!IsConnected)
        {
            return Task.FromResult<string?>("the sensor is not connected");
        }
        if (_orders.Count >= MaxOrders)
        {
            return Task.FromResult<string?>("too many orders wait for the sensor");
        }
        TaskCompletionSource<string?> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _orders.Add(++_orderId, (done, _clock.GetTimestamp()));
        _waiting.Add(order with { Id = _orderId });
        return done.Task;
    }

    private void ExpireOrders()
    {
        foreach ((long id, (TaskCompletionSource<string?> done, long since)) in _orders)
        {
            if (_clock.GetElapsedTime(since) > s_orderTimeout)
            {
                _ = _orders.Remove(id);
                done.TrySetResult("the sensor did not answer");
            }
        }
    }

    // 0 is of sensors that do not say.
    private void Learn(double skew, HostClock? clock)
    {
        if (skew != 0)
        {
            _times.Learn(skew, clock, _clock.GetUtcNow());
        }
    }

    private void Publish(SensorHealth health)
    {
        _osDrops.Report(health.Dropped);
        _spoolDrops.Report(health.SpoolLost);
        _source.SeenAt(health.Place);
        _source.Publish(record => record with
        {
            LinkType = health.LinkType == 0 ? record.LinkType : health.LinkType,
            Running = health.Running || (health.Ended && health.Error != Health.Disabled),
            Paused = health.Paused,
            Channel = health.Channel,
            Hopping = health.Hopping,
            HopRate = health.HopRate,
            HopChannels = health.HopChannels,
            HopShuffle = health.HopShuffle,
            Error = health.Error.Length > 0,
            ErrorReason = health.Error,
            Warning = _times.Warning ?? health.Warning,
            Sensor = new(health.Dropped, health.SpoolLost, health.SpoolBytes, health.SpoolBatches, _times.Ahead == 0 ? _times.Skew : Math.Max(_times.Skew, _times.Ahead))
            {
                ClockCorrection = _times.Correction,
                Host = health.Host,
                Profile = health.Profile,
            },
            Replay = health.Ended ? new(1, 0, true) : record.Replay,
        });
    }

    // Goes on beside the batches: flushing waits for the disk, the next batch need not.
    private async ValueTask CheckpointAsync()
    {
        if (_flushing is { IsCompleted: true } flushed)
        {
            bool saved = flushed.IsCompletedSuccessfully && flushed.Result;
            _flushing = null;
            _source.EndCheckpoint(_checkpoint!, saved);
            if (saved && !_source.MustRewind)
            {
                _checked = _checkpoint!.Newest;
                await _keep(_source.Record, _checkpoint);
            }
        }
        if (_flushing is null && !_source.MustRewind && _source.IsCaughtUp && _clock.GetElapsedTime(_checkpointAt) >= s_checkpointEvery)
        {
            Checkpoint checkpoint = await _source.BeginCheckpointAsync();
            if (!_source.MustRewind && checkpoint.Newest != _checked)
            {
                _checkpoint = checkpoint;
                _checkpointAt = _clock.GetTimestamp();
                _flushing = _source.FlushAsync(checkpoint);
            }
        }
    }

    private async ValueTask<AcceptOutcome> OutcomeAsync()
    {
        if (!_source.MustRewind)
        {
            return AcceptOutcome.Accepted;
        }
        _flushing = null;
        _checked = default;
        await _source.RewindAsync();
        return AcceptOutcome.Rewind;
    }
}
