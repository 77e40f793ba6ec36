using KismetOrleans.Records.Fields;
using Field = KismetOrleans.Records.Fields.Field<KismetOrleans.Records.Devices.GeoPoint>;
using LocationField = KismetOrleans.Records.Fields.Field<KismetOrleans.Records.Devices.Location>;

namespace KismetOrleans.Records.Devices;

/// <summary>Fields of positions. Clients see three shapes of them: a corner, a point, and a point with motion.</summary>
public static class GeoPointTable
{
    /// <summary>A corner of the bounds: no fix and no time, since its axes may come from different samples.</summary>
    internal static readonly RecordTable<GeoPoint> Corner = new("location_corner",
    [
        Point(),
        Field.Float("kismet.common.location.alt", "height in metres", static p => p.Altitude, static p => p.Altitude != 0),
    ]);

    /// <summary>A point: average, strongest signal, alert, drone.</summary>
    public static readonly RecordTable<GeoPoint> Table = new("location_triplet", [Point(), Altitude(), Fix(), Seconds(), Microseconds()]);

    /// <summary>A point with motion: the newest position, GPS positions.</summary>
    public static readonly RecordTable<GeoPoint> WithMotion = new("location_full",
    [
        Point(),
        Altitude(),
        Fix(),
        Seconds(),
        Microseconds(),
        Field.Float("kismet.common.location.speed", "speed in km/h", static p => p.Speed, static p => p.HasFix),
        Field.Float("kismet.common.location.heading", "direction of movement in degrees", static p => p.Heading, static p => p.HasFix),
        Field.Float(
            "kismet.common.location.magheading", "direction of movement from magnetic north, in degrees",
            static p => p.MagneticHeading, static p => p.MagneticHeading != 0),
        Field.Uuid("kismet.common.location.gps_uuid", "GPS that told the position", static p => p.Source, static p => p.Source != Guid.Empty),
    ]);

    private static RecordField<GeoPoint> Point() =>
        Field.Geo("kismet.common.location.geopoint", "degrees east, degrees north", static p => p);

    private static RecordField<GeoPoint> Altitude() =>
        Field.Float("kismet.common.location.alt", "height in metres", static p => p.Altitude, static p => p.HasFix || p.Altitude != 0);

    private static RecordField<GeoPoint> Fix() =>
        Field.UInt8(
            "kismet.common.location.fix", "2 without height, 3 with height, less without position",
            static p => p.Fix, static p => p.Fix != 0);

    private static RecordField<GeoPoint> Seconds() =>
        Field.UInt64("kismet.common.location.time_sec", "unix second of the position", static p => p.Seconds, static p => p.Seconds != 0);

    private static RecordField<GeoPoint> Microseconds() => Field.UInt64(
        "kismet.common.location.time_usec", "microseconds within that second", static p => p.Microseconds, static p => p.Seconds != 0);
}

/// <summary>Fields of where something was seen.</summary>
internal static class LocationTable
{
    /// <summary>Bounds, average and newest position.</summary>
    public static readonly RecordTable<Location> Table = new("location",
    [
        LocationField.UInt8("kismet.common.location.loc_fix", "best fix of all positions", static l => l.Fix),
        LocationField.Record("kismet.common.location.min_loc", "south-west corner", static l => l.Min, GeoPointTable.Corner),
        LocationField.Record("kismet.common.location.max_loc", "north-east corner", static l => l.Max, GeoPointTable.Corner),
        LocationField.Record("kismet.common.location.avg_loc", "mean on the sphere", static l => l.Average, GeoPointTable.Table),
        LocationField.Record("kismet.common.location.last", "newest position", static l => l.Last, GeoPointTable.WithMotion),
    ]);
}
