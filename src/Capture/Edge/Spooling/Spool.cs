using KismetOrleans.Packets;
using KismetOrleans.Packets.Protocol;

namespace KismetOrleans.Capture.Edge.Spooling;

/// <summary>
/// Batches of one source on disk until the server has saved them. Written by one thread, read and acknowledged by another. What was appended
/// survives a kill of the process; with <see cref="SpoolOptions.Sync"/> also a loss of power.
/// </summary>
/// <remarks>
/// Numbers of batches go on for as long as the folder lives, also over lives (<see cref="BootId"/>). A batch of an earlier life goes out
/// under the present one: see <see cref="Renew"/>.
/// </remarks>
internal sealed class Spool : IDisposable
{
    private static readonly TimeSpan s_retryDisk = TimeSpan.FromSeconds(1);
    private readonly Lock _lock = new();
    private readonly SpoolOptions _options;
    private readonly TimeProvider _time;
    private readonly SpoolFiles _files;
    private readonly SpoolDoubts _doubts = new();
    private readonly ManualResetEventSlim _room = new(true);
    private readonly byte[] _scratch = new byte[SpoolOptions.LongestRecord];
    private SpoolState _state;
    private ulong _next;
    private ulong _position;
    private ulong _sent;

    private Spool(SpoolOptions options, TimeProvider time, SpoolFiles files)
    {
        _options = options;
        _time = time;
        _files = files;
        _state = files.State;
        _next = files.Active.Next;
        _position = files.Active.NextPacket;
        NextAtOpen = _next;
    }

    /// <summary>Called when a batch was appended.</summary>
    public Action? Appended { get; set; }

    /// <summary>Life of the spool: nanoseconds since 1970 at which it was made or renewed.</summary>
    public ulong BootId
    {
        get
        {
            lock (_lock)
            {
                return _state.BootId;
            }
        }
    }

    /// <summary>Number that the next batch gets.</summary>
    public ulong NextSequence => Volatile.Read(ref _next);

    /// <summary><see cref="NextSequence"/> as it was when the spool was opened.</summary>
    public ulong NextAtOpen { get; }

    /// <summary>Whether a server has been told of this spool since it was opened.</summary>
    internal bool WasConnected { get; set; }

    /// <summary>Packets of the source that were appended or lost: the number of the next one.</summary>
    public ulong Position => Volatile.Read(ref _position);

    /// <summary>Whether everything that was appended is saved.</summary>
    public bool IsSaved
    {
        get
        {
            lock (_lock)
            {
                return _state.Saved + 1 >= _next;
            }
        }
    }

    /// <summary>Why nothing can be written at the moment; null while it can.</summary>
    public string? Fault
    {
        get;
        private set
        {
            if (field != value)
            {
                field = value;
                Troubled?.Invoke(value);
            }
        }
    }

    /// <summary>Called when <see cref="Fault"/> changes, with what it is then.</summary>
    public Action<string?>? Troubled { get; set; }

    /// <summary>How full it is.</summary>
    public SpoolFill Fill
    {
        get
        {
            lock (_lock)
            {
                return new(_files.Bytes, _files.BatchesAfter(_state.Saved), _state.Lost);
            }
        }
    }

