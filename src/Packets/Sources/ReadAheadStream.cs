namespace KismetOrleans.Packets.Sources;

/// <summary>
/// A pipe or a connection, read ahead by one piece, so that who reads does not wait for ever: without a byte for <see cref="PacketSources.LongestSilence"/>
/// a read gives 0 and <see cref="IsWaiting"/> says that it is not the end. Read by one thread.
/// </summary>
/// <param name="inner">What to read; closed with this.</param>
internal sealed class ReadAheadStream(Stream inner) : Stream
{
    // What a pipe of Linux holds.
    private const int PieceBytes = 64 << 10;
    private readonly byte[] _piece = new byte[PieceBytes];
    private Task<int>? _reading;
    private int _next;
    private int _end;

    /// <summary>Whether the last read gave nothing because nothing had come yet.</summary>
    public bool IsWaiting { get; private set; }

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        IsWaiting = false;
        if (_next == _end && !TryFill())
        {
            return 0;
        }
        int taken = Math.Min(buffer.Length, _end - _next);
        _piece.AsSpan(_next, taken).CopyTo(buffer);
        _next += taken;
        return taken;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            // A read under way ends by that, or when something comes.
            _ = _reading?.ContinueWith(static late => _ = late.Exception, TaskScheduler.Default);
            inner.Dispose();
        }
        base.Dispose(disposing);
    }

    // False at the end, and while nothing comes.
    private bool TryFill()
    {
        // Standard input knows no reads that do not keep their thread, which must not be the caller's.
        _reading ??= Task.Run(() => inner.ReadAsync(_piece).AsTask());
        if (!_reading.IsCompleted && Task.WaitAny([_reading], PacketSources.LongestSilence) < 0)
        {
            IsWaiting = true;
            return false;
        }
        Task<int> read = _reading;
        _reading = null;
        (_next, _end) = (0, read.GetAwaiter().GetResult());
        return _end > 0;
    }
}
