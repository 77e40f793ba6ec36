using KismetOrleans.Engine.Partitions;

namespace KismetOrleans.Grains.Messages;

/// <summary><see cref="DeviceBuckets"/> on the wire.</summary>
[GenerateSerializer, Immutable, Alias("KismetOrleans.DeviceBuckets")]
public struct DeviceBucketsMessage
{
    /// <summary>Field.</summary>
    [Id(0)] public string Path;

    /// <summary>Where the first bucket begins.</summary>
    [Id(1)] public double From;

    /// <summary>Where the last one ends.</summary>
    [Id(2)] public double To;

    /// <summary>How many they are.</summary>
    [Id(3)] public int Count;
}

/// <summary>Converts <see cref="DeviceBuckets"/>.</summary>
[RegisterConverter]
public sealed class DeviceBucketsConverter : IConverter<DeviceBuckets, DeviceBucketsMessage>
{
    /// <inheritdoc/>
    public DeviceBuckets ConvertFromSurrogate(in DeviceBucketsMessage m) => new(m.Path, new(m.From, m.To, m.Count));

    /// <inheritdoc/>
    public DeviceBucketsMessage ConvertToSurrogate(in DeviceBuckets value) =>
        new() { Path = value.Path, From = value.Buckets.From, To = value.Buckets.To, Count = value.Buckets.Count };
}

/// <summary><see cref="DeviceHistogram"/> on the wire.</summary>
[GenerateSerializer, Immutable, Alias("KismetOrleans.DeviceHistogram")]
public struct DeviceHistogramMessage
{
    /// <summary>Devices by bucket.</summary>
    [Id(0)] public long[] Counts;

    /// <summary>Before the first bucket.</summary>
    [Id(1)] public long Below;

    /// <summary>After the last one.</summary>
    [Id(2)] public long Above;

    /// <summary>Without a number.</summary>
    [Id(3)] public long Absent;
}

/// <summary>Converts <see cref="DeviceHistogram"/>.</summary>
[RegisterConverter]
public sealed class DeviceHistogramConverter : IConverter<DeviceHistogram, DeviceHistogramMessage>
{
    /// <inheritdoc/>
    public DeviceHistogram ConvertFromSurrogate(in DeviceHistogramMessage m) => new(m.Counts, m.Below, m.Above, m.Absent);

    /// <inheritdoc/>
    public DeviceHistogramMessage ConvertToSurrogate(in DeviceHistogram value) =>
        new() { Counts = value.Counts, Below = value.Below, Above = value.Above, Absent = value.Absent };
}
