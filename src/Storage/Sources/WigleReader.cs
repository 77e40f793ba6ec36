using System.Globalization;
using KismetOrleans.Engine.Datasources;
using KismetOrleans.Engine.Scanning;

namespace KismetOrleans.Storage.Sources;

/// <summary>
/// WiGLE's CSV, versions 1.0 to 1.6: a line about the program, a line with the names of the columns, then a row for each time that a network or Bluetooth
/// device was seen. Cells of telephone networks are no devices here.
/// </summary>
internal sealed class WigleReader : ListReader
{
    private const string Magic = "WigleWifi-";
    private readonly CsvRows _rows;
    private readonly Dictionary<string, int> _columns = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>A file.</summary>
    /// <exception cref="InvalidDataException">It is none of WiGLE's.</exception>
    public WigleReader(ListFile file)
        : base(file)
    {
        try
        {
            _rows = new(file.Text);
            if (!_rows.TryRead() || !_rows.Fields[0].StartsWith(Magic, StringComparison.Ordinal))
            {
                throw new InvalidDataException($"is no CSV of WiGLE, whose first line begins with {Magic}");
            }
            _ = _rows.TryRead();
            for (int i = 0; i < _rows.Fields.Count; i++)
            {
                _ = _columns.TryAdd(_rows.Fields[i].Trim(), i);
            }
            if (!_columns.ContainsKey("MAC"))
            {
                throw new InvalidDataException("its second line names no column MAC");
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    protected override bool TryNext(out ScanSighting sighting)
    {
        while (_rows.TryRead())
        {
            if (_rows.IsTooLong)
            {
                Leave($"line {_rows.Line} is longer than a row can be");
            }
            else if (TryTake(out sighting))
            {
                return true;
            }
        }
        sighting = default;
        return false;
    }

    private bool TryTake(out ScanSighting sighting)
    {
        sighting = new();
        string type = Field("Type").ToUpperInvariant();
        if (type is not ("WIFI" or "BT" or "BLE" or ""))
        {
            Leave($"line {_rows.Line} is of the type '{Shown(type)}', which is neither Wi-Fi nor Bluetooth");
            return false;
        }
        sighting.Kind = type is "WIFI" or "" ? VirtualKind.WiFi : VirtualKind.Bluetooth;
        if (!TryAddress(Field("MAC"), sighting.Kind, out sighting.Address))
        {
            Leave($"line {_rows.Line} has no address of a device, but '{Shown(Field("MAC"))}'");
            return false;
        }
        if (!DateTime.TryParse(Field("FirstSeen"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTime seen)
            || TimeOf(seen) is not { } timeNs)
        {
            Leave($"line {_rows.Line} has no time, but '{Shown(Field("FirstSeen"))}'");
            return false;
        }
        sighting.TimeNs = timeNs;
        string name = Field("SSID");
        sighting.Name = sighting.Kind == VirtualKind.WiFi || name.Length > 0 ? name : null;
        sighting.Signal = short.TryParse(Field("RSSI"), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out short signal) && signal is < 0 and > -256 ? signal : (short)0;
        if (sighting.Kind == VirtualKind.WiFi)
        {
            sighting.Capabilities = Field("AuthMode");
            string channel = Field("Channel");
            sighting.Channel = channel is "0" or "-1" ? "" : channel;
            sighting.FrequencyKhz = uint.TryParse(Field("Frequency"), NumberStyles.None, CultureInfo.InvariantCulture, out uint mhz) ? FrequencyOf(mhz) : 0;
        }
        else
        {
            sighting.Type = type == "BLE" ? "BTLE" : "BR/EDR";
            sighting.FrequencyKhz = ScanPackets.BluetoothKhz;
        }
        sighting.HasPlace = TryNumber("CurrentLatitude", 90, out sighting.Latitude) & TryNumber("CurrentLongitude", 180, out sighting.Longitude)
            && ScanSighting.IsPlace(sighting.Latitude, sighting.Longitude);
        sighting.Altitude = TryNumber("AltitudeMeters", 100_000, out double altitude) ? (float)altitude : 0;
        return true;
    }

    private bool TryNumber(string column, double most, out double number) =>
        double.TryParse(Field(column), NumberStyles.Float, CultureInfo.InvariantCulture, out number) && Math.Abs(number) <= most;

    private string Field(string column) => _columns.TryGetValue(column, out int at) && at < _rows.Fields.Count ? _rows.Fields[at] : "";

    private static string Shown(string text) => text[..Math.Min(text.Length, 32)];
}
