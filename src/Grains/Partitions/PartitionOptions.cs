namespace KismetOrleans.Grains.Partitions;

/// <summary>The device partitions of a server or cluster; the same in all of its processes.</summary>
/// <param name="Count">How many there are: devices do not move between them.</param>
/// <param name="SaveEvery">Least time between two saves of a partition.</param>
public sealed record PartitionOptions(int Count, TimeSpan SaveEvery);
