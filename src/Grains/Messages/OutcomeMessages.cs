using KismetOrleans.Engine.Alerts;
using KismetOrleans.Engine.Partitions;
using KismetOrleans.Records.Server;
using KismetOrleans.Wire;

namespace KismetOrleans.Grains.Messages;

/// <summary><see cref="BatchOutcome"/> on the wire; mostly a clock alone.</summary>
[GenerateSerializer, Immutable, Alias("KismetOrleans.BatchOutcome")]
public struct BatchOutcomeMessage
{
    /// <summary>Unix second of the batch.</summary>
    [Id(0)] public uint Clock;

    /// <summary>Messages; null for none.</summary>
    [Id(1)] public MessageRecord[]? Messages;

    /// <summary>Frames heard again.</summary>
    [Id(2)] public long Duplicates;

    /// <summary>Anomalies and their counts, in turn; null for none.</summary>
    [Id(3)] public ulong[]? Anomalies;

    /// <summary>Not applied.</summary>
    [Id(4)] public bool Gap;

    /// <summary>Alerts, as AlertCodec writes them; null for none.</summary>
    [Id(5)] public byte[]? Alerts;
}

/// <summary>Converts <see cref="BatchOutcome"/>.</summary>
[RegisterConverter]
public sealed class BatchOutcomeConverter : IConverter<BatchOutcome, BatchOutcomeMessage>
{
    /// <inheritdoc/>
    public BatchOutcome ConvertFromSurrogate(in BatchOutcomeMessage m) => new(
        m.Clock, m.Messages ?? [], m.Duplicates,
        m.Anomalies is null ? [] : [.. m.Anomalies.Chunk(2).Select(static pair => new AnomalyCount((Anomalies)pair[0], (long)pair[1]))])
    {
        Gap = m.Gap,
        Alerts = m.Alerts is null ? [] : AlertCodec.ReadRaised(m.Alerts),
    };

    /// <inheritdoc/>
    public BatchOutcomeMessage ConvertToSurrogate(in BatchOutcome value) => new()
    {
        Clock = value.Clock,
        Messages = value.Messages.Count == 0 ? null : [.. value.Messages],
        Duplicates = value.Duplicates,
        Anomalies = value.Anomalies.Count == 0
            ? null
            : [.. value.Anomalies.SelectMany(static anomaly => new[] { (ulong)anomaly.Anomaly, (ulong)anomaly.Count })],
        Gap = value.Gap,
        Alerts = value.Alerts.Count == 0 ? null : AlertCodec.Write(value.Alerts),
    };
}

/// <summary><see cref="MessageRecord"/> on the wire.</summary>
[GenerateSerializer, Immutable, Alias("KismetOrleans.MessageRecord")]
public struct MessageRecordMessage
{
    /// <summary>Text.</summary>
    [Id(0)] public string Text;

    /// <summary>Weight.</summary>
    [Id(1)] public int Flags;

    /// <summary>Unix second.</summary>
    [Id(2)] public uint Seconds;
}

/// <summary>Converts <see cref="MessageRecord"/>.</summary>
[RegisterConverter]
public sealed class MessageRecordConverter : IConverter<MessageRecord, MessageRecordMessage>
{
    /// <inheritdoc/>
    public MessageRecord ConvertFromSurrogate(in MessageRecordMessage m) => new(m.Text, (MessageFlags)m.Flags, m.Seconds);

    /// <inheritdoc/>
    public MessageRecordMessage ConvertToSurrogate(in MessageRecord value) =>
        new() { Text = value.Text, Flags = (int)value.Flags, Seconds = value.Seconds };
}
