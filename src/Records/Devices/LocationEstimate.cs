using KismetOrleans.Records.Json;

namespace KismetOrleans.Records.Devices;

/// <summary>Where a device is, as estimated from who saw it and how well (<c>kismet.location_estimate.*</c>, not in Kismet).</summary>
/// <param name="Kind">What the signals bear: near one sensor, an area of two, a point of three or more.</param>
/// <param name="Point">The middle, with the time of the newest signal.</param>
/// <param name="Floor">Floor; null where no sensor's is known.</param>
/// <param name="Sensors">UUIDs of the sensors that saw it, strongest first.</param>
/// <param name="Within68">Half axes of the ellipse that holds it with 68 %, metres.</param>
/// <param name="Within95">The same for 95 %.</param>
/// <param name="Angle">Direction of the longer axis, degrees from east towards north.</param>
public sealed record LocationEstimate(
    string Kind, GeoPoint Point, int? Floor, IReadOnlyList<string> Sensors, (double Major, double Minor) Within68, (double Major, double Minor) Within95,
    double Angle);

/// <summary>Estimates where devices are, when somebody asks.</summary>
public interface ILocator
{
    /// <summary>Where a device is; null when no sensor of a known place saw it.</summary>
    LocationEstimate? Find(Device device, RecordContext context);
}
