using System.Globalization;
using KismetOrleans.Engine.Server;
using KismetOrleans.Records.Fields;

namespace KismetOrleans.Api.Http;

/// <summary>Times as clients give them: seconds since 1970, or negative ones for seconds ago, with or without a fraction.</summary>
internal static class Times
{
    private const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    /// <summary>Reads a time, such as <c>1700000000</c>, <c>1700000000.25</c>, <c>-60.5</c> or <c>-1e3</c>.</summary>
    public static bool TryParse(string? text, out double seconds) =>
        double.TryParse(text, Style, CultureInfo.InvariantCulture, out seconds) && double.IsFinite(seconds);

    /// <exception cref="CommandException">It is none.</exception>
    public static double OfPath(RecordRequest request)
    {
        string text = request.Route("time");
        return TryParse(text, out double seconds) ? seconds
            : throw new CommandException($"time: expected seconds since 1970, or negative ones for seconds ago, got '{text[..Math.Min(text.Length, 32)]}'");
    }

    /// <summary>The Unix second that a time means; a negative one counts back from now.</summary>
    /// <param name="time">Seconds. Records have whole ones, so of a fraction the second that it lies in.</param>
    /// <param name="newer">Whether a record of that very second is too old.</param>
    public static uint Absolute(double time, IBackend backend, bool newer = false)
    {
        double absolute = Math.Floor(time) + (time < 0 ? backend.Clock.GetUtcNow().ToUnixTimeSeconds() : 0);
        // Clamped first: the last second there is must not wrap around to the first.
        return (uint)Math.Clamp(Math.Clamp(absolute, -1, uint.MaxValue) + (newer ? 1 : 0), 0, uint.MaxValue);
    }
}
