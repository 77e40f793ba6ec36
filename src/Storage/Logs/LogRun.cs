using System.Collections.Concurrent;
using KismetOrleans.Engine.Logging;
using KismetOrleans.Engine.Streams;
using KismetOrleans.Packets;
using KismetOrleans.Records.Server;

namespace KismetOrleans.Storage.Logs;

/// <summary>What a kind of log does beside writing packets.</summary>
internal interface ILogKind
{
    ILogFile Begin(FileStream file);

    /// <summary>Whether it ends soon when it is closed, whatever waits in its queue.</summary>
    bool EndsSoon => false;

    /// <summary>Whether packets have to wait for what is written beside them.</summary>
    bool IsBehind(ILogFile file) => false;

    /// <summary>About once a second, and between packets while it says that there is more, or is behind.</summary>
    /// <returns>Whether there is more to be done soon.</returns>
    bool Step(ILogFile file, bool idle);

    /// <summary>Writes what the file must have at its end.</summary>
    /// <param name="last">Whether the log ends with it.</param>
    /// <param name="time">Time for what the file can be without.</param>
    /// <returns>What it is without; null for nothing.</returns>
    string? Finish(ILogFile file, bool last, TimeSpan time);

    /// <summary>A file was removed, or the log is closed and all of its files are no longer asked for.</summary>
    void Forget(string? path);
}

/// <summary>One log that is being written: its thread, its queue of packets, its files.</summary>
internal sealed class LogRun : IAsyncDisposable
{
    private static readonly TimeSpan s_tendEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_busy = TimeSpan.FromMilliseconds(5);

    // A server ends within three seconds: what waits in the queue has the first of them, what the file can be without the second.
    private static readonly TimeSpan s_queue = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_finish = TimeSpan.FromSeconds(1);

    // A file's age holds within a twentieth, of which its end has a half.
    private const int AgeShare = 40;
    private readonly LogOptions _options;
    private readonly LogFiles _files;
    private readonly ILogKind _kind;
    private readonly IPacketStream _stream;
    private readonly TimeProvider _clock;
    private readonly Action<LogRun, string, bool> _publish;
    private readonly FaultReport _faults;
    private readonly ConcurrentQueue<Action<ILogFile?>> _jobs = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Thread _thread;
    private TaskCompletionSource _job = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ILogFile _file;
    private LogRecord _record;
    private long _before;
    private long _begun;
    private long _reportedDrops;
    private long _unread;
    private long? _closedAt;

    /// <summary>Begins a log whose first file is there.</summary>
    public LogRun(
        LogRecord record, LogOptions options, LogFiles files, ILogKind kind, ILogFile first, IPacketStream stream, TimeProvider clock,
        Action<LogRun, string, bool> publish, FaultReport faults)
    {
        (_record, _options, _files, _kind, _file, _stream, _clock, _publish, _faults) = (record, options, files, kind, first, stream, clock, publish, faults);
        _begun = clock.GetTimestamp();
        _thread = new(Work) { IsBackground = true, Name = $"log {record.Driver.Class}" };
    }

    public LogRecord Record => Volatile.Read(ref _record) with { Dropped = (ulong)Lost };

    public long StreamId => _stream.Id;

    /// <summary>Completes when its file is closed.</summary>
    public Task Ended => _ended.Task;

    public void Start() => _thread.Start();

    /// <summary>Has something done by the log's thread, between packets.</summary>
    /// <exception cref="LogException">The log was closed before.</exception>
    public async Task<T> DoAsync<T>(Func<ILogFile, T> call)
    {
        TaskCompletionSource<T> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _jobs.Enqueue(file =>
        {
            if (file is null)
            {
                done.TrySetException(new LogException("the log was closed"));
                return;
            }
            try
            {
                done.TrySetResult(call(file));
            }
            catch (Exception e)
            {
                done.TrySetException(new LogException(e.Message, e));
                throw;
            }
        });
        Volatile.Read(ref _job).TrySetResult();
        if (Ended.IsCompleted)
        {
            RunJobs(null);
        }
        return await done.Task;
    }

    /// <summary>Lets go of its stream; when it has ended.</summary>
    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    private void Work()
    {
        string? error = null;
        try
        {
            Loop();
            End(last: true);
        }
        catch (Exception e)
        {
            // A full disk, whatever: this log ends, the server and the other logs go on.
            error = e.Message;
            _faults.Add(e);
        }
        try
        {
            _file.Dispose();
        }
        catch (Exception e)
        {
            error ??= e.Message;
            _faults.Add(e);
        }
        Publish(open: false, error);
        _kind.Forget(null);
        string name = $"Log '{_record.Path}'";
        _publish(this, error is null ? $"{name} closed: {Record.Packets} packets{Dropped}" : $"{name} stopped after {Record.Packets} packets: {error}", error is not null);
        // Last: who waits for the end may leave, and what was not said by then is never read.
        _ended.TrySetResult();
        RunJobs(null);
    }

