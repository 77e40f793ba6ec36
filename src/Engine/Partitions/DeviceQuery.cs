using KismetOrleans.Engine.Tracking;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Fields;
using KismetOrleans.Records.Json;
using KismetOrleans.Wire;

namespace KismetOrleans.Engine.Partitions;

[GenerateSerializer, Immutable, Alias("KismetOrleans.DeviceFilter")]
public sealed record DeviceFilter
{
    [Id(0)] public DeviceView View { get; init; } = DeviceView.All;

    /// <summary>Only devices whose newest packet is not older (Unix seconds); null for any.</summary>
    [Id(1)] public uint? Since { get; init; }

    /// <summary>Only devices whose record changed then or later (Unix seconds of the server's clock); null for any.</summary>
    [Id(2)] public uint? ChangedSince { get; init; }

    /// <summary>Regular expressions, one of which must match; null for any.</summary>
    [Id(3)] public RegexSpec? Regex { get; init; }

    /// <summary>Conditions, all of which must hold; null for any.</summary>
    [Id(4)] public WhereSpec? Where { get; init; }

    /// <summary>Text that a requested field must contain; null for any.</summary>
    [Id(5)] public string? Search { get; init; }

    /// <summary>Only these addresses; null for any.</summary>
    [Id(6)] public IReadOnlyList<MaskedAddress>? Addresses { get; init; }

    /// <summary>Only these devices, which are looked up instead of all being looked through; null for any.</summary>
    [Id(7)] public IReadOnlyList<DeviceId>? Devices { get; init; }
}

/// <summary>An address, or a range of them.</summary>
/// <param name="Mask">Bits that must agree; an all-zero mask matches nothing.</param>
[GenerateSerializer, Immutable, Alias("KismetOrleans.MaskedAddress")]
public readonly record struct MaskedAddress([property: Id(0)] MacAddress Address, [property: Id(1)] ulong Mask)
{
    internal bool Matches(MacAddress address) => Mask != 0 && !address.IsExtended && ((address.Value ^ Address.Value) & Mask) == 0;
}

/// <summary>How devices are written.</summary>
/// <param name="Fields">Fields wanted; null for all.</param>
/// <param name="Depth">Levels of indentation around each device, for the indented format.</param>
[GenerateSerializer, Immutable, Alias("KismetOrleans.DeviceShape")]
public sealed record DeviceShape(
    [property: Id(0)] RecordFormat Format, [property: Id(1)] FieldSelection? Fields, [property: Id(2)] int Depth = ListWriter.ObjectDepth)
{
    /// <summary>Devices of a list shall be told apart: by <see cref="DeviceChunk.Ends"/>, without separators.</summary>
    [Id(3)] public bool Apart { get; init; }
}

/// <summary>The order of a list.</summary>
/// <param name="Path">Field to sort by.</param>
[GenerateSerializer, Immutable, Alias("KismetOrleans.DeviceOrder")]
public sealed record DeviceOrder([property: Id(0)] string Path, [property: Id(1)] bool Descending);

/// <summary>Some devices of a partition, written and framed by separators but not by brackets.</summary>
/// <param name="Body">The bytes; returned to the pool when disposed.</param>
/// <param name="Next">Where the next chunk begins; −1 at the end.</param>
[GenerateSerializer, Immutable, Alias("KismetOrleans.DeviceChunk")]
public sealed record DeviceChunk([property: Id(0)] JsonOut Body, [property: Id(1)] int Count, [property: Id(2)] int Next) : IDisposable
{
    /// <summary>Where each device ends in <see cref="Body"/>, when devices were asked for one by one or apart; they are then not separated.</summary>
    [Id(3)] public IReadOnlyList<int>? Ends { get; init; }

    public void Dispose() => Body.Dispose();
}

/// <summary>The first devices of a partition in an order.</summary>
/// <param name="Matching">Devices that pass the filter.</param>
/// <param name="Total">Devices in the view.</param>
/// <param name="First">The first ones, in order.</param>
public sealed record DeviceWindow(int Matching, int Total, IReadOnlyList<RankedDevice> First);

/// <summary>A device with its place in an order.</summary>
/// <param name="Key">Value of the field that the order is by.</param>
/// <param name="Id">The device, which breaks ties.</param>
public readonly record struct RankedDevice(SortKey Key, DeviceId Id);

/// <summary>The order of a list; ties by identity, so that windows do not overlap.</summary>
public readonly record struct RankComparer(bool Descending) : IComparer<RankedDevice>
{
    public int Compare(RankedDevice x, RankedDevice y)
    {
        int order = SortKey.Compare(x.Key, y.Key);
        order = order != 0 ? order : x.Id.Value.CompareTo(y.Id.Value);
        return Descending ? -order : order;
    }
}
