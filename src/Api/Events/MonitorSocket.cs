using System.Net.WebSockets;
using System.Text.Json;
using KismetOrleans.Engine.Server;
using KismetOrleans.Engine.Tracking;
using KismetOrleans.Records.Fields;

namespace KismetOrleans.Api.Events;

/// <summary>
/// <c>/devices/monitor.ws</c> and <c>/devices/views/{view}/monitor.ws</c>: devices that a client wants to be told of again and again (inventory:
/// remote-capture.md, 8).
/// </summary>
internal sealed partial class MonitorSocket(TextSocket socket, IBackend backend, DeviceView view, int maxMonitors, string address, ILogger logger)
{
    private readonly TextSocket _socket = socket;
    private readonly IBackend _backend = backend;
    private readonly string _address = address;
    private readonly ILogger _logger = logger;
    private readonly Dictionary<ulong, Running> _running = [];
    private readonly TaskCompletionSource _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Runs until the client goes.</summary>
    public async Task RunAsync()
    {
        Task reading = ListenAsync();
        Task first = await Task.WhenAny(reading, _failed.Task);
        if (first != reading)
        {
            // The connection is of no use any more, so that reading ends too.
            await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        foreach (Running running in _running.Values)
        {
            await running.EndAsync();
        }
        await first;
    }

    private async Task ListenAsync()
    {
        while (await _socket.ReceiveAsync() is { } message)
        {
            try
            {
                using JsonDocument command = SocketCommand.Parse(message);
                await ObeyAsync(command.RootElement);
            }
            catch (CommandException e)
            {
                // Nothing is answered to this, as in Kismet.
                if (_socket.Ignore())
                {
                    Ignored(_logger, _address, e.Message);
                }
            }
        }
    }

    private async Task ObeyAsync(JsonElement command)
    {
        ulong? cancel = command.Number("cancel");
        if (cancel is { } ended && _running.Remove(ended, out Running? running))
        {
            await running.EndAsync();
        }
        if (command.Text("monitor") is not { } which)
        {
            if (cancel is null)
            {
                throw new CommandException("neither monitor nor cancel");
            }
            return;
        }
        ulong request = command.Number("request") ?? throw new CommandException("request: is needed");
        ulong rate = command.Number("rate") ?? throw new CommandException("rate: is needed");
        var (format, fields) = SocketCommand.Shape(command);
        DeviceMonitor monitor = new(_backend, view, which, new(format, fields, Depth: 0) { Apart = true });
        if (_running.Remove(request, out Running? before))
        {
            await before.EndAsync();
        }
        if (_running.Count >= maxMonitors)
        {
            throw new CommandException($"request {request}: there are {maxMonitors} already");
        }
        _running[request] = new(this, monitor, DeviceMonitor.Period(rate));
    }

    [LoggerMessage(54, LogLevel.Information, "Monitors of devices: what {address} sent was ignored: {reason}")]
    private static partial void Ignored(ILogger logger, string address, string reason);

    [LoggerMessage(55, LogLevel.Warning, "Monitors of devices: one of {address} goes on with its next turn")]
    private static partial void NotFired(ILogger logger, string address, Exception e);

    /// <summary>A monitor with its timer. A turn that is still under way when the next is due takes its place.</summary>
    private sealed class Running
    {
        private readonly CancellationTokenSource _over = new();
        private readonly MonitorSocket _owner;
        private readonly DeviceMonitor _monitor;
        private readonly Task _task;

        public Running(MonitorSocket owner, DeviceMonitor monitor, TimeSpan every)
        {
            (_owner, _monitor) = (owner, monitor);
            _task = Task.Run(() => RunAsync(every));
        }

        // Waits for a message that is half sent: the socket is of use only when it is out.
        public async Task EndAsync()
        {
            await _over.CancelAsync();
            await _task;
            _over.Dispose();
        }

        private async Task RunAsync(TimeSpan every)
        {
            using PeriodicTimer timer = new(every, _owner._backend.Clock);
            try
            {
                do
                {
                    await FireAsync();
                }
                while (await timer.WaitForNextTickAsync(_over.Token));
            }
            catch (OperationCanceledException) when (_over.IsCancellationRequested)
            {
                // The way in which it ends.
            }
            catch (Exception e)
            {
                _ = _owner._failed.TrySetException(e);
            }
        }

        private async Task FireAsync()
        {
            try
            {
                await _monitor.FireAsync(_owner._socket.SendAsync, _over.Token);
            }
            catch (Exception e) when (e is not (OperationCanceledException or SocketEndException or WebSocketException or IOException or ObjectDisposedException))
            {
                // A cluster that changes: what was not told now is told then.
                NotFired(_owner._logger, _owner._address, e);
            }
        }
    }
}
