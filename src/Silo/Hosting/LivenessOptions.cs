using Orleans.Configuration;

namespace KismetOrleans.Silo.Hosting;

/// <summary>How silos find out that one of them is dead, settings <c>Silo:Liveness</c>: the same in all silos of a cluster.</summary>
public sealed record LivenessOptions
{
    internal const string Section = "Silo:Liveness";

    // A silo that stands still for that long is worth waiting for only where nobody waits for its devices.
    private static readonly TimeSpan s_mostProbeEvery = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_leastProbeEvery = TimeSpan.FromMilliseconds(100);
    private const int MostMissed = 100;

    // As many silos as each one is asked by.
    private const int MostVotes = 10;

    // An answer may take longer than the time between two questions where answers have become slower lately.
    private const double ProbeTimeoutGrowth = 1.5;

    /// <summary>How often a silo is asked by others, and how long they wait for its answer.</summary>
    public TimeSpan ProbeEvery { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Missed answers after which a silo votes that the one it asks is dead.</summary>
    public int MissedProbes { get; init; } = 3;

    /// <summary>Votes by which a silo is put out; half of the silos are always enough, so that one of two can tell that the other is dead.</summary>
    public int Votes { get; init; } = 2;

    /// <summary>Reads the settings.</summary>
    /// <exception cref="ArgumentException">One is out of range.</exception>
    internal static LivenessOptions Of(IConfiguration configuration)
    {
        LivenessOptions options = configuration.GetSection(Section).Get<LivenessOptions>() ?? new();
        if (options.ProbeEvery < s_leastProbeEvery || options.ProbeEvery > s_mostProbeEvery)
        {
            throw new ArgumentException($"{Section}:ProbeEvery: expected a time from {s_leastProbeEvery:c} to {s_mostProbeEvery:c}, not '{options.ProbeEvery:c}'");
        }
        if (options.MissedProbes is < 1 or > MostMissed)
        {
            throw new ArgumentException($"{Section}:MissedProbes: expected a number from 1 to {MostMissed}, not '{options.MissedProbes}'");
        }
        return options.Votes is >= 1 and <= MostVotes
            ? options
            : throw new ArgumentException($"{Section}:Votes: expected a number from 1 to {MostVotes}, not '{options.Votes}'");
    }

    internal void Configure(ClusterMembershipOptions membership)
    {
        membership.ProbeTimeout = ProbeEvery;
        membership.MinProbeTimeout = ProbeEvery;
        // Also, times the missed answers: how long no byte must have come of a silo before anybody votes.
        membership.MaxProbeTimeout = ProbeEvery * ProbeTimeoutGrowth;
        membership.NumMissedProbesLimit = MissedProbes;
        membership.NumVotesForDeathDeclaration = Votes;
        membership.TableRefreshTimeout = TimeSpan.FromSeconds(5);
        // A silo that has missed three of these counts no more among those of which half must vote; and one that joins puts it out if it does not answer either: all may have died at once, as
        // by a loss of power.
        membership.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(5);
    }
}
