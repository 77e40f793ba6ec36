using KismetOrleans.Records.Server;
using KismetOrleans.Wire;

namespace KismetOrleans.Grains.Partitions;

/// <summary>What applying a batch brought to light.</summary>
/// <param name="Clock">Unix second of the batch.</param>
/// <param name="Messages">Messages about new devices, the newest where there were many.</param>
/// <param name="Duplicates">Frames that were heard before; each is told by the owner of its sender alone.</param>
/// <param name="Anomalies">What was wrong inside frames.</param>
public sealed record BatchOutcome(uint Clock, IReadOnlyList<MessageRecord> Messages, long Duplicates, IReadOnlyList<AnomalyCount> Anomalies);
