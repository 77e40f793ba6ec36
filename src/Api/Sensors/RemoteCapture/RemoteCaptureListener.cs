using System.Net;
using System.Net.Sockets;
using KismetOrleans.Api.Ingest;
using KismetOrleans.Engine.Operations;
using KismetOrleans.Silo.Hosting;

namespace KismetOrleans.Api.Sensors.RemoteCapture;

/// <summary>Takes capture programs that come by plain TCP (<c>--tcp</c>), which has neither login nor encryption: whoever reaches the port may feed the server.</summary>
internal sealed partial class RemoteCaptureListener(RemoteCaptureHost host, IngestKey key, IPEndPoint place) : BackgroundService
{
    // Two each for a campus of hundreds; each costs some 100 KB while it is idle.
    private const int MaxConnections = 1000;

    // Those of one address, which so keeps none from the others.
    internal const int MaxConnectionsEach = 250;

    private readonly Shares<IPAddress> _shares = new(MaxConnections, MaxConnectionsEach);
    private static readonly TimeSpan s_reportEvery = TimeSpan.FromMinutes(1);
    private readonly TcpListener _listener = new(place);
    private long _reportedAt = host.Clock.GetTimestamp() - (host.Clock.TimestampFrequency * (long)s_reportEvery.TotalSeconds);

    /// <summary>Where it listens, once it does.</summary>
    public IPEndPoint Place => (IPEndPoint)_listener.LocalEndpoint;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        // Here, so that a port that is in use keeps the server from starting.
        try
        {
            _listener.Start();
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw new PortInUseException($"{place} is in use; --{RemoteOptions.Section}:{nameof(RemoteOptions.Listen)} chooses another one");
        }
        if (!IPAddress.IsLoopback(place.Address))
        {
            Exposed(host.Logger, Place);
        }
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using TcpListener listener = _listener;
        List<Task> open = [];
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                TcpClient client = await listener.AcceptTcpClientAsync(stoppingToken);
                open.RemoveAll(static task => task.IsCompleted);
                IPAddress from = (client.Client.RemoteEndPoint as IPEndPoint)?.Address ?? IPAddress.None;
                if (_shares.TryEnter(Callers.NetworkOf(from)))
                {
                    open.Add(ServeAsync(client, from, stoppingToken));
                    continue;
                }
                client.Dispose();
                if (host.Clock.GetElapsedTime(_reportedAt) >= s_reportEvery)
                {
                    _reportedAt = host.Clock.GetTimestamp();
                    Full(host.Logger, from, MaxConnectionsEach, MaxConnections);
                }
            }
            catch (SocketException e)
            {
                // Out of handles, perhaps: the next may fare better.
                AcceptFailed(host.Logger, e);
                await Task.Delay(TimeSpan.FromSeconds(1), host.Clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
        }
        await Task.WhenAll(open);
    }

    private async Task ServeAsync(TcpClient client, IPAddress address, CancellationToken stopping)
    {
        await Task.Yield();
        try
        {
            using (client)
            {
                client.NoDelay = true;
                await using NetworkStream stream = client.GetStream();
                using RemoteLink link = new(stream, _ =>
                {
                    client.Client.Shutdown(SocketShutdown.Send);
                    return Task.CompletedTask;
                });
                using RemoteCaptureConnection connection = new(link, host, key, address.ToString());
                await connection.RunAsync(stopping);
            }
        }
        catch (Exception e)
        {
            Failed(host.Logger, e);
        }
        finally
        {
            _shares.Leave(Callers.NetworkOf(address));
        }
    }

    [LoggerMessage(45, LogLevel.Warning, "Capture programs are taken at {place} without login and in the clear: whoever reaches that port may feed this server. Better by websocket, with a key.")]
    private static partial void Exposed(ILogger logger, IPEndPoint place);

    [LoggerMessage(46, LogLevel.Warning, "A capture program of {address} was refused: {each} of one address, or {most} in all, are connected")]
    private static partial void Full(ILogger logger, IPAddress address, int each, int most);

    [LoggerMessage(47, LogLevel.Warning, "A capture program could not be accepted")]
    private static partial void AcceptFailed(ILogger logger, Exception e);

    [LoggerMessage(48, LogLevel.Error, "The connection of a capture program failed")]
    private static partial void Failed(ILogger logger, Exception e);
}
