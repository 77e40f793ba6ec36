using KismetOrleans.Packets.Live;

namespace KismetOrleans.Packets.Protocol;

/// <summary>What an agent says of a source when it connects.</summary>
public sealed record Hello : IEdgeMessage<Hello>
{
    /// <summary>UUID of the source, the same at every start.</summary>
    public required Guid Uuid { get; init; }

    /// <summary>Life of the spool: nanoseconds since 1970 at which it began. Grows with each new one.</summary>
    public ulong BootId { get; init; }

    /// <summary>The oldest batch that the agent still has; all before are saved, or lost for good.</summary>
    public ulong FirstSequence { get; init; }

    /// <summary>The agent's clock, nanoseconds since 1970 UTC.</summary>
    public long ClockNs { get; init; }

    /// <summary>Link type of the packets, 0 when not known yet.</summary>
    public uint LinkType { get; init; }

    /// <summary>Name.</summary>
    public string Name { get; init; } = "";

    /// <summary>Kind of source: <c>linuxwifi</c>, <c>pcapfile</c>.</summary>
    public string Driver { get; init; } = "";

    /// <summary>Interface or path of the file.</summary>
    public string Interface { get; init; } = "";

    /// <summary>Definition as given.</summary>
    public string Definition { get; init; } = "";

    /// <summary>Hardware in words.</summary>
    public string Hardware { get; init; } = "";

    /// <summary>Version of the agent.</summary>
    public string Version { get; init; } = "";

    /// <summary>Channels that the source can tune to.</summary>
    public IReadOnlyList<string> Channels { get; init; } = [];

    /// <summary>What the host could capture from, each as <see cref="Live.HostInterface.ToText"/> has it; older agents do not say.</summary>
    public IReadOnlyList<string> Interfaces { get; init; } = [];

    /// <summary>How the clock of its host stands; null where that is not known, as of older agents.</summary>
    public HostClock? HostClock { get; init; }

    /// <summary>Name of the agent, the same for all its sources, by which profiles are chosen; "" of older agents, which take none.</summary>
    public string Agent { get; init; } = "";

    /// <inheritdoc/>
    public static EdgeMessageType Type => EdgeMessageType.Hello;

    /// <inheritdoc/>
    public void Write(MessageWriter to)
    {
        to.Uuid(Uuid);
        to.UInt64(BootId);
        to.UInt64(FirstSequence);
        to.Int64(ClockNs);
        to.UInt32(LinkType);
        to.Text(Name);
        to.Text(Driver);
        to.Text(Interface);
        to.Text(Definition);
        to.Text(Hardware);
        to.Text(Version);
        to.Texts(Channels);
        to.Texts(Interfaces);
        to.UInt64(HostClock?.Boot ?? 0);
        to.Int64(HostClock?.BaseNs ?? 0);
        to.Text(Agent);
    }

    /// <inheritdoc/>
    public static Hello Read(ref MessageReader from) => new()
    {
        Uuid = from.Uuid(),
        BootId = from.UInt64(),
        FirstSequence = from.UInt64(),
        ClockNs = from.Int64(),
        LinkType = from.UInt32(),
        Name = from.Text(),
        Driver = from.Text(),
        Interface = from.Text(),
        Definition = from.Text(),
        Hardware = from.Text(),
        Version = from.Text(),
        Channels = from.Texts(),
        Interfaces = from.HasMore ? from.Texts() : [],
        HostClock = from.HasMore && new HostClock(from.UInt64(), from.Int64()) is { Boot: not 0 } clock ? clock : null,
        Agent = from.HasMore ? from.Text() : "",
    };
}
