using KismetOrleans.Records.Fields;
using Field = KismetOrleans.Records.Fields.Field<KismetOrleans.Records.Server.HistogramRecord>;

namespace KismetOrleans.Records.Server;

/// <summary>How many of something have values in each of some equal parts of a range.</summary>
/// <param name="From">Where the first part begins.</param>
/// <param name="To">Where the last one ends; itself not in it.</param>
/// <param name="Counts">How many are in each part.</param>
/// <param name="Total">How many there are in all, with those outside.</param>
public sealed record HistogramRecord(double From, double To, IReadOnlyList<double> Counts, long Total)
{
    /// <summary>What is outside; null where only what is inside was counted.</summary>
    public HistogramRest? Rest { get; init; }
}

/// <summary>What is outside of a histogram.</summary>
/// <param name="Below">Values before its range.</param>
/// <param name="Above">Values at its end and after it.</param>
/// <param name="Absent">Records without a value.</param>
public sealed record HistogramRest(long Below, long Above, long Absent);

public static class HistogramTable
{
    public static readonly RecordTable<HistogramRecord> Table = new("histogram",
    [
        Field.Double("kismet.histogram.from", "where the first bucket begins", static h => h.From),
        Field.Double("kismet.histogram.to", "where the last bucket ends; that value itself is above", static h => h.To),
        Field.List("kismet.histogram.counts", "how many have values in each bucket; buckets are of one width", static h => h.Counts, Kinds.Whole, "vector[double]"),
        Field.UInt64("kismet.histogram.below", "how many have values before the first bucket", static h => (ulong)h.Rest!.Below, static h => h.Rest is not null),
        Field.UInt64("kismet.histogram.above", "how many have values after the last bucket", static h => (ulong)h.Rest!.Above, static h => h.Rest is not null),
        Field.UInt64("kismet.histogram.absent", "how many have no value", static h => (ulong)h.Rest!.Absent, static h => h.Rest is not null),
        Field.UInt64("kismet.histogram.total", "how many there are in all", static h => (ulong)h.Total),
    ]);
}