    /// <summary>Opens the spool in a folder, or makes one.</summary>
    /// <exception cref="SpoolException">The folder is in use by another agent, or cannot be written.</exception>
    public static Spool Open(SpoolOptions options, TimeProvider? time = null)
    {
        time ??= TimeProvider.System;
        if (options.MaxBytes < options.EffectiveSegment * 2)
        {
            throw new SpoolException($"{options.Folder}: a spool of {options.MaxBytes} bytes is too small; {SpoolOptions.LeastMaxBytes} are the least.");
        }
        try
        {
            return new(options, time, SpoolFiles.Open(options.Folder, Now(time)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SpoolException($"{options.Folder}: the spool cannot be opened: {e.Message} (another agent with the same source? --spool chooses another folder)", e);
        }
    }

    /// <summary>The oldest batch that is there, not saved and of at least a number; <see cref="NextSequence"/> when there is none.</summary>
    public ulong FirstFrom(ulong sequence)
    {
        lock (_lock)
        {
            return Math.Min(_next, _files.FirstAfter(Math.Max(_state.Saved, Math.Max(sequence, 1) - 1)));
        }
    }

    /// <summary>Packs what was collected and appends it.</summary>
    /// <returns>False where it was lost because the disk cannot be written; <see cref="Fault"/> says why.</returns>
    /// <exception cref="OperationCanceledException">Cancelled while waiting for room; nothing was appended.</exception>
    public bool Append(BatchBuilder batch, CancellationToken cancellation)
    {
        ReadOnlyMemory<byte> frame = batch.Pack(BootId, _next, _position);
        _ = BatchHeader.TryRead(frame.Span[EdgeFrame.HeaderLength..], out BatchHeader header);
        while (true)
        {
            Attempt attempt;
            lock (_lock)
            {
                attempt = TryAppend(frame.Span, header);
                if (attempt == Attempt.Full)
                {
                    _room.Reset();
                }
            }
            switch (attempt)
            {
                case Attempt.Full:
                    _room.Wait(cancellation);
                    break;
                case Attempt.Failed:
                    _ = cancellation.WaitHandle.WaitOne(s_retryDisk);
                    cancellation.ThrowIfCancellationRequested();
                    break;
                default:
                    Appended?.Invoke();
                    return attempt == Attempt.Done;
            }
        }
    }

    /// <summary>The server has saved everything up to a batch.</summary>
    public void Saved(ulong sequence)
    {
        lock (_lock)
        {
            sequence = Math.Min(sequence, _next - 1);
            _doubts.Saved(sequence);
            if (sequence > _state.Saved)
            {
                _state.Saved = sequence;
                _files.DeleteUpTo(sequence);
                Remember();
                _room.Set();
            }
        }
    }

    /// <summary>Sending begins anew behind what is saved: what went out and is gone from here meanwhile is lost.</summary>
    public void Restart(ulong from)
    {
        lock (_lock)
        {
            long lost = _doubts.LostFrom(from);
            _sent = from - 1;
            Lose(lost);
        }
    }

    /// <summary>
    /// Begins a new life, later than <paramref name="above"/>. For a server that knows a later life than ours (a clock went back), or batches
    /// of this life that we never sent (the disk lost them): what is here would else be taken for known and be dropped there.
    /// </summary>
    public void Renew(ulong above)
    {
        lock (_lock)
        {
            ulong now = Now(_time);
            // One that began by a clock that was ahead no server takes.
            ulong own = IsAhead ? now : _state.BootId + 1;
            _state.BootId = Math.Max(Math.Max(now, own), above == ulong.MaxValue ? above : above + 1);
            Remember();
        }
    }

    /// <summary>Whether this life began by a clock that has been set back since.</summary>
    public bool IsAhead => BootId > EdgeProtocol.LatestBootId(_time.GetUtcNow());

    /// <summary>Begins or continues the replay of a capture file.</summary>
    /// <param name="length">Bytes of the file.</param>
    /// <param name="written">When it was last written.</param>
    /// <returns>Packets that were appended by an earlier, interrupted replay of the same file: those to skip.</returns>
    public ulong BeginReplay(long length, DateTime written)
    {
        lock (_lock)
        {
            bool goesOn = !_state.Replayed && _state.FileLength == length && _state.FileTime == written.Ticks;
            if (!goesOn)
            {
                _position = 0;
                _files.Begin(_state.BootId, _next, 0);
                (_state.FileLength, _state.FileTime, _state.Replayed) = (length, written.Ticks, false);
                Remember();
            }
            return _position;
        }
    }

    /// <summary>The capture file is at its end and saved: its next replay is a new one.</summary>
    public void EndReplay()
    {
        lock (_lock)
        {
            _state.Replayed = true;
            Remember();
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            // Leaves nothing behind that a server without a memory would be sent again.
            _ = TryClear();
            _files.Dispose();
        }
    }

    /// <summary>Finds and reads the batch at or behind a number.</summary>
    /// <returns>Bytes of the frame in <paramref name="buffer"/>; 0 when there is none yet.</returns>
    internal int Read(SpoolCursor cursor, byte[] buffer, out BatchHeader header)
    {
        while (true)
        {
            SpoolSegment? segment;
            long end;
            ulong bootId;
            lock (_lock)
            {
                segment = _files.Find(cursor.Next);
                end = segment?.Length ?? 0;
                bootId = _state.BootId;
            }
            header = default;
            if (segment is null)
            {
                return 0;
            }
            if (cursor.TryRead(segment, end, buffer, out int length, out header))
            {
                if (header.BootId != bootId)
                {
                    BatchHeader.Restamp(buffer.AsSpan(0, length), bootId);
                    header = header with { BootId = bootId };
                }
                lock (_lock)
                {
                    _sent = Math.Max(_sent, header.Sequence);
                }
                return length;
            }
            // Dropped since it was found, or damaged: what is behind it goes on.
            cursor.Next = Math.Max(cursor.Next, segment.Next);
        }
    }

    private Attempt TryAppend(ReadOnlySpan<byte> frame, in BatchHeader header)
    {
        while (_files.Bytes + frame.Length + SpoolSegment.HeaderLength > _options.MaxBytes)
        {
            if (_options.Waits)
            {
                if (TryClear())
                {
                    continue;
                }
                return Attempt.Full;
            }
            if (!TryClear() && !DropOldest())
            {
                break;
            }
        }
        while (!TryWrite(frame, header))
        {
            // What is saved goes before anything is given up.
            if (TryClear())
            {
                continue;
            }
            if (_options.Waits)
            {
                return Attempt.Failed;
            }
            if (!DropOldest())
            {
                Lose(header.Packets);
                Volatile.Write(ref _position, _position + (ulong)header.Packets);
                return Attempt.Lost;
            }
        }
        Volatile.Write(ref _position, _position + (ulong)header.Packets);
        Volatile.Write(ref _next, _next + 1);
        return Attempt.Done;
    }

    // Segments that are saved are deleted when they are, but for the active one: it goes when it is in the way.
    private bool TryClear() => _state.Saved + 1 >= _next && _files.Active.Batches > 0 && TryDisk(() => _files.Recycle(_state.BootId, _next, _position));

    private bool TryWrite(ReadOnlySpan<byte> frame, in BatchHeader header)
    {
        try
        {
            if (_files.Active.Batches > 0 && _files.Active.Length + frame.Length > _options.EffectiveSegment)
            {
                _files.Begin(_state.BootId, _next, _position);
                _files.DeleteUpTo(_state.Saved);
            }
            _files.Write(frame, header, _options.Sync);
            Fault = null;
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Fault = $"the spool cannot be written: {e.Message}";
            return false;
        }
    }

    // The oldest segment makes room. What of it the server may still confirm is in doubt, the rest is lost.
    private bool DropOldest()
    {
        if (_files.Oldest is not { } oldest)
        {
            return false;
        }
        ulong first = Math.Max(oldest.First, _state.Saved + 1);
        long unsaved = 0;
        long unsent = 0;
        if (!TryDisk(() =>
        {
            unsaved = oldest.PacketsFrom(first, _scratch);
            unsent = Math.Min(unsaved, oldest.PacketsFrom(Math.Max(first, _sent + 1), _scratch));
            _files.DeleteOldest();
        }))
        {
            return false;
        }
        _doubts.Add(Math.Min(_sent, oldest.Next - 1), unsaved - unsent);
        Lose(unsent);
        return true;
    }

    private void Lose(long packets)
    {
        if (packets > 0)
        {
            _state.Lost += (ulong)packets;
            Remember();
        }
    }

    private void Remember() => _ = TryDisk(() => _files.Remember(_state));

    private bool TryDisk(Action action)
    {
        try
        {
            action();
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Fault = $"the spool cannot be written: {e.Message}";
            return false;
        }
    }

    private enum Attempt
    {
        Done,

        // No room until the server saves something.
        Full,

        // The disk refuses.
        Failed,

        // Given up.
        Lost,
    }

    private static ulong Now(TimeProvider time) => (ulong)Math.Max(1, time.NowNs());
}

/// <summary>How full a spool is.</summary>
/// <param name="Bytes">Bytes of its files.</param>
/// <param name="Batches">Batches that are not saved.</param>
/// <param name="LostPackets">Packets that it had no room for, since it was made.</param>
internal readonly record struct SpoolFill(long Bytes, long Batches, ulong LostPackets);
