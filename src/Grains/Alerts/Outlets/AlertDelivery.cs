using KismetOrleans.Records.Alerts;

namespace KismetOrleans.Grains.Alerts.Outlets;

/// <summary>Delivers alerts to one receiver, in order, each until it is taken or tried too often. What comes while too many wait is dropped and counted. Thread-safe.</summary>
internal sealed partial class AlertDelivery : IAsyncDisposable
{
    private static readonly TimeSpan s_longestWait = TimeSpan.FromMinutes(1);
    private readonly IAlertReceiver _receiver;
    private readonly OutletOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    // The first one is under way: it leaves when it was taken, or given up.
    private readonly Queue<AlertRecord> _waiting = new();
    private readonly SemaphoreSlim _some = new(0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _running;
    private bool _underWay;
    private long _version;
    private long _delivered;
    private long _dropped;

    public AlertDelivery(IAlertReceiver receiver, OutletOptions options, TimeProvider clock, ILogger logger)
    {
        _receiver = receiver;
        _options = options;
        _clock = clock;
        _logger = logger;
        _running = Task.Run(RunAsync);
    }

    public long Delivered => Interlocked.Read(ref _delivered);

    /// <summary>Alerts that were dropped: too many waited, or nobody took them.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    public string Name => _receiver.Name;

    /// <summary>Grows whenever <see cref="Waiting"/> changes.</summary>
    public long Version => Interlocked.Read(ref _version);

    /// <summary>The alerts that were not taken yet, oldest first, the one under way included.</summary>
    public IReadOnlyList<AlertRecord> Waiting
    {
        get
        {
            lock (_waiting)
            {
                return [.. _waiting];
            }
        }
    }

    /// <summary>Takes an alert; returns at once.</summary>
    public void Send(AlertRecord alert)
    {
        lock (_waiting)
        {
            if (_waiting.Count - (_underWay ? 1 : 0) >= _options.Queue)
            {
                long dropped = Interlocked.Increment(ref _dropped);
                Full(_logger, _receiver.Name, alert.Alert.Header, dropped);
                return;
            }
            _waiting.Enqueue(alert);
            _version++;
        }
        _ = _some.Release();
    }

    /// <summary>Stops; what waits stays in <see cref="Waiting"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stopping.IsCancellationRequested)
        {
            return;
        }
        await _stopping.CancelAsync();
        await _running;
        _receiver.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                await _some.WaitAsync(_stopping.Token);
                await DeliverAsync(Begin());
                lock (_waiting)
                {
                    _ = _waiting.Dequeue();
                    _underWay = false;
                    _version++;
                }
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The way in which it ends.
        }
    }

    private AlertRecord Begin()
    {
        lock (_waiting)
        {
            _underWay = true;
            return _waiting.Peek();
        }
    }

    private async Task DeliverAsync(AlertRecord alert)
    {
        TimeSpan wait = _options.Backoff;
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                await _receiver.DeliverAsync(alert, _stopping.Token);
                Interlocked.Increment(ref _delivered);
                return;
            }
            catch (Exception e) when (!_stopping.IsCancellationRequested)
            {
                if (e is AlertRefusedException || attempt >= _options.Attempts)
                {
                    long dropped = Interlocked.Increment(ref _dropped);
                    GivenUp(_logger, _receiver.Name, alert.Alert.Header, attempt, dropped, e);
                    return;
                }
                await Task.Delay(wait, _clock, _stopping.Token);
                wait = wait * 2 < s_longestWait ? wait * 2 : s_longestWait;
            }
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "{receiver}: alert {alert} was dropped, since too many wait ({dropped} dropped so far)")]
    private static partial void Full(ILogger logger, string receiver, string alert, long dropped);

    [LoggerMessage(2, LogLevel.Warning, "{receiver}: alert {alert} was dropped after {attempts} attempts ({dropped} dropped so far)")]
    private static partial void GivenUp(ILogger logger, string receiver, string alert, int attempts, long dropped, Exception e);
}
