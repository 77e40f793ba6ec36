using KismetOrleans.Engine.Alerts;
using KismetOrleans.Engine.Observations;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Dot11;

namespace KismetOrleans.Engine.Detection;

/// <summary>
/// Beacons whose timer does not go with the time. A restart sets it back once; of two access points with one address it goes to and fro.
/// </summary>
internal sealed class TimerDetector(AlertCollector alerts)
{
    // Clocks of receivers are set now and then, and drift; not by this much.
    private const long ToleranceMicroseconds = 10_000_000;

    // As many as nobody's restarts.
    private const byte MaxJumps = 5;

    // Jumps further apart than this are not one story.
    private const uint WindowSeconds = 300;

    /// <summary>Looks at a beacon; what the device has is still that of the one before it.</summary>
    public void Check(Device ap, in Observation o, ObservationBatch batch)
    {
        Dot11Device dot11 = ap.Dot11!;
        if (dot11.LastBeaconTime == 0)
        {
            return;
        }
        long passed = ((long)o.Seconds - dot11.LastBeaconTime) * 1_000_000;
        long off = (long)(o.Frame.Timestamp - dot11.BssTimestamp) - passed;
        if (off is <= ToleranceMicroseconds and >= -ToleranceMicroseconds)
        {
            return;
        }
        Dot11Watch watch = dot11.Watch ??= new();
        bool other = watch.TimerSource != 0 && watch.TimerSource != o.Source;
        watch.TimerSource = o.Source;
        if (other)
        {
            // From one sensor's clock to another's: sensors that hear it in turn are no two access points.
            return;
        }
        bool running = o.Seconds >= watch.TimerJumpLast && o.Seconds - watch.TimerJumpLast <= WindowSeconds;
        watch.TimerJumpLast = o.Seconds;
        watch.TimerJumps = running ? (byte)(watch.TimerJumps + 1) : (byte)1;
        if (watch.TimerJumps <= MaxJumps)
        {
            return;
        }
        watch.TimerJumps = 0;
        if (alerts.Wants(AlertKind.BssTimestamp))
        {
            alerts.Raise(
                AlertKind.BssTimestamp, ap, o, batch, $"The timer of {o.Frame.Bssid} jumps again and again: two access points may use the address");
        }
    }
}
