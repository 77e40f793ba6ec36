using KismetOrleans.Engine.Alerts;
using KismetOrleans.Engine.Events;
using KismetOrleans.Records.Alerts;
using KismetOrleans.Records.Datasources;
using KismetOrleans.Records.Server;

namespace KismetOrleans.Grains.Events;

/// <summary>A live event on the wire. Those that come once a second are none: each API server makes its own.</summary>
[GenerateSerializer, Immutable, Alias("KismetOrleans.EventMessage")]
public readonly struct EventMessage
{
    [Id(0)] public EventTopics Topic { get; init; }

    /// <summary>Hash of an SSID, or weight of a message.</summary>
    [Id(1)] public uint Number { get; init; }

    /// <summary>Unix second of a message.</summary>
    [Id(2)] public uint Seconds { get; init; }

    /// <summary>Text of a message, or UUID.</summary>
    [Id(3)] public string? Text { get; init; }

    /// <summary>A device's row, or an alert as AlertCodec writes it.</summary>
    [Id(4)] public ReadOnlyMemory<byte> Bytes { get; init; }

    [Id(5)] public DatasourceRecord? Source { get; init; }

    /// <summary>About how much it takes.</summary>
    public int Size => 64 + Bytes.Length + (2 * (Text?.Length ?? 0));

    /// <exception cref="NotSupportedException">It is of a kind that does not cross.</exception>
    internal static EventMessage Of(ServerEvent happened) => happened switch
    {
        DeviceEvent device => new() { Topic = device.Topic, Number = device.Ssid, Bytes = device.Row },
        TextEvent text => new() { Topic = text.Topic, Text = text.Text },
        BareEvent bare => new() { Topic = bare.Topic },
        RecordEvent<MessageRecord> { Record: var m } => new() { Topic = happened.Topic, Number = (uint)m.Flags, Seconds = m.Seconds, Text = m.Text },
        RecordEvent<AlertRecord> { Record: var alert } => new() { Topic = happened.Topic, Bytes = AlertCodec.Write([alert]) },
        RecordEvent<DatasourceRecord> { Record: var source } => new() { Topic = happened.Topic, Source = source },
        _ => throw new NotSupportedException($"Events of {happened.Topic} do not go from process to process."),
    };

    internal ServerEvent ToEvent() => Topic switch
    {
        EventTopics.Message => ServerEvents.Of(new MessageRecord(Text ?? "", (MessageFlags)Number, Seconds)),
        EventTopics.Alert => ServerEvents.Of(AlertCodec.ReadRecords(Bytes.ToArray())[0]),
        EventTopics.NewDatasource => ServerEvents.Added(Source!),
        _ when (Topic & EventTopics.OfDevices) != 0 => new DeviceEvent(Topic, Bytes, Number),
        _ when Text is { } text => new TextEvent(Topic, text),
        _ => new BareEvent(Topic),
    };
}

/// <summary>An API server that wants events of the cluster.</summary>
[GenerateSerializer, Immutable, Alias("KismetOrleans.EventListener")]
public sealed class EventListener
{
    /// <summary>Identity of this life of the server.</summary>
    [Id(0)] public Guid Id { get; init; }

    /// <summary>What its clients want; none when it wants nothing any more.</summary>
    [Id(1)] public EventTopics Topics { get; init; }

    /// <summary>Where they go.</summary>
    [Id(2)] public required IEventSink Sink { get; init; }
}
