using KismetOrleans.Engine.Observations;

namespace KismetOrleans.Engine.Datasources;

/// <summary>
/// When the networks that a beacon tells of besides its own (Multiple BSSID) were taken from it last. Each costs as much as a frame and there may be 32 in
/// one, ten times a second; while the elements are the same they bring nothing but another time.
/// </summary>
internal sealed class NetworksSeen
{
    private const long EveryNs = 1_000_000_000;

    // Access points that one radio hears at once; two that share a place cost each other a frame too many.
    private const int Places = 256;
    private readonly (ulong Bssid, ulong Elements, long TimeNs)[] _seen = new (ulong, ulong, long)[Places];

    /// <summary>Whether the networks of a frame are to be taken.</summary>
    public bool IsDue(in Observation o)
    {
        ulong bssid = o.Frame.Bssid.Value;
        ref (ulong Bssid, ulong Elements, long TimeNs) seen = ref _seen[(int)((bssid ^ (bssid >> 8) ^ (bssid >> 16)) % Places)];
        if (seen.Bssid == bssid && seen.Elements == o.Frame.ElementsHash && o.TimeNs >= seen.TimeNs && o.TimeNs - seen.TimeNs < EveryNs)
        {
            return false;
        }
        seen = (bssid, o.Frame.ElementsHash, o.TimeNs);
        return true;
    }
}
