using System.Net.Sockets;
using System.Net.WebSockets;

namespace KismetOrleans.Api.Sensors.RemoteCapture;

/// <summary>What is said to a capture program: frames, numbered, any number of writers.</summary>
/// <param name="stream">The connection's bytes; each write is a frame. Not disposed here.</param>
/// <param name="closeOutput">Says to the other side that nothing more comes.</param>
internal sealed class RemoteLink(Stream stream, Func<CancellationToken, Task> closeOutput) : IDisposable
{
    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(1);
    private readonly SemaphoreSlim _writing = new(1);
    private uint _number;

    /// <summary>The connection's bytes.</summary>
    public Stream Stream => stream;

    public uint NextNumber() => Interlocked.Increment(ref _number);

    public async Task WriteAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellation)
    {
        await _writing.WaitAsync(cancellation);
        try
        {
            await stream.WriteAsync(frame, cancellation);
        }
        finally
        {
            _ = _writing.Release();
        }
    }

    /// <summary>Says the last frame, and waits for the other side's end: a connection that is closed before may take with it what was said last.</summary>
    /// <param name="farewell">The frame; none where the other side is gone.</param>
    /// <param name="reading">Whoever still reads; he ends with the connection.</param>
    public async Task CloseAsync(ReadOnlyMemory<byte> farewell, Task reading)
    {
        if (farewell.IsEmpty)
        {
            return;
        }
        using CancellationTokenSource limit = new(s_farewell);
        try
        {
            await WriteAsync(farewell, limit.Token);
            await closeOutput(limit.Token);
            if (!reading.IsCompleted)
            {
                await reading.WaitAsync(limit.Token);
                return;
            }
            byte[] rest = new byte[RemoteFrame.HeaderLength];
            while (await stream.ReadAsync(rest, limit.Token) > 0)
            {
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or ObjectDisposedException or InvalidOperationException or IOException or SocketException)
        {
            // Then it is gone already, or takes its time.
        }
    }

    public void Dispose() => _writing.Dispose();
}
