using System.Globalization;
using KismetOrleans.Records.Fields;
using Field = KismetOrleans.Records.Fields.Field<KismetOrleans.Records.Adsb.AdsbDevice>;

namespace KismetOrleans.Records.Adsb;

/// <summary>Fields of the aircraft part of a device.</summary>
internal static class AdsbDeviceTable
{
    private const string Unknown = "Unknown";

    /// <summary>What a registry of aircraft says; without one only the address is known.</summary>
    public static readonly RecordTable<AdsbDevice> Registration = new("adsb_icao",
    [
        Field.UInt32("adsb.icao.icao", "the aircraft's address as a number", static a => a.Icao),
        Field.Text("adsb.icao.regid", "its registration", static a => a.Registration?.Mark ?? Unknown),
        Field.Text("adsb.icao.type", "its type", static a => a.Registration?.Type ?? Unknown),
        Field.Text("adsb.icao.model", "its model", static a => a.Registration?.Model ?? Unknown),
        Field.Text("adsb.icao.owner", "its owner", static a => a.Registration?.Owner ?? Unknown),
        Field.Text("adsb.icao.atype", "what kind of aircraft it is", static a => a.Registration?.KindText ?? "Unknown Aircraft"),
        Field.UInt8("adsb.icao.atype_short", "the same as a letter's number", static a => a.Registration?.Kind ?? (byte)'U'),
    ]);

    public static readonly RecordTable<AdsbDevice> Table = new("adsb_device",
    [
        Field.Text("adsb.device.icao", "the aircraft's address in hexadecimal digits", static a => a.Icao.ToString("x", CultureInfo.InvariantCulture)),
        Field.Record("adsb.device.icao_record", "its registration", static a => a, Registration),
        Field.Text("adsb.device.gsas", "always empty, kept for older clients", static _ => ""),
        Field.Text("adsb.device.callsign", "call sign of its flight, empty until it tells it", static a => a.Callsign),
        Field.Double("adsb.device.odd_raw_lat", "newest latitude of the odd kind, encoded", static a => a.OddLatitude),
        Field.Double("adsb.device.odd_raw_lon", "newest longitude of the odd kind, encoded", static a => a.OddLongitude),
        Field.UInt64("adsb.device.odd_ts", "unix second of these", static a => a.OddTime),
        Field.Double("adsb.device.even_raw_lat", "newest latitude of the even kind, encoded", static a => a.EvenLatitude),
        Field.Double("adsb.device.even_raw_lon", "newest longitude of the even kind, encoded", static a => a.EvenLongitude),
        Field.UInt64("adsb.device.even_ts", "unix second of these, too", static a => a.EvenTime),
    ]);
}
