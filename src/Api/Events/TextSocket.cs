using System.Net.WebSockets;
using KismetOrleans.Engine.Events;
using KismetOrleans.Engine.Operations;

namespace KismetOrleans.Api.Events;

/// <summary>
/// A client's websocket as whole messages of text, bounded in size; several may send. What a client does not take in time ends the connection, so that
/// nobody waits for it for ever.
/// </summary>
internal sealed class TextSocket : IDisposable
{
    /// <summary>Bytes of a message that a client may send; a subscription with a hundred fields is about 5 KiB.</summary>
    public const int MaxMessage = 64 * 1024;

    // Lines of a log that a client may cause.
    private const int MostReported = 10;

    // What a client may take to hear that it is over.
    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(1);
    private readonly WebSocket _socket;
    private readonly EventOptions _options;
    private readonly SemaphoreSlim _sending = new(1);
    private byte[] _buffer = new byte[4096];
    private int _ignored;

    public TextSocket(WebSocket socket, EventOptions options) => (_socket, _options) = (socket, options);

    /// <summary>Counts what the client sent for nothing.</summary>
    /// <returns>Whether that is worth a line: after some, the counter goes on alone.</returns>
    public bool Ignore()
    {
        Meters.SocketInputIgnored.Add(1);
        return _ignored++ < MostReported;
    }

    /// <summary>
    /// Waits for a message, for as long as the connection lasts. One at a time; the bytes are valid until the next call. There is no cancelling it: a
    /// websocket does not outlive a cancelled read, and could not say farewell.
    /// </summary>
    /// <returns>The message in UTF-8; null when the client has closed.</returns>
    /// <exception cref="SocketEndException">The message is binary, or too long.</exception>
    /// <exception cref="WebSocketException">The client is gone.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> ReceiveAsync()
    {
        int length = 0;
        while (true)
        {
            if (length == _buffer.Length)
            {
                Array.Resize(ref _buffer, Math.Min(_buffer.Length * 2, MaxMessage + 1));
            }
            ValueWebSocketReceiveResult part = await _socket.ReceiveAsync(_buffer.AsMemory(length), CancellationToken.None);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                return null;
            }
            if (part.MessageType == WebSocketMessageType.Binary)
            {
                throw new SocketEndException(WebSocketCloseStatus.InvalidMessageType, "text only");
            }
            length += part.Count;
            if (length > MaxMessage)
            {
                throw new SocketEndException(WebSocketCloseStatus.MessageTooBig, $"more than {MaxMessage} bytes");
            }
            if (part.EndOfMessage)
            {
                return _buffer.AsMemory(0, length);
            }
        }
    }

    /// <summary>Sends a message of UTF-8; waits while the client does not read, but no longer than the settings allow.</summary>
    /// <exception cref="SocketEndException">It took too long, and the socket is of no use any more.</exception>
    public ValueTask SendAsync(ReadOnlyMemory<byte> message) => SendAsync(message, WebSocketMessageType.Text);

    /// <inheritdoc cref="SendAsync(ReadOnlyMemory{byte})"/>
    /// <param name="type">Whether it is text.</param>
    public async ValueTask SendAsync(ReadOnlyMemory<byte> message, WebSocketMessageType type)
    {
        await _sending.WaitAsync();
        try
        {
            ValueTask sent = _socket.SendAsync(message, type, endOfMessage: true, CancellationToken.None);
            if (sent.IsCompletedSuccessfully)
            {
                sent.GetAwaiter().GetResult();
            }
            else
            {
                await WithinTimeoutAsync(sent.AsTask());
            }
        }
        finally
        {
            _ = _sending.Release();
        }
    }

    /// <summary>Says farewell, and answers a client's; a client that does not take it in a second is cut.</summary>
    public async Task CloseAsync(WebSocketCloseStatus status, string reason)
    {
        if (_socket.State is not (WebSocketState.Open or WebSocketState.CloseReceived) || !await _sending.WaitAsync(s_farewell))
        {
            _socket.Abort();
            return;
        }
        using CancellationTokenSource limit = new(s_farewell);
        try
        {
            await _socket.CloseOutputAsync(status, reason, limit.Token);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException)
        {
            _socket.Abort();
        }
        finally
        {
            _ = _sending.Release();
        }
    }

    /// <summary>Says farewell while others still read and send; a client that does not answer in a second is cut.</summary>
    public async Task EndAsync(WebSocketCloseStatus status, string reason)
    {
        await CloseAsync(status, reason);
        await Task.Delay(s_farewell);
        _socket.Abort();
    }

    public void Dispose() => _sending.Dispose();

    private async Task WithinTimeoutAsync(Task sending)
    {
        try
        {
            await sending.WaitAsync(_options.SendWithin);
        }
        catch (TimeoutException)
        {
            // Half a message may be out: nothing can follow it. The send ends with the connection.
            _socket.Abort();
            await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw new SocketEndException(WebSocketCloseStatus.PolicyViolation, "reads nothing");
        }
    }
}

/// <summary>A websocket must end.</summary>
/// <param name="status">What its client is told.</param>
internal sealed class SocketEndException(WebSocketCloseStatus status, string reason) : Exception(reason)
{
    /// <summary>What its client is told.</summary>
    public WebSocketCloseStatus Status => status;
}
