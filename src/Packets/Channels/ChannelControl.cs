using KismetOrleans.Packets.Protocol;

namespace KismetOrleans.Packets.Channels;

/// <summary>
/// Keeps one radio where its plan says. Tuning that fails becomes a warning, never an end of the capture. Orders and hops come one at a time.
/// </summary>
internal sealed class ChannelControl : IDisposable
{
    /// <summary>After so many failures in a row hopping slows down: the reason will not be gone within milliseconds.</summary>
    private const int FailuresBeforeSlow = 10;
    private static readonly TimeSpan s_slow = TimeSpan.FromSeconds(5);

    private readonly string _interface;
    private readonly IChannelTuner _tuner;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly HashSet<string> _refused = new(StringComparer.OrdinalIgnoreCase);
    private CancellationTokenSource _changed = new();
    private volatile ChannelState _state;
    private int _failures;

    private ChannelControl(string interfaceName, IChannelTuner tuner, TimeProvider time, Random random, ChannelState state)
    {
        _interface = interfaceName;
        _tuner = tuner;
        _time = time;
        _random = random;
        _state = state;
    }

    /// <summary>Where the radio is and what it does; replaced, never changed.</summary>
    public ChannelState State => _state;

    /// <summary>Asks what the radio can and makes it ready; nothing is tuned before <see cref="RunAsync"/>.</summary>
    public static async Task<ChannelControl> CreateAsync(
        string interfaceName, ChannelPlan plan, IChannelTuner tuner, TimeProvider time, Random random, CancellationToken cancellation)
    {
        (IReadOnlyList<RadioChannel> channels, string? problem) = await tuner.ListAsync(interfaceName, cancellation);
        string[] names = [.. channels.Select(static c => c.Name)];
        // An interface without channels, of which none were asked for, is none that one would warn about.
        string warning = names.Length == 0 && plan.Asked ? problem ?? "the interface has no channels" : "";
        return new(interfaceName, tuner, time, random, new()
        {
            Supported = names,
            CanTune = names.Length > 0,
            Plan = plan with { Channels = plan.Channels.Count > 0 ? plan.Channels : names, Hopping = plan.Hopping && names.Length > 0 },
            Warning = warning,
        });
    }

