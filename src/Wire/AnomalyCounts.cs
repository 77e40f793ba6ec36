using System.Numerics;

namespace KismetOrleans.Wire;

/// <summary>How often each anomaly was seen. Not thread-safe.</summary>
public sealed class AnomalyCounts
{
    private readonly long[] _counts = new long[64];

    /// <summary>How often an anomaly was seen.</summary>
    public long this[Anomalies anomaly] => _counts[BitOperations.TrailingZeroCount((ulong)anomaly)];

    /// <summary>Counts each anomaly of a packet once.</summary>
    public void Note(Anomalies anomalies)
    {
        ulong bits = (ulong)anomalies;
        while (bits != 0)
        {
            _counts[BitOperations.TrailingZeroCount(bits)]++;
            bits &= bits - 1;
        }
    }

    /// <summary>Adds other counts.</summary>
    public void Add(IReadOnlyList<AnomalyCount> others)
    {
        foreach (AnomalyCount other in others)
        {
            _counts[BitOperations.TrailingZeroCount((ulong)other.Anomaly)] += other.Count;
        }
    }

    /// <summary>Those that were seen.</summary>
    public IReadOnlyList<AnomalyCount> Seen()
    {
        List<AnomalyCount> seen = [];
        for (int i = 0; i < _counts.Length; i++)
        {
            if (_counts[i] > 0)
            {
                seen.Add(new((Anomalies)(1UL << i), _counts[i]));
            }
        }
        return seen;
    }

    /// <summary>Those that were seen since the last call; none costs nothing.</summary>
    public IReadOnlyList<AnomalyCount> Take()
    {
        if (_counts.AsSpan().IndexOfAnyExcept(0) < 0)
        {
            return [];
        }
        IReadOnlyList<AnomalyCount> seen = Seen();
        Array.Clear(_counts);
        return seen;
    }
}

/// <summary>How often an anomaly was seen.</summary>
/// <param name="Anomaly">Which, one bit.</param>
/// <param name="Count">How often.</param>
public readonly record struct AnomalyCount(Anomalies Anomaly, long Count);
