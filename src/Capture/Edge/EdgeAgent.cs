using KismetOrleans.Capture.Edge.Joining;
using KismetOrleans.Capture.Edge.Profiles;
using KismetOrleans.Packets.Gps;
using KismetOrleans.Packets.Protocol;
using KismetOrleans.Packets.Sources;

namespace KismetOrleans.Capture.Edge;

/// <summary>Captures on this host and sends to a server: a pipeline per source, which know nothing of each other; and changes what it captures as the server's profile says.</summary>
internal sealed class EdgeAgent(AgentOptions options, EdgeLog log, TimeProvider time, Random random)
{
    /// <summary>Exit code: all went well.</summary>
    public const int Good = 0;

    public const int SourceFailed = 1;

    /// <summary>Runs until all capture files are saved or the agent is told to stop.</summary>
    /// <returns><see cref="Good"/> or <see cref="SourceFailed"/>.</returns>
    public async Task<int> RunAsync(CancellationToken stop)
    {
        ProfileKeeper profiles = new(options, log, time);
        using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task renewing = options.Link.Joined is { } joined ? new Enrolment(log, time, random).RenewAsync(joined, options.Link.Servers, over.Token) : Task.CompletedTask;
        SourceSet sources = new(options, profiles, log, time, random, stop);
        await using (sources)
        {
            sources.Start(Begin(profiles.State.Current));
            await FollowAsync(sources, profiles, over.Token);
        }
        await over.CancelAsync();
        await renewing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return sources.HasFailed ? SourceFailed : Good;
    }

    // Until all sources have ended.
    private async Task FollowAsync(SourceSet sources, ProfileKeeper profiles, CancellationToken stop)
    {
        while (true)
        {
            Task ended = sources.Ended;
            using (CancellationTokenSource enough = CancellationTokenSource.CreateLinkedTokenSource(stop))
            {
                Task waiting = profiles.WaitAsync(enough.Token);
                await Task.WhenAny(ended, waiting);
                await enough.CancelAsync();
                await waiting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            if (stop.IsCancellationRequested || ended.IsCompleted)
            {
                return;
            }
            if (profiles.Take() is { } profile)
            {
                await ApplyAsync(profile, sources, profiles);
            }
            else if (profiles.IsLost())
            {
                await GoBackAsync(profiles.State.Former!, sources);
                profiles.RolledBack();
            }
        }
    }

    private async Task ApplyAsync(Profile profile, SourceSet sources, ProfileKeeper profiles)
    {
        IReadOnlyList<SourceSettings>? wanted = Settings(profile, out string? error);
        error ??= wanted!.FirstOrDefault(one => !options.Sources.Any(own => own.Interface == one.Definition.Interface) && !sources.Has(one.Definition)) is { } missing
            ? $"this host has no interface {missing.Definition.Interface}" : null;
        if (error is null && (error = await sources.ChangeAsync(wanted!)) is not null)
        {
            await GoBackAsync(profiles.State.Current, sources);
        }
        if (error is null)
        {
            profiles.Applied(profile);
        }
        else
        {
            profiles.Failed(profile, error);
        }
    }

    private async Task GoBackAsync(Profile profile, SourceSet sources)
    {
        if (await sources.ChangeAsync(Begin(profile)) is { } error)
        {
            log.Error("agent", error);
        }
    }

    // A profile that held before; where it does not fit what the agent was started with any more, that alone holds.
    private IReadOnlyList<SourceSettings> Begin(Profile profile)
    {
        IReadOnlyList<SourceSettings>? settings = Settings(profile, out string? error);
        if (settings is null)
        {
            log.Error("agent", $"{profile} does not fit this agent any more: {error}");
        }
        return settings ?? Settings(Profile.None, out _)!;
    }

    private IReadOnlyList<SourceSettings>? Settings(Profile profile, out string? error)
    {
        error = null;
        GpsDefinition? gps = options.Gps;
        try
        {
            gps = profile.Gps.Length > 0 ? GpsDefinition.Parse(profile.Gps) : gps;
            GpsReceiver.Check(gps);
        }
        catch (GpsException e)
        {
            error = $"gps: {e.Message}";
            return null;
        }
        // What an agent was started with was looked at then, and may be nothing at all.
        IReadOnlyList<SourceDefinition>? definitions = profile.Sources.Count == 0 ? options.Sources : ProfiledSources.Apply(profile, options.Sources, out error);
        long spool = profile.SpoolBytes > 0 ? Math.Max(profile.SpoolBytes, Profile.LeastSpoolBytes) : options.SpoolBytes;
        // What a capture file holds was not captured here and now.
        return definitions?.Select(one => new SourceSettings(one, one.Gps ?? (PacketSources.IsFile(one) ? null : gps), spool)).ToArray();
    }
}
