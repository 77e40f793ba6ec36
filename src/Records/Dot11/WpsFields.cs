using KismetOrleans.Records.Fields;

namespace KismetOrleans.Records.Dot11;

/// <summary>Fields of Wi-Fi protected setup, which two record types share under their own prefixes.</summary>
internal static class WpsFields
{
    public static IEnumerable<RecordField<T>> Of<T>(string prefix, Func<T, WpsInfo?> get) =>
    [
        Field<T>.UInt8(prefix + ".wps_version", "version of Wi-Fi protected setup", r => get(r)!.Version, r => get(r) is not null),
        Field<T>.UInt32(
            prefix + ".wps_state", "its state as bits: configured 1, not configured 2, locked 4",
            r => get(r)!.State, r => get(r) is not null),
        Field<T>.UInt16(
            prefix + ".wps_config_methods", "ways to configure it as bits",
            r => get(r)!.ConfigMethods, r => get(r) is not null),
        Field<T>.Text(prefix + ".wps_device_name", "its name for the device", r => get(r)?.DeviceName),
        Field<T>.Text(prefix + ".wps_manuf", "its name for the maker", r => get(r)?.Manufacturer),
        Field<T>.Text(prefix + ".wps_model_name", "its name for the model", r => get(r)?.ModelName),
        Field<T>.Text(prefix + ".wps_model_number", "its number for the model", r => get(r)?.ModelNumber),
        Field<T>.Text(prefix + ".wps_serial_number", "its serial number", r => get(r)?.SerialNumber),
    ];
}