    /// <summary>Tunes and hops until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        if (!_state.CanTune)
        {
            return;
        }
        if (!_state.Plan.Hopping && _state.Plan.Channel.Length > 0)
        {
            _ = await StayAsync(_state.Plan.Channel, cancellation);
        }
        string[] round = [];
        int next = 0;
        IReadOnlyList<string>? dealt = null;
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            // In this order: a plan that is replaced in between is then noticed at once.
            CancellationTokenSource changed = Volatile.Read(ref _changed);
            ChannelPlan plan = _state.Plan;
            if (plan.Hopping)
            {
                if (next >= round.Length || !ReferenceEquals(dealt, plan.Channels))
                {
                    (round, next, dealt) = (await DealAsync(plan, cancellation), 0, plan.Channels);
                }
                if (round.Length > 0)
                {
                    await HopAsync(plan, round[next++], cancellation);
                }
            }
            using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, changed.Token);
            try
            {
                await Task.Delay(Pause(plan, round.Length), _time, either.Token);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                // Another plan.
            }
        }
    }

    /// <summary>Carries out <see cref="OrderKind.SetChannel"/> or <see cref="OrderKind.SetHop"/>.</summary>
    /// <returns>Why not, in words; null when it was done.</returns>
    public async Task<string?> OrderAsync(Order order, CancellationToken cancellation)
    {
        if (!_state.CanTune)
        {
            return _state.Warning.Length > 0 ? _state.Warning : "the source has no channels to be set";
        }
        return order.Kind == OrderKind.SetChannel ? await StayAsync(order.Channel, cancellation) : await StartHoppingAsync(order, cancellation);
    }

    public void Dispose()
    {
        _changed.Dispose();
        _turn.Dispose();
    }

    private async Task<string?> StayAsync(string name, CancellationToken cancellation)
    {
        if (!WifiChannel.TryParse(name, out WifiChannel channel, out string? error))
        {
            return error;
        }
        await _turn.WaitAsync(cancellation);
        try
        {
            TuneResult result = await _tuner.SetAsync(_interface, channel, cancellation);
            if (result.Error is null)
            {
                Change(state => state with { Channel = name, Plan = state.Plan with { Hopping = false, Channel = name }, Warning = "" });
            }
            else
            {
                // One that never was where it should be must say so; one that was told to change and cannot, stays and answers.
                Change(state => state.Channel.Length == 0 ? state with { Warning = result.Error } : state);
            }
            return result.Error;
        }
        finally
        {
            _ = _turn.Release();
        }
    }

    private async Task<string?> StartHoppingAsync(Order order, CancellationToken cancellation)
    {
        foreach (string name in order.Channels)
        {
            if (!WifiChannel.TryParse(name, out _, out string? error))
            {
                return error;
            }
        }
        if (order.Rate != 0 && !ChannelPlan.IsRate(order.Rate))
        {
            return FormattableString.Invariant($"{order.Rate} hops a second cannot be kept: 1 an hour to {ChannelPlan.MaxRate} a second can");
        }
        await _turn.WaitAsync(cancellation);
        try
        {
            _refused.Clear();
            Change(state => state with
            {
                Plan = state.Plan with
                {
                    Hopping = true,
                    // A copy, also of the same list: the round begins anew.
                    Channels = [.. order.Channels.Count > 0 ? order.Channels : state.Plan.Channels],
                    Rate = order.Rate > 0 ? order.Rate : state.Plan.Rate,
                    Shuffle = order.Shuffle ?? state.Plan.Shuffle,
                },
                Warning = "",
            });
            return null;
        }
        finally
        {
            _ = _turn.Release();
        }
    }

    private async Task HopAsync(ChannelPlan plan, string name, CancellationToken cancellation)
    {
        _ = WifiChannel.TryParse(name, out WifiChannel channel, out _);
        await _turn.WaitAsync(cancellation);
        try
        {
            if (_state.Plan != plan)
            {
                return;
            }
            TuneResult result = await _tuner.SetAsync(_interface, channel, cancellation);
            _failures = result.Error is null ? 0 : _failures + 1;
            if (result.IsChannel)
            {
                _ = _refused.Add(name);
            }
            // Only what is published changes; the plan is the same.
            _state = _state with
            {
                Channel = result.Error is null ? name : _state.Channel,
                Warning = result.Error is null && _refused.Count == 0 ? ""
                    : result.Error is null || result.IsChannel ? "channels that the radio does not take are left out: " + string.Join(", ", _refused)
                    : result.Error,
            };
        }
        finally
        {
            _ = _turn.Release();
        }
    }

    private async Task<string[]> DealAsync(ChannelPlan plan, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        string[] round = [.. plan.Channels.Where(name => !_refused.Contains(name))];
        _ = _turn.Release();
        if (plan.Shuffle)
        {
            _random.Shuffle(round);
        }
        return round;
    }

    private TimeSpan Pause(ChannelPlan plan, int channels) =>
        !plan.Hopping || channels == 0 ? Timeout.InfiniteTimeSpan
        : _failures >= FailuresBeforeSlow ? s_slow
        : TimeSpan.FromSeconds(1 / plan.Rate);

    private void Change(Func<ChannelState, ChannelState> change)
    {
        _failures = 0;
        _state = change(_state);
        Interlocked.Exchange(ref _changed, new()).Cancel();
    }
}

/// <summary>Where a radio is and what it does.</summary>
public sealed record ChannelState
{
    /// <summary>Whether it can be tuned at all.</summary>
    public bool CanTune { get; init; }

    /// <summary>Channels that it has.</summary>
    public IReadOnlyList<string> Supported { get; init; } = [];

    /// <summary>Channel that it is on, "" when unknown.</summary>
    public string Channel { get; init; } = "";

    /// <summary>Where it shall be.</summary>
    public required ChannelPlan Plan { get; init; }

    /// <summary>What does not work, "" when all does.</summary>
    public string Warning { get; init; } = "";
}
