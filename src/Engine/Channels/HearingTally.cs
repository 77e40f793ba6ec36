using KismetOrleans.Engine.Tracking;
using KismetOrleans.Records.Devices;

namespace KismetOrleans.Engine.Channels;

/// <summary>Which sources hear the same devices.</summary>
/// <param name="Sources">Numbers of the sources.</param>
/// <param name="Since">Unix second since which a device was heard.</param>
[GenerateSerializer, Immutable, Alias("KismetOrleans.HearingQuery")]
public sealed record HearingQuery([property: Id(0)] ushort[] Sources, [property: Id(1)] uint Since);

/// <summary>Answer to a <see cref="HearingQuery"/>, of one partition or of all.</summary>
/// <param name="Counts">A square, row by row in the order of the sources: devices that two of them heard, in the diagonal those that one did.</param>
[GenerateSerializer, Immutable, Alias("KismetOrleans.HearingShare")]
public sealed record HearingShare([property: Id(0)] int[] Counts)
{
    /// <summary>The sum of several partitions' answers to the same question.</summary>
    public static HearingShare Sum(IReadOnlyList<HearingShare> shares)
    {
        int[] sum = new int[shares.Count == 0 ? 0 : shares[0].Counts.Length];
        foreach (HearingShare share in shares)
        {
            for (int i = 0; i < sum.Length; i++)
            {
                sum[i] += share.Counts[i];
            }
        }
        return new(sum);
    }
}

/// <summary>Counts, of a partition's devices, those that sources heard in common, some thousands of devices a turn, so that packets come in between.</summary>
public sealed class HearingTally
{
    // As a tally of SSIDs.
    private const int DevicesAtOnce = 4096;

    // What more of them hear is everywhere, and says nothing of who stands beside whom.
    private const int MostSources = 32;
    private readonly Dictionary<ushort, int> _places = [];
    private readonly uint _since;
    private readonly int[] _counts;
    private readonly int[] _heard = new int[MostSources];
    private uint _cursor;

    /// <summary>A tally that has looked at nothing yet.</summary>
    public HearingTally(HearingQuery query)
    {
        for (int i = 0; i < query.Sources.Length; i++)
        {
            _places[query.Sources[i]] = i;
        }
        _since = query.Since;
        _counts = new int[query.Sources.Length * query.Sources.Length];
    }

    /// <summary>What was counted.</summary>
    public HearingShare Share => new(_counts);

    /// <summary>Goes on where the last call ended.</summary>
    /// <returns>Whether all devices have been looked at.</returns>
    internal bool Advance(DeviceSet devices)
    {
        ReadOnlySpan<Device> all = devices.All;
        int from = devices.IndexOf(_cursor);
        int to = Math.Min(all.Length, from + DevicesAtOnce);
        foreach (Device device in all[from..to])
        {
            if (device.LastTime >= _since)
            {
                Add(device);
            }
        }
        if (to == all.Length)
        {
            return true;
        }
        _cursor = all[to].Serial;
        return false;
    }

    private void Add(Device device)
    {
        int count = 0;
        foreach (SeenBy seen in device.SeenBy)
        {
            if (seen.LastTime >= _since && _places.TryGetValue(seen.SourceNumber, out int place))
            {
                if (count == MostSources)
                {
                    return;
                }
                _heard[count++] = place;
            }
        }
        int size = _places.Count;
        foreach (int one in _heard.AsSpan(0, count))
        {
            foreach (int other in _heard.AsSpan(0, count))
            {
                _counts[(one * size) + other]++;
            }
        }
    }
}