    private long Lost => _stream.Dropped + _file.Dropped + Volatile.Read(ref _unread);

    private string Dropped => Lost > 0 ? $", {Lost} dropped because it was too slow" : "";

    private void Loop()
    {
        Task<TappedPackets?>? read = null;
        bool busy = true;
        long tended = 0;
        while (true)
        {
            read ??= _stream.ReadAsync(CancellationToken.None).AsTask();
            if (!read.IsCompleted)
            {
                Publish(open: true, null);
                _ = Task.WaitAny([read, Volatile.Read(ref _job).Task], busy ? s_busy : UntilDue);
            }
            if (read.IsCompleted)
            {
                using TappedPackets? packets = read.GetAwaiter().GetResult();
                read = null;
                if (packets is null)
                {
                    return;
                }
                Write(packets);
            }
            if (!_jobs.IsEmpty)
            {
                Volatile.Write(ref _job, new(TaskCreationOptions.RunContinuationsAsynchronously));
                RunJobs(_file);
            }
            if (busy || _clock.GetElapsedTime(tended) >= s_tendEvery || tended == 0 || _kind.IsBehind(_file))
            {
                busy = _kind.Step(_file, idle: read is { IsCompleted: false });
            }
            if (tended == 0 || _clock.GetElapsedTime(tended) >= s_tendEvery)
            {
                tended = _clock.GetTimestamp();
                _file.Tend();
                Publish(open: true, null);
                ReportDrops();
            }
            Rotate();
        }
    }

    private long Limit => _options.MaxBytes > 0 ? _options.MaxBytes : long.MaxValue;

    private TimeSpan UntilDue
    {
        get
        {
            if (_options.MaxAge == TimeSpan.Zero)
            {
                return s_tendEvery;
            }
            TimeSpan left = _options.MaxAge - _clock.GetElapsedTime(_begun);
            return left < s_busy ? s_busy : left < s_tendEvery ? left : s_tendEvery;
        }
    }

    private void Write(TappedPackets packets)
    {
        if (_kind.EndsSoon && _stream.Closed.IsCancellationRequested)
        {
            _closedAt ??= _clock.GetTimestamp();
            if (_clock.GetElapsedTime(_closedAt.Value) >= s_queue)
            {
                Volatile.Write(ref _unread, _unread + packets.Count);
                return;
            }
        }
        int position = 0;
        do
        {
            _file.Write(packets, ref position, Limit);
            Rotate();
        }
        while (position < packets.Length);
    }

    private void End(bool last)
    {
        TimeSpan time = _closedAt is not null && !last ? TimeSpan.Zero
            : _options.MaxAge > TimeSpan.Zero && _options.MaxAge / AgeShare < s_finish ? _options.MaxAge / AgeShare : s_finish;
        if (_kind.Finish(_file, last, time) is { } without)
        {
            _publish(this, $"Log '{_record.Path}': {without}", false);
        }
        _file.Close();
    }

    private void RunJobs(ILogFile? file)
    {
        while (_jobs.TryDequeue(out Action<ILogFile?>? job))
        {
            job(file);
        }
    }

    private void Publish(bool open, string? error)
    {
        ulong packets = (ulong)(_before + _file.Packets);
        if (packets != _record.Packets || !open)
        {
            Volatile.Write(ref _record, _record with { Open = open, Packets = packets, Error = error });
        }
    }

    private void ReportDrops()
    {
        long dropped = Lost;
        if (dropped > _reportedDrops)
        {
            _publish(this, $"Log '{_record.Path}' is too slow: {dropped - _reportedDrops} packets dropped, {dropped} in all", true);
            _reportedDrops = dropped;
        }
    }

    private void Rotate()
    {
        bool full = _options.MaxBytes > 0 && _file.IsFull(Limit);
        bool old = _options.MaxAge > TimeSpan.Zero && _clock.GetElapsedTime(_begun) >= _options.MaxAge;
        if (!full && !old)
        {
            return;
        }
        End(last: false);
        _file.Dispose();
        _before += _file.Packets;
        FileStream next = _files.Create();
        _file = _kind.Begin(next);
        _begun = _clock.GetTimestamp();
        Volatile.Write(ref _record, _record with { Path = next.Name });
        foreach (string removed in _files.Retain(next.Name))
        {
            _kind.Forget(removed);
        }
    }
}
