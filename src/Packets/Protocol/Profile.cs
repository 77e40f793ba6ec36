namespace KismetOrleans.Packets.Protocol;

/// <summary>What a server sets for an agent. The same profile is equal, whichever connection it comes by.</summary>
public sealed record Profile : IEdgeMessage<Profile>
{
    /// <summary>No profile: what the agent was started with holds.</summary>
    public static readonly Profile None = new();

    /// <summary>Bytes that a spool has at least.</summary>
    public const long LeastSpoolBytes = 4L << 20;

    /// <summary>Name; "" for <see cref="None"/>.</summary>
    public string Name { get; init; } = "";

    /// <summary>Its version: another number for each of its states.</summary>
    public long Version { get; init; }

    /// <summary>Sources as definitions, each for those of the agent whose interface it names, * and ? for any: <see cref="Sources.ProfiledSources"/>.</summary>
    public IReadOnlyList<string> Sources { get; init; } = [];

    /// <summary>The GPS beside the agent, for sources that name none; "" for the one that it has.</summary>
    public string Gps { get; init; } = "";

    /// <summary>Bytes that each source may keep in its spool; 0 for as many as it may.</summary>
    public long SpoolBytes { get; init; }

    /// <inheritdoc/>
    public static EdgeMessageType Type => EdgeMessageType.Profile;

    /// <inheritdoc/>
    public void Write(MessageWriter to)
    {
        to.Text(Name);
        to.Int64(Version);
        to.Texts(Sources);
        to.Text(Gps);
        to.Int64(SpoolBytes);
    }

    /// <inheritdoc/>
    public static Profile Read(ref MessageReader from) => new()
    {
        Name = from.Text(),
        Version = from.Int64(),
        Sources = from.Texts(),
        Gps = from.Text(),
        SpoolBytes = from.Int64(),
    };

    /// <inheritdoc/>
    public bool Equals(Profile? other) =>
        other is not null && Name == other.Name && Version == other.Version && Gps == other.Gps && SpoolBytes == other.SpoolBytes && Sources.SequenceEqual(other.Sources);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Version);

    /// <inheritdoc/>
    public override string ToString() => Name.Length == 0 ? "no profile" : FormattableString.Invariant($"profile {Name}, version {Version}");
}

/// <summary>How far an agent is with a profile. Numbers are for good.</summary>
public enum ProfileStage : byte
{
    /// <summary>It has none, and was given none.</summary>
    None,

    /// <summary>It was applied, and must show yet that the server is reached with it.</summary>
    Trial,

    /// <summary>It holds.</summary>
    Applied,

    /// <summary>A newer one could not be applied.</summary>
    Failed,

    /// <summary>A newer one was applied and taken back, since no server was reached with it.</summary>
    RolledBack,
}

/// <summary>What became of profiles at an agent.</summary>
/// <param name="Name">Profile that holds; "" for none.</param>
/// <param name="Version">Its version.</param>
/// <param name="Error">Of one that was not taken: which, and why; "" else.</param>
public sealed record ProfileReport(ProfileStage Stage, string Name, long Version, string Error)
{
    private const byte Absent = byte.MaxValue;

    internal static void Write(MessageWriter to, ProfileReport? report)
    {
        to.Byte(report is null ? Absent : (byte)report.Stage);
        to.Text(report?.Name ?? "");
        to.Int64(report?.Version ?? 0);
        to.Text(report?.Error ?? "");
    }

    internal static ProfileReport? Read(ref MessageReader from)
    {
        byte stage = from.Byte();
        // A newer agent may be further than this server knows.
        ProfileReport report = new(stage <= (byte)ProfileStage.RolledBack ? (ProfileStage)stage : ProfileStage.Applied, from.Text(), from.Int64(), from.Text());
        return stage == Absent ? null : report;
    }
}
