using KismetOrleans.Packets.Channels;

namespace KismetOrleans.Packets.Sources;

/// <summary>What captures: for tests something else than this host's interfaces and files.</summary>
/// <param name="Open">Opens a source.</param>
/// <param name="Tuner">Tunes radios.</param>
public sealed record CaptureMeans(Func<SourceDefinition, TimeProvider, IPacketSource> Open, IChannelTuner Tuner)
{
    /// <summary>Interfaces and files of this host.</summary>
    public static readonly CaptureMeans OfThisHost = new(static (definition, time) => PacketSources.Open(definition, time), new IwTuner());
}
