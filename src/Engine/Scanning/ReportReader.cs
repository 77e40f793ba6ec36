using System.Text;
using System.Text.Json;
using KismetOrleans.Engine.Datasources;

namespace KismetOrleans.Engine.Scanning;

/// <summary>Reads one report and appends its record.</summary>
internal ref partial struct ReportReader
{
    /// <summary>Most pairs of tags and of service data in a report.</summary>
    private const int MaxPairs = 64;

    /// <summary>Most bytes of all tags, or of all service data, of a report.</summary>
    private const int MaxPairBytes = 8 * 1024;

    private const int MaxPairName = 255;

    // A scanner that means something else by "signal" shall hear of it.
    private const int MinSignal = -256;
    private const int MaxSignal = 127;

    // Spectrum ends in the terahertz at the latest; kHz fit 32 bits until there.
    private const long MaxFrequencyKhz = uint.MaxValue;
    private const long MostMhz = 100_000;

    // The records count seconds in 32 bits. What is larger are milliseconds.
    private const double MaxSeconds = uint.MaxValue;

    /// <summary>The reader; at the beginning of a value's key.</summary>
    public Utf8JsonReader Json;

    /// <summary>Number of the report that is being read, −1 outside.</summary>
    public int Entry = -1;

    private readonly ScanPost _post;
    private int _scratch;
    private ScanRecord _record;
    private Dot11ScanPayload _wifi;
    private BluetoothScanPayload _bluetooth;
    private ReadOnlySpan<byte> _tags;
    private ReadOnlySpan<byte> _serviceData;
    private bool _hasAddress;
    private bool _hasLatitude;
    private bool _hasLongitude;

    public ReportReader(ReadOnlySpan<byte> json, ScanPost post)
    {
        Json = new(json);
        _post = post;
    }

    /// <summary>Reads a report; the reader stands on its beginning and then on its end.</summary>
    /// <exception cref="ScanFormatException">It cannot be taken.</exception>
    public void Read()
    {
        bool isWiFi = _post.Kind == VirtualKind.WiFi;
        _scratch = 0;
        _record = new() { TimeNs = _post.ReceivedNs, FrequencyKhz = isWiFi ? 0 : ScanPackets.BluetoothKhz };
        _wifi = default;
        _bluetooth = default;
        _tags = default;
        _serviceData = default;
        _hasAddress = _hasLatitude = _hasLongitude = false;
        while (Json.Read() && Json.TokenType != JsonTokenType.EndObject)
        {
            ReadOnlySpan<byte> key = Unescaped("key");
            if (!ReadCommon(key, isWiFi) && !(isWiFi ? ReadWiFi(key) : ReadBluetooth(key)))
            {
                Json.Skip();
            }
        }
        Finish(isWiFi);
    }

    private bool ReadCommon(ReadOnlySpan<byte> key, bool isWiFi)
    {
        if (key.SequenceEqual("signal"u8))
        {
            // 127 is what Bluetooth says of a signal that was not measured, and what scanners pass on.
            if (TryWhole("signal", MinSignal, MaxSignal, out long signal) && signal != MaxSignal)
            {
                _record.Signal = (short)signal;
                _record.HasRadio = true;
            }
        }
        else if (key.SequenceEqual("freqkhz"u8))
        {
            if (TryWhole("freqkhz", 0, MaxFrequencyKhz, out long khz) && khz > 0 && isWiFi)
            {
                // Phones' APIs give MHz, and some programs pass them on: the lowest frequency of Wi-Fi is 755,000 kHz, the highest 69,120 MHz.
                _record.FrequencyKhz = (uint)(khz < MostMhz ? khz * 1000 : khz);
                _record.HasRadio = true;
            }
        }
        else if (key.SequenceEqual("timestamp"u8))
        {
            ReadTime();
        }
        else if (key.SequenceEqual("lat"u8))
        {
            _hasLatitude = TryDegrees("lat", 90, out _record.Latitude);
        }
        else if (key.SequenceEqual("lon"u8))
        {
            _hasLongitude = TryDegrees("lon", 180, out _record.Longitude);
        }
        else if (key.SequenceEqual("alt"u8))
        {
            _record.Altitude = TryNumber("alt", out double metres) ? (float)metres : 0;
            _record.HasAltitude = _record.Altitude != 0;
        }
        else if (key.SequenceEqual("speed"u8))
        {
            _record.Speed = TryNumber("speed", out double speed) ? (float)speed : 0;
        }
        else if (key.SequenceEqual("tags"u8))
        {
            _tags = ReadPairs("tags", hex: false);
        }
        else
        {
            return false;
        }
        return true;
    }

    private bool ReadWiFi(ReadOnlySpan<byte> key)
    {
        if (key.SequenceEqual("bssid"u8))
        {
            _hasAddress = TryAddress("bssid", out _record.Address);
            if (_hasAddress && (_record.Address.IsZero || _record.Address.IsGroup))
            {
                Refuse("bssid", "not the address of a station");
            }
        }
        else if (key.SequenceEqual("ssid"u8))
        {
            _wifi.HasSsid = TryText("ssid", Dot11ScanPayload.MaxSsid, out _wifi.Ssid);
        }
        else if (key.SequenceEqual("capabilities"u8))
        {
            _wifi.Security = TryText("capabilities", int.MaxValue, out ReadOnlySpan<byte> text) ? ScanCapabilities.Parse(text) : default;
        }
        else if (key.SequenceEqual("channel"u8))
        {
            ReadChannel();
        }
        else
        {
            return false;
        }
        return true;
    }

    private bool ReadBluetooth(ReadOnlySpan<byte> key)
    {
        if (key.SequenceEqual("btaddr"u8))
        {
            _hasAddress = TryAddress("btaddr", out _record.Address);
            if (_hasAddress && _record.Address.IsZero)
            {
                Refuse("btaddr", "not the address of a device");
            }
        }
        else if (key.SequenceEqual("name"u8))
        {
            _ = TryText("name", BluetoothScanPayload.MaxName, out _bluetooth.Name);
        }
        else if (key.SequenceEqual("devicetype"u8))
        {
            _ = TryText("devicetype", BluetoothScanPayload.MaxType, out _bluetooth.Type);
        }
        else if (key.SequenceEqual("txpowerlevel"u8))
        {
            _bluetooth.TxPower = TryWhole("txpowerlevel", short.MinValue, short.MaxValue, out long dbm) ? (short)dbm : null;
        }
        else if (key.SequenceEqual("pathloss"u8))
        {
            _bluetooth.PathLoss = TryWhole("pathloss", short.MinValue, short.MaxValue, out long db) ? (short)db : null;
        }
        else if (key.SequenceEqual("scan_data"u8))
        {
            _bluetooth.ScanData = TryText("scan_data", 2 * BluetoothScanPayload.MaxScanData, out ReadOnlySpan<byte> hex) ? Decoded("scan_data", hex) : default;
        }
        else if (key.SequenceEqual("service_data"u8))
        {
            _serviceData = ReadPairs("service_data", hex: true);
        }
        else
        {
            return false;
        }
        return true;
    }

    private void ReadTime()
    {
        // 0 is not known, as in Kismet.
        if (!TryNumber("timestamp", out double seconds) || seconds == 0)
        {
            _record.TimeNs = _post.ReceivedNs;
            return;
        }
        if (seconds is < 0 or > MaxSeconds)
        {
            Refuse("timestamp", "expected seconds since 1970");
        }
        long whole = (long)seconds;
        long timeNs = (whole * 1_000_000_000) + (long)((seconds - whole) * 1e9);
        _record.TimeNs = timeNs;
    }

    private bool TryDegrees(string key, double most, out double degrees)
    {
        if (!TryNumber(key, out degrees))
        {
            return false;
        }
        if (Math.Abs(degrees) > most)
        {
            Refuse(key, $"not between -{most} and {most}");
        }
        return true;
    }

    private void ReadChannel()
    {
        _ = Json.Read();
        _wifi.Channel = default;
        if (Json.TokenType == JsonTokenType.Number && JsonScalars.TryWhole(Json.ValueSpan, out _))
        {
            _wifi.Channel = Json.ValueSpan;
        }
        else if (Json.TokenType == JsonTokenType.String)
        {
            _wifi.Channel = Unescaped("channel").Trim(" "u8);
        }
        else if (Json.TokenType != JsonTokenType.Null)
        {
            Refuse("channel", "expected a text or a whole number");
        }
        if (_wifi.Channel.Length > Dot11ScanPayload.MaxChannel)
        {
            Refuse("channel", $"longer than {Dot11ScanPayload.MaxChannel} bytes");
        }
    }

    private ReadOnlySpan<byte> Decoded(string key, ReadOnlySpan<byte> hex)
    {
        Span<byte> bytes = Room(hex.Length / 2);
        if (!JsonScalars.TryHex(hex, bytes))
        {
            Refuse(key, "expected hexadecimal digits, two an byte");
        }
        _scratch += hex.Length / 2;
        return bytes[..(hex.Length / 2)];
    }

    // Pairs as they stand in a payload, with their number in front; rare, so each dictionary takes its own array.
    private ReadOnlySpan<byte> ReadPairs(string key, bool hex)
    {
        _ = Json.Read();
        if (Json.TokenType == JsonTokenType.Null)
        {
            return default;
        }
        if (Json.TokenType != JsonTokenType.StartObject)
        {
            Refuse(key, "expected a dictionary");
        }
        byte[] pairs = new byte[1 + MaxPairBytes];
        PayloadWriter writer = new(pairs);
        writer.Byte(0);
        while (Json.Read() && Json.TokenType != JsonTokenType.EndObject)
        {
            ReadOnlySpan<byte> name = Unescaped(key);
            string place = $"{key}.{Encoding.UTF8.GetString(name[..Math.Min(name.Length, MaxPairName)])}";
            if (!TryText(place, MaxPairBytes, out ReadOnlySpan<byte> value))
            {
                continue;
            }
            value = hex ? Decoded(place, value) : value;
            if (name.Length > MaxPairName || pairs[0] == MaxPairs || writer.Length + name.Length + value.Length + 3 > pairs.Length)
            {
                Refuse(place, $"more than {MaxPairs} entries, {MaxPairName} bytes of a name or {MaxPairBytes} bytes in all");
            }
            pairs[0]++;
            writer.Short(name);
            writer.Long(value);
        }
        return pairs[0] == 0 ? default : pairs.AsSpan(0, writer.Length);
    }

    private void Finish(bool isWiFi)
    {
        if (!_hasAddress)
        {
            Refuse(isWiFi ? "bssid" : "btaddr", "missing");
        }
        if (_hasLatitude != _hasLongitude)
        {
            Refuse(_hasLatitude ? "lon" : "lat", _hasLatitude ? "missing, though lat is there" : "missing, though lon is there");
        }
        // 0, 0 is what a receiver without a fix says; either alone is the equator or the meridian of Greenwich.
        _record.HasPlace = _hasLatitude && (_record.Latitude != 0 || _record.Longitude != 0);
        _record.HasRadio |= !_wifi.Channel.IsEmpty;
        if (_record.TimeNs > _post.ReceivedNs)
        {
            _record.TimeNs = _post.ReceivedNs;
            _post.AheadOfTime++;
        }
        int head = _record.HeadBytes;
        if (isWiFi)
        {
            Span<byte> to = _post.Reserve(head + Dot11ScanPayload.Room(_wifi.Channel.Length, _wifi.Ssid.Length, _tags.Length));
            Append(to, head, _wifi.Write(to[head..], _tags));
        }
        else
        {
            int parts = _bluetooth.Name.Length + _bluetooth.Type.Length + _bluetooth.ScanData.Length + _serviceData.Length + _tags.Length;
            Span<byte> to = _post.Reserve(head + BluetoothScanPayload.Room + parts);
            Append(to, head, _bluetooth.Write(to[head..], _serviceData, _tags));
        }
    }

    private void Append(Span<byte> to, int head, int payload)
    {
        _record.PayloadBytes = (ushort)payload;
        _record.Write(to);
        _post.Advance(head + payload);
    }
}
