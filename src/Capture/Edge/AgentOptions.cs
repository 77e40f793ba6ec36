using System.Reflection;
using KismetOrleans.Capture.Edge.Sending;
using KismetOrleans.Capture.Edge.Spooling;
using KismetOrleans.Packets;
using KismetOrleans.Packets.Channels;
using KismetOrleans.Packets.Gps;
using KismetOrleans.Packets.Sources;

namespace KismetOrleans.Capture.Edge;

public sealed record AgentOptions
{
    internal static readonly string Version = typeof(AgentOptions).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";

    public required LinkOptions Link { get; init; }
    public required IReadOnlyList<SourceDefinition> Sources { get; init; }

    /// <summary>Folder that holds a spool of each source.</summary>
    public required string SpoolFolder { get; init; }

    public long SpoolBytes { get; init; } = SpoolOptions.DefaultMaxBytes;

    /// <summary>Whether spools survive a loss of power.</summary>
    public bool SpoolSync { get; init; }

    /// <summary>UUID of the only source; null to derive it.</summary>
    public Guid? Uuid { get; init; }

    public string HostId { get; init; } = HostIdentity.Read();

    /// <summary>Name by which the server chooses a profile; that of the key where the agent joined.</summary>
    public string Name { get; init; } = Environment.MachineName;

    /// <summary>How long a profile may take to show that a server is reached with it; else the one before holds again.</summary>
    public TimeSpan ProfileTimeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Whether to remain when all capture files are saved.</summary>
    public bool Stay { get; init; }

    /// <summary>The GPS beside all sources that name none of their own; null where there is none.</summary>
    public GpsDefinition? Gps { get; init; }

    /// <summary>How long the rest of the spool may be sent for after the agent was told to stop.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Who tunes radios.</summary>
    public IChannelTuner Tuner { get; init; } = new IwTuner();

    public Func<SourceDefinition, TimeProvider, IPacketSource> Open { get; init; } = static (definition, time) => PacketSources.Open(definition, time);
}
