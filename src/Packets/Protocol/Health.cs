namespace KismetOrleans.Packets.Protocol;

/// <summary>How a source does.</summary>
public sealed record Health : IEdgeMessage<Health>
{
    /// <summary>What is wrong with a source that was closed by command, in Kismet's words, which clients look for.</summary>
    public const string Disabled = "Source disabled";

    /// <summary>The agent's clock, nanoseconds since 1970 UTC, when this was written.</summary>
    public long ClockNs { get; init; }

    /// <summary>Packets that the operating system dropped.</summary>
    public ulong Dropped { get; init; }

    /// <summary>Packets that the spool had no room for.</summary>
    public ulong SpoolLost { get; init; }

    /// <summary>Bytes in the spool.</summary>
    public ulong SpoolBytes { get; init; }

    /// <summary>Batches in the spool that are not known to be saved.</summary>
    public ulong SpoolBatches { get; init; }

    /// <summary>Link type of the packets, 0 when not known yet.</summary>
    public uint LinkType { get; init; }

    /// <summary>Capturing.</summary>
    public bool Running { get; init; }

    /// <summary>Paused by an order.</summary>
    public bool Paused { get; init; }

    /// <summary>The capture file has been read to its end.</summary>
    public bool Ended { get; init; }

    /// <summary>Hopping.</summary>
    public bool Hopping { get; init; }

    /// <summary>Hop list shuffled.</summary>
    public bool HopShuffle { get; init; }

    /// <summary>Hops a second.</summary>
    public double HopRate { get; init; }

    /// <summary>Share of the capture file that was read, 0 to 1; −1 for radios.</summary>
    public double Progress { get; init; } = -1;

    /// <summary>Channel that it is on, "" when unknown.</summary>
    public string Channel { get; init; } = "";

    /// <summary>What is wrong, "" when nothing.</summary>
    public string Error { get; init; } = "";

    /// <summary>What is worth knowing, "" when nothing.</summary>
    public string Warning { get; init; } = "";

    /// <summary>Channels of the hop list.</summary>
    public IReadOnlyList<string> HopChannels { get; init; } = [];

    /// <summary>Where the source is, as its GPS says; null where it has none or that does not know. Older agents do not say.</summary>
    public PacketPosition? Position { get; init; }

    /// <summary>How its host does; null of older agents.</summary>
    public HostState? Host { get; init; }

    /// <summary>What became of profiles; null of agents that know none.</summary>
    public ProfileReport? Profile { get; init; }

    /// <inheritdoc/>
    public static EdgeMessageType Type => EdgeMessageType.Health;

    /// <inheritdoc/>
    public void Write(MessageWriter to)
    {
        to.Int64(ClockNs);
        to.UInt64(Dropped);
        to.UInt64(SpoolLost);
        to.UInt64(SpoolBytes);
        to.UInt64(SpoolBatches);
        to.UInt32(LinkType);
        to.Flag(Running);
        to.Flag(Paused);
        to.Flag(Ended);
        to.Flag(Hopping);
        to.Flag(HopShuffle);
        to.Real(HopRate);
        to.Real(Progress);
        to.Text(Channel);
        to.Text(Error);
        to.Text(Warning);
        to.Texts(HopChannels);
        to.Position(Position);
        (Host ?? new()).Write(to);
        ProfileReport.Write(to, Profile);
    }

    /// <inheritdoc/>
    public static Health Read(ref MessageReader from) => new()
    {
        ClockNs = from.Int64(),
        Dropped = from.UInt64(),
        SpoolLost = from.UInt64(),
        SpoolBytes = from.UInt64(),
        SpoolBatches = from.UInt64(),
        LinkType = from.UInt32(),
        Running = from.Flag(),
        Paused = from.Flag(),
        Ended = from.Flag(),
        Hopping = from.Flag(),
        HopShuffle = from.Flag(),
        HopRate = from.Real(),
        Progress = from.Real(),
        Channel = from.Text(),
        Error = from.Text(),
        Warning = from.Text(),
        HopChannels = from.Texts(),
        Position = from.HasMore ? from.Position() : null,
        Host = from.HasMore ? HostState.Read(ref from) : null,
        Profile = from.HasMore ? ProfileReport.Read(ref from) : null,
    };
}
