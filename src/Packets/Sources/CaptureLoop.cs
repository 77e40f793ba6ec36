using System.Net.Sockets;
using KismetOrleans.Packets.Channels;
using KismetOrleans.Packets.Files;
using KismetOrleans.Packets.Protocol;

namespace KismetOrleans.Packets.Sources;

/// <summary>
/// Captures from one source on a thread of its own, in the server as in an agent: opens it, tunes a radio while it is open, hands packets on,
/// and opens an interface that failed again, later and later. A capture file does not get better and is tried once.
/// </summary>
public sealed class CaptureLoop : IDisposable
{
    /// <summary>How often faults of the consumer are told: each batch may bring one.</summary>

    /// <summary>How long after a failure the first attempt comes at least: an interface that was unplugged is not back at once.</summary>
    private static readonly TimeSpan s_leastPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_closeWithin = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan s_pausedFileWaits = TimeSpan.FromMilliseconds(50);

    private readonly SourceDefinition _definition;
    private readonly ChannelPlan _plan;
    private readonly ICaptureConsumer _consumer;
    private readonly Func<IPacketSource> _open;
    private readonly IChannelTuner _tuner;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly Backoff _pauses;
    private readonly bool _isRadio;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly AutoResetEvent _hurry = new(false);
    private readonly Lock _lock = new();
    private TaskCompletionSource<string?>? _attempt;
    private bool _alive;
    private CancellationTokenSource? _stop;
    private Task _running = Task.CompletedTask;
    private volatile Task _prepared = Task.CompletedTask;
    private volatile ChannelControl? _channels;
    private volatile IPacketSource? _packets;
    private volatile bool _paused;
    private volatile bool _abandoned;
    private readonly FaultReport _faults;

    /// <summary>A loop that has not begun yet.</summary>
    /// <param name="definition">The source.</param>
    /// <param name="consumer">Whom to give its packets.</param>
    /// <param name="open">Opens the source.</param>
    /// <param name="tuner">Who tunes radios.</param>
    /// <param name="time">Clock of hops.</param>
    /// <param name="random">Chance.</param>
    /// <exception cref="PacketSourceException">The definition's options about channels make no sense.</exception>
    public CaptureLoop(
        SourceDefinition definition, ICaptureConsumer consumer, Func<IPacketSource> open, IChannelTuner tuner, TimeProvider time, Random random)
    {
        (_definition, _consumer, _open, _tuner, _time, _random) = (definition, consumer, open, tuner, time, random);
        _plan = ChannelPlan.From(definition);
        _pauses = new(random);
        _faults = new(TimeProvider.System, Report);
        IsFile = PacketSources.IsFile(definition);
        _isRadio = PacketSources.IsRadio(definition);
    }

    /// <summary>Whether the source is a capture file.</summary>
    public bool IsFile { get; }

    /// <summary>The source while it is open; null while it is not.</summary>
    public IPacketSource? Packets => _packets;

    /// <summary>Where the radio is; null before it is known, and for capture files.</summary>
    public ChannelState? Channels => _channels?.State;

    /// <summary>Completes when it is known what the radio can.</summary>
    public Task Prepared => _prepared;

    /// <summary>Completes when the loop has come to its end: after a capture file, a source that ended, or <see cref="CloseAsync"/>.</summary>
    public Task Running => _running;

    /// <summary>Exceptions so far that nobody expects, of the consumer or of the source.</summary>
    public long Faults => _faults.Count;

    /// <summary>A file waits meanwhile; what a radio hears is for nobody.</summary>
    public bool Paused
    {
        get => _paused;
        set => _paused = value;
    }

    /// <summary>Opens the source, or tries it now where the loop waits to try again; completes when it is open and its radio known, or has failed.</summary>
    /// <returns>Null, or why it is not open.</returns>
    public async Task<string?> OpenAsync()
    {
        string? error;
        await _turn.WaitAsync();
        try
        {
            error = await BeginAsync();
        }
        finally
        {
            _ = _turn.Release();
        }
        if (error is null)
        {
            await _prepared;
        }
        return error;
    }

    /// <summary>Lets the source go, and opens it no more; completes when it is let go, or has not answered for 15 s.</summary>
    public async Task CloseAsync()
    {
        await _turn.WaitAsync();
        try
        {
            await (_stop?.CancelAsync() ?? Task.CompletedTask);
            // A file or driver that does not answer keeps its thread, not who closes it.
            await _running.WaitAsync(s_closeWithin, TimeProvider.System);
        }
        catch (TimeoutException)
        {
            _abandoned = true;
        }
        finally
        {
            _ = _turn.Release();
        }
    }

    /// <summary>Changes channels.</summary>
    /// <returns>Null when it is done, or why not.</returns>
    public async Task<string?> TuneAsync(Order order, CancellationToken cancellation) =>
        !_isRadio ? IsFile ? "a capture file has no channels" : "the source has no channels"
        : _packets is not null && _channels is { } channels ? await channels.OrderAsync(order, cancellation)
        : "the source is not open";

    /// <summary>Only after <see cref="CloseAsync"/>.</summary>
    public void Dispose()
    {
        if (_abandoned && !_running.IsCompleted)
        {
            // Its thread has them still.
            return;
        }
        _stop?.Dispose();
        _channels?.Dispose();
        _hurry.Dispose();
        _turn.Dispose();
    }

