namespace KismetOrleans.Packets.Tests;

/// <summary>A clock that goes on only when it is told to. Waits can be awaited before it is.</summary>
internal sealed class ManualTime : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<Timer> _timers = [];
    private readonly List<(Func<TimeSpan, bool> Which, TaskCompletionSource<TimeSpan> Came)> _awaited = [];
    private DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => GetUtcNow().Ticks;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
        {
            return _now;
        }
    }

    /// <summary>Completes when somebody waits for a time that fits; at once when somebody does already.</summary>
    public Task<TimeSpan> WaitOf(Func<TimeSpan, bool> which)
    {
        lock (_lock)
        {
            foreach (Timer timer in _timers)
            {
                if (timer.Due is not null && which(timer.Asked))
                {
                    return Task.FromResult(timer.Asked);
                }
            }
            TaskCompletionSource<TimeSpan> came = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _awaited.Add((which, came));
            return came.Task;
        }
    }

    public void Advance(TimeSpan by)
    {
        List<Timer> due;
        lock (_lock)
        {
            _now += by;
            due = [.. _timers.Where(timer => timer.Due <= _now).OrderBy(static timer => timer.Due)];
            foreach (Timer timer in due)
            {
                timer.Due = timer.Period > TimeSpan.Zero ? _now + timer.Period : null;
            }
        }
        foreach (Timer timer in due)
        {
            timer.Fire();
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Timer timer = new(this, callback, state);
        _ = timer.Change(dueTime, period);
        return timer;
    }

    private void Set(Timer timer, TimeSpan due, TimeSpan period)
    {
        List<TaskCompletionSource<TimeSpan>> came = [];
        lock (_lock)
        {
            _ = _timers.Remove(timer);
            (timer.Due, timer.Asked, timer.Period) = (null, due, period);
            if (due < TimeSpan.Zero)
            {
                return;
            }
            timer.Due = _now + due;
            _timers.Add(timer);
            for (int i = _awaited.Count - 1; i >= 0; i--)
            {
                if (_awaited[i].Which(due))
                {
                    came.Add(_awaited[i].Came);
                    _awaited.RemoveAt(i);
                }
            }
        }
        came.ForEach(one => one.SetResult(due));
    }

    private sealed class Timer(ManualTime time, TimerCallback callback, object? state) : ITimer
    {
        public DateTimeOffset? Due { get; set; }

        public TimeSpan Asked { get; set; }

        public TimeSpan Period { get; set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            time.Set(this, dueTime, period);
            return true;
        }

        public void Dispose() => time.Set(this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
