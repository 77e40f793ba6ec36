using System.Threading.Channels;
using KismetOrleans.Records.Alerts;

namespace KismetOrleans.Grains.Alerts.Outlets;

/// <summary>Brings alerts to one receiver, in order, each until it is taken or tried too often. What comes while too many wait is dropped and counted.</summary>
public sealed partial class AlertDelivery : IAsyncDisposable
{
    private static readonly TimeSpan s_longestWait = TimeSpan.FromMinutes(1);
    private readonly IAlertReceiver _receiver;
    private readonly OutletOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly Channel<AlertRecord> _waiting;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _running;
    private long _delivered;
    private long _dropped;

    /// <summary>Begins to deliver.</summary>
    public AlertDelivery(IAlertReceiver receiver, OutletOptions options, TimeProvider clock, ILogger logger)
    {
        _receiver = receiver;
        _options = options;
        _clock = clock;
        _logger = logger;
        _waiting = Channel.CreateBounded<AlertRecord>(new BoundedChannelOptions(options.Queue) { SingleReader = true });
        _running = Task.Run(RunAsync);
    }

    /// <summary>Alerts that were taken.</summary>
    public long Delivered => Interlocked.Read(ref _delivered);

    /// <summary>Alerts that were dropped: too many waited, or nobody took them.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Takes an alert; returns at once.</summary>
    public void Send(AlertRecord alert)
    {
        if (!_waiting.Writer.TryWrite(alert))
        {
            long dropped = Interlocked.Increment(ref _dropped);
            Full(_logger, _receiver.Name, alert.Alert.Header, dropped);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _stopping.CancelAsync();
        await _running;
        _receiver.Dispose();
        _stopping.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            await foreach (AlertRecord alert in _waiting.Reader.ReadAllAsync(_stopping.Token))
            {
                await DeliverAsync(alert);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The way in which it ends.
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
                    GivenUp(_logger, _receiver.Name, alert.Alert.Header, attempt, e.Message, dropped);
                    return;
                }
                await Task.Delay(wait, _clock, _stopping.Token);
                wait = wait * 2 < s_longestWait ? wait * 2 : s_longestWait;
            }
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "{receiver}: alert {alert} was dropped, since too many wait ({dropped} dropped so far)")]
    private static partial void Full(ILogger logger, string receiver, string alert, long dropped);

    [LoggerMessage(2, LogLevel.Warning, "{receiver}: alert {alert} was dropped after {attempts} attempts: {reason} ({dropped} dropped so far)")]
    private static partial void GivenUp(ILogger logger, string receiver, string alert, int attempts, string reason, long dropped);
}
