using KismetOrleans.Records.Fields;
using Field = KismetOrleans.Records.Fields.Field<KismetOrleans.Records.Devices.TrackPoint>;
using TrackField = KismetOrleans.Records.Fields.Field<KismetOrleans.Records.Devices.Track>;

namespace KismetOrleans.Records.Devices;

/// <summary>Fields of a track, under the names of Kismet's history of positions.</summary>
internal static class TrackTable
{
    public static readonly RecordTable<TrackPoint> Points = new("historic_location",
    [
        Field.Make("kismet.historic.location.geopoint", "vector[double]", "degrees east, degrees north", static p => p.At, GeoKind.Instance, null),
        Field.Double("kismet.historic.location.alt", "height in metres", static p => p.At.Altitude),
        Field.Double("kismet.historic.location.speed", "speed in km/h", static p => p.At.Speed),
        Field.Double("kismet.historic.location.heading", "direction of movement in degrees", static p => p.At.Heading),
        Field.Int32("kismet.historic.location.signal", "signal there, 0 when unknown", static p => p.Signal),
        Field.UInt64("kismet.historic.location.time_sec", "unix second", static p => p.At.Seconds),
        Field.UInt64("kismet.historic.location.frequency", "frequency in kHz, 0 when unknown", static p => p.FrequencyKhz),
    ]);

    public static readonly RecordTable<Track> Table = new("location_cloud",
    [
        TrackField.List("kis.gps.rrd.samples_100", "up to 64 points from the first position to the newest, the further apart the longer it is", static t => t.Points, Points),
        TrackField.UInt64("kis.gps.rrd.last_sample_ts", "unix second of the newest point", static t => t.LastTime),
    ]);
}
