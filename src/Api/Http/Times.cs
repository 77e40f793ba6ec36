using KismetOrleans.Engine.Server;

namespace KismetOrleans.Api.Http;

/// <summary>Times as clients give them.</summary>
public static class Times
{
    /// <summary>The Unix second that a time means; a negative one counts back from now.</summary>
    /// <param name="time">Seconds.</param>
    /// <param name="backend">Whose clock counts.</param>
    /// <param name="newer">Whether a record of that very second is too old.</param>
    public static uint Absolute(long time, IBackend backend, bool newer = false)
    {
        long absolute = time < 0 ? backend.Clock.GetUtcNow().ToUnixTimeSeconds() + Math.Max(time, -uint.MaxValue) : time;
        // Clamped first: the last second there is must not wrap around to the first.
        return (uint)Math.Clamp(Math.Clamp(absolute, -1, uint.MaxValue) + (newer ? 1 : 0), 0, uint.MaxValue);
    }
}
