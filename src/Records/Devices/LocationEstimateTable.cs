using KismetOrleans.Records.Fields;
using Field = KismetOrleans.Records.Fields.Field<KismetOrleans.Records.Devices.LocationEstimate>;

namespace KismetOrleans.Records.Devices;

/// <summary>Fields of an estimated position.</summary>
internal static class LocationEstimateTable
{
    /// <summary>A middle with two ellipses.</summary>
    public static readonly RecordTable<LocationEstimate> Table = new("location_estimate",
    [
        Field.Text("kismet.location_estimate.kind", "what the signals bear: near (one sensor's place), area (two), point (three or more)", static e => e.Kind),
        Field.Geo("kismet.location_estimate.geopoint", "degrees east, degrees north", static e => e.Point),
        Field.Int32("kismet.location_estimate.floor", "floor; absent where no sensor's is known", static e => e.Floor ?? 0, static e => e.Floor is not null),
        Field.Texts("kismet.location_estimate.sensors", "UUIDs of the sensors that saw it, strongest first", static e => e.Sensors),
        Field.Double("kismet.location_estimate.semi_major_68", "half of the longer axis of the ellipse that holds it with 68 %, metres", static e => e.Within68.Major),
        Field.Double("kismet.location_estimate.semi_minor_68", "half of the shorter one", static e => e.Within68.Minor),
        Field.Double("kismet.location_estimate.semi_major_95", "half of the longer axis of the ellipse that holds it with 95 %, metres", static e => e.Within95.Major),
        Field.Double("kismet.location_estimate.semi_minor_95", "half of the shorter one", static e => e.Within95.Minor),
        Field.Double("kismet.location_estimate.angle", "direction of the longer axis, degrees from east towards north", static e => e.Angle),
        Field.UInt64("kismet.location_estimate.time_sec", "unix second of the newest signal", static e => e.Point.Seconds),
    ]);
}