    private async Task<string?> BeginAsync()
    {
        TaskCompletionSource<string?> attempt;
        bool waits;
        lock (_lock)
        {
            if (_packets is not null)
            {
                return "source already running";
            }
            attempt = _attempt ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
            (waits, _alive) = (_alive, true);
        }
        if (waits)
        {
            _ = _hurry.Set();
            return await attempt.Task;
        }
        // It has said its last word, and its thread is about to end.
        await _running;
        _stop?.Dispose();
        _stop = new();
        CancellationToken stop = _stop.Token;
        _ = _hurry.WaitOne(0);
        _pauses.Reset();
        _prepared = _isRadio ? PrepareAsync(stop) : Task.CompletedTask;
        _running = Task.Factory.StartNew(() => Run(stop), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        return await attempt.Task;
    }

    private void Run(CancellationToken stop)
    {
        try
        {
            while (CaptureOnce(stop) && WaitHandle.WaitAny([stop.WaitHandle, _hurry], s_leastPause + _pauses.Next()) != 0)
            {
                if (_isRadio && _channels is not { State.CanTune: true })
                {
                    // It may be another radio, or there for the first time.
                    _prepared = PrepareAsync(stop);
                }
            }
        }
        finally
        {
            Attempted("the source was closed", last: true);
        }
    }

    /// <summary>Opens the source and reads it to its end.</summary>
    /// <returns>Whether it is to be opened again.</returns>
    private bool CaptureOnce(CancellationToken stop)
    {
        IPacketSource? packets = null;
        Task tuning = Task.CompletedTask;
        using CancellationTokenSource tuned = CancellationTokenSource.CreateLinkedTokenSource(stop);
        string? error;
        try
        {
            packets = _open();
            _consumer.Opened(packets);
            lock (_lock)
            {
                _packets = packets;
            }
            tuning = TuneAsync(tuned.Token);
            Attempted(null);
            Read(packets, stop);
            error = packets.Error;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            error = null;
        }
        catch (Exception e) when (e is PacketSourceException or CaptureFormatException or IOException or SocketException)
        {
            error = e.Message;
        }
        catch (Exception e)
        {
            // Whatever a driver or a file does, other sources go on.
            error = e.Message;
            _faults.Add(e);
        }
        tuned.Cancel();
        tuning.GetAwaiter().GetResult();
        lock (_lock)
        {
            _packets = null;
        }
        bool again = !IsFile && error is not null && !stop.IsCancellationRequested;
        Guard(() => Report(packets, error, again, stop));
        packets?.Dispose();
        Attempted(error);
        return again;
    }

    private void Report(IPacketSource? packets, string? error, bool again, CancellationToken stop)
    {
        if (error is not null)
        {
            _consumer.Failed(packets, error, again);
        }
        else if (stop.IsCancellationRequested)
        {
            _consumer.Closed(packets!);
        }
        else
        {
            _consumer.Ended(packets!);
        }
    }

    private void Read(IPacketSource packets, CancellationToken stop)
    {
        PacketBatch batch = new();
        while (packets.TryRead(batch, stop))
        {
            _pauses.Reset();
            while (_paused && IsFile)
            {
                _ = stop.WaitHandle.WaitOne(s_pausedFileWaits);
                stop.ThrowIfCancellationRequested();
                Give(packets, null);
            }
            Give(packets, _paused || batch.Count == 0 ? null : batch);
        }
    }

    // Without a delegate, which would be allocated for each batch.
    private void Give(IPacketSource packets, PacketBatch? batch)
    {
        try
        {
            if (batch is null)
            {
                _consumer.Idle(packets);
            }
            else
            {
                _consumer.Take(packets, batch);
            }
        }
        catch (Exception e)
        {
            _faults.Add(e);
        }
    }

    private void Guard(Action report)
    {
        try
        {
            report();
        }
        catch (Exception e)
        {
            _faults.Add(e);
        }
    }

    private void Report(Exception fault, long faults)
    {
        try
        {
            _consumer.Faulted(fault, faults);
        }
        catch (Exception)
        {
            // Who cannot even be told has had its chance; the fault is counted.
        }
    }

    private void Attempted(string? error, bool last = false)
    {
        TaskCompletionSource<string?>? attempt;
        lock (_lock)
        {
            _alive &= !last;
            (attempt, _attempt) = (_attempt, null);
        }
        attempt?.SetResult(error);
    }

    private async Task PrepareAsync(CancellationToken stop)
    {
        try
        {
            if (_channels is not { State.CanTune: true })
            {
                ChannelControl made = await ChannelControl.CreateAsync(_definition.Interface, _plan, _tuner, _time, _random, stop);
                _channels?.Dispose();
                _channels = made;
            }
            _consumer.Tuned(_channels.State);
        }
        catch (OperationCanceledException)
        {
            // Closed before it was known.
        }
        catch (Exception e)
        {
            _faults.Add(e);
        }
    }

    private async Task TuneAsync(CancellationToken stop)
    {
        try
        {
            await _prepared;
            await (_channels?.RunAsync(stop) ?? Task.CompletedTask);
        }
        catch (OperationCanceledException)
        {
            // The way in which it ends.
        }
        catch (Exception e)
        {
            // A radio that is not tuned still receives.
            _faults.Add(e);
        }
    }
}
