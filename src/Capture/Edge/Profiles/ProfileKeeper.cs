using KismetOrleans.Capture.Edge.Sending;
using KismetOrleans.Packets.Protocol;

namespace KismetOrleans.Capture.Edge.Profiles;

/// <summary>
/// The profiles of an agent: what its connections were given, what holds, and whether a server is reached with it. Connections call it from any thread, the agent from one.
/// </summary>
internal sealed class ProfileKeeper
{
    private readonly AgentOptions _options;
    private readonly EdgeLog _log;
    private readonly TimeProvider _time;
    private readonly Signal _signal = new();
    private Profile? _given;
    private volatile ProfileState _state;
    private long _since;
    private long _heard;

    /// <summary>Begins with what was kept.</summary>
    public ProfileKeeper(AgentOptions options, EdgeLog log, TimeProvider time)
    {
        (_options, _log, _time, _since) = (options, log, time, time.GetTimestamp());
        _state = ProfileState.Load(options.SpoolFolder, out string? warning);
        if (warning is not null)
        {
            log.Warn(Name, warning);
        }
        if (_state.Current.Name.Length > 0)
        {
            log.Info(Name, $"beginning with {_state.Current}");
        }
    }

    private const string Name = "agent";

    public ProfileState State => _state;

    /// <summary>A server gave this one.</summary>
    public void Give(Profile profile)
    {
        Volatile.Write(ref _given, profile);
        _signal.Set();
    }

    /// <summary>A server said something.</summary>
    public void Heard() => Volatile.Write(ref _heard, _time.GetTimestamp());

    /// <summary>Waits until something may be to be done.</summary>
    public async Task WaitAsync(CancellationToken cancellation)
    {
        if (_state.Former is null)
        {
            await _signal.WaitAsync(cancellation);
            return;
        }
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task given = _signal.WaitAsync(either.Token).AsTask();
        await Task.WhenAny(given, Task.Delay(_options.ProfileTimeout / 20, _time, either.Token));
        await either.CancelAsync();
        await given.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellation.ThrowIfCancellationRequested();
    }

    /// <summary>The profile that is to be applied; null where there is no other than the one that holds, or one that was refused before.</summary>
    public Profile? Take() => Interlocked.Exchange(ref _given, null) is { } given && !given.Equals(_state.Current) && !given.Equals(_state.Refused) ? given : null;

    /// <summary>It was applied, and is on trial from now on.</summary>
    public void Applied(Profile profile)
    {
        // What was not proven itself is nothing to go back to.
        Keep(new(profile, _state.Former ?? _state.Current, null, "", false));
        _since = _time.GetTimestamp();
        _log.Info(Name, $"{profile} was applied");
    }

    /// <summary>It could not be applied; what held before holds.</summary>
    public void Failed(Profile profile, string error)
    {
        Keep(_state with { Refused = profile, Error = $"{profile}: {error}", IsRolledBack = false });
        _log.Error(Name, $"{profile} was not applied: {error}");
    }

    /// <summary>Looks whether the profile that holds has shown itself.</summary>
    /// <returns>Whether it is to be taken back: no server said anything in the second half of its trial. In the first half a connection may only look alive.</returns>
    public bool IsLost()
    {
        if (_state.Former is null)
        {
            return false;
        }
        long heard = Volatile.Read(ref _heard);
        if (heard > _since && _time.GetElapsedTime(_since, heard) >= _options.ProfileTimeout / 2)
        {
            Keep(_state with { Former = null });
            return false;
        }
        return _time.GetElapsedTime(_since) >= _options.ProfileTimeout;
    }

    /// <summary>What held before holds again.</summary>
    public void RolledBack()
    {
        ProfileState state = _state;
        string error = FormattableString.Invariant($"{state.Current}: taken back, since no server was reached with it for {_options.ProfileTimeout.TotalSeconds:0} s");
        Keep(new(state.Former!, null, state.Current, error, true));
        _log.Error(Name, $"{error}; {(state.Former!.Name.Length > 0 ? state.Former.ToString() : "what the agent was started with")} holds again");
    }

    private void Keep(ProfileState state)
    {
        _state = state;
        if (state.Save(_options.SpoolFolder) is { } fault)
        {
            _log.Error(Name, $"what became of profiles is in memory alone, it cannot be written: {fault}");
        }
    }
}
