namespace KismetOrleans.Packets.Sources;

/// <summary>When the next packet of a replayed file is due.</summary>
/// <param name="time">The clock.</param>
/// <param name="realtime">Whether gaps are those of the capture.</param>
/// <param name="packetsPerSecond">The limit, null for none.</param>
internal sealed class ReplayPace(TimeProvider time, bool realtime, int? packetsPerSecond)
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    private readonly long _start = time.GetTimestamp();
    private long _sent;
    private long _elapsedCapture;
    private long _lastCapture = -1;

    public bool IsDue(in CapturedPacket packet) => DueNs(packet) <= NowNs();

    /// <summary>Blocks until the packet is due, or for <paramref name="longest"/>.</summary>
    /// <exception cref="OperationCanceledException">Cancelled while waiting.</exception>
    public void Wait(in CapturedPacket packet, TimeSpan longest, CancellationToken cancellation)
    {
        long due = Math.Min(DueNs(packet), NowNs() + longest.Ticks * TimeSpan.NanosecondsPerTick);
        for (long left = due - NowNs(); left > 0; left = due - NowNs())
        {
            // Rounded up to ticks, so that the last wait is not followed by one of zero length.
            var wait = TimeSpan.FromTicks((left + TimeSpan.NanosecondsPerTick - 1) / TimeSpan.NanosecondsPerTick);
            Task.Delay(wait, time, cancellation).GetAwaiter().GetResult();
        }
    }

    /// <summary>Counts the packet as handed over.</summary>
    public void Sent(in CapturedPacket packet)
    {
        _elapsedCapture += Gap(packet);
        if (!packet.TimeOutOfRange)
        {
            _lastCapture = packet.TimeNs;
        }
        _sent++;
    }

    private long DueNs(in CapturedPacket packet)
    {
        long byTime = realtime ? _elapsedCapture + Gap(packet) : 0;
        long byRate = packetsPerSecond is { } rate ? (long)((Int128)_sent * NanosecondsPerSecond / rate) : 0;
        return Math.Max(byTime, byRate);
    }

    /// <summary>Time since the packet before. One that went back, or is out of range, does not hold up the replay.</summary>
    private long Gap(in CapturedPacket packet) =>
        _lastCapture < 0 || packet.TimeOutOfRange ? 0 : Math.Max(0, packet.TimeNs - _lastCapture);

    private long NowNs() => (long)((Int128)(time.GetTimestamp() - _start) * NanosecondsPerSecond / time.TimestampFrequency);
}
