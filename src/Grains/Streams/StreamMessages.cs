using KismetOrleans.Engine.Streams;
using KismetOrleans.Grains.Messages;
using KismetOrleans.Records.Server;

namespace KismetOrleans.Grains.Streams;

/// <summary>An open stream.</summary>
[GenerateSerializer, Immutable, Alias("KismetOrleans.StreamEntry")]
public sealed class StreamEntry
{
    /// <summary>Number, name and what was written.</summary>
    [Id(0)] public required StreamRecord Record { get; init; }

    /// <summary>What its filter compares.</summary>
    [Id(1)] public PacketFilterKind Kind { get; init; }

    /// <summary>With what.</summary>
    [Id(2)] public ulong Value { get; init; }

    /// <summary>Where its packets go.</summary>
    [Id(3)] public required IPacketSink Sink { get; init; }

    /// <summary>Identity of the process that writes it, which needs none of its own packets sent.</summary>
    [Id(4)] public Guid Process { get; init; }

    /// <summary>Which packets it takes.</summary>
    public PacketFilter Filter => new(Kind, Value);

    /// <summary>The same with other numbers.</summary>
    public StreamEntry With(StreamRecord record) => new() { Record = record, Kind = Kind, Value = Value, Sink = Sink, Process = Process };
}

/// <summary>The open streams at a moment.</summary>
[GenerateSerializer, Immutable, Alias("KismetOrleans.StreamChanges")]
public sealed class StreamChanges
{
    /// <summary>The life of the directory that <see cref="Version"/> is of.</summary>
    [Id(0)] public Guid Life { get; init; }

    /// <summary>Version of the list; grows with every change of it.</summary>
    [Id(1)] public long Version { get; init; }

    /// <summary>This life is old enough to know all streams that are read; before, a stream that is missing may only not be known again yet.</summary>
    [Id(2)] public bool IsComplete { get; init; }

    /// <summary>All open streams.</summary>
    [Id(3)] public StreamEntry[] Entries { get; init; } = [];
}

/// <summary>Converts <see cref="StreamRecord"/>.</summary>
[RegisterConverter]
public sealed class StreamRecordConverter : JsonMessageConverter<StreamRecord>, IConverter<StreamRecord, JsonMessage>;
