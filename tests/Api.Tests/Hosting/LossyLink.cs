using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace KismetOrleans.Api.Tests.Hosting;

/// <summary>
/// A TCP proxy that loses every connection, in turn before anything was sent, in the middle of what is sent, before the answer, in the middle of the answer, and after a few. The worst is the third: the
/// server has the request, and the client does not know.
/// </summary>
internal sealed class LossyLink : IAsyncDisposable
{
    private static readonly Loss[] s_losses = Enum.GetValues<Loss>();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentDictionary<Loss, int> _counts = new();
    private readonly Uri _server;
    private readonly Task _accepting;

    public LossyLink(Uri server)
    {
        _server = server;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>What becomes of a connection.</summary>
    public enum Loss
    {
        AtOnce,
        InRequest,
        BeforeAnswer,
        InAnswer,
        Later,
    }

    /// <summary>Where it listens.</summary>
    public string Address => $"http://{_listener.LocalEndpoint}";

    /// <summary>How often a kind of loss has happened.</summary>
    public int Count(Loss loss) => _counts.GetValueOrDefault(loss);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _accepting;
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> running = [];
        try
        {
            for (int i = 0; ; i++)
            {
                TcpClient client = await _listener.AcceptTcpClientAsync(_end.Token);
                running.Add(ServeAsync(client, s_losses[i % s_losses.Length]));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(running);
        }
    }

    private async Task ServeAsync(TcpClient client, Loss loss)
    {
        using TcpClient near = client;
        using TcpClient far = new();
        near.NoDelay = far.NoDelay = true;
        try
        {
            _ = _counts.AddOrUpdate(loss, 1, static (_, count) => count + 1);
            if (loss == Loss.AtOnce)
            {
                return;
            }
            await far.ConnectAsync(_server.Host, _server.Port, _end.Token);
            Task up = CopyAsync(near, far, loss == Loss.InRequest ? 100 : long.MaxValue);
            Task down = CopyAsync(far, near, loss == Loss.BeforeAnswer ? 0 : loss == Loss.InAnswer ? 40 : 1000);
            await await Task.WhenAny(up, down);
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
        }
    }

    // Ends with the stream, or where more than so many bytes come.
    private async Task CopyAsync(TcpClient from, TcpClient to, long most)
    {
        byte[] buffer = new byte[65536];
        int read;
        while ((read = await from.GetStream().ReadAsync(buffer, _end.Token)) > 0)
        {
            await to.GetStream().WriteAsync(buffer.AsMemory(0, (int)Math.Min(read, most)), _end.Token);
            most -= read;
            if (most < 0)
            {
                return;
            }
        }
    }
}
