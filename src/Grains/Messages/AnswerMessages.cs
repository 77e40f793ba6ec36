using KismetOrleans.Engine.Partitions;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Fields;
using KismetOrleans.Records.Json;

namespace KismetOrleans.Grains.Messages;

/// <summary><see cref="DeviceChunk"/> on the wire: finished JSON, which nobody on its way reads.</summary>
[GenerateSerializer, Immutable, Alias("KismetOrleans.DeviceChunk")]
public struct DeviceChunkMessage
{
    /// <summary>The octets.</summary>
    [Id(0)] public ReadOnlyMemory<byte> Body;

    /// <summary>Devices in it.</summary>
    [Id(1)] public int Count;

    /// <summary>Where the next chunk begins.</summary>
    [Id(2)] public int Next;

    /// <summary>Where each device ends.</summary>
    [Id(3)] public int[]? Ends;
}

/// <summary>Converts <see cref="DeviceChunk"/>.</summary>
[RegisterConverter]
public sealed class DeviceChunkConverter : IConverter<DeviceChunk, DeviceChunkMessage>
{
    /// <inheritdoc/>
    public DeviceChunk ConvertFromSurrogate(in DeviceChunkMessage m)
    {
        JsonOut body = new(Math.Max(m.Body.Length, 1));
        body.Raw(m.Body.Span);
        return new(body, m.Count, m.Next) { Ends = m.Ends };
    }

    // The octets stay with the answer, which may be written more than once: so the buffer is left to the collector.
    /// <inheritdoc/>
    public DeviceChunkMessage ConvertToSurrogate(in DeviceChunk value) => new()
    {
        Body = value.Body.Written,
        Count = value.Count,
        Next = value.Next,
        Ends = value.Ends?.ToArray(),
    };
}

/// <summary><see cref="DeviceWindow"/> on the wire: ranks as columns.</summary>
[GenerateSerializer, Immutable, Alias("KismetOrleans.DeviceWindow")]
public struct DeviceWindowMessage
{
    /// <summary>Devices that pass.</summary>
    [Id(0)] public int Matching;

    /// <summary>Devices in the view.</summary>
    [Id(1)] public int Total;

    /// <summary>Identities.</summary>
    [Id(2)] public ulong[] Ids;

    /// <summary>Numbers to order by.</summary>
    [Id(3)] public double[] Numbers;

    /// <summary>Texts to order by; null when none orders by text.</summary>
    [Id(4)] public string?[]? Texts;

    /// <summary>Which of them are addresses; null when none is.</summary>
    [Id(5)] public bool[]? Addresses;
}

/// <summary>Converts <see cref="DeviceWindow"/>.</summary>
[RegisterConverter]
public sealed class DeviceWindowConverter : IConverter<DeviceWindow, DeviceWindowMessage>
{
    /// <inheritdoc/>
    public DeviceWindow ConvertFromSurrogate(in DeviceWindowMessage m)
    {
        RankedDevice[] first = new RankedDevice[m.Ids.Length];
        for (int i = 0; i < first.Length; i++)
        {
            SortKey key = m.Addresses is { } addresses && addresses[i]
                ? SortKey.OfAddress(new((ulong)m.Numbers[i]))
                : new(m.Numbers[i], m.Texts?[i]);
            first[i] = new(key, new DeviceId(m.Ids[i]));
        }
        return new(m.Matching, m.Total, first);
    }

    /// <inheritdoc/>
    public DeviceWindowMessage ConvertToSurrogate(in DeviceWindow value)
    {
        int count = value.First.Count;
        DeviceWindowMessage m = new() { Matching = value.Matching, Total = value.Total, Ids = new ulong[count], Numbers = new double[count] };
        for (int i = 0; i < count; i++)
        {
            RankedDevice device = value.First[i];
            m.Ids[i] = device.Id.Value;
            m.Numbers[i] = device.Key.Number;
            if (device.Key.IsAddress)
            {
                (m.Addresses ??= new bool[count])[i] = true;
            }
            else if (device.Key.Text is { } text)
            {
                (m.Texts ??= new string?[count])[i] = text;
            }
        }
        return m;
    }
}

/// <summary><see cref="PartitionCounts"/> on the wire.</summary>
[GenerateSerializer, Immutable, Alias("KismetOrleans.PartitionCounts")]
public struct PartitionCountsMessage
{
    /// <summary>All devices.</summary>
    [Id(0)] public int Devices;

    /// <summary>By phy.</summary>
    [Id(1)] public int[] ByPhy;

    /// <summary>Access points.</summary>
    [Id(2)] public int AccessPoints;

    /// <summary>By source.</summary>
    [Id(3)] public Dictionary<ushort, int> BySource;

    /// <summary>Frames heard again.</summary>
    [Id(4)] public long Duplicates;
}

/// <summary>Converts <see cref="PartitionCounts"/>.</summary>
[RegisterConverter]
public sealed class PartitionCountsConverter : IConverter<PartitionCounts, PartitionCountsMessage>
{
    /// <inheritdoc/>
    public PartitionCounts ConvertFromSurrogate(in PartitionCountsMessage m) => new(m.Devices, m.ByPhy, m.AccessPoints, m.BySource, m.Duplicates);

    /// <inheritdoc/>
    public PartitionCountsMessage ConvertToSurrogate(in PartitionCounts value) => new()
    {
        Devices = value.Devices,
        ByPhy = value.ByPhy,
        AccessPoints = value.AccessPoints,
        BySource = new(value.BySource),
        Duplicates = value.Duplicates,
    };
}
