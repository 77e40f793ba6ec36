using KismetOrleans.Engine.Streams;
using KismetOrleans.Records.Server;

namespace KismetOrleans.Grains.Streams;

[GenerateSerializer, Immutable, Alias("KismetOrleans.StreamEntry")]
public sealed class StreamEntry
{
    /// <summary>Number, name and what was written.</summary>
    [Id(0)] public required StreamRecord Record { get; init; }

    /// <summary>What its filter compares.</summary>
    [Id(1)] public PacketFilterKind Kind { get; init; }

    [Id(2)] public ulong Value { get; init; }

    /// <summary>Where its packets go.</summary>
    [Id(3)] public required IPacketSink Sink { get; init; }

    /// <summary>Identity of the process that writes it, which needs none of its own packets sent.</summary>
    [Id(4)] public Guid Process { get; init; }

    public PacketFilter Filter => new(Kind, Value);

    /// <summary>The same with other numbers.</summary>
    internal StreamEntry With(StreamRecord record) => new() { Record = record, Kind = Kind, Value = Value, Sink = Sink, Process = Process };
}
