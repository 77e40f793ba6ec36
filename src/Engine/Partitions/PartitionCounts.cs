namespace KismetOrleans.Engine.Partitions;

/// <summary>Sizes of a partition's views.</summary>
/// <param name="Devices">All devices.</param>
/// <param name="ByPhy">Devices of each phy, by its number.</param>
/// <param name="AccessPoints">Wi-Fi access points.</param>
/// <param name="BySource">Devices that each source heard, by its number.</param>
/// <param name="Duplicates">Frames that were heard again.</param>
public sealed record PartitionCounts(int Devices, int[] ByPhy, int AccessPoints, IReadOnlyDictionary<ushort, int> BySource, long Duplicates);
