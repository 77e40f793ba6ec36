using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace KismetOrleans.Engine.Gps;

/// <summary>What comes in at a serial port. A read waits on a thread of the pool, and looks twice a second whether it shall go on.</summary>
internal sealed class SerialStream(SafeFileHandle handle) : Stream
{
    private const int Interrupted = 4;

    // A port that has gone says "nothing" at once, one that is silent after half a second; the first few may be chance.
    private static readonly TimeSpan s_tooSoon = TimeSpan.FromMilliseconds(100);
    private const int EmptyReadsOfGone = 20;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        new(Task.Factory.StartNew(() => Read(buffer.Span, cancellationToken), cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default));

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count), CancellationToken.None);

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        handle.Dispose();
        base.Dispose(disposing);
    }

    private int Read(Span<byte> to, CancellationToken cancellation)
    {
        int empty = 0;
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            long since = TimeProvider.System.GetTimestamp();
            nint read = SerialPort.Read(handle, to, to.Length);
            if (read > 0)
            {
                return (int)read;
            }
            if (read < 0)
            {
                if (Marshal.GetLastPInvokeError() == Interrupted)
                {
                    continue;
                }
                throw new IOException($"the serial port cannot be read any more: {Marshal.GetLastPInvokeErrorMessage()}");
            }
            empty = TimeProvider.System.GetElapsedTime(since) < s_tooSoon ? empty + 1 : 0;
            if (empty == EmptyReadsOfGone)
            {
                return 0;
            }
        }
    }
}
