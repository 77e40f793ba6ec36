using System.Buffers;
using System.Net.WebSockets;

namespace KismetOrleans.Packets.Protocol;

/// <summary>Whole messages of a websocket. One reader, any number of writers.</summary>
/// <param name="socket">The websocket; not disposed here.</param>
/// <param name="maxBytes">The longest message to take.</param>
/// <param name="time">The clock of <see cref="Silence"/>; the system's without.</param>
public sealed class MessageSocket(WebSocket socket, int maxBytes, TimeProvider? time = null) : IDisposable
{
    private const int FirstBytes = 16_384;
    private readonly SemaphoreSlim _sending = new(1);
    private readonly TimeProvider _time = time ?? TimeProvider.System;

    // Rented while a message comes and until the next call: of a thousand sensors most are silent at any moment.
    private byte[] _buffer = [];

    // When something came last, or somebody began to wait for it; 0 while nobody waits.
    private long _waitingSince;

    /// <summary>For how long nothing has come that was waited for, not even a part of a message; zero while nobody receives.</summary>
    public TimeSpan Silence => Volatile.Read(ref _waitingSince) is > 0 and long since ? _time.GetElapsedTime(since) : TimeSpan.Zero;

    /// <summary>Sends one frame as one message.</summary>
    /// <exception cref="WebSocketException">The connection is gone.</exception>
    public async ValueTask SendAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellation)
    {
        await _sending.WaitAsync(cancellation);
        try
        {
            await socket.SendAsync(frame, WebSocketMessageType.Binary, true, cancellation);
        }
        finally
        {
            _ = _sending.Release();
        }
    }

    /// <summary>Sends a message.</summary>
    public ValueTask SendAsync<T>(T message, CancellationToken cancellation) where T : IEdgeMessage<T> =>
        SendAsync(MessageWriter.Frame(message), cancellation);

    /// <summary>Receives one message; valid until the next call.</summary>
    /// <returns>Empty when the other side has closed.</returns>
    /// <exception cref="WebSocketException">The connection broke.</exception>
    /// <exception cref="InvalidDataException">A message is too long, or text.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> ReceiveAsync(CancellationToken cancellation)
    {
        Volatile.Write(ref _waitingSince, _time.GetTimestamp());
        try
        {
            return await ReceiveWholeAsync(cancellation);
        }
        finally
        {
            Volatile.Write(ref _waitingSince, 0);
        }
    }

    /// <summary>Says that the connection ends, and does not insist.</summary>
    public async ValueTask CloseAsync(Bye bye, TimeSpan timeout)
    {
        using CancellationTokenSource limit = new(timeout);
        try
        {
            await SendAsync(bye, limit.Token);
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, limit.Token);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or ObjectDisposedException or InvalidOperationException or IOException)
        {
            // Then it is gone already.
        }
    }

    /// <inheritdoc/>
    // The last message stays with whoever still reads it.
    public void Dispose() => _sending.Dispose();

    private async ValueTask<ReadOnlyMemory<byte>> ReceiveWholeAsync(CancellationToken cancellation)
    {
        Return();
        // Completes when something can be read.
        ValueWebSocketReceiveResult readable = await socket.ReceiveAsync(Memory<byte>.Empty, cancellation);
        if (readable.MessageType == WebSocketMessageType.Close)
        {
            return default;
        }
        if (readable.EndOfMessage)
        {
            throw new InvalidDataException("an empty message");
        }
        _buffer = ArrayPool<byte>.Shared.Rent(Math.Min(maxBytes, FirstBytes));
        int length = 0;
        while (true)
        {
            int room = Math.Min(_buffer.Length, maxBytes);
            if (length == room)
            {
                if (length >= maxBytes)
                {
                    throw new InvalidDataException($"a message of more than {maxBytes} bytes");
                }
                Grow(length);
                room = Math.Min(_buffer.Length, maxBytes);
            }
            ValueWebSocketReceiveResult result = await socket.ReceiveAsync(_buffer.AsMemory(length..room), cancellation);
            if (result.MessageType == WebSocketMessageType.Close)
            {
                return default;
            }
            Volatile.Write(ref _waitingSince, _time.GetTimestamp());
            length += result.Count;
            if (result.EndOfMessage)
            {
                if (result.MessageType != WebSocketMessageType.Binary)
                {
                    throw new InvalidDataException("a message of text");
                }
                return _buffer.AsMemory(0, length);
            }
        }
    }

    private void Grow(int length)
    {
        byte[] longer = ArrayPool<byte>.Shared.Rent(Math.Min(maxBytes, length * 2));
        _buffer.AsSpan(0, length).CopyTo(longer);
        Return();
        _buffer = longer;
    }

    private void Return()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
        }
    }
}
