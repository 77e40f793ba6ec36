using System.Globalization;
using KismetOrleans.Packets;
using KismetOrleans.Packets.Live;

namespace KismetOrleans.Engine.Datasources;

/// <summary>
/// Holds the times of a sensor's packets against the server's clock. Where the sensor's clock is known to be off, its packets have the time at which they were captured. What is dated later than it
/// can have been sent all the same has the time of its receipt; what is dated earlier may have waited in its spool.
/// </summary>
public sealed class SensorTimes
{
    // Clocks that keep time by the network are closer than this.
    private static readonly TimeSpan s_allowed = TimeSpan.FromSeconds(5);

    // Within it a correction stays as it is: it is in whole seconds, and must not go to and fro where it is measured in between.
    private const long NearNs = 2_000_000_000;

    // What was under way for long makes a clock seem to be behind; the best report of so many seconds counts, and of as many before them.
    private const long BestOfSeconds = 30;
    private const long SecondNs = 1_000_000_000;
    private ulong _boot;
    private long _baseNs;
    private long _least = long.MaxValue;
    private long _leastBefore = long.MaxValue;
    private long _since;
    private bool _isKnown;
    private long _correctionNs;

    /// <summary>Seconds that the furthest packet was ahead of the server's clock; 0 while none was by more than is allowed.</summary>
    public double Ahead { get; private set; }

    /// <summary>Seconds that the sensor's clock is ahead of the server's, as measured; 0 where that is not known.</summary>
    public double Skew { get; private set; }

    /// <summary>Seconds that were taken off the times of the newest packets.</summary>
    public double Correction => _correctionNs / 1e9;

    /// <summary>What is shown of it; null while there is nothing.</summary>
    public string? Warning => _ahead ?? (_correctionNs == 0 ? null : string.Create(
        CultureInfo.InvariantCulture, $"The sensor's clock was {Math.Abs(Correction):F0} s {(_correctionNs > 0 ? "ahead of" : "behind")} the server's; its packets have the server's time"));

    private string? _ahead;

    /// <summary>A connection begins: what was true of the one before need not be.</summary>
    internal void Begin()
    {
        (_ahead, Ahead, Skew, _isKnown) = (null, 0, 0, false);
        (_least, _leastBefore) = (long.MaxValue, long.MaxValue);
    }

    /// <summary>Takes a report of the sensor's clock.</summary>
    /// <param name="skew">Seconds that it was ahead of the server's when it came; not 0.</param>
    /// <param name="clock">How the host's clock stood then; null where that is not known.</param>
    internal void Learn(double skew, HostClock? clock, DateTimeOffset now)
    {
        long second = now.ToUnixTimeSeconds();
        if (clock?.Boot != _boot || !_isKnown)
        {
            // Another start of the host, or one that does not say: what was measured was of another clock.
            (_boot, _least, _leastBefore, _since, _isKnown) = (clock?.Boot ?? 0, long.MaxValue, long.MaxValue, second, true);
        }
        if (second - _since >= BestOfSeconds)
        {
            (_leastBefore, _least, _since) = (_least, long.MaxValue, second);
        }
        _baseNs = clock?.BaseNs ?? 0;
        // When the host was started by the server's clock: the same for as long as it runs, whatever its own clock is set to. Without it, how far it is behind.
        long started = _baseNs - (long)Math.Clamp(skew * SecondNs, long.MinValue / 4, long.MaxValue / 4);
        _least = Math.Min(_least, started);
        Skew = (_baseNs - Math.Min(_least, _leastBefore)) / 1e9;
    }

    /// <summary>Gives packets the time at which they were captured, and those of the future the time of now.</summary>
    /// <param name="isOwnClock">Whether the sensor dates packets by its host's clock where the batch does not say how that stood.</param>
    /// <returns>What is to be reported, once; else null.</returns>
    public string? Correct(PacketBatch batch, bool isOwnClock, DateTimeOffset now)
    {
        long before = _correctionNs;
        double aheadBefore = Ahead;
        Choose(OffsetOf(batch, isOwnClock));
        long nowNs = UnixTime.ToNs(now);
        long mostNs = nowNs + (s_allowed.Ticks * TimeSpan.NanosecondsPerTick);
        foreach (ref CapturedPacket packet in batch.Packets.AsSpan(0, batch.Count))
        {
            packet.TimeNs = _correctionNs == 0 ? packet.TimeNs : (long)Int128.Clamp((Int128)packet.TimeNs - _correctionNs, 0, long.MaxValue);
            if (packet.TimeNs > mostNs)
            {
                Ahead = Math.Max(Ahead, (packet.TimeNs - nowNs) / 1e9);
                packet.TimeNs = nowNs;
                packet.TimeOutOfRange = true;
            }
        }
        if (Ahead > aheadBefore)
        {
            _ahead = string.Create(CultureInfo.InvariantCulture, $"Packets are dated up to {Ahead:F0} s ahead of the server's clock; they have the time of their receipt");
            return aheadBefore == 0 ? _ahead : null;
        }
        return before == 0 && _correctionNs != 0 ? Warning : null;
    }

    // How far the clock that dated a batch was ahead, nanoseconds; 0 where that is not known.
    private long OffsetOf(PacketBatch batch, bool isOwnClock)
    {
        if (!_isKnown)
        {
            return 0;
        }
        long skewNs = (long)(Skew * SecondNs);
        return batch.Clock is not { } clock ? (isOwnClock && _boot == 0 ? skewNs : 0)
            // Of a start of the host before: nobody knows how its clock stood.
            : clock.Boot != _boot ? 0
            : clock.BaseNs - _baseNs + skewNs;
    }

    private void Choose(long offset)
    {
        if (_correctionNs != 0 && Math.Abs(offset - _correctionNs) <= NearNs)
        {
            return;
        }
        _correctionNs = Math.Abs(offset) <= s_allowed.Ticks * TimeSpan.NanosecondsPerTick ? 0 : (long)Math.Round((double)offset / SecondNs) * SecondNs;
    }
}
