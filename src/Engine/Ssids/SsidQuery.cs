using KismetOrleans.Records.Dot11;

namespace KismetOrleans.Engine.Ssids;

/// <summary>Which SSIDs are asked for.</summary>
/// <param name="NamesDevices">Whether devices are named, or only counted.</param>
/// <param name="Hashes">Only groups of these <see cref="SsidGroup.Hash"/>; null for all.</param>
[GenerateSerializer, Immutable, Alias("KismetOrleans.SsidQuery")]
public sealed record SsidQuery([property: Id(0)] bool NamesDevices, [property: Id(1)] IReadOnlyList<uint>? Hashes = null);

/// <summary>SSIDs of some devices: groups with that share of their devices. Shares of different devices add up.</summary>
/// <param name="Groups">Groups, in no order.</param>
[GenerateSerializer, Immutable, Alias("KismetOrleans.SsidShare")]
public sealed record SsidShare([property: Id(0)] IReadOnlyList<SsidGroup> Groups)
{
    /// <summary>Adds shares up; their groups must not be used afterwards.</summary>
    public static SsidShare Sum(IReadOnlyList<SsidShare> shares)
    {
        if (shares.Count == 1)
        {
            return shares[0];
        }
        Dictionary<ulong, SsidGroup> sum = [];
        foreach (SsidGroup part in shares.SelectMany(static share => share.Groups))
        {
            if (!sum.TryAdd(part.Identity, part))
            {
                Add(sum[part.Identity], part);
            }
        }
        return new([.. sum.Values]);
    }

    private static void Add(SsidGroup group, SsidGroup part)
    {
        group.FirstTime = Math.Min(group.FirstTime, part.FirstTime);
        group.LastTime = Math.Max(group.LastTime, part.LastTime);
        group.Advertising.Add(part.Advertising.Count, part.Advertising.Ids);
        group.Responding.Add(part.Responding.Count, part.Responding.Ids);
        group.Probing.Add(part.Probing.Count, part.Probing.Ids);
    }
}
