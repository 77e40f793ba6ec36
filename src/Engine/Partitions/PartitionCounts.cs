namespace KismetOrleans.Engine.Partitions;

/// <summary>Sizes of a partition's views.</summary>
/// <param name="ByPhy">Devices of each phy, by its number.</param>
/// <param name="AccessPoints">Wi-Fi access points.</param>
/// <param name="BySource">Devices that each source saw, by its number.</param>
/// <param name="Duplicates">Frames that were seen again.</param>
[GenerateSerializer, Immutable, Alias("KismetOrleans.PartitionCounts")]
public sealed record PartitionCounts(
    [property: Id(0)] int Devices, [property: Id(1)] int[] ByPhy, [property: Id(2)] int AccessPoints,
    [property: Id(3)] IReadOnlyDictionary<ushort, int> BySource, [property: Id(4)] long Duplicates);
