using KismetOrleans.Records.Fields;
using KismetOrleans.Wire.Link;
using Field = KismetOrleans.Records.Fields.Field<KismetOrleans.Records.Devices.Signal>;

namespace KismetOrleans.Records.Devices;

internal static class SignalTable
{
    /// <summary>Signal of a device, of a device at one source, or of a channel.</summary>
    public static readonly RecordTable<Signal> Table = new("signal",
    [
        Field.Text("kismet.common.signal.type", "scale of the values: dbm, rssi or none", static s => Scale(s.Kind)),
        Field.Int32("kismet.common.signal.last_signal", "newest signal", static s => s.Last),
        Field.Int32("kismet.common.signal.last_noise", "newest noise", static s => s.LastNoise),
        Field.Int32("kismet.common.signal.min_signal", "weakest signal so far", static s => s.Min),
        Field.Int32("kismet.common.signal.min_noise", "lowest noise so far", static s => s.MinNoise),
        Field.Int32("kismet.common.signal.max_signal", "strongest signal so far", static s => s.Max),
        Field.Int32("kismet.common.signal.max_noise", "highest noise so far", static s => s.MaxNoise),
        Field.Whole("kismet.common.signal.maxseenrate", "fastest frame so far, in 100 kbit/s", static s => s.MaxRate100Kbps),
        Field.UInt64("kismet.common.signal.encodingset", "modulations seen, their numbers or-ed", static s => s.EncodingSet),
        Field.UInt64("kismet.common.signal.carrierset", "carriers seen, their numbers or-ed", static s => s.CarrierSet),
        Field.Record(
            "kismet.common.signal.peak_loc", "where the strongest signal was seen; without a position only the point 0, 0",
            static s => s.PeakLocation ?? GeoPoint.Unknown, GeoPointTable.Table),
        Field.Record(
            "kismet.common.signal.signal_rrd", "strongest signal in each second of the past minute",
            static s => s.History, RrdTable.Table),
    ]);

    private static string Scale(SignalKind kind) => kind switch
    {
        SignalKind.Dbm => "dbm",
        SignalKind.Rssi => "rssi",
        _ => "none",
    };
}
