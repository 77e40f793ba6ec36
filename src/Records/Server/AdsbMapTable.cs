using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Fields;
using KismetOrleans.Records.Json;
using MapField = KismetOrleans.Records.Fields.Field<KismetOrleans.Records.Server.AdsbMap>;

namespace KismetOrleans.Records.Server;

/// <summary>Aircraft of the last ten minutes, and the rectangle around them, as Kismet's web page asks for them.</summary>
/// <param name="Aircraft">Their devices, each as it is printed.</param>
/// <param name="South">Southern edge, degrees; 0 without aircraft.</param>
/// <param name="West">Western edge, degrees; 0 without aircraft.</param>
/// <param name="North">Northern edge, degrees; 0 without aircraft.</param>
/// <param name="East">Eastern edge, degrees; 0 without aircraft.</param>
public sealed record AdsbMap(IReadOnlyList<ReadOnlyMemory<byte>> Aircraft, double South = 0, double West = 0, double North = 0, double East = 0);

/// <summary>The record of <see cref="AdsbMap"/>.</summary>
public static class AdsbMapTable
{
    public static readonly RecordTable<AdsbMap> Table = new("adsb_map",
    [
        MapField.Double("kismet.adsb.map.min_lat", "southern edge of the aircraft's positions", static m => m.South),
        MapField.Double("kismet.adsb.map.min_lon", "western edge", static m => m.West),
        MapField.Double("kismet.adsb.map.max_lat", "northern edge", static m => m.North),
        MapField.Double("kismet.adsb.map.max_lon", "eastern edge", static m => m.East),
        MapField.Make("kismet.adsb.map.devices", "vector[x]", "aircraft seen in the last ten minutes", static m => m.Aircraft, new PrintedDevices(), null),
    ]);

    /// <summary>Devices that their partitions have printed.</summary>
    private sealed class PrintedDevices : ValueKind<IReadOnlyList<ReadOnlyMemory<byte>>>
    {
        internal override ValueShape Shape => ValueShape.ListOf(((ValueKind<Device>)DeviceTable.Table).Shape);

        internal override void Write(IReadOnlyList<ReadOnlyMemory<byte>> value, JsonOut json, Style style)
        {
            int start = json.Open((byte)'[', style);
            foreach (ReadOnlyMemory<byte> device in value)
            {
                json.Item((byte)'[', style);
                json.Raw(device.Span);
            }
            json.Close(start, (byte)'[', (byte)']', style);
        }
    }
}
