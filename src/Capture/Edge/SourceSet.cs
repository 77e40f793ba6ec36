using KismetOrleans.Capture.Edge.Profiles;
using KismetOrleans.Capture.Edge.Spooling;
using KismetOrleans.Packets.Gps;
using KismetOrleans.Packets.Sources;

namespace KismetOrleans.Capture.Edge;

/// <summary>The sources of an agent that run, each a pipeline of its own. What changes of one stops that one and starts it anew; its spool stays.</summary>
internal sealed class SourceSet(AgentOptions options, ProfileKeeper profiles, EdgeLog log, TimeProvider time, Random random, CancellationToken stop) : IAsyncDisposable
{
    // A driver that takes longer is opened later all the same.
    private static readonly TimeSpan s_opening = TimeSpan.FromSeconds(10);
    private readonly List<Running> _running = [];
    private readonly HostMeter _host = new(options.SpoolFolder, time);
    private readonly Dictionary<string, GpsReceiver> _receivers = [];

    /// <summary>Whether a source has failed for good.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>Completes when all that run now have ended.</summary>
    public Task Ended => Task.WhenAll(_running.Select(static one => one.Task));

    /// <summary>Whether this host has what a source captures from.</summary>
    public bool Has(SourceDefinition definition) => !PacketSources.IsRadio(definition) || _host.Has(definition.Interface);

    /// <summary>Starts these, and leaves out those that cannot be.</summary>
    public void Start(IEnumerable<SourceSettings> sources)
    {
        foreach (SourceSettings settings in sources)
        {
            if (TryStart(settings) is { } error)
            {
                log.Error(settings.Definition.Name, error);
                HasFailed = true;
            }
        }
    }

    /// <summary>Has these run and no others.</summary>
    /// <returns>Null, or what does not run as it should; then the caller sets what was before.</returns>
    public async Task<string?> ChangeAsync(IReadOnlyList<SourceSettings> sources)
    {
        // A capture file that is saved is not read again.
        Running[] others = [.. _running.Where(one => one.Source.Failure is not null || (!one.Task.IsCompleted && !sources.Contains(one.Settings)))];
        HashSet<Guid> silent = [.. others.Where(static one => !one.Source.IsCapturing).Select(static one => one.Source.Uuid)];
        await Task.WhenAll(others.Select(StopAsync));
        List<Running> started = [];
        string? error = null;
        foreach (SourceSettings settings in sources.Where(settings => _running.TrueForAll(one => one.Settings != settings && one.Settings.Uuid(options) != settings.Uuid(options))))
        {
            if (TryStart(settings) is { } fault)
            {
                error ??= fault;
                continue;
            }
            started.Add(_running[^1]);
        }
        foreach (Running one in started)
        {
            // One that could not be opened before either is not this change's fault.
            string? fault = await OpenedAsync(one);
            error ??= silent.Contains(one.Source.Uuid) ? null : fault;
        }
        await ReleaseReceiversAsync();
        return error;
    }

    public async ValueTask DisposeAsync()
    {
        await Ended;
        HasFailed |= _running.Count == 0 || _running.Exists(static one => one.Source.Failure is not null);
        await Task.WhenAll(_receivers.Values.Select(static receiver => receiver.DisposeAsync().AsTask()));
        _running.ForEach(static one => one.Stop.Dispose());
    }

    private string? TryStart(SourceSettings settings)
    {
        try
        {
            EdgeSource source = new(
                options with { SpoolBytes = settings.SpoolBytes }, settings.Definition, ReceiverOf(settings.Gps), _host, profiles, log, time, random);
            CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
            _running.Add(new(source, settings, ending, RunAsync(source, ending.Token)));
            return null;
        }
        catch (Exception e) when (e is SpoolException or GpsException)
        {
            return e.Message;
        }
    }

    private async Task StopAsync(Running one)
    {
        await one.Stop.CancelAsync();
        await one.Task;
        one.Stop.Dispose();
        _ = _running.Remove(one);
    }

    private static async Task<string?> OpenedAsync(Running one)
    {
        try
        {
            return await one.Source.Opened.WaitAsync(s_opening);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    private static async Task RunAsync(EdgeSource source, CancellationToken stop)
    {
        await using (source)
        {
            await source.RunAsync(stop);
        }
    }

    // One for all sources that name the same: a serial port is opened once.
    private GpsReceiver? ReceiverOf(GpsDefinition? gps)
    {
        if (gps is null)
        {
            return null;
        }
        if (!_receivers.TryGetValue(gps.Text, out GpsReceiver? receiver))
        {
            _receivers.Add(gps.Text, receiver = new(gps, time));
        }
        return receiver;
    }

    private async Task ReleaseReceiversAsync()
    {
        foreach (string text in _receivers.Keys.Except(_running.Select(static one => one.Settings.Gps?.Text ?? "")).ToArray())
        {
            _ = _receivers.Remove(text, out GpsReceiver? receiver);
            await receiver!.DisposeAsync();
        }
    }

    private sealed record Running(EdgeSource Source, SourceSettings Settings, CancellationTokenSource Stop, Task Task);
}

/// <summary>What a source runs with; equal where a change is none.</summary>
/// <param name="Gps">The receiver that it has; null for none.</param>
internal sealed record SourceSettings(SourceDefinition Definition, GpsDefinition? Gps, long SpoolBytes)
{
    /// <summary>UUID of the source, which no profile changes.</summary>
    public Guid Uuid(AgentOptions options) => Definition.Uuid ?? options.Uuid ?? HostIdentity.UuidOf(options.HostId, PacketSources.IdentityOf(Definition));

    public bool Equals(SourceSettings? other) =>
        other is not null && Definition.Definition == other.Definition.Definition && Gps?.Text == other.Gps?.Text && SpoolBytes == other.SpoolBytes;

    public override int GetHashCode() => HashCode.Combine(Definition.Definition, Gps?.Text, SpoolBytes);
}
