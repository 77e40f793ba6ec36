using KismetOrleans.Wire;

namespace KismetOrleans.Engine.Operations;

/// <summary>Hands counts that only grow to <see cref="Meters.Anomalous"/>, each anomaly once. Called by the counts' owner, once per batch.</summary>
internal sealed class AnomalyReport
{
    private readonly AnomalyCounts _reported = new();

    /// <summary>Tells what was added since the last call.</summary>
    public void Report(AnomalyCounts counts)
    {
        if (!Meters.AnomaliesEnabled)
        {
            // Not lost: the first call that finds a listener tells everything so far.
            return;
        }
        List<AnomalyCount> added = [];
        foreach (AnomalyCount count in counts.Seen())
        {
            long more = count.Count - _reported[count.Anomaly];
            if (more > 0)
            {
                added.Add(new(count.Anomaly, more));
            }
        }
        _reported.Add(added);
        Meters.Anomalous(added);
    }
}
