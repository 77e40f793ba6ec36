using KismetOrleans.Engine.Presence;

namespace KismetOrleans.Storage;

/// <summary>Numbers of blocks of presence, which are times of when these were made.</summary>
internal static class PresenceNumbers
{
    private const long SecondMicros = 1_000_000;

    // Clocks of servers and sensors are not further apart, or what they send counts as captured when it came.
    private const long ApartSeconds = 3600;

    /// <summary>The least number of a block that may have what is asked for: nothing comes before it was captured.</summary>
    public static long Earliest(PresenceQuery query) => Math.Max(0, ((long)query.First * PresenceEntry.SlotSeconds) - ApartSeconds) * SecondMicros;
}
