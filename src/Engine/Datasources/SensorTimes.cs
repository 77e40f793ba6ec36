using System.Globalization;
using KismetOrleans.Packets;

namespace KismetOrleans.Engine.Datasources;

/// <summary>
/// Holds the times of a connection's packets against the server's clock. What a sensor dates later than it can have sent it has the time of its receipt; what it dates earlier may have
/// waited in its spool.
/// </summary>
public sealed class SensorTimes
{
    // Clocks that keep time by the network are closer than this.
    private static readonly TimeSpan s_allowed = TimeSpan.FromSeconds(5);

    /// <summary>Seconds that the furthest packet was ahead of the server's clock; 0 while none was by more than is allowed.</summary>
    public double Ahead { get; private set; }

    /// <summary>What is shown of it; null while there is nothing.</summary>
    public string? Warning { get; private set; }

    /// <summary>Gives packets of the future the time of now.</summary>
    /// <param name="batch">The packets.</param>
    /// <param name="now">The server's clock.</param>
    /// <returns>What is to be told, once; else null.</returns>
    public string? Clamp(PacketBatch batch, DateTimeOffset now)
    {
        long nowNs = UnixTime.ToNs(now);
        long mostNs = nowNs + (s_allowed.Ticks * TimeSpan.NanosecondsPerTick);
        double before = Ahead;
        foreach (ref CapturedPacket packet in batch.Packets.AsSpan(0, batch.Count))
        {
            if (packet.TimeNs > mostNs)
            {
                Ahead = Math.Max(Ahead, (packet.TimeNs - nowNs) / 1e9);
                packet.TimeNs = nowNs;
                packet.TimeOutOfRange = true;
            }
        }
        if (Ahead <= before)
        {
            return null;
        }
        Warning = string.Create(CultureInfo.InvariantCulture, $"Packets are dated up to {Ahead:F0} s ahead of the server's clock; they have the time of their receipt");
        return before == 0 ? Warning : null;
    }
}
