using System.Net.Sockets;

namespace KismetOrleans.Packets.Gps;

/// <summary>Reads lines from a receiver and takes what they report; begins again when the connection ends.</summary>
/// <param name="definition">Which receiver.</param>
/// <param name="listener">Who gets to know.</param>
/// <param name="clock">The clock of pauses.</param>
public abstract class GpsReader(GpsDefinition definition, IGpsListener listener, TimeProvider clock)
{
    // gpsd's longest report is of satellites, some kilobytes.
    private const int MaxLine = 64 * 1024;

    // A receiver that is plugged in again should be there when somebody looks.
    private static readonly TimeSpan s_leastPause = TimeSpan.FromSeconds(1);

    /// <summary>How long a position holds when a receiver falls silent. They report once a second; ten are a minute's walk at most.</summary>
    public static readonly TimeSpan Holds = TimeSpan.FromSeconds(10);

    /// <summary>Who gets to know.</summary>
    protected IGpsListener Listener => listener;

    /// <summary>The reader of a definition; null where nothing is read, as of a fixed place.</summary>
    /// <exception cref="GpsException">The definition is of no use.</exception>
    public static GpsReader? Of(GpsDefinition definition, IGpsListener listener, TimeProvider clock) => definition.Kind switch
    {
        GpsKind.Gpsd => new GpsdReader(definition, listener, clock),
        GpsKind.Tcp or GpsKind.Serial => new NmeaReader(definition, listener, clock),
        _ => null,
    };

    /// <summary>Looks whether a receiver can be read, and reads none.</summary>
    /// <exception cref="GpsException">The definition is of no use.</exception>
    // Only who runs it needs a listener.
    public static void Check(GpsDefinition definition) => _ = Of(definition, null!, TimeProvider.System);

    /// <summary>Reads until cancelled, or until the first failure of one that shall not be tried again.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        Backoff backoff = new(Random.Shared);
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await using (Stream stream = await OpenAsync(cancellation))
                {
                    listener.Connected();
                    await GreetAsync(stream, cancellation);
                    backoff.Reset();
                    await ReadAsync(stream, cancellation);
                }
                listener.Lost("the connection was closed");
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is IOException or SocketException or TimeoutException or OperationCanceledException or ObjectDisposedException)
            {
                // Disposed: a serial port that was unplugged.
                listener.Lost(e.Message);
            }
            if (!definition.Reconnect)
            {
                return;
            }
            try
            {
                await Task.Delay(s_leastPause + backoff.Next(), clock, cancellation);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <summary>Opens the way to it.</summary>
    protected abstract Task<Stream> OpenAsync(CancellationToken cancellation);

    /// <summary>Sends what it waits for before it reports.</summary>
    protected virtual Task GreetAsync(Stream stream, CancellationToken cancellation) => Task.CompletedTask;

    /// <summary>Takes a line, without what ends it.</summary>
    protected abstract void Take(ReadOnlySpan<byte> line);

    /// <summary>Connects to a TCP server.</summary>
    protected static async Task<Stream> ConnectAsync(string host, int port, CancellationToken cancellation)
    {
        // A host that swallows packets must not hold up the attempt after it.
        using CancellationTokenSource timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(TimeSpan.FromSeconds(10));
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(host, port, timeout.Token);
            // A phone that walked out of reach closes nothing.
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 30);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            socket.Dispose();
            throw new TimeoutException($"{host}:{port} does not answer");
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task ReadAsync(Stream stream, CancellationToken cancellation)
    {
        byte[] buffer = new byte[MaxLine];
        int length = 0;
        while (true)
        {
            int read = await stream.ReadAsync(buffer.AsMemory(length), cancellation);
            if (read == 0)
            {
                return;
            }
            length += read;
            int start = 0;
            while (buffer.AsSpan(start, length - start).IndexOf((byte)'\n') is >= 0 and int end)
            {
                ReadOnlySpan<byte> line = buffer.AsSpan(start, end).TrimEnd((byte)'\r');
                start += end + 1;
                if (!line.IsEmpty)
                {
                    Take(line);
                }
            }
            buffer.AsSpan(start, length - start).CopyTo(buffer);
            length -= start;
            if (length == buffer.Length)
            {
                throw new IOException($"a line of more than {MaxLine} bytes: there is no GPS");
            }
        }
    }
}
