using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Fields;
using KismetOrleans.Records.Json;

namespace KismetOrleans.Engine.Partitions;

/// <summary>Equal parts of a range of numbers.</summary>
/// <param name="From">Where the first one begins.</param>
/// <param name="To">Where the last one ends; more than <paramref name="From"/>.</param>
/// <param name="Count">How many they are.</param>
[GenerateSerializer, Immutable, Alias("KismetOrleans.Buckets")]
public readonly record struct Buckets([property: Id(0)] double From, [property: Id(1)] double To, [property: Id(2)] int Count)
{
    /// <summary>Buckets that one can ask for: more than a screen has columns would not be seen.</summary>
    public const int MaxCount = 1000;

    /// <summary>The bucket of a number: −1 below the range, <see cref="Count"/> at its end and above.</summary>
    internal int Of(double number) =>
        number < From ? -1
        : number >= To ? Count
        // Rounding must not put what is below the end behind it.
        : Math.Min(Count - 1, (int)((number - From) / (To - From) * Count));
}

/// <summary>What is counted of devices.</summary>
/// <param name="Path">Path of a field that is a number.</param>
/// <param name="Buckets">The parts of its range.</param>
[GenerateSerializer, Immutable, Alias("KismetOrleans.DeviceBuckets")]
public sealed record DeviceBuckets([property: Id(0)] string Path, [property: Id(1)] Buckets Buckets);

/// <summary>How many devices have a number in each bucket.</summary>
/// <param name="Below">Before the first one.</param>
/// <param name="Above">After the last one.</param>
/// <param name="Absent">Devices without such a number.</param>
[GenerateSerializer, Immutable, Alias("KismetOrleans.DeviceHistogram")]
public sealed record DeviceHistogram(
    [property: Id(0)] long[] Counts, [property: Id(1)] long Below, [property: Id(2)] long Above, [property: Id(3)] long Absent)
{
    public long Total => Counts.Sum() + Below + Above + Absent;

    /// <summary>Adds histograms of the same buckets up.</summary>
    public static DeviceHistogram Sum(IReadOnlyList<DeviceHistogram> shares)
    {
        long[] counts = new long[shares[0].Counts.Length];
        foreach (DeviceHistogram share in shares)
        {
            for (int i = 0; i < counts.Length; i++)
            {
                counts[i] += share.Counts[i];
            }
        }
        return new(counts, shares.Sum(static s => s.Below), shares.Sum(static s => s.Above), shares.Sum(static s => s.Absent));
    }
}

internal sealed class DeviceTally(DeviceBuckets wanted, RecordContext context)
{
    private readonly RecordNumber<Device>? _number = RecordNumber<Device>.TryPrepare(DeviceTable.Table, wanted.Path, out RecordNumber<Device>? number) ? number : null;

    // Before the first bucket, the buckets, after the last one.
    private readonly long[] _counts = new long[wanted.Buckets.Count + 2];
    private long _absent;

    /// <summary>What was counted.</summary>
    public DeviceHistogram Histogram => new(_counts[1..^1], _counts[0], _counts[^1], _absent);

    public void Add(Device device)
    {
        if (_number is not null && _number.TryGet(device, context, out double value))
        {
            _counts[wanted.Buckets.Of(value) + 1]++;
        }
        else
        {
            _absent++;
        }
    }
}
