using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace KismetOrleans.Packets.Sources;

/// <summary>
/// Where a source that never moves stands, as users write it (option <c>place</c>): <c>lat,lon[,alt]</c>, or <c>building:floor:x,y[,z]</c> in metres along the building's own axes from its
/// own corner, <c>z</c> above the height of that corner.
/// </summary>
/// <param name="Building">Name of the building, "" for a place by degrees.</param>
/// <param name="Floor">Floor, counted as the site counts them; null for a place by degrees.</param>
/// <param name="First">Degrees north, or x.</param>
/// <param name="Second">Degrees east, or y.</param>
/// <param name="Third">Metres of altitude, or z; null where it is not told.</param>
public sealed record SourcePlace(string Building, int? Floor, double First, double Second, double? Third)
{
    /// <summary>Floors of the tallest buildings, and of the deepest mines.</summary>
    public const int LowestFloor = -100;

    /// <inheritdoc cref="LowestFloor"/>
    public const int HighestFloor = 1000;

    // A campus is smaller, and so is the air above it.
    private const double MostMetres = 10_000;

    /// <summary>Reads a place.</summary>
    /// <param name="text">The option's value.</param>
    /// <param name="place">What it says; null when it is wrong.</param>
    /// <param name="error">What is wrong, fit for the user; null when nothing is.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out SourcePlace? place, [NotNullWhen(false)] out string? error)
    {
        place = null;
        int axes = text.LastIndexOf(':');
        int floor = axes <= 0 ? -1 : text.LastIndexOf(':', axes - 1);
        if (axes >= 0 && floor <= 0)
        {
            error = $"option place: '{text}' is neither lat,lon,alt nor building:floor:x,y,z";
            return false;
        }
        string building = floor < 0 ? "" : text[..floor].Trim();
        int storey = 0;
        if (floor > 0 && (building.Length == 0 || !int.TryParse(text.AsSpan(floor + 1, axes - floor - 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out storey)
            || storey is < LowestFloor or > HighestFloor))
        {
            error = $"option place: '{text}': a building and a floor from {LowestFloor} to {HighestFloor} are expected before the metres";
            return false;
        }
        string[] numbers = text[(axes + 1)..].Split(',');
        bool isDegrees = building.Length == 0;
        double first = 0, second = 0, third = 0;
        if (numbers.Length is not (2 or 3)
            || !Read(numbers[0], isDegrees ? 90 : MostMetres, out first)
            || !Read(numbers[1], isDegrees ? 180 : MostMetres, out second)
            || (numbers.Length == 3 && !Read(numbers[2], MostMetres, out third)))
        {
            error = isDegrees
                ? $"option place: '{text}' is no latitude, longitude and altitude (up to 90, 180 and 10000); building:floor:x,y,z is the other form"
                : $"option place: '{text}': two or three numbers of metres up to 10000 are expected behind the floor";
            return false;
        }
        place = new(building, isDegrees ? null : storey, first, second, numbers.Length == 3 ? third : null);
        error = null;
        return true;
    }

    private static bool Read(string text, double most, out double value) =>
        double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out value)
        && Math.Abs(value) <= most;
}
