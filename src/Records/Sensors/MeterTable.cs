using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Fields;
using Field = KismetOrleans.Records.Fields.Field<KismetOrleans.Records.Sensors.MeterDevice>;

namespace KismetOrleans.Records.Sensors;

internal static class MeterDeviceTable
{
    public static readonly RecordTable<MeterDevice> Table = new("meter_device",
    [
        Field.UInt64("meter.device.meter_id", "its number", static m => m.Id),
        Field.Text("meter.device.meter_type", "Electric, Gas, Water or Meter", static m => m.Type),
        Field.UInt16("meter.device.meter_type_code", "its kind as a number", static m => m.TypeCode),
        Field.UInt8("meter.device.phy_tamper_flags", "somebody opened it", static m => m.PhysicalTamper),
        Field.UInt8("meter.device.endpoint_tamper_flags", "somebody opened its radio", static m => m.EndpointTamper),
        Field.Double("meter.device.consumption", "its reading, in its own unit", static m => m.Consumption),
        Field.Record("meter.device.consumption_rrd", "readings of before", static m => m.ConsumptionRrd, RrdTable.Table),
        Field.Texts("meter.device.model_vec", "kinds of messages that it sends", static m => m.Models, "map[string, x]"),
    ]);
}
