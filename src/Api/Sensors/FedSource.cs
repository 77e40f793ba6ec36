using KismetOrleans.Api.Sensors.RemoteCapture;
using KismetOrleans.Engine.Datasources;
using KismetOrleans.Engine.Observations;
using KismetOrleans.Packets;
using KismetOrleans.Packets.Protocol;

namespace KismetOrleans.Api.Sensors;

/// <summary>
/// A source whose sensor knows neither batches nor acknowledgements nor orders: what it brings is packed here, numbered, and kept until it is on disk, as for capture programs
/// (<see cref="RemoteCaptureConnection"/>). One feeds it and one runs it.
/// </summary>
/// <param name="hello">The source; whether it was closed by command is looked up.</param>
internal sealed partial class FedSource(RemoteCaptureHost host, SensorHello hello) : IDisposable
{
    private static readonly TimeSpan s_tendEvery = TimeSpan.FromMilliseconds(250);

    // Some seconds of a busy access point.
    private const long MaxUnsavedBytes = 8 << 20;
    private readonly Lock _lock = new();
    private readonly PacketCollector _collected = new(overrideTimestamp: true);
    private readonly UnsavedBatches _unsaved = new();
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private SourceSession? _source;
    private SensorHealth _health = new() { Running = true };
    private ulong _bootId;
    private ulong _sequence;
    private bool _mustRewind;

    /// <summary>Completes when it can be fed, with an exception where it will not be.</summary>
    public Task Opened => _opened.Task;

    /// <summary>Whether another server or connection has taken it over.</summary>
    public bool IsSuperseded { get; private set; }

    /// <summary>Whether all that it was fed is on disk.</summary>
    public bool IsSaved
    {
        get
        {
            lock (_lock)
            {
                return _collected.Packets == 0 && _unsaved.Bytes == 0;
            }
        }
    }

    /// <summary>What the sensor says of itself, of what is known here; asked once in a while.</summary>
    public Func<SensorHealth, SensorHealth>? AddHealth { get; init; }

    /// <summary>Why it is not tuned from here.</summary>
    public string HasNoChannels { get; init; } = "the source has no channels";

    /// <summary>Takes a packet; what comes while it is paused or closed is for nobody. Never waits.</summary>
    /// <returns>False where there is no room.</returns>
    public bool TryTake(in RemotePacket packet, long timeNs)
    {
        lock (_lock)
        {
            if (_health.Paused || !_health.Running || _collected.TryTake(packet, timeNs))
            {
                return true;
            }
            if (_bootId == 0 || _unsaved.Bytes > MaxUnsavedBytes)
            {
                return false;
            }
            Pack();
            return _collected.TryTake(packet, timeNs);
        }
    }

    /// <summary>Hands on what it is fed until that ends or another takes it over, and then the rest.</summary>
    /// <param name="goesOn">Whether there is more to come.</param>
    public async Task RunAsync(Func<bool> goesOn, CancellationToken stopping)
    {
        string? fault = null;
        try
        {
            await OpenAsync(stopping);
            using PeriodicTimer timer = new(s_tendEvery, host.Clock);
            while (goesOn() && await timer.WaitForNextTickAsync(stopping) && await TendAsync(stopping))
            {
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // What it has is handed on below.
        }
        catch (Exception e)
        {
            fault = e.Message;
            Failed(host.Logger, hello.Name, e);
            _ = _opened.TrySetException(e);
        }
        try
        {
            if (fault is null && _bootId != 0 && !IsSuperseded)
            {
                _ = await FlushAsync(CancellationToken.None);
            }
        }
        catch (Exception e)
        {
            Failed(host.Logger, hello.Name, e);
        }
        _ = _opened.TrySetCanceled(CancellationToken.None);
        await (_source?.CloseAsync(fault) ?? Task.CompletedTask);
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _health = _health with { Running = false };
            _collected.Release();
        }
    }

    private async Task OpenAsync(CancellationToken stopping)
    {
        bool isDisabled = host.Sources.Find(hello.Uuid) is { ErrorReason: Health.Disabled };
        if (isDisabled)
        {
            _health = _health with { Running = false, Error = Health.Disabled };
        }
        _source = new(await host.Sources.RemoteAsync(hello.Uuid), hello.Uuid, host.Clock, host.Logger);
        SensorWelcome welcome = await _source.OpenAsync(hello with { Disabled = isDisabled }, stopping);
        lock (_lock)
        {
            // A life for each connection. Never behind one that another server, with another clock, has given.
            _bootId = Math.Max((ulong)host.Clock.NowNs(), welcome.Saved.BootId + 1);
        }
        _opened.SetResult();
    }

    // False where another has the source.
    private async Task<bool> TendAsync(CancellationToken stopping)
    {
        if (!await FlushAsync(stopping))
        {
            return false;
        }
        SensorOrders orders = await _source!.TendAsync(NewHealth(), stopping);
        if (orders.Outcome == AcceptOutcome.Superseded)
        {
            IsSuperseded = true;
            return false;
        }
        lock (_lock)
        {
            if (orders.Outcome == AcceptOutcome.Rewind || _mustRewind)
            {
                _unsaved.Rewind(_bootId, orders.Saved);
                _mustRewind = false;
            }
            if (orders.Saved.BootId == _bootId)
            {
                _unsaved.Saved(orders.Saved.Sequence);
            }
        }
        foreach (SensorOrder order in orders.Orders)
        {
            string? error = CarryOut(order.Command);
            // The state that an order led to is told before its result.
            _ = await _source.TendAsync(NewHealth(), stopping);
            await _source.OrderDoneAsync(order.Id, error);
        }
        return true;
    }

    private SensorHealth NewHealth()
    {
        lock (_lock)
        {
            return _health = AddHealth?.Invoke(_health) ?? _health;
        }
    }

    private string? CarryOut(SensorCommand command)
    {
        lock (_lock)
        {
            switch (command)
            {
                case SensorCommand.Pause or SensorCommand.Resume:
                    _health = _health with { Paused = command == SensorCommand.Pause };
                    return null;
                case SensorCommand.Close:
                    _health = _health with { Running = false, Error = Health.Disabled };
                    return null;
                case SensorCommand.Open:
                    _health = _health with { Running = true, Error = "" };
                    return null;
                default:
                    return HasNoChannels;
            }
        }
    }

    private async Task<bool> FlushAsync(CancellationToken cancellation)
    {
        while (true)
        {
            (ulong Sequence, ReadOnlyMemory<byte> Batch)? next;
            lock (_lock)
            {
                if (_collected.Packets > 0)
                {
                    Pack();
                }
                next = _unsaved.Next();
            }
            if (next is not { } batch)
            {
                return true;
            }
            (AcceptOutcome outcome, Watermark? saved) = await _source!.AcceptAsync(batch.Batch, cancellation);
            lock (_lock)
            {
                if (outcome == AcceptOutcome.Accepted)
                {
                    _unsaved.Sent(batch.Sequence);
                    continue;
                }
                if (saved is { } from)
                {
                    _unsaved.Rewind(_bootId, from);
                    continue;
                }
                // From where is told at the next tending.
                _mustRewind = outcome == AcceptOutcome.Rewind;
                IsSuperseded = outcome == AcceptOutcome.Superseded;
                return !IsSuperseded;
            }
        }
    }

    // In the lock.
    private void Pack() => _unsaved.Add(++_sequence, _collected.Pack(_bootId, _sequence));

    [LoggerMessage(56, LogLevel.Warning, "Source '{source}': what it brought could not be handed on")]
    private static partial void Failed(ILogger logger, string source, Exception e);
}
